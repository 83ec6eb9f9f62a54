//! What is due: which probes, from which vantages, by the schedule and the last round.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::model::incident::MailState;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, Probe, ProbeKey, SourceId, Time, Vantage, VantageId};
use crate::text::nearest::nearest;

use super::error::EngineError;
pub use super::pairs::pairs;
use super::schedule_index::{ScheduleIndex, Slot};

/// The selection of `run`.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Everything, due or not.
    pub all: bool,
    pub source: Option<SourceId>,
    pub vantage: Option<VantageId>,
}

impl Selection {
    pub(super) fn takes(&self, probe: &Probe, vantage: &Vantage) -> bool {
        self.source.as_ref().is_none_or(|s| *s == probe.source)
            && self.vantage.as_ref().is_none_or(|v| *v == vantage.id)
    }
}

/// One round that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// When the schedule required it; `None` when it was never measured, or was requested by hand.
    pub since: Option<Time>,
    /// Its slot on the schedule: `since`, or the newest slot before now for a probe that was never
    /// measured.
    pub slot: Option<Time>,
    /// Missed rounds since the last one (the machine was off).
    pub gaps: Vec<Time>,
}

impl Job {
    /// A round that no schedule requires.
    #[must_use]
    pub fn unscheduled(probe: ProbeKey, vantage: VantageId) -> Self {
        Self {
            probe,
            vantage,
            since: None,
            slot: None,
            gaps: Vec::new(),
        }
    }
}

/// A longer absence is represented by its newest rounds.
const MOST_GAPS: usize = 1000;

/// When each (probe, vantage) was last checked: the newest round that a pass wrote.
pub type LastChecked = BTreeMap<(ProbeKey, VantageId), Time>;

/// A last check this far ahead was dated by a clock that has been set back since.
const AHEAD: TimeDelta = TimeDelta::hours(1);

/// The rounds that are due at `now`, in the order of probe and vantage.
pub fn due(
    workspace: &Workspace,
    schedule_index: &ScheduleIndex,
    last: &LastChecked,
    selection: &Selection,
    now: Time,
) -> Result<Vec<Job>, EngineError> {
    check_selection(workspace, selection)?;
    let mut recent = schedule_index.recent(now);
    let mut jobs = Vec::new();
    for (probe, vantage) in pairs(workspace) {
        if !selection.takes(probe, vantage) {
            continue;
        }
        let key = (probe.key(), vantage.id.clone());
        let last = last.get(&key).copied().filter(|last| *last <= now + AHEAD);
        let slot = schedule_index.slot(workspace, probe);
        let start = slot.and_then(|slot| recent.start(slot));
        let since = start.filter(|start| last.is_some_and(|last| *start > last));
        if selection.all || since.is_some() || last.is_none() {
            let missed = slot.zip(last.zip(since));
            jobs.push(Job {
                gaps: missed.map_or_else(Vec::new, |(slot, (last, since))| {
                    gaps(schedule_index, slot, last, since)
                }),
                probe: key.0,
                vantage: key.1,
                since,
                slot: since.or(start.filter(|_| last.is_none())),
            });
        }
    }
    Ok(jobs)
}

/// Adds incidents whose hold is over to `jobs`: an incident that is mailed on its next failure is
/// then measured, whatever the schedule says.
pub fn add_held(
    jobs: &mut Vec<Job>,
    workspace: &Workspace,
    tracker: &TrackerState,
    last: &LastChecked,
    selection: &Selection,
    now: Time,
) {
    let over: BTreeMap<(&ProbeKey, &VantageId), Time> = held(tracker)
        .filter(|(_, until)| *until <= now)
        .flat_map(|(incident, until)| {
            let probe = incident.probe.as_ref();
            let failing = incident
                .vantages
                .iter()
                .filter(|(_, part)| part.back.is_none());
            failing.filter_map(move |(vantage, _)| Some(((probe?, vantage), until)))
        })
        .collect();
    let known: BTreeSet<(ProbeKey, VantageId)> = jobs
        .iter()
        .map(|j| (j.probe.clone(), j.vantage.clone()))
        .collect();
    for (probe, vantage) in pairs(workspace) {
        let key = (probe.key(), vantage.id.clone());
        let Some(until) = over.get(&(&key.0, &key.1)) else {
            continue;
        };
        let looked = last
            .get(&key)
            .is_some_and(|last| last >= until && *last <= now + AHEAD);
        if !looked && !known.contains(&key) && selection.takes(probe, vantage) {
            jobs.push(Job::unscheduled(key.0, key.1));
        }
    }
}

/// When the next hold ends after `t`.
#[must_use]
pub fn next_hold(tracker: &TrackerState, t: Time) -> Option<Time> {
    held(tracker)
        .map(|(_, until)| until)
        .filter(|until| *until > t)
        .min()
}

fn held(tracker: &TrackerState) -> impl Iterator<Item = (&Incident, Time)> {
    let open = tracker.incidents.values().filter(|i| i.is_open());
    open.filter_map(|incident| match incident.mail {
        MailState::Held { until } => Some((incident, until)),
        _ => None,
    })
}

/// The times between the last round and the current one when a round was expected, oldest first.
fn gaps(schedule_index: &ScheduleIndex, slot: Slot<'_>, last: Time, since: Time) -> Vec<Time> {
    let starts = schedule_index.starts_before(slot, since, last);
    let mut missed: Vec<Time> = starts.take(MOST_GAPS).collect();
    missed.reverse();
    missed
}

/// Refuses a selection that names no source or vantage of the workspace.
pub fn check_selection(workspace: &Workspace, selection: &Selection) -> Result<(), EngineError> {
    if let Some(source) = &selection.source {
        let known = workspace.catalogue.sources.keys().map(SourceId::as_str);
        named("source", source.as_str(), known)?;
    }
    if let Some(vantage) = &selection.vantage {
        let known = workspace.settings.vantages.iter().map(|v| v.id.as_str());
        named("vantage", vantage.as_str(), known)?;
    }
    Ok(())
}

/// An error with the nearest known id, unless `id` is known.
pub fn named<'a>(
    kind: &'static str,
    id: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), EngineError> {
    if known.clone().any(|k| k == id) {
        return Ok(());
    }
    let near = nearest(id, known).map(str::to_owned);
    Err(EngineError::Unknown {
        kind,
        id: id.to_owned(),
        near,
    })
}
