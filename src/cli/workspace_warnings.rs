//! A database that is gone while what earlier passes left is still there. What was normal is gone with it, and every
//! incident: a pass that began anew would take what is restricted today as known. So a pass waits until a person says
//! so; whatever else is done says what is missing.

use std::path::Path;

use crate::alert::transport::folder;
use crate::config::Workspace;
use crate::model::settings::MailTransport;
use crate::store::{LockScope, Store, StoreError, stamp, stamp_of};

use super::exit::CliError;
use super::messages::count;

/// What shows that there was a database, when it is not there, or holds nothing; looked at before it is opened.
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
    let locks = [LockScope::Pass, LockScope::Daemon, LockScope::Book];
    let mut left = locks.into_iter().map(|on| path.with_file_name(on.file()));
    // A first run makes the database, then its lock.
    if let Some(lock) = left.find(|lock| !is_there && lock.exists()) {
        return Ok(Some(format!("{} is", shown(workspace, &lock))));
    }
    Ok(mails(workspace))
}

fn is_unused(path: &Path) -> Result<bool, CliError> {
    // A file of no byte has no schema at all.
    if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        return Ok(true);
    }
    match Store::open_read_only(path) {
        Ok(store) => Ok(store.reader()?.is_unused()?),
        // Nor has one that was only begun.
        Err(StoreError::Older { found, .. }) => Ok(found == 0),
        // Whatever else is wrong is said by who opens it.
        Err(_) => Ok(false),
    }
}

/// Says it on standard error, and keeps the sign: opening makes a new database.
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

/// Mails in the folder that a pass wrote.
fn mails(workspace: &Workspace) -> Option<String> {
    let MailTransport::Folder(folder) = &workspace.settings.alerts.transport else {
        return None;
    };
    let mails = folder::of_passes(folder);
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
