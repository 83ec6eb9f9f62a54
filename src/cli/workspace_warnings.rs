//! Detects a lost database whose earlier passes left other files behind. All baselines and
//! incidents were in it, so a pass that started anew would take today's restrictions as known. A
//! pass therefore waits until a person confirms; every other command reports what is missing.

use std::path::Path;

use crate::alert::transport::folder;
use crate::config::Workspace;
use crate::model::settings::MailTransport;
use crate::store::{LockScope, Store, StoreError, stamp, stamp_of};

use super::exit::CliError;
use super::messages::count;

/// Signs of an earlier database when the file does not exist or is empty. Called before the
/// database is opened.
pub fn count_signs(workspace: &Workspace) -> Result<Option<String>, CliError> {
    let path = &workspace.settings.store.path;
    let is_there = path.exists();
    if is_there && !is_unused(path)? {
        return Ok(None);
    }
    let mark = stamp_of(path);
    if mark.exists() {
        return Ok(Some(format!("{} is", shown(workspace, &mark))));
    }
    let locks = [LockScope::Pass, LockScope::Daemon, LockScope::TrackerState];
    let mut left = locks.into_iter().map(|on| path.with_file_name(on.file()));
    // A first run creates the database, then its lock.
    if let Some(lock) = left.find(|lock| !is_there && lock.exists()) {
        return Ok(Some(format!("{} is", shown(workspace, &lock))));
    }
    Ok(mails(workspace))
}

fn is_unused(path: &Path) -> Result<bool, CliError> {
    // An empty file has no schema at all.
    if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        return Ok(true);
    }
    match Store::open_read_only(path) {
        Ok(store) => Ok(store.reader()?.is_unused()?),
        // A database that was only begun has no schema either.
        Err(StoreError::Older { found, .. }) => Ok(found == 0),
        // The code that opens the database reports every other error.
        Err(_) => Ok(false),
    }
}

/// Prints the warning on standard error, and keeps the sign, because opening creates a new
/// database.
pub fn warn(workspace: &Workspace, signs: &str) {
    stamp(&workspace.settings.store.path);
    say!("{}", sentence(workspace, signs));
}

/// What is missing, and what to do.
#[must_use]
pub fn sentence(workspace: &Workspace, signs: &str) -> String {
    format!(
        "the database {} holds nothing, but {signs} there from earlier passes: was it moved or deleted? What was normal, and every incident, is in it. \
         Put it back, or the newest copy made by `accesswatch backup`; or say `accesswatch run --begin-anew`, which takes what is restricted today as known",
        shown(workspace, &workspace.settings.store.path)
    )
}

/// How many mails of passes are in the folder of mails, as part of a sentence; `None` without any.
fn mails(workspace: &Workspace) -> Option<String> {
    let MailTransport::Folder(folder) = &workspace.settings.alerts.transport else {
        return None;
    };
    let mails = folder::count_of_passes(folder);
    let verb = if mails == 1 { "is" } else { "are" };
    (mails > 0).then(|| {
        format!(
            "{} in {} {verb}",
            count(mails as u64, "mail"),
            shown(workspace, folder)
        )
    })
}

fn shown(workspace: &Workspace, path: &Path) -> String {
    let inside = path.strip_prefix(&workspace.dir).unwrap_or(path);
    inside.display().to_string()
}
