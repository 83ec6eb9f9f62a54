//! The tracker state at the start of the retained measurements, from which everything after it is derived.
//!
//! Measurements are removed after a while (`keep_measurements`, `purge`); what was concluded from them
//! stays. Without the state of that time, an incident that began earlier would vanish as soon as statuses
//! are derived again, and the restriction that it reports would count as normal.

use std::collections::BTreeMap;

use crate::config::Workspace;
use crate::judge::Judge;
use crate::judge::track::{self, Replayed};
use crate::model::book::Book;
use crate::model::{Incident, Time};
use crate::store::{Checkpoint, Filter, IncidentFilter, Reader, SetAside, Store, StoreError};

use super::passes::{JudgedRecord, PassHistory};
use super::records::load_judged;

/// Advances the checkpoint to `before`, so that the measurements before it can be removed. If the process is
/// killed before they are, they are still there and never replayed.
pub async fn advance(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    before: Time,
) -> Result<(), StoreError> {
    match state_at(workspace, judge, &store.reader()?, before)? {
        Some(book) => store.put_checkpoint(before, book).await,
        None => Ok(()),
    }
}

/// The tracker state at `until`; `None` when nothing was measured between the checkpoint and it.
fn state_at(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    until: Time,
) -> Result<Option<Book>, StoreError> {
    let checkpoint = reader.checkpoint()?;
    let filter = Filter {
        until: Some(until),
        ..filter_since(&checkpoint)
    };
    let judged = load_judged(workspace, judge, reader, &filter)?;
    if judged.is_empty() {
        return Ok(None);
    }
    let next = reader.book()?.next_incident;
    let past = replay(workspace, reader, checkpoint, judged, next, Some(until))?;
    Ok(Some(past.replayed.book))
}

/// The records that are replayed from a checkpoint.
pub(super) fn filter_since(checkpoint: &Checkpoint) -> Filter {
    Filter {
        since: checkpoint.since,
        ..Filter::default()
    }
}

/// A replay of stored records, beside what is stored.
pub(super) struct ReplayedPast {
    pub(super) replayed: Replayed,
    pub(super) set_aside: Vec<SetAside>,
    /// Every stored incident.
    pub(super) stored: BTreeMap<i64, Incident>,
    /// Stored incidents that the replay does not have.
    pub(super) gone: Vec<i64>,
}

/// Replays records and what people did from a checkpoint on (up to `until`), and gives the incidents the numbers
/// that they have in the store.
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
    let mut actions = track::deeds(&events, &stored);
    let since = checkpoint.since;
    actions.retain(|a| a.at() < until && since.is_none_or(|since| a.at() >= since));
    let PassHistory { passes, set_aside } = PassHistory::new(records);
    let (catalogue, settings) = (&workspace.catalogue, &workspace.settings);
    let mut replayed = track::replay(checkpoint.book, passes, &actions, catalogue, settings);
    let stored: BTreeMap<i64, Incident> = stored.into_iter().map(|i| (i.id, i)).collect();
    let gone = track::reconcile(&mut replayed, &stored, next_incident);
    Ok(ReplayedPast {
        replayed,
        set_aside,
        stored,
        gone,
    })
}
