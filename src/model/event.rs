//! Events: what happened and is no incident by itself; told in the digest and in exports.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// A suspicion that did not hold.
    NotConfirmed,
    /// Flapping began or ended.
    Flapping,
    Steady,
    /// A level went unobserved for 14 days.
    Blind,
    /// A person took the standing code as normal.
    Accepted,
    /// A person looked at a probe that has no incident; the text is what they saw.
    Observed,
    /// A control fails from every vantage: its own fault.
    ControlFault,
}

impl EventKind {
    /// Every kind.
    pub const ALL: &'static [EventKind] = &[
        EventKind::FirstSeen,
        EventKind::Changed,
        EventKind::Opened,
        EventKind::Joined,
        EventKind::Left,
        EventKind::Ended,
        EventKind::Improved,
        EventKind::Restored,
        EventKind::NotConfirmed,
        EventKind::Flapping,
        EventKind::Steady,
        EventKind::Blind,
        EventKind::Accepted,
        EventKind::Observed,
        EventKind::ControlFault,
    ];
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
    /// What else it tells of.
    pub detail: Option<EventDetail>,
}

/// What an event tells of beside its codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventDetail {
    /// The control that is itself at fault.
    Control { url: String },
    /// What a person saw.
    Looked { check: HumanCheck },
}

/// What one pass changed: all of it goes into one transaction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PassOutcome {
    /// Statuses that are new or differ in any field.
    pub statuses: Vec<Status>,
    /// Incidents that are new or differ in any field.
    pub incidents: Vec<Incident>,
    pub vantages: Vec<VantageStatus>,
    pub events: Vec<Event>,
    pub notices: Vec<Notice>,
    /// Rounds whose code does not tell what readers get.
    pub doubted: Vec<DoubtedRound>,
}
