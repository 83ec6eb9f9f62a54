//! What `status` says below its table.

use crate::config::Workspace;
use crate::i18n::verdict;
use crate::model::settings::Language;
use crate::model::time::{CLOCK_TOLERANCE, iso};
use crate::model::{Status, Time};
use crate::store::Reader;

use super::exit::CliError;
use super::messages::{self, count};

/// How many of all rounds were never made.
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

/// That the newest check is of a time to come: when the last one was is not known then.
#[must_use]
pub fn dated_ahead(newest: Option<Time>, now: Time) -> Option<String> {
    let at = newest.filter(|at| *at - now > CLOCK_TOLERANCE)?;
    Some(format!(
        "the newest check is dated {}, which is still to come: this computer's clock was ahead then, or is behind now; `accesswatch doctor` says what to do",
        iso(at)
    ))
}

/// Mails that nobody gets, and days of the day chain that have no time stamp.
pub fn mail(workspace: &Workspace, reader: &Reader, now: Time) -> Result<(), CliError> {
    let stuck = reader.mail_stuck_since()?;
    if let Some(fault) = stuck.and_then(|since| messages::no_mail_accepted(since, now)) {
        say!("{fault}; `accesswatch mail queue` says why");
    }
    let letters = messages::letters(workspace);
    messages::remind(workspace, reader.unsent_mails()?, letters);
    if let Some(sentence) = messages::missing_time_stamps(workspace, reader)? {
        say!("{sentence}");
    }
    Ok(())
}

/// What was seen and is not confirmed.
pub fn suspected(status: &Status) -> Option<String> {
    let code = status.suspected?;
    let words = verdict::short(Language::En, code);
    Some(format!("suspected, not confirmed: {words} ({code})"))
}

/// What the reader should know beside the state.
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
