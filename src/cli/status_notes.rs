//! The notes that `status` prints below its table.

use crate::config::Workspace;
use crate::i18n::verdict;
use crate::model::settings::Language;
use crate::model::time::{CLOCK_TOLERANCE, iso};
use crate::model::{Status, Time};
use crate::store::Reader;
use crate::track::link_status::LinkPolicy;

use super::exit::CliError;
use super::messages::{self, count};

/// How many of all rounds never ran.
#[must_use]
pub fn unseen(unseen: usize, all: usize) -> String {
    let rounds = count(all as u64, "round");
    let which = if unseen == all {
        format!("none of {rounds} was")
    } else {
        format!("{unseen} of {rounds} were not")
    };
    format!(
        "{which} observed yet; `accesswatch run` observes what is due, and `status --format csv` lists all"
    )
}

/// Reports that the newest check is dated in the future, so that the time of the last check is
/// unknown.
#[must_use]
pub fn dated_ahead(newest: Option<Time>, now: Time) -> Option<String> {
    let at = newest.filter(|at| *at - now > CLOCK_TOLERANCE)?;
    Some(format!(
        "the newest check is dated {}, which is still to come: this computer's clock was ahead then, or is behind now; `accesswatch doctor` says what to do",
        iso(at)
    ))
}

/// Mails that nobody gets, days of the day chain that have no time stamp, and links that are
/// checked more rarely than configured.
pub fn mail(workspace: &Workspace, reader: &Reader, now: Time) -> Result<(), CliError> {
    let stuck = reader.mail_stuck_since()?;
    if let Some(fault) = stuck.and_then(|since| messages::no_mail_accepted(since, now)) {
        say!("{fault}; `accesswatch mail queue` says why");
    }
    if let Some(fault) = messages::given_up(reader, now)? {
        say!("{fault}; `accesswatch mail queue` lists them");
    }
    let letters = messages::letters(workspace);
    messages::remind(workspace, reader.unsent_mails()?, letters);
    if let Some(sentence) = messages::missing_time_stamps(workspace, reader)? {
        say!("{sentence}");
    }
    if let Some(sentence) = stretched_links(workspace, reader)? {
        say!("{sentence}");
    }
    Ok(())
}

/// How often cited links are checked, where `daily` is too small for `every`.
pub fn stretched_links(workspace: &Workspace, reader: &Reader) -> Result<Option<String>, CliError> {
    let links = reader.watched_link_count()?;
    let settings = &workspace.settings.links;
    let policy = LinkPolicy::from_settings(settings, links);
    Ok(policy.is_stretched().then(|| {
        format!(
            "{} watched: with `daily = {}` under [links] each is checked every {} days, not every {}",
            count(links, "link"),
            settings.daily,
            policy.interval().num_days(),
            settings.every.as_secs() / 86_400
        )
    }))
}

/// What was seen and is not confirmed yet.
pub fn suspected(status: &Status) -> Option<String> {
    let code = status.suspected?;
    let words = verdict::short(Language::En, code);
    Some(format!("suspected, not confirmed: {words} ({code})"))
}

/// What a reader should know besides the state.
pub fn remarks(status: &Status) -> Vec<&'static str> {
    let mut remarks = Vec::new();
    if status.already_restricted {
        remarks.push("already so when first seen");
    }
    if status.baseline == Some(status.observed.code) && status.observed.code.severity() != Some(0) {
        remarks.push("normal here");
    }
    if status.flapping {
        remarks.push("goes back and forth");
    }
    remarks
}
