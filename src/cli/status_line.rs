//! One row of `status`: a probe from one vantage, and how rows are ordered and grouped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::TimeDelta;

use crate::cli::matrix::{MatrixGroup, MatrixRow, StateColour};
use crate::cli::messages;
use crate::cli::status_notes as notes;
use crate::cli::suppression;
use crate::config::Workspace;
use crate::i18n::verdict;
use crate::model::settings::Language;
use crate::model::state::State;
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::model::{Probe, ProbeKey, Status, Time, VantageId};
use crate::net::pace::BackOffs;
use crate::text::clean;
use crate::track::state::{PairState, UnknownReason};
use crate::track::{interval, unobserved_since};

/// A probe seen from a vantage.
pub struct StatusLine<'a> {
    /// Worst first: open incidents by severity, then what is not observed, then what is well.
    rank: u8,
    source: String,
    pub probe: &'a Probe,
    key: ProbeKey,
    pub vantage: VantageId,
    pub status: Option<&'a Status>,
    incident: Option<i64>,
    /// Why nothing is mailed about the incident, if so.
    mail: Option<String>,
    note: Vec<&'static str>,
    suspected: Option<String>,
    /// Since when nothing was seen, when that is too long.
    unobserved: Option<Time>,
    /// The newest round, also one that was skipped on purpose.
    pub newest_round: Option<Time>,
    /// No round was made for longer than the schedule's interval.
    pub is_late: bool,
    /// What readers get, and why that is unknown.
    access: Option<(State, Option<UnknownReason>)>,
    /// Since when rounds are skipped, and the newest round, as in `export status`.
    skipped: Option<(Option<Time>, Option<Time>)>,
    /// The end of the back-off that the site asked for.
    back_off_until: Option<Time>,
}

impl<'a> StatusLine<'a> {
    pub fn new(
        workspace: &'a Workspace,
        tracker: &'a TrackerState,
        pair: Option<&PairState<'_>>,
        (key, vantage): (ProbeKey, VantageId),
        now: Time,
    ) -> Option<Self> {
        let is_skipped = |p: &&PairState<'_>| {
            matches!(
                p.reason,
                Some(UnknownReason::BackOff | UnknownReason::Robots)
            )
        };
        let probe = workspace.catalogue.probe(&key)?;
        let status = tracker.statuses.get(&(key.clone(), vantage.clone()));
        let source = workspace.catalogue.source(&probe.source).map_or_else(
            || probe.source.to_string(),
            crate::model::source::Source::full_name,
        );
        let incident = tracker.open_incident_of(&key);
        let newest_round = pair.filter(is_skipped).and_then(|p| p.last_checked);
        let newest_round = newest_round.max(status.map(|s| s.last_checked));
        let patience = patience(workspace, probe, now);
        Some(Self {
            rank: status.map_or(1, rank),
            source,
            probe,
            key,
            vantage,
            status,
            incident: incident.map(|i| i.id),
            mail: incident
                .and_then(|i| suppression::of_incident(i, tracker, workspace, now))
                .map(|suppressed| suppressed.sentence()),
            note: status.map(notes::remarks).unwrap_or_default(),
            suspected: status.and_then(notes::suspected),
            unobserved: status.and_then(|s| unobserved(s, patience, now)),
            newest_round,
            is_late: newest_round.is_some_and(|at| now - at > patience),
            access: pair.map(|p| (p.state, p.reason)),
            skipped: pair.filter(is_skipped).map(|p| (p.since, p.last_checked)),
            back_off_until: None,
        })
    }

    /// Adds what is known about the host's back-off.
    #[must_use]
    pub fn with_back_off(mut self, back_offs: &BackOffs, now: Time) -> Self {
        let host = self.probe.host().unwrap_or_default();
        let active = back_offs.active(&self.vantage, host, now);
        self.back_off_until = active.map(|b| b.until);
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
        if let Some(until) = self.back_off_until {
            notes.push(format!(
                "the site asked for quiet until {}",
                until.format("%Y-%m-%d %H:%M")
            ));
        }
        notes
    }

    /// Since when, last as usual or better, last checked.
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

    /// The cells for programs.
    pub fn cells(&self) -> Vec<String> {
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

    /// The row for people.
    fn row(&self, all_late: bool) -> MatrixRow {
        let [since, verified, checked] = self.times();
        let no_data = self.status.is_some_and(|s| s.no_data_since.is_some());
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
            note: clean::line(&self.notes(no_data || !all_late).join("; "), 400),
        }
    }
}

/// The columns of `status --format csv`.
pub const COLUMNS: [&str; 11] = [
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
];

const UNSEEN: &str = "not observed yet";

/// Probes by their worst vantage; the vantages of a probe stay together.
pub fn worst_first(mut lines: Vec<StatusLine<'_>>) -> Vec<StatusLine<'_>> {
    let mut worst: BTreeMap<ProbeKey, u8> = BTreeMap::new();
    for line in &lines {
        let rank = worst.entry(line.key.clone()).or_default();
        *rank = line.rank.max(*rank);
    }
    lines.sort_by(|a, b| {
        let rank = |line: &StatusLine<'_>| worst.get(&line.key).copied();
        rank(b)
            .cmp(&rank(a))
            .then_with(|| a.key.cmp(&b.key))
            .then_with(|| b.rank.cmp(&a.rank))
            .then_with(|| a.vantage.cmp(&b.vantage))
    });
    lines
}

pub fn groups(lines: &[&StatusLine<'_>], all_late: bool) -> Vec<MatrixGroup> {
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
fn unobserved(status: &Status, patience: TimeDelta, now: Time) -> Option<Time> {
    let since = unobserved_since(status);
    let late = now - since > patience;
    (late || status.no_data_since.is_some()).then_some(since)
}

/// How long after its last round a probe is late.
pub fn patience(workspace: &Workspace, probe: &Probe, now: Time) -> TimeDelta {
    let interval = interval(Some(probe), &workspace.settings, now);
    TimeDelta::from_std(interval * 2).unwrap_or(TimeDelta::MAX)
}
