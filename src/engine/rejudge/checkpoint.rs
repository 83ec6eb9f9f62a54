//! The tracker state at the start of the retained measurements, from which later results are
//! derived.
//!
//! Measurements are removed after a while (`keep_measurements`, `purge`), and their results stay.
//! Without the state of that time, an incident that began earlier would disappear as soon as
//! statuses are derived again, and the restriction that it reports would count as normal.

use std::collections::BTreeMap;

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, Time};
use crate::store::{
    Checkpoint, DiscardedRound, IncidentFilter, Reader, RowFilter, Store, StoreError,
};
use crate::track;
use crate::track::Replayed;

use super::passes::{JudgedRecord, PassHistory};
use super::records::load_judged;

/// Advances the checkpoint to `before`, so that the measurements before it can be removed. If the
/// process is killed before the removal, they stay and are never replayed.
pub async fn advance(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    before: Time,
) -> Result<(), StoreError> {
    match state_at(workspace, judge, &store.reader()?, before)? {
        Some(tracker) => store.put_checkpoint(before, tracker).await,
        None => Ok(()),
    }
}

/// The tracker state at `until`; `None` when nothing was measured since the checkpoint.
fn state_at(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    until: Time,
) -> Result<Option<TrackerState>, StoreError> {
    let checkpoint = reader.checkpoint()?;
    let filter = RowFilter {
        until: Some(until),
        ..filter_since(&checkpoint)
    };
    let judged = load_judged(workspace, judge, reader, &filter)?;
    if judged.is_empty() {
        return Ok(None);
    }
    let next = reader.tracker_state()?.next_incident;
    let past = replay(workspace, reader, checkpoint, judged, next, Some(until))?;
    Ok(Some(past.replayed.tracker))
}

/// The records that are replayed from a checkpoint.
pub(super) fn filter_since(checkpoint: &Checkpoint) -> RowFilter {
    RowFilter {
        since: checkpoint.since,
        ..RowFilter::default()
    }
}

/// A replay of stored records, with the stored incidents.
pub(super) struct ReplayedPast {
    pub(super) replayed: Replayed,
    pub(super) set_aside: Vec<DiscardedRound>,
    /// Every stored incident.
    pub(super) stored: BTreeMap<i64, Incident>,
    /// Stored incidents that are missing in the replay.
    pub(super) gone: Vec<i64>,
}

/// Replays records and the actions of people from a checkpoint on (up to `until`), and gives the
/// incidents their stored numbers.
pub(super) fn replay(
    workspace: &Workspace,
    reader: &Reader,
    checkpoint: Checkpoint,
    records: Vec<JudgedRecord>,
    next_incident: i64,
    until: Option<Time>,
) -> Result<ReplayedPast, StoreError> {
    let stored = reader.incidents(&IncidentFilter::default())?;
    let until = until.unwrap_or(Time::MAX_UTC);
    let events = reader.events(Time::MIN_UTC, until)?;
    let mut actions = track::operator_actions(&events, &stored);
    let since = checkpoint.since;
    actions.retain(|a| a.at() < until && since.is_none_or(|since| a.at() >= since));
    let PassHistory { passes, set_aside } = PassHistory::new(records);
    let (catalogue, settings) = (&workspace.catalogue, &workspace.settings);
    let mut replayed = track::replay(checkpoint.tracker, passes, &actions, catalogue, settings);
    let stored: BTreeMap<i64, Incident> = stored.into_iter().map(|i| (i.id, i)).collect();
    let gone = track::reconcile(&mut replayed, &stored, next_incident);
    Ok(ReplayedPast {
        replayed,
        set_aside,
        stored,
        gone,
    })
}
