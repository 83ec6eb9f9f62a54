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
}

/// Why a mail did not leave, and when it is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFailure {
    /// A sentence with the mend.
    pub error: String,
    /// Refused for good: somebody must change something.
    pub permanent: bool,
    pub next_attempt: Time,
}
