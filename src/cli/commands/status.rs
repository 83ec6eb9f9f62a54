//! `status`: the state of each source from each vantage, worst first, in words.

use std::collections::{BTreeSet, HashMap};

use crate::cli::access;
use crate::cli::args::OutputFormat;
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::matrix;
use crate::cli::out::OutputTable;
use crate::cli::status_line::{self, StatusLine};
use crate::cli::status_notes as notes;
use crate::cli::table::terminal_width;
use crate::cli::{files, long};
use crate::config::Workspace;
use crate::engine::due::{self, named};
use crate::model::time::iso;
use crate::model::tracker_state::{TrackerState, VantageStatus};
use crate::model::{ProbeId, ProbeKey, SourceId, Time, VantageId};
use crate::net::pace::BackOffs;
use crate::store::Reader;
use crate::text::clean;
use crate::track::state::{self, PairState};

/// What everything that `status` prints is taken from.
struct Overview<'a> {
    workspace: &'a Workspace,
    tracker: &'a TrackerState,
    reader: &'a Reader,
    /// The source that is asked for; `None`: all.
    source: Option<&'a str>,
    now: Time,
}

/// Prints the matrix.
pub fn run(
    context: &Context,
    source: Option<&str>,
    format: Option<OutputFormat>,
    exit_code: bool,
) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    if let Some(id) = source {
        let known = workspace.catalogue.sources.keys();
        named("source", id, known.map(SourceId::as_str))?;
    }
    let reader = store.reader()?;
    let overview = Overview {
        workspace: &workspace,
        tracker: &reader.tracker_state()?,
        reader: &reader,
        source,
        now: clock::now(&reader)?,
    };
    overview.print(format)?;
    let has_regression = overview
        .tracker
        .incidents
        .values()
        .any(|i| i.is_open() && i.source.as_ref().is_none_or(|s| overview.asks_for(s)));
    Ok(if exit_code && has_regression {
        Done::Regression
    } else {
        Done::Ok
    })
}

impl Overview<'_> {
    fn asks_for(&self, source: &SourceId) -> bool {
        self.source.is_none_or(|s| source.as_str() == s)
    }

    fn print(&self, format: Option<OutputFormat>) -> Result<(), CliError> {
        let Self {
            workspace,
            tracker,
            reader,
            source,
            now,
        } = *self;
        let rounds = reader.newest_rounds()?;
        // Lateness is by the clock, not by the newest pass.
        let observations = reader.observations(now)?;
        let known = access::known(workspace, tracker, &rounds, &observations, now);
        let states = state::pairs(&known);
        let back_offs = BackOffs::new(&workspace.settings.politeness);
        back_offs.restore(reader.politeness()?.0);
        let lines = self.lines(&states, &back_offs);
        print_table(&lines, format)?;
        print_own_end(workspace, tracker, source);
        for sentence in long::answers(workspace, reader)?.unjudged {
            say!("{sentence}: {}", long::HELP);
        }
        self.print_lateness(&lines);
        if source.is_none() && !tracker.statuses.is_empty() {
            say!("{}", access::count_sources(&known, &states));
        }
        if let Some(id) = source {
            for event in workspace.catalogue.known_of(&id.into(), now.date_naive()) {
                say!("known: {}", clean::line(&event.line(), 400));
            }
        }
        notes::mail(workspace, reader, now)
    }

    /// A line for each probe and vantage, worst first.
    fn lines<'a>(&'a self, states: &[PairState<'_>], back_offs: &BackOffs) -> Vec<StatusLine<'a>> {
        let states: HashMap<(&SourceId, &ProbeId, &VantageId), &PairState<'_>> = states
            .iter()
            .map(|pair| ((&pair.probe.source, &pair.probe.id, &pair.vantage), pair))
            .collect();
        let lines = watched(self.workspace, self.tracker)
            .into_iter()
            .filter(|(key, _)| self.asks_for(&key.source))
            .filter_map(|(key, vantage)| {
                let (workspace, tracker) = (self.workspace, self.tracker);
                let state = states.get(&(&key.source, &key.probe, &vantage)).copied();
                let line = StatusLine::new(workspace, tracker, state, (key, vantage), self.now)?;
                Some(line.with_back_off(back_offs, self.now))
            })
            .collect();
        status_line::worst_first(lines)
    }

    /// Reports a newest check that is dated ahead, or that all checks are late.
    fn print_lateness(&self, lines: &[StatusLine<'_>]) {
        let newest = lines.iter().filter_map(|l| l.status);
        let ahead = notes::dated_ahead(newest.map(|s| s.last_checked).max(), self.now);
        if let Some(sentence) = ahead {
            say!("{sentence}");
        } else if let Some(at) = stopped_since(lines) {
            say!(
                "{}",
                why_stopped(self.workspace, self.tracker, lines, at, self.now)
            );
        }
    }
}

/// Prints all lines for programs, or the table for people.
fn print_table(lines: &[StatusLine<'_>], format: Option<OutputFormat>) -> Result<(), CliError> {
    let mut records = OutputTable::new(&status_line::COLUMNS);
    for line in lines {
        records.push(line.cells());
    }
    let unseen = lines.iter().filter(|l| l.status.is_none()).count();
    let left_out = if unseen > LISTED_UNSEEN { unseen } else { 0 };
    let all_late = stopped_since(lines).is_some();
    records.print_or(
        format,
        "nothing is watched: no probe is switched on",
        || table_of(lines, left_out > 0, all_late),
    )?;
    if left_out > 0 && !matches!(format, Some(OutputFormat::Json | OutputFormat::Csv)) {
        say!("{}", notes::unseen(left_out, lines.len()));
    }
    Ok(())
}

/// Vantages that do not work, and files that do not exist.
fn print_own_end(workspace: &Workspace, tracker: &TrackerState, source: Option<&str>) {
    for vantage in tracker.vantages.values().filter(|v| !v.usable) {
        say!(
            "vantage {} does not work since {}: {}; nothing is concluded from there",
            vantage.vantage,
            iso(vantage.since),
            vantage.text.trim_end_matches('.')
        );
    }
    for file in files::unreadable(workspace) {
        if source.is_none_or(|s| file.probe.source.as_str() == s) {
            say!("{}", file.sentence());
        }
    }
}

/// For people, the most unobserved probes that are listed; more are counted.
const LISTED_UNSEEN: usize = 10;

/// The table for people; empty when nothing was observed.
fn table_of(lines: &[StatusLine<'_>], without_unseen: bool, all_late: bool) -> String {
    let seen: Vec<&StatusLine<'_>> = lines
        .iter()
        .filter(|l| !without_unseen || l.status.is_some())
        .collect();
    if seen.is_empty() {
        return String::new();
    }
    matrix::render(&status_line::groups(&seen, all_late), terminal_width())
}

/// What is watched from here, and what records from elsewhere cover.
fn watched(workspace: &Workspace, tracker: &TrackerState) -> BTreeSet<(ProbeKey, VantageId)> {
    let here = due::pairs(workspace).map(|(probe, vantage)| (probe.key(), vantage.id.clone()));
    let is_on = |key: &ProbeKey| workspace.catalogue.probe(key).is_some_and(|p| p.enabled);
    let elsewhere = tracker.statuses.keys().filter(|(probe, _)| is_on(probe));
    here.chain(elsewhere.cloned()).collect()
}

/// The newest round, when all rounds are late: then the watch stopped, not the sources. A round
/// that was skipped on purpose was made.
fn stopped_since(lines: &[StatusLine<'_>]) -> Option<Time> {
    let seen = || lines.iter().filter(|line| line.status.is_some());
    let newest = seen().filter_map(|line| line.newest_round).max()?;
    seen().all(|line| line.is_late).then_some(newest)
}

/// Why nothing was checked since `at`: no round ran, or rounds ran from vantages that do not work.
fn why_stopped(
    workspace: &Workspace,
    tracker: &TrackerState,
    lines: &[StatusLine<'_>],
    at: Time,
    now: Time,
) -> String {
    let out: Vec<&VantageStatus> = tracker
        .vantages
        .values()
        .filter(|v| !v.usable && v.last_checked > at)
        .filter(|v| lines.iter().any(|line| line.vantage == v.vantage))
        .collect();
    let is_late = |v: &VantageStatus| {
        lines
            .iter()
            .filter(|line| line.vantage == v.vantage)
            .all(|line| now - v.last_checked > status_line::patience(workspace, line.probe, now))
    };
    let ask = "is the daemon or the cron line still there? `accesswatch run` makes a pass now";
    let Some(newest) = out.iter().max_by_key(|v| v.last_checked) else {
        return format!("nothing was checked since {}: {ask}", iso(at));
    };
    let names: Vec<String> = out
        .iter()
        .map(|v| {
            let name = clean::line(v.vantage.as_str(), 40);
            format!("vantage {name} was offline since {}", iso(v.since))
        })
        .collect();
    let sentence = format!(
        "no source was checked since {}, though rounds were made, the last at {}: {}",
        iso(at),
        iso(newest.last_checked),
        names.join(", ")
    );
    if out.iter().all(|v| is_late(v)) {
        format!("{sentence}. Since then no round was made: {ask}")
    } else {
        format!("{sentence}; `accesswatch doctor` says what to fix there")
    }
}
