//! `status`: where each source stands from each vantage, worst first, in words.

<<<<<<< HEAD
use std::collections::BTreeMap;
use std::fmt::Write as _;
=======
use std::collections::BTreeSet;

use chrono::TimeDelta;
>>>>>>> main

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::matrix::{self, Group, Mood, Row};
use crate::cli::out::Records;
use crate::cli::table::terminal_width;
use crate::cli::words;
use crate::config::Workspace;
use crate::engine::due::{self, named};
use crate::i18n::verdict;
use crate::judge::track::{interval, unobserved_since};
use crate::model::book::Book;
use crate::model::settings::Language;
use crate::model::time::iso;
<<<<<<< HEAD
use crate::model::{Probe, ProbeKey, Status, Time, Vantage};
use crate::text::clean;
=======
use crate::model::{Probe, ProbeKey, Status, Time, VantageId};
>>>>>>> main

/// Prints the matrix.
pub fn run(
    context: &Context,
    source: Option<&str>,
    format: Option<Format>,
    exit_code: bool,
) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    if let Some(id) = source {
        let known = workspace
            .catalogue
            .sources
            .keys()
            .map(crate::model::ids::SourceId::as_str);
        named("source", id, known)?;
    }
    let reader = store.reader()?;
    let book = reader.book()?;
    let now = chrono::Utc::now();
<<<<<<< HEAD
    let lines = worst_first(
        due::pairs(&workspace)
            .filter(|(probe, _)| source.is_none_or(|s| probe.source.as_str() == s))
            .map(|(probe, vantage)| Line::new(&workspace, &book, probe, vantage, now))
            .collect(),
    );
=======
    let mut lines: Vec<Line> = watched(&workspace, &book)
        .into_iter()
        .filter(|(key, _)| source.is_none_or(|s| key.source.as_str() == s))
        .filter_map(|(key, vantage)| Line::new(&workspace, &book, &key, &vantage, now))
        .collect();
    lines.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.key.cmp(&b.key)));
>>>>>>> main
    let mut records = Records::new(&[
        "source",
        "probe",
        "vantage",
        "state",
        "since",
        "last_verified",
        "last_checked",
        "note",
    ]);
    for line in &lines {
        records.push(line.cells());
    }
    let matrix = || matrix::render(&groups(&lines), terminal_width());
    records.print_or(
        format,
        "nothing is watched: no probe is switched on",
        matrix,
    )?;
    for vantage in book.vantages.values().filter(|v| !v.usable) {
        eprintln!(
            "vantage {} does not work since {}: {}; nothing is concluded from there",
            vantage.vantage,
            iso(vantage.since),
            vantage.text
        );
    }
    words::remind(&workspace, reader.queue()?.len());
    let regression = book.incidents.values().any(|i| {
        i.is_open() && source.is_none_or(|s| i.source.as_ref().is_some_and(|x| x.as_str() == s))
    });
    Ok(if exit_code && regression {
        Done::Regression
    } else {
        Done::Ok
    })
}

<<<<<<< HEAD
/// A probe seen from a vantage.
struct Line<'a> {
=======
/// What is watched from here, and what records from elsewhere told of.
fn watched(workspace: &Workspace, book: &Book) -> BTreeSet<(ProbeKey, VantageId)> {
    let here = due::pairs(workspace).map(|(probe, vantage)| (probe.key(), vantage.id.clone()));
    let is_on = |key: &ProbeKey| workspace.catalogue.probe(key).is_some_and(|p| p.enabled);
    let elsewhere = book.statuses.keys().filter(|(probe, _)| is_on(probe));
    here.chain(elsewhere.cloned()).collect()
}

struct Line {
>>>>>>> main
    /// Worst first: open incidents by severity, then what is not observed, then what is well.
    rank: u8,
    source: String,
    probe: &'a Probe,
    key: ProbeKey,
    vantage: &'a Vantage,
    status: Option<&'a Status>,
    incident: Option<i64>,
    note: Vec<String>,
}

impl<'a> Line<'a> {
    fn new(
<<<<<<< HEAD
        workspace: &'a Workspace,
        book: &'a Book,
        probe: &'a Probe,
        vantage: &'a Vantage,
        now: Time,
    ) -> Self {
        let key = probe.key();
        let status = book.statuses.get(&(key.clone(), vantage.id.clone()));
        let source = workspace.catalogue.source(&probe.source).map_or_else(
            || probe.source.to_string(),
            crate::model::source::Source::full_name,
        );
        Self {
            rank: status.map_or(1, rank),
            source,
            probe,
            key,
            vantage,
            status,
            incident: book.open_incident_of(&probe.key()).map(|i| i.id),
            note: status.map(|s| remarks(s, now)).unwrap_or_default(),
        }
=======
        workspace: &Workspace,
        book: &Book,
        key: &ProbeKey,
        vantage: &VantageId,
        now: Time,
    ) -> Option<Self> {
        let probe = workspace.catalogue.probe(key)?;
        let status = book.statuses.get(&(key.clone(), vantage.clone()));
        let name = workspace.catalogue.source(&probe.source).map_or_else(
            || probe.source.to_string(),
            crate::model::source::Source::full_name,
        );
        let cells = vec![
            name,
            key.to_string(),
            vantage.to_string(),
            status.map_or("not observed yet".to_owned(), state),
            status.map(|s| iso(s.since)).unwrap_or_default(),
            status
                .and_then(|s| s.last_verified)
                .map(iso)
                .unwrap_or_default(),
            status.map(|s| iso(s.last_checked)).unwrap_or_default(),
            status
                .map(|s| remark(s, book, late(workspace, probe, s, now)))
                .unwrap_or_default(),
        ];
        Some(Self {
            rank: status.map_or(1, rank),
            key: (key.to_string(), vantage.to_string()),
            cells,
        })
>>>>>>> main
    }

    /// Since when, last `ok`, last checked.
    fn times(&self) -> [String; 3] {
        let at = |t: Option<Time>| t.map(iso).unwrap_or_default();
        [
            at(self.status.map(|s| s.since)),
            at(self.status.and_then(|s| s.last_verified)),
            at(self.status.map(|s| s.last_checked)),
        ]
    }

    /// For programs.
    fn cells(&self) -> Vec<String> {
        let [since, verified, checked] = self.times();
        let mut note: Vec<String> = Vec::new();
        note.extend(self.incident.map(|id| format!("incident #{id}")));
        note.extend(self.note.iter().cloned());
        vec![
            self.source.clone(),
            self.key.to_string(),
            self.vantage.id.to_string(),
            self.status.map_or(UNSEEN.to_owned(), state),
            since,
            verified,
            checked,
            note.join("; "),
        ]
    }

    /// For people.
    fn row(&self) -> Row {
        let [since, verified, checked] = self.times();
        Row {
            vantage: clean::line(self.vantage.id.as_str(), 40),
            state: self
                .status
                .map_or(UNSEEN, |s| words::short(self.probe, s.code))
                .to_owned(),
            mood: self.status.map_or(Mood::Unknown, mood),
            since,
            verified,
            checked,
            note: clean::line(&self.note.join("; "), 400),
        }
    }
}

const UNSEEN: &str = "not observed yet";

/// Probes by their worst vantage; the vantages of a probe stay together.
fn worst_first(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut worst: BTreeMap<ProbeKey, u8> = BTreeMap::new();
    for line in &lines {
        let rank = worst.entry(line.key.clone()).or_default();
        *rank = line.rank.max(*rank);
    }
    lines.sort_by(|a, b| {
        let of = |line: &Line<'_>| worst.get(&line.key).copied();
        of(b)
            .cmp(&of(a))
            .then_with(|| a.key.cmp(&b.key))
            .then_with(|| b.rank.cmp(&a.rank))
            .then_with(|| a.vantage.id.cmp(&b.vantage.id))
    });
    lines
}

fn groups(lines: &[Line<'_>]) -> Vec<Group> {
    lines
        .chunk_by(|a, b| a.key == b.key)
        .filter_map(|chunk| {
            let first = chunk.first()?;
            let mut title = format!("{}, {} ({})", first.source, first.probe.name, first.key);
            if let Some(id) = first.incident {
                let _ = write!(title, ", incident #{id}");
            }
            Some(Group {
                title: clean::line(&title, 400),
                rows: chunk.iter().map(Line::row).collect(),
            })
        })
        .collect()
}

fn mood(status: &Status) -> Mood {
    match status.code.severity() {
        Some(0) => Mood::Well,
        Some(1 | 2) => Mood::Minor,
        Some(_) => Mood::Bad,
        None => Mood::Unknown,
    }
}

fn rank(status: &Status) -> u8 {
    let worse = status.baseline.is_none_or(|b| b != status.code);
    match status.code.severity() {
        Some(0) => 0,
        Some(severity) if worse => 10 + severity,
        Some(severity) => 2 + severity,
        None => 1,
    }
}

fn state(status: &Status) -> String {
    format!(
        "{} ({})",
        verdict::code(Language::En, status.code).says,
        status.code
    )
}

/// For how long nothing was seen: hidden, skipped, or no round for longer than the schedule's interval.
fn late(workspace: &Workspace, probe: &Probe, status: &Status, now: Time) -> Option<TimeDelta> {
    let since = unobserved_since(status);
    let interval = interval(Some(probe), &workspace.settings, now);
    let late = now - since > TimeDelta::from_std(interval * 2).ok()?;
    (late || status.blind_since.is_some()).then_some(now - since)
}

/// What the reader should know beside the state.
<<<<<<< HEAD
fn remarks(status: &Status, now: Time) -> Vec<String> {
=======
fn remark(status: &Status, book: &Book, unobserved: Option<TimeDelta>) -> String {
>>>>>>> main
    let mut remarks = Vec::new();
    if let Some(code) = status.suspected {
        let words = verdict::short(Language::En, code);
        remarks.push(format!("suspected, not confirmed: {words} ({code})"));
    }
    if status.already_restricted {
        remarks.push("already so when first seen".to_owned());
    }
    if status.baseline == Some(status.code) && status.code.severity() != Some(0) {
        remarks.push("normal here".to_owned());
    }
    if status.flapping {
        remarks.push("goes back and forth".to_owned());
    }
    if let Some(span) = unobserved {
        remarks.push(match span.num_days() {
            0 => format!("not observed for {} hours", span.num_hours()),
            days => format!("not observed for {days} days"),
        });
    }
    remarks
}
