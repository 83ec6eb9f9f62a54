//! Mails as rows of the outbox: composed, waiting, sent.

use super::ids::SourceId;
use super::settings::Topic;
use super::time::Time;

/// Something people are to be told; what `judge::track` asks for and `alert` words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An incident opened (or was held until now).
    Opened { incident: i64 },
    /// An open incident changed: a vantage joined, the finding moved.
    Updated { incident: i64 },
    /// It ended.
    Recovered { incident: i64 },
    /// Better than baseline, confirmed.
    Improved {
        probe: super::ids::ProbeKey,
        vantage: super::ids::VantageId,
        from: super::verdict::Code,
        to: super::verdict::Code,
    },
    /// A level has not been observed for 14 days.
    Blind {
        probe: super::ids::ProbeKey,
        vantage: super::ids::VantageId,
        since: Time,
    },
    /// It began to go back and forth: single changes are not mailed while it does.
    Flapping {
        probe: super::ids::ProbeKey,
        vantage: super::ids::VantageId,
    },
    /// The first pass: state of access today.
    FirstLetter,
}

/// A composed mail, ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    pub recipient: String,
    pub topic: Option<Topic>,
    /// Kept for the life of the mail: `<…@accesswatch…>`.
    pub message_id: String,
    pub subject: String,
    pub source: Option<SourceId>,
    pub incidents: Vec<i64>,
    /// The whole RFC 5322 message.
    pub eml: Vec<u8>,
    /// Not before this time.
    pub not_before: Time,
}

/// A mail as the outbox keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMail {
    pub id: i64,
    pub recipient: String,
    pub message_id: String,
    pub subject: String,
    pub eml: Vec<u8>,
    pub created: Time,
    pub attempts: u32,
    pub next_attempt: Time,
    pub last_error: Option<String>,
    pub sent: Option<Time>,
    /// An earlier mail about the same incident that must arrive first.
    pub behind: Option<i64>,
    pub topic: Option<Topic>,
    pub source: Option<SourceId>,
    /// The incidents that it is about.
    pub incidents: Vec<i64>,
    /// How often the server was given it whole and did not answer.
    pub handed_over: u32,
    /// A later mail to the same reader about all of its incidents, sent or waiting.
    pub later: Option<i64>,
    /// Laid aside for good, and why.
    pub settled: Option<(Time, Settled)>,
}

impl QueuedMail {
    /// A mail that is to be sent now and was never tried.
    #[must_use]
    pub fn fresh(mail: NewMail, id: i64, now: Time) -> Self {
        Self {
            id,
            recipient: mail.recipient,
            message_id: mail.message_id,
            subject: mail.subject,
            eml: mail.eml,
            created: now,
            attempts: 0,
            next_attempt: now,
            last_error: None,
            sent: None,
            behind: None,
            topic: mail.topic,
            source: mail.source,
            incidents: mail.incidents,
            handed_over: 0,
            later: None,
            settled: None,
        }
    }
}

/// Why a mail that no server said it took is laid aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Settled {
    /// What it says is no longer the case, or a later mail says it.
    Overtaken,
    /// Handed over whole as often as is sensible, and never answered.
    Unanswered,
}

impl Settled {
    /// The name in the database and in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a mail did not leave, and when it is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFailure {
    /// A sentence with the mend.
    pub error: String,
    /// Refused for good: somebody must change something.
    pub permanent: bool,
    /// It was handed over whole, and no answer came.
    pub handed_over: bool,
    pub next_attempt: Time,
}
