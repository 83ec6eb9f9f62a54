//! Sends the mails of the outbox: claim, send, then mark. A crash between sending and marking
//! repeats a mail with the same Message-ID. No mail is lost, and mails about one incident arrive in
//! order.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::mail::{MailFailure, QueuedMail, SettledMail};
use crate::model::settings::Alerts;

use super::outbox::Outbox;
use super::transport::{SendError, Transport};

/// The delay after each failed attempt; the last one repeats until the mail is taken.
const STEPS: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    LAST,
];

/// The last delay, and the delay after a permanent refusal: somebody may have fixed the cause.
const LAST: Duration = Duration::from_secs(4 * 60 * 60);

/// A claim outlives the slowest send: ten minutes after the final dot, and the steps before it.
const CLAIM: TimeDelta = TimeDelta::minutes(20);

/// The limit on attempts that hand over the whole mail and get no answer: each may have delivered
/// it.
const HANDED_OVER: u32 = 4;

/// The delays between such attempts.
const AFTER_SILENCE: [Duration; 3] = [
    Duration::from_secs(15 * 60),
    LAST,
    Duration::from_secs(24 * 60 * 60),
];

/// A mail that the transport took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredMail {
    pub id: i64,
    pub recipient: String,
    pub subject: String,
    /// The path of the file, for the folder transport.
    pub file: Option<PathBuf>,
}

/// A mail that the transport did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedMail {
    pub id: i64,
    pub recipient: String,
    pub subject: String,
    /// A sentence that names the fix.
    pub error: String,
    /// A permanent refusal: the address or the sender must be fixed.
    pub permanent: bool,
    /// `None`: the mail is not tried again, because it may have arrived several times already.
    pub next_attempt: Option<Time>,
}

/// The result of a drain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrainReport {
    pub sent: Vec<DeliveredMail>,
    pub failed: Vec<FailedMail>,
    /// The failure that would meet every mail; the remaining mails were not tried.
    pub stopped: Option<String>,
    /// Mails that were dropped before sending, because events overtook them.
    pub overtaken: usize,
}

/// What a failure means for the mail.
struct Next {
    at: Time,
    last: bool,
}

/// The delay before the next attempt, after `attempts` failures (not counting this one).
#[must_use]
pub fn retry_after(attempts: u32, permanent: bool) -> Duration {
    if permanent {
        return LAST;
    }
    let step = usize::try_from(attempts).unwrap_or(usize::MAX);
    STEPS.get(step).copied().unwrap_or(LAST)
}

/// Sends what is due by the configured transport. Fails only when the queue itself fails; mail
/// failures are in the report.
pub async fn drain<O: Outbox>(
    queue: &O,
    alerts: &Alerts,
    now: Time,
) -> Result<DrainReport, O::Error> {
    match Transport::open(alerts, None) {
        Ok(mut transport) => drain_by(queue, &mut transport, now).await,
        Err(error) => {
            let mut report = DrainReport::default();
            fail_all(queue, &queue.due(now).await?, &error, now, &mut report).await?;
            Ok(report)
        }
    }
}

/// The same, by a transport that is already open.
pub async fn drain_by<O: Outbox>(
    queue: &O,
    transport: &mut Transport,
    now: Time,
) -> Result<DrainReport, O::Error> {
    let mut report = DrainReport::default();
    // A mail that is sent may make a later mail about the same incident due.
    while turn(queue, transport, now, &mut report).await? {}
    transport.close().await;
    Ok(report)
}

/// Tries what is due now. Returns whether the queue is worth reading again.
async fn turn<O: Outbox>(
    queue: &O,
    transport: &mut Transport,
    now: Time,
    report: &mut DrainReport,
) -> Result<bool, O::Error> {
    let before = report.sent.len();
    let due = queue.due(now).await?;
    for (at, mail) in due.iter().enumerate() {
        if !queue.claim(mail.id, now + CLAIM).await? {
            continue;
        }
        match transport.send(mail).await {
            Ok(file) => {
                queue.mark_sent(mail.id, now).await?;
                report.sent.push(DeliveredMail {
                    id: mail.id,
                    recipient: mail.recipient.clone(),
                    subject: mail.subject.clone(),
                    file,
                });
            }
            Err(error) if error.is_of_server() => {
                // A dead server costs one time-out per drain, not one per mail.
                let met = if error.may_have_arrived() {
                    &due[at..=at]
                } else {
                    &due[at..]
                };
                fail_all(queue, met, &error, now, report).await?;
                return Ok(false);
            }
            Err(error) => fail(queue, mail, &error, now, report).await?,
        }
    }
    Ok(report.sent.len() > before)
}

async fn fail_all<O: Outbox>(
    queue: &O,
    mails: &[QueuedMail],
    error: &SendError,
    now: Time,
    report: &mut DrainReport,
) -> Result<(), O::Error> {
    if !mails.is_empty() {
        report.stopped = Some(error.to_string());
    }
    for mail in mails {
        fail(queue, mail, error, now, report).await?;
    }
    Ok(())
}

async fn fail<O: Outbox>(
    queue: &O,
    mail: &QueuedMail,
    error: &SendError,
    now: Time,
    report: &mut DrainReport,
) -> Result<(), O::Error> {
    let permanent = error.is_permanent();
    let text = error.to_string();
    let next = next(mail, error, now);
    let failure = MailFailure {
        error: text.clone(),
        permanent,
        handed_over: error.may_have_arrived(),
        next_attempt: next.at,
    };
    queue.mark_failed(mail.id, failure).await?;
    if next.last {
        let because =
            format!("{text}; it was handed over {HANDED_OVER} times, and is not sent again");
        queue
            .settle(mail.id, SettledMail::Unanswered, because, now)
            .await?;
    }
    report.failed.push(FailedMail {
        id: mail.id,
        recipient: mail.recipient.clone(),
        subject: mail.subject.clone(),
        error: text,
        permanent,
        next_attempt: (!next.last).then_some(next.at),
    });
    Ok(())
}

fn next(mail: &QueuedMail, error: &SendError, now: Time) -> Next {
    if !error.may_have_arrived() {
        let at = now + retry_after(mail.attempts, error.is_permanent());
        return Next { at, last: false };
    }
    let step = usize::try_from(mail.handed_over).unwrap_or(usize::MAX);
    Next {
        at: now + AFTER_SILENCE.get(step).copied().unwrap_or(LAST),
        last: mail.handed_over + 1 >= HANDED_OVER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_thin_out_to_four_hours() {
        let minutes: Vec<u64> = (0..8)
            .map(|n| retry_after(n, false).as_secs() / 60)
            .collect();
        assert_eq!(minutes, [1, 5, 15, 60, 240, 240, 240, 240]);
        assert_eq!(retry_after(0, true), LAST);
    }
}
