//! Events: what happened that is not an incident by itself. The digest and the exports list them.

use serde::{Deserialize, Serialize};

use super::ids::{ProbeKey, VantageId};
use super::incident::{HumanCheck, Incident};
use super::mail::Notice;
use super::state::DoubtedRound;
use super::status::Status;
use super::time::Time;
use super::tracker_state::VantageStatus;
use super::verdict::Code;

/// What kind of event.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "kebab-case")]
pub enum EventKind {
    /// First confirmed status of (probe, vantage).
    FirstSeen,
    /// Worse than baseline, but of severity 1: for the digest.
    Changed,
    /// An incident opened, a vantage joined it, left it, it ended.
    Opened,
    Joined,
    Left,
    Ended,
    /// Better than baseline, confirmed.
    Improved,
    /// Back to baseline after an event of severity 1.
    Restored,
    /// A suspicion that the later attempts did not confirm.
    NotConfirmed,
    /// Flapping began or ended.
    Flapping,
    Steady,
    /// A level went unobserved for 14 days.
    #[serde(rename = "blind")]
    NoData,
    /// A person accepted the standing code as normal.
    Accepted,
    /// A person looked at a probe that has no incident; the text says what they saw.
    Observed,
    /// A control fails from every vantage, so the control itself is faulty.
    ControlFault,
}

impl EventKind {
    /// Every kind.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Time,
    pub kind: EventKind,
    pub probe: Option<ProbeKey>,
    pub vantage: Option<VantageId>,
    pub incident: Option<i64>,
    pub from: Option<Code>,
    pub to: Option<Code>,
    /// In words, for the log.
    pub text: String,
    /// Details beyond the codes.
    pub detail: Option<EventDetail>,
}

/// Details of an event beyond its codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventDetail {
    /// The faulty control.
    Control { url: String },
    /// What a person saw.
    Looked { check: HumanCheck },
}

/// What one pass changed. All of it is written in one transaction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PassOutcome {
    /// Statuses that are new or changed in any field.
    pub statuses: Vec<Status>,
    /// Incidents that are new or changed in any field.
    pub incidents: Vec<Incident>,
    pub vantages: Vec<VantageStatus>,
    pub events: Vec<Event>,
    pub notices: Vec<Notice>,
    /// Rounds whose code does not show what readers get.
    pub doubted: Vec<DoubtedRound>,
}
