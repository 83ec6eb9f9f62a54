//! The tracker state at the start of the retained measurements, from which everything after it is derived.
//!
//! Measurements are removed after a while (`keep_measurements`, `purge`); what was concluded from them
//! stays. Without the state of that time, an incident that began earlier would vanish as soon as statuses
//! are derived again, and the restriction that it reports would count as normal.

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::Time;
use crate::model::book::Book;
use crate::store::{Filter, Reader, Store, StoreError};

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
        ..super::since(&checkpoint)
    };
    let judged = load_judged(workspace, judge, reader, &filter)?;
    if judged.is_empty() {
        return Ok(None);
    }
    let next = reader.book()?.next_incident;
    let past = super::replay(workspace, reader, checkpoint, judged, next, Some(until))?;
    Ok(Some(past.replayed.book))
}
