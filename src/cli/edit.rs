//! What people change: `track` computes it on the tracker state, and one transaction writes it.

use crate::config::Workspace;
use crate::engine::rejudge::catch_up::catch_up;
use crate::judge::Judge;
use crate::model::Time;
use crate::model::event::PassOutcome;
use crate::model::tracker_state::TrackerState;
use crate::store::{LockScope, Store};
use crate::track::EditError;

use super::context::{Context, runtime};
use super::exit::CliError;

/// Applies `change` to the tracker state while nobody else changes it (a pass may be measuring),
/// and writes the result.
pub fn edit(
    workspace: &Workspace,
    store: &Store,
    change: impl FnOnce(&mut TrackerState, Time) -> Result<PassOutcome, EditError>,
) -> Result<PassOutcome, CliError> {
    catch_up_first(workspace, store)?;
    let _lock = Context::lock(workspace, LockScope::Book, "edit")?;
    let mut tracker = store.reader()?.tracker_state()?;
    let outcome = change(&mut tracker, chrono::Utc::now())?;
    runtime()?.block_on(store.commit_edit(outcome.clone()))?;
    Ok(outcome)
}

/// Replays what a killed process left first. During a pass its records are not replayed either, and
/// are left to it.
fn catch_up_first(workspace: &Workspace, store: &Store) -> Result<(), CliError> {
    if store.reader()?.underived()?.is_empty() {
        return Ok(());
    }
    let Ok(_pass) = Context::lock_now(workspace, LockScope::Pass, "edit") else {
        return Ok(());
    };
    let _book = Context::lock(workspace, LockScope::Book, "edit")?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    runtime()?.block_on(catch_up(workspace, &judge, store, chrono::Utc::now()))?;
    Ok(())
}
