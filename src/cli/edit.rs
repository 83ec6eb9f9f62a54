//! What people change: worked out on the book by `judge::track`, written in one transaction.

use crate::config::Workspace;
use crate::judge::track::EditError;
use crate::model::Time;
use crate::model::book::Book;
use crate::model::event::PassOutcome;
use crate::store::{LockOn, Store};

use super::context::{Context, runtime};
use super::exit::CliError;

/// Applies `change` to the book while nobody else changes it (a pass may be measuring), and writes what it changed.
pub fn edit(
    workspace: &Workspace,
    store: &Store,
    change: impl FnOnce(&mut Book, Time) -> Result<PassOutcome, EditError>,
) -> Result<PassOutcome, CliError> {
    let _lock = Context::lock(workspace, LockOn::Book, "edit")?;
    let mut book = store.reader()?.book()?;
    let outcome = change(&mut book, chrono::Utc::now())?;
    runtime()?.block_on(store.commit_edit(outcome.clone()))?;
    Ok(outcome)
}
