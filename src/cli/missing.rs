//! A database that is gone while what earlier passes left is still there. A new one is begun, for a watch
//! that stops is worse than one that has forgotten; but it is said, for then what was normal is forgotten too.

use std::path::Path;

use crate::alert::transport::folder;
use crate::config::Workspace;
use crate::model::settings::Transport;
use crate::store::{LockOn, Store};

use super::exit::CliError;
use super::words::count;

/// What shows that there was a database at `path` before, seen before it is opened.
#[must_use]
pub fn signs(workspace: &Workspace) -> Option<String> {
    let path = &workspace.settings.store.path;
    if path.exists() {
        return None;
    }
    let left = [LockOn::Pass, LockOn::Daemon, LockOn::Book]
        .into_iter()
        .map(|on| path.with_file_name(on.file()))
        .find(|lock| lock.exists())?;
    Some(format!("{} is", shown(workspace, &left)))
}

/// Says so on standard error, as long as the new database holds nothing.
pub fn tell(workspace: &Workspace, store: &Store, signs: Option<String>) -> Result<(), CliError> {
    let signs = match signs {
        Some(signs) => signs,
        None if store.reader()?.is_unused()? => match mails(workspace) {
            Some(mails) => mails,
            None => return Ok(()),
        },
        None => return Ok(()),
    };
    say!(
        "the database {} holds nothing, but {signs} there from earlier passes: was it moved or deleted? What was normal, and every incident, is in it. \
         Put it back, or the newest copy made by `accesswatch backup`, before the next pass; without it that pass begins anew, and takes what is restricted today as known",
        shown(workspace, &workspace.settings.store.path)
    );
    Ok(())
}

/// Mails in the folder that a pass wrote.
fn mails(workspace: &Workspace) -> Option<String> {
    let Transport::Folder(folder) = &workspace.settings.alerts.transport else {
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
