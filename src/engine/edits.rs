//! What people change: worked out on the tracker's state by `track`, written in one transaction.

use std::time::Duration;

use super::error::EngineError;
use super::rejudge::catch_up::catch_up;
use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::Time;
use crate::model::event::PassOutcome;
use crate::model::tracker_state::TrackerState;
use crate::store::{Lock, LockError, LockScope, Store, StoreError};
use crate::track::EditError;

/// How long an edit waits for a lock: a pass holds the lock for well under a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Why an edit was not made.
#[derive(Debug, thiserror::Error)]
pub enum EditFailure {
    /// It cannot be meant.
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Applies `change` to the tracker state while nobody else changes that state (a pass may be
/// measuring), and writes the result. It blocks while it waits for the lock.
pub async fn edit(
    workspace: &Workspace,
    store: &Store,
    now: Time,
    change: impl FnOnce(&mut TrackerState, Time) -> Result<PassOutcome, EditError>,
) -> Result<PassOutcome, EditFailure> {
    catch_up_first(workspace, store, now).await?;
    let _lock = lock_tracker_state(store, now)?;
    let mut tracker = store.reader()?.tracker_state()?;
    let outcome = change(&mut tracker, now)?;
    store.commit_edit(outcome.clone()).await?;
    Ok(outcome)
}

fn lock_tracker_state(store: &Store, now: Time) -> Result<Lock, LockError> {
    Lock::within(PATIENCE, LockScope::TrackerState, store.path(), "edit", now)
}

/// Derives first what a killed process left underived. While a pass runs, its records are underived
/// too, and are left to that pass.
async fn catch_up_first(
    workspace: &Workspace,
    store: &Store,
    now: Time,
) -> Result<(), EditFailure> {
    if store.reader()?.underived()?.is_empty() {
        return Ok(());
    }
    let Ok(_pass) = Lock::acquire(LockScope::Pass, store.path(), "edit", now) else {
        return Ok(());
    };
    let _state = lock_tracker_state(store, now)?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    catch_up(workspace, &judge, store, now).await?;
    Ok(())
}
