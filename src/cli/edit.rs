//! What people change, from the command line.

use crate::config::Workspace;
use crate::engine::edits::{self, EditFailure};
use crate::model::Time;
use crate::model::event::PassOutcome;
use crate::model::tracker_state::TrackerState;
use crate::store::Store;
use crate::track::EditError;

use super::clock;
use super::context::runtime;
use super::exit::CliError;

/// Applies `change` while nobody else changes the state, and writes what it changed.
pub fn edit(
    workspace: &Workspace,
    store: &Store,
    change: impl FnOnce(&mut TrackerState, Time) -> Result<PassOutcome, EditError>,
) -> Result<PassOutcome, CliError> {
    let now = clock::now(&store.reader()?)?;
    let work = edits::edit(workspace, store, now, change);
    runtime()?.block_on(work).map_err(|failure| match failure {
        EditFailure::Edit(error) => error.into(),
        EditFailure::Store(error) => error.into(),
        EditFailure::Lock(error) => error.into(),
        EditFailure::Engine(error) => error.into(),
    })
}
