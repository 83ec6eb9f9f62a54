//! `status`: the state of each source from each vantage, worst first, in words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::TimeDelta;

use crate::cli::access;
use crate::cli::args::OutputFormat;
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::matrix::{self, MatrixGroup, MatrixRow, StateColour};
use crate::cli::messages;
use crate::cli::out::OutputTable;
use crate::cli::status_notes as notes;
use crate::cli::suppression;
use crate::cli::table::terminal_width;
use crate::cli::{files, long};
use crate::config::Workspace;
use crate::engine::due::{self, named};
use crate::i18n::verdict;
use crate::model::settings::Language;
use crate::model::state::State;
use crate::model::time::iso;
use crate::model::tracker_state::{TrackerState, VantageStatus};
use crate::model::{Probe, ProbeKey, Status, Time, VantageId};
use crate::net::pace::BackOffs;
use crate::text::clean;
use crate::track::state;
use crate::track::state::{PairState, UnknownReason};
use crate::track::{interval, unobserved_since};

/// Prints the matrix.
pub fn run(
    context: &Context,
    source: Option<&str>,
    format: Option<OutputFormat>,
    exit_code: bool,
) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    if let Some(id) = source {
        let known = workspace
            .catalogue
            .sources
            .keys()
            .map(crate::model::ids::SourceId::as_str);
        named("source", id, known)?;
    }
    let reader = store.reader()?;
    let tracker = reader.tracker_state()?;
    let now = clock::now(&reader)?;
    let rounds = reader.newest_rounds()?;
    // What is looked at now is late by the clock, not by the newest pass.
    let observations = reader.observations(now)?;
    let known = access::known(&workspace, &tracker, &rounds, &observations, now);
    let states = state::pairs(&known);
    let pairs = watched(&workspace, &tracker);
    let back_offs = BackOffs::new(&workspace.settings.politeness);
    back_offs.restore(reader.politeness()?.0);
    let back_offs = (back_offs, now);
    let lines = worst_first(
        pairs
            .iter()
            .filter(|(key, _)| source.is_none_or(|s| key.source.as_str() == s))
            .filter_map(|(key, vantage)| {
                let line = StatusLine::new(&workspace, &tracker, &states, key, vantage, now)?;
                Some(line.with_quiet(&back_offs))
            })
            .collect(),
    );
    let stopped = stopped_since(&lines);
    let mut records = OutputTable::new(&[
        "source",
        "probe",
        "vantage",
        "state",
        "code",
        "since",
        "last_verified",
        "last_checked",
        "note",
        "access",
        "reason",
    ]);
    for line in &lines {
        records.push(line.cells());
    }
    let unseen = lines.iter().filter(|l| l.status.is_none()).count();
    let left_out = if unseen > LISTED_UNSEEN { unseen } else { 0 };
    let matrix = || table_of(&lines, left_out > 0, stopped.is_some());
    records.print_or(
        format,
        "nothing is watched: no probe is switched on",
        matrix,
    )?;
    if left_out > 0 && !matches!(format, Some(OutputFormat::Json | OutputFormat::Csv)) {
        say!("{}", notes::unseen(left_out, lines.len()));
    }
    tell_own_end(&workspace, &tracker, source);
    for sentence in long::answers(&workspace, &reader)?.unjudged {
        say!("{sentence}: {}", long::MEND);
    }
    let newest = lines.iter().filter_map(|l| l.status);
    let ahead = notes::dated_ahead(newest.map(|s| s.last_checked).max(), now);
    if let Some(told) = ahead {
        say!("{told}");
    } else if let Some(at) = stopped {
        say!("{}", why_stopped(&workspace, &tracker, &lines, at, now));
    }
    if source.is_none() && !tracker.statuses.is_empty() {
        say!("{}", access::count_sources(&known, &states));
    }
    if let Some(id) = source {
        for event in workspace.catalogue.known_of(&id.into(), now.date_naive()) {
            say!("known: {}", clean::line(&event.line(), 400));
        }
    }
    notes::mail(&workspace, &reader, now)?;
    let regression = tracker.incidents.values().any(|i| {
        i.is_open() && source.is_none_or(|s| i.source.as_ref().is_some_and(|x| x.as_str() == s))
    });
    Ok(if exit_code && regression {
        Done::Regression
    } else {
        Done::Ok
    })
}

/// Vantages that do not work, and files that do not exist.
fn tell_own_end(workspace: &Workspace, tracker: &TrackerState, source: Option<&str>) {
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
    matrix::render(&groups(&seen, all_late), terminal_width())
}

/// What is watched from here, and what records from elsewhere cover.
fn watched(workspace: &Workspace, tracker: &TrackerState) -> BTreeSet<(ProbeKey, VantageId)> {
    let here = due::pairs(workspace).map(|(probe, vantage)| (probe.key(), vantage.id.clone()));
    let is_on = |key: &ProbeKey| workspace.catalogue.probe(key).is_some_and(|p| p.enabled);
    let elsewhere = tracker.statuses.keys().filter(|(probe, _)| is_on(probe));
    here.chain(elsewhere.cloned()).collect()
}

/// The newest check, when all checks are late: then the watch stopped, not the sources.
fn stopped_since(lines: &[StatusLine<'_>]) -> Option<Time> {
    let mut seen = lines.iter().filter(|l| l.status.is_some()).peekable();
    seen.peek()?;
    let all_late = seen.all(|line| line.unobserved.is_some());
    let newest = lines
        .iter()
        .filter_map(|l| l.status)
        .map(|s| s.last_checked);
    newest.max().filter(|_| all_late)
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
        .filter(|v| lines.iter().any(|line| *line.vantage == v.vantage))
        .collect();
    let is_late = |v: &VantageStatus| {
        lines
            .iter()
            .filter(|line| *line.vantage == v.vantage)
            .all(|line| now - v.last_checked > patience(workspace, line.probe, now))
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
    let told = format!(
        "no source was checked since {}, though rounds were made, the last at {}: {}",
        iso(at),
        iso(newest.last_checked),
        names.join(", ")
    );
    if out.iter().all(|v| is_late(v)) {
        format!("{told}. Since then no round was made: {ask}")
    } else {
        format!("{told}; `accesswatch doctor` tells what to mend there")
    }
}

/// A probe seen from a vantage.
struct StatusLine<'a> {
    /// Worst first: open incidents by severity, then what is not observed, then what is well.
    rank: u8,
    source: String,
    probe: &'a Probe,
    key: &'a ProbeKey,
    vantage: &'a VantageId,
    status: Option<&'a Status>,
    incident: Option<i64>,
    /// Why nothing is mailed about the incident, if so.
    mail: Option<String>,
    note: Vec<&'static str>,
    suspected: Option<String>,
    /// Since when nothing was seen, when that is too long.
    unobserved: Option<Time>,
    /// What readers get, and why that is unknown.
    access: Option<(State, Option<UnknownReason>)>,
    /// Since when rounds are skipped, and the newest round, as in `export status`.
    skipped: Option<(Option<Time>, Option<Time>)>,
    /// The end of the back-off that the site asked for.
    quiet_until: Option<Time>,
}

impl<'a> StatusLine<'a> {
    fn new(
        workspace: &'a Workspace,
        tracker: &'a TrackerState,
        known_pairs: &[PairState<'_>],
        key: &'a ProbeKey,
        vantage: &'a VantageId,
        now: Time,
    ) -> Option<Self> {
        let own = |p: &&PairState<'_>| p.vantage == *vantage && p.probe.key() == *key;
        let pair = known_pairs.iter().find(own);
        let is_skipped = |p: &&PairState<'_>| {
            matches!(
                p.reason,
                Some(UnknownReason::BackOff | UnknownReason::Robots)
            )
        };
        let probe = workspace.catalogue.probe(key)?;
        let status = tracker.statuses.get(&(key.clone(), vantage.clone()));
        let source = workspace.catalogue.source(&probe.source).map_or_else(
            || probe.source.to_string(),
            crate::model::source::Source::full_name,
        );
        Some(Self {
            rank: status.map_or(1, rank),
            source,
            probe,
            key,
            vantage,
            status,
            incident: tracker.open_incident_of(key).map(|i| i.id),
            mail: tracker
                .open_incident_of(key)
                .and_then(|i| suppression::of_incident(i, tracker, workspace, now))
                .map(|quiet| quiet.sentence()),
            note: status.map(notes::remarks).unwrap_or_default(),
            suspected: status.and_then(notes::suspected),
            unobserved: status.and_then(|s| unobserved(workspace, probe, s, now)),
            access: pair.map(|p| (p.state, p.reason)),
            skipped: pair.filter(is_skipped).map(|p| (p.since, p.last_checked)),
            quiet_until: None,
        })
    }

    /// Adds what is known about the host's back-off.
    fn with_quiet(mut self, (back_offs, now): &(BackOffs, Time)) -> Self {
        let host = self.probe.host().unwrap_or_default();
        let active = back_offs.active(self.vantage, host, *now);
        self.quiet_until = active.map(|b| b.until);
        self
    }

    /// What a reader should know besides the state; `late` adds lateness.
    fn notes(&self, late: bool) -> Vec<String> {
        let words = self.status.and_then(|s| s.observed.words.as_deref());
        let mut notes: Vec<String> = words.map(|w| format!("says: “{w}”")).into_iter().collect();
        notes.extend(self.suspected.iter().cloned());
        notes.extend(self.note.iter().map(|n| (*n).to_owned()));
        if let Some(since) = self.unobserved.filter(|_| late) {
            notes.push(format!(
                "not observed since {}",
                since.format("%Y-%m-%d %H:%M")
            ));
        }
        if let Some(until) = self.quiet_until {
            notes.push(format!(
                "the site asked for quiet until {}",
                until.format("%Y-%m-%d %H:%M")
            ));
        }
        notes
    }

    /// Since when, last `ok`, last checked.
    fn times(&self) -> [String; 3] {
        let at = |t: Option<Time>| t.map(iso).unwrap_or_default();
        let own = self.status.map(|s| s.since);
        let (since, checked) = self
            .skipped
            .unwrap_or((own, self.status.map(|s| s.last_checked)));
        [
            at(since),
            at(self.status.and_then(|s| s.last_verified)),
            at(checked),
        ]
    }

    /// For programs.
    fn cells(&self) -> Vec<String> {
        let [since, verified, checked] = self.times();
        let mut note: Vec<String> = Vec::new();
        note.extend(self.incident.map(|id| format!("incident #{id}")));
        note.extend(self.mail.clone());
        note.extend(self.notes(true));
        vec![
            self.source.clone(),
            self.key.to_string(),
            self.vantage.to_string(),
            self.status.map_or(UNSEEN.to_owned(), state),
            self.status
                .map(|s| s.observed.code.to_string())
                .unwrap_or_default(),
            since,
            verified,
            checked,
            note.join("; "),
            self.access
                .map_or("", |(state, _)| state.as_str())
                .to_owned(),
            self.access
                .and_then(|(_, reason)| reason)
                .map_or("", UnknownReason::as_str)
                .to_owned(),
        ]
    }

    /// For people.
    fn row(&self, all_late: bool) -> MatrixRow {
        let [since, verified, checked] = self.times();
        let blind = self.status.is_some_and(|s| s.no_data_since.is_some());
        MatrixRow {
            vantage: clean::line(self.vantage.as_str(), 40),
            state: self
                .status
                .map_or(UNSEEN, |s| messages::short(self.probe, s.observed.code))
                .to_owned(),
            mood: self.status.map_or(StateColour::Unknown, mood),
            since,
            verified,
            checked,
            note: clean::line(&self.notes(blind || !all_late).join("; "), 400),
        }
    }
}

const UNSEEN: &str = "not observed yet";

/// Probes by their worst vantage; the vantages of a probe stay together.
fn worst_first(mut lines: Vec<StatusLine<'_>>) -> Vec<StatusLine<'_>> {
    let mut worst: BTreeMap<&ProbeKey, u8> = BTreeMap::new();
    for line in &lines {
        let rank = worst.entry(line.key).or_default();
        *rank = line.rank.max(*rank);
    }
    lines.sort_by(|a, b| {
        let of = |line: &StatusLine<'_>| worst.get(line.key).copied();
        of(b)
            .cmp(&of(a))
            .then_with(|| a.key.cmp(b.key))
            .then_with(|| b.rank.cmp(&a.rank))
            .then_with(|| a.vantage.cmp(b.vantage))
    });
    lines
}

fn groups(lines: &[&StatusLine<'_>], all_late: bool) -> Vec<MatrixGroup> {
    lines
        .chunk_by(|a, b| a.key == b.key)
        .filter_map(|chunk| {
            let first = chunk.first()?;
            let mut title = format!("{}, {} ({})", first.source, first.probe.name, first.key);
            if let Some(id) = first.incident {
                let _ = write!(title, ", incident #{id}");
            }
            Some(MatrixGroup {
                title: clean::line(&title, 400),
                remark: clean::line(first.mail.as_deref().unwrap_or_default(), 400),
                rows: chunk.iter().map(|line| line.row(all_late)).collect(),
            })
        })
        .collect()
}

fn mood(status: &Status) -> StateColour {
    match status.observed.code.severity() {
        Some(0) => StateColour::Well,
        Some(1 | 2) => StateColour::Minor,
        Some(_) => StateColour::Bad,
        None => StateColour::Unknown,
    }
}

fn rank(status: &Status) -> u8 {
    let worse = status.baseline.is_none_or(|b| b != status.observed.code);
    match status.observed.code.severity() {
        Some(0) => 0,
        Some(severity) if worse => 10 + severity,
        Some(severity) => 2 + severity,
        None => 1,
    }
}

fn state(status: &Status) -> String {
    verdict::code(Language::En, status.observed.code)
        .says
        .to_owned()
}

/// Since when nothing was seen: the content is hidden, rounds are skipped, or no round ran for
/// longer than the schedule's interval.
fn unobserved(workspace: &Workspace, probe: &Probe, status: &Status, now: Time) -> Option<Time> {
    let since = unobserved_since(status);
    let late = now - since > patience(workspace, probe, now);
    (late || status.no_data_since.is_some()).then_some(since)
}

/// How long after its last round a probe is late.
fn patience(workspace: &Workspace, probe: &Probe, now: Time) -> TimeDelta {
    let interval = interval(Some(probe), &workspace.settings, now);
    TimeDelta::from_std(interval * 2).unwrap_or(TimeDelta::MAX)
}
