//! What several commands say at their end.

use crate::config::Workspace;
use crate::model::settings::Transport;

/// Reminders on standard error: mails that nobody gets, and the missing contact.
pub fn remind(workspace: &Workspace, unsent: usize) {
    if let Transport::Folder(folder) = &workspace.settings.alerts.transport {
        let count = std::fs::read_dir(folder).map_or(0, |entries| {
            entries
                .flatten()
                .filter(|e| e.path().extension().is_some_and(|x| x == "eml"))
                .count()
        });
        if count > 0 {
            let shown = folder.strip_prefix(&workspace.dir).unwrap_or(folder);
            eprintln!(
                "{count} mails written to {}, none sent (no mail server is configured; docs/mail.md)",
                shown.display()
            );
        }
    } else if unsent > 0 {
        eprintln!("{unsent} mails wait to be sent; `accesswatch mail queue` says why");
    }
    if workspace.settings.politeness.contact.is_none() {
        eprintln!(
            "reminder: set `contact` under [politeness] in config/accesswatch.toml, so that sites know who asks"
        );
    }
}
