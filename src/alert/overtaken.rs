//! Mails that events overtook while they waited: what they report changed or ended before the
//! server took them. None of them is delivered as news.
//!
//! | since it was written            | a later mail about the same | no later mail |
//! | ---                             | ---                         | ---           |
//! | something changed, still open   | dropped                     | written again  |
//! | all of it ended, or began again | dropped                     | dropped       |
//! | nothing                         | the later one is dropped    | sent as it is |
//! |                                 | (dropped when that is sent) |               |
//!
//! A mail that reports an improvement is dropped when its source has become worse since.

use std::collections::BTreeSet;

use crate::model::incident::StoryRemark;
use crate::model::mail::{NewMail, QueuedMail};
use crate::model::settings::Topic;
use crate::model::{Incident, Time};

use super::compose::renewed;
use super::mail_context::MailContext;

/// What happens to a waiting mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingMailAction {
    /// The mail is dropped; `because` is a sentence with the reason.
    Drop { id: i64, because: String },
    /// The mail gets a new text.
    Renew { id: i64, mail: Box<NewMail> },
}

/// Decides about every mail of `waiting`. The result leaves out the mails that are sent unchanged.
#[must_use]
pub fn overtaken(context: &MailContext<'_>, waiting: &[QueuedMail]) -> Vec<PendingMailAction> {
    let mut fates: Vec<PendingMailAction> = waiting
        .iter()
        .filter(|mail| is_worse_since(context, mail))
        .map(|mail| drop(mail, "the source is worse since".to_owned()))
        .collect();
    let mut dropped = BTreeSet::new();
    let mut oldest_first: Vec<&QueuedMail> = waiting.iter().filter(|m| is_report(m)).collect();
    oldest_first.sort_by_key(|mail| mail.id);
    for mail in oldest_first {
        if dropped.contains(&mail.id) {
            continue;
        }
        let fate = match (mail.later, since(context, mail)) {
            (Some(later), Since::Nothing) => {
                let repeats: Vec<&QueuedMail> = waiting
                    .iter()
                    .filter(|m| m.id > mail.id && repeats(m, mail))
                    .collect();
                if repeats.iter().any(|m| m.id == later) {
                    for repeat in repeats {
                        dropped.insert(repeat.id);
                        let because = format!("mail {} says the same, and goes first", mail.id);
                        fates.push(drop(repeat, because));
                    }
                    continue;
                }
                drop(mail, format!("mail {later} said the same"))
            }
            (Some(later), _) => drop(mail, format!("mail {later} says what is the case since")),
            (None, Since::Over) => {
                let because = "what it reports was over before a server accepted it";
                drop(mail, because.to_owned())
            }
            (None, Since::Changed) => match anew(context, mail) {
                Some(fate) => fate,
                None => continue,
            },
            (None, Since::Nothing) => continue,
        };
        dropped.insert(mail.id);
        fates.push(fate);
    }
    fates
}

/// What happened to the incidents of a mail since it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Nothing,
    Changed,
    /// All of them ended, or one that had ended began again.
    Over,
}

fn since(context: &MailContext<'_>, mail: &QueuedMail) -> Since {
    let now: Vec<Option<&Incident>> = mail
        .incidents
        .iter()
        .map(|id| context.incident(*id))
        .collect();
    let known = || now.iter().copied().flatten();
    let ended_since = |i: &Incident| i.ended.is_some_and(|at| at > mail.created);
    let was_over = known().count() == now.len() && known().all(|i| !i.is_open() && !ended_since(i));
    if was_over {
        let again = known().any(|i| began_again(context, i, mail.created));
        return if again { Since::Over } else { Since::Nothing };
    }
    if !known().any(Incident::is_open) {
        return Since::Over;
    }
    let gone = known().count() < now.len();
    if gone || known().any(|i| ended_since(i) || changed(i, mail.created)) {
        return Since::Changed;
    }
    Since::Nothing
}

/// The same probe is worse again.
fn began_again(context: &MailContext<'_>, over: &Incident, since: Time) -> bool {
    context.incidents().any(|i| {
        i.is_open()
            && i.id != over.id
            && i.confirmed > since
            && i.kind == over.kind
            && i.probe == over.probe
            && i.vantages.keys().any(|v| over.vantages.contains_key(v))
    })
}

/// Whether an incident of the source began after a mail about an improvement was written.
fn is_worse_since(context: &MailContext<'_>, mail: &QueuedMail) -> bool {
    mail.topic == Some(Topic::Improvement)
        && mail.incidents.is_empty()
        && mail.source.is_some()
        && context
            .incidents()
            .any(|i| i.is_open() && i.source == mail.source && i.confirmed > mail.created)
}

/// Whether something changed that the mail reports; operator actions do not count.
fn changed(incident: &Incident, since: Time) -> bool {
    incident.changes.iter().any(|change| {
        let by_hand = matches!(
            change.remark,
            Some(
                StoryRemark::Acknowledged { .. }
                    | StoryRemark::Silenced { .. }
                    | StoryRemark::Withdrawn { .. }
                    | StoryRemark::SilenceEnded { .. }
                    | StoryRemark::LookedAgain { .. }
                    | StoryRemark::Accepted { .. }
            )
        );
        change.at > since && !by_hand
    })
}

/// A mail about incidents: an opening, a change, a reminder, an end.
fn is_report(mail: &QueuedMail) -> bool {
    mail.topic.is_some() && !mail.incidents.is_empty()
}

fn repeats(later: &QueuedMail, mail: &QueuedMail) -> bool {
    is_report(later)
        && later.recipient == mail.recipient
        && later.incidents.iter().all(|id| mail.incidents.contains(id))
}

fn anew(context: &MailContext<'_>, mail: &QueuedMail) -> Option<PendingMailAction> {
    let incidents: Vec<&Incident> = mail
        .incidents
        .iter()
        .filter_map(|id| context.incident(*id))
        .collect();
    match renewed(context, mail, &incidents)? {
        Ok(new) => Some(PendingMailAction::Renew {
            id: mail.id,
            mail: Box::new(new),
        }),
        Err(error) => {
            tracing::error!(recipient = %mail.recipient, %error, "no mail could be composed");
            None
        }
    }
}

fn drop(mail: &QueuedMail, because: String) -> PendingMailAction {
    PendingMailAction::Drop {
        id: mail.id,
        because,
    }
}
