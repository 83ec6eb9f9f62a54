//! Messages that several commands print at their end.

use chrono::TimeDelta;

use crate::alert::compose::folder_reminder;
use crate::alert::transport::folder;
use crate::config::Workspace;
use crate::engine::day_chain;
use crate::i18n::verdict;
use crate::model::round::ControlResult;
use crate::model::settings::{Language, MailTransport};
use crate::model::time::iso;
use crate::model::{Code, Probe, Time};
use crate::store::{Reader, StoreError};
use crate::text::clean;

/// A verdict in a table cell; `content.withdrawn` names the full text when that is what is missing.
#[must_use]
pub fn short(probe: &Probe, code: Code) -> &'static str {
    verdict::short_of(Language::En, code, probe.next_level())
}

/// Why a control did not pass.
#[must_use]
pub fn of_control(control: &ControlResult) -> String {
    match (&control.failure, control.http_status) {
        (Some(failure), _) => clean::line(failure.as_str(), 120),
        (None, Some(status)) => format!("answered with HTTP {status}"),
        (None, None) => "did not answer".to_owned(),
    }
}

/// `1 round`, `2 rounds`.
#[must_use]
pub fn count(n: impl Into<u64>, one: &str) -> String {
    match n.into() {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}

/// `1 pass`, `2 passes`.
#[must_use]
pub fn passes(n: u64) -> String {
    match n {
        1 => "1 pass".to_owned(),
        n => format!("{n} passes"),
    }
}

/// Reports what did not go well with the files of evidence.
pub fn evidence(notes: &[String]) {
    for note in notes {
        say!("evidence: {}", clean::line(note, 500));
    }
}

/// Reports that no mail was accepted for a day; `None` before that.
#[must_use]
pub fn no_mail_accepted(since: Time, now: Time) -> Option<String> {
    (now - since >= TimeDelta::days(1)).then(|| {
        format!(
            "no mail was accepted since {}, though one waits: nobody learns of a change",
            iso(since)
        )
    })
}

/// For how long a mail that was given up is named.
const GIVEN_UP_NAMED: TimeDelta = TimeDelta::days(7);

/// Reports mails that were given up in the last week, because a server took them whole and never
/// answered; `None` when there are none.
pub fn given_up(reader: &Reader, now: Time) -> Result<Option<String>, StoreError> {
    let mails = reader.unanswered_mails(now - GIVEN_UP_NAMED)?;
    Ok((mails > 0).then(|| {
        format!(
            "{} given up in the last 7 days: the mail server received each whole several times and never answered, so it may not have arrived",
            count(mails, "mail")
        )
    }))
}

/// The number of mails in the folder that replaces sending; 0 when mails are sent.
#[must_use]
pub fn letters(workspace: &Workspace) -> usize {
    match &workspace.settings.alerts.transport {
        MailTransport::Folder(folder) => folder::count(folder),
        MailTransport::Smtp { .. } => 0,
    }
}

/// Reminders on standard error: mails that nobody gets, of which `before` existed when the command
/// began, and the missing contact.
pub fn remind(workspace: &Workspace, unsent: u64, before: usize) {
    if let MailTransport::Folder(folder) = &workspace.settings.alerts.transport {
        let all = folder::count(folder);
        if all > 0 {
            let shown = folder.strip_prefix(&workspace.dir).unwrap_or(folder);
            let new = all.saturating_sub(before);
            say!("{}", folder_reminder(new, all, shown, Language::En));
        }
    } else if unsent > 0 {
        say!(
            "{} to be sent; `accesswatch mail queue` says why",
            if unsent == 1 {
                "1 mail waits".to_owned()
            } else {
                format!("{unsent} mails wait")
            }
        );
    }
    if workspace.settings.politeness.contact.is_none() {
        say!(
            "reminder: set `contact` under [politeness] in config/accesswatch.toml, so that sites know who asks"
        );
    }
}

/// The days of the day chain that have no time stamp, where an authority is configured, and why.
pub fn missing_time_stamps(
    workspace: &Workspace,
    reader: &Reader,
) -> Result<Option<String>, StoreError> {
    let settings = &workspace.settings;
    if settings.evidence.timestamp.is_none() {
        return Ok(None);
    }
    let missing = day_chain::missing_stamps(reader, &settings.store.evidence)?.len();
    if missing == 0 {
        return Ok(None);
    }
    let fault = day_chain::last_fault(reader)?;
    let fault = fault.map_or_else(
        || "the next run asks for them".to_owned(),
        |fault| clean::line(&fault, 300),
    );
    let days = count(missing as u64, "day");
    Ok(Some(format!(
        "the day chain: {days} without a time stamp; {fault}"
    )))
}
