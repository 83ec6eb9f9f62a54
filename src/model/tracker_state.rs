//! Everything that the tracker must know from earlier passes. The store loads it; `track` changes
//! it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::{ProbeKey, VantageId};
use super::incident::Incident;
use super::status::Status;
use super::time::Time;
use super::verdict::Code;

/// What is known about a vantage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VantageStatus {
    pub vantage: VantageId,
    pub usable: bool,
    /// The reason, when unusable.
    pub code: Option<Code>,
    /// Every control answered with a server error.
    #[serde(default)]
    pub in_trouble: bool,
    pub text: String,
    pub since: Time,
    pub last_checked: Time,
    /// How many controls passed in the newest round, and how many were asked.
    pub controls_passed: u32,
    pub controls: u32,
}

impl VantageStatus {
    /// No control was asked: the agent of the vantage does not report.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        !self.usable && self.controls == 0 && self.code == Some(Code::VantageOffline)
    }
}

/// Statuses, open incidents and vantages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrackerState {
    pub statuses: BTreeMap<(ProbeKey, VantageId), Status>,
    /// Open incidents, and those that ended within the last 90 days.
    pub incidents: BTreeMap<i64, Incident>,
    /// The id the next incident gets.
    pub next_incident: i64,
    pub vantages: BTreeMap<VantageId, VantageStatus>,
    /// The initial report was requested.
    pub initial_report: bool,
}

impl TrackerState {
    /// The statuses of one probe, by vantage.
    pub fn statuses_of<'a>(&'a self, probe: &'a ProbeKey) -> impl Iterator<Item = &'a Status> {
        let from = (probe.clone(), VantageId(String::new()));
        self.statuses
            .range(from..)
            .take_while(move |((key, _), _)| key == probe)
            .map(|(_, status)| status)
    }

    /// Whether the vantage works, as far as is known. A vantage without controls (records of other
    /// programs) counts as working.
    #[must_use]
    pub fn is_usable(&self, vantage: &VantageId) -> bool {
        self.vantages.get(vantage).is_none_or(|v| v.usable)
    }

    /// The open incident of a probe.
    #[must_use]
    pub fn open_incident_of(&self, probe: &ProbeKey) -> Option<&Incident> {
        self.incidents
            .values()
            .find(|i| i.is_open() && i.probe.as_ref() == Some(probe))
    }
}
