//! Taking mails out of the outbox: claim, send, then mark. A crash between sending and marking repeats
//! a mail with the same Message-ID; none is lost, and mails about one incident arrive in their order.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::mail::{MailFailure, QueuedMail, SettledMail};
use crate::model::settings::Alerts;

use super::outbox::Outbox;
use super::transport::{SendError, Transport};

/// How long after each failed attempt the next comes; the last step repeats until the mail is taken.
const STEPS: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    LAST,
];

/// Also for what was refused for good: somebody may have mended it.
const LAST: Duration = Duration::from_secs(4 * 60 * 60);

/// A claim outlives the slowest send: ten minutes after the final dot, and what comes before it.
const CLAIM: TimeDelta = TimeDelta::minutes(20);

/// How often a mail is handed over whole without an answer. It may have arrived each time.
const HANDED_OVER: u32 = 4;

/// How long after each such time the next comes.
const AFTER_SILENCE: [Duration; 3] = [
    Duration::from_secs(15 * 60),
    LAST,
    Duration::from_secs(24 * 60 * 60),
];

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredMail {
    pub id: i64,
    pub recipient: String,
    pub subject: String,
    /// Where it lies, for the folder transport.
    pub file: Option<PathBuf>,
}

/// A mail that was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedMail {
    pub id: i64,
    pub recipient: String,
    pub subject: String,
    /// A sentence with the mend.
    pub error: String,
    /// Refused for good: the address or the sender needs mending.
    pub permanent: bool,
    /// None: it is not tried again, because it may have arrived several times already.
    pub next_attempt: Option<Time>,
}

/// What a drain did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrainReport {
    pub sent: Vec<DeliveredMail>,
    pub failed: Vec<FailedMail>,
    /// The failure that would meet every mail; the rest was not tried.
    pub stopped: Option<String>,
    /// Mails that were laid aside before, because the world overtook them.
    pub overtaken: usize,
}

/// What a failure makes of the mail.
struct Next {
    at: Time,
    last: bool,
}

/// How long after `attempts` failures (this one not counted) the next attempt comes.
#[must_use]
pub fn retry_after(attempts: u32, permanent: bool) -> Duration {
    if permanent {
        return LAST;
    }
    let step = usize::try_from(attempts).unwrap_or(usize::MAX);
    STEPS.get(step).copied().unwrap_or(LAST)
}

/// Sends what is due by the configured transport. Fails only when the queue itself does; mail faults
/// are in the report.
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

/// The same by a transport that is open already.
pub async fn drain_by<O: Outbox>(
    queue: &O,
    transport: &mut Transport,
    now: Time,
) -> Result<DrainReport, O::Error> {
    let mut report = DrainReport::default();
    // What is sent may let a later mail about the same incident follow.
    while turn(queue, transport, now, &mut report).await? {}
    transport.close().await;
    Ok(report)
}

/// Tries what is due now; whether another look is worth while.
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
                // A dead server costs one time-out, not one a mail.
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
