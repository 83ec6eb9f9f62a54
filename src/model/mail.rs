//! Mails as rows of the outbox: composed, queued, sent.

use super::ids::SourceId;
use super::link::LinkId;
use super::settings::Topic;
use super::time::Time;

/// A reason to notify people: `track` makes it and `alert` words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An incident opened, now or earlier: its mail may have been held until now.
    Opened { incident: i64 },
    /// An open incident changed: a vantage joined, the finding or the kind changed, or the severity
    /// rose.
    Updated { incident: i64 },
    /// The incident ended.
    Recovered { incident: i64 },
    /// A probe is confirmed to be better than its baseline.
    Improved {
        probe: super::ids::ProbeKey,
        vantage: super::ids::VantageId,
        from: super::verdict::Code,
        to: super::verdict::Code,
    },
    /// A level has not been observed for 14 days.
    NoData {
        probe: super::ids::ProbeKey,
        vantage: super::ids::VantageId,
        since: Time,
    },
    /// The probe started to flap: single changes are not mailed until it stops.
    Flapping {
        probe: super::ids::ProbeKey,
        vantage: super::ids::VantageId,
    },
    /// The initial report, after the first pass: the state of access today.
    FirstLetter,
}

/// A composed mail, ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    pub recipient: String,
    pub topic: Option<Topic>,
    /// Fixed for the life of the mail: `<…@accesswatch…>`.
    pub message_id: String,
    pub subject: String,
    pub source: Option<SourceId>,
    pub incidents: Vec<i64>,
    /// The cited links that the mail names.
    pub links: Vec<LinkId>,
    /// The whole RFC 5322 message.
    pub eml: Vec<u8>,
    /// The mail is not sent before this time.
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
    /// The incidents that the mail is about.
    pub incidents: Vec<i64>,
    /// The cited links that the mail names; empty for mails of versions that did not store them.
    pub links: Vec<LinkId>,
    /// How often the server received the whole mail and did not answer.
    pub handed_over: u32,
    /// A later mail to the same reader about all of these incidents, sent or queued.
    pub later: Option<i64>,
    /// When and why the mail was given up.
    pub settled: Option<(Time, SettledMail)>,
}

impl QueuedMail {
    /// A mail that is due now and was never tried.
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
            links: mail.links,
            handed_over: 0,
            later: None,
            settled: None,
        }
    }
}

/// Why a mail that the server did not accept is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SettledMail {
    /// The content of the mail is out of date, or a later mail has the same content.
    Overtaken,
    /// The mail was handed over in full as often as is sensible, and the server never answered.
    Unanswered,
}

impl SettledMail {
    /// The name in the database and in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a mail was not sent, and when it is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFailure {
    /// A sentence that names the fix.
    pub error: String,
    /// A permanent refusal: somebody must change something.
    pub permanent: bool,
    /// The mail was handed over in full, and no answer came.
    pub handed_over: bool,
    pub next_attempt: Time,
}
