//! What an agent keeps next to the spool: statuses, when each probe was checked, back-offs, and
//! when the hub was reached. One file, replaced whole.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::disk::write_whole;
use crate::model::agent::SilencedHost;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::tracker_state::{TrackerState, VantageStatus};
use crate::model::{Incident, ProbeKey, Status, Time, VantageId};

/// The file with the state.
pub const STATE: &str = "state.json";

/// The state of an agent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AgentState {
    pub statuses: Vec<Status>,
    /// Open incidents: one that is held is looked at again when its hold ends.
    pub incidents: Vec<Incident>,
    pub vantages: Vec<VantageStatus>,
    pub last_checked: BTreeMap<String, Time>,
    /// When the newest pass ended.
    pub last_pass: Option<Time>,
    /// When the hub answered last.
    pub contact: Option<Time>,
    pub back_offs: Vec<BackOff>,
}

impl AgentState {
    /// The state that was kept; a file that cannot be read counts as missing, because the hub has
    /// all of it.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read(path).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Replaces the file.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_whole(path, &serde_json::to_vec(self).map_err(io::Error::other)?)
    }

    /// The input of the tracker.
    #[must_use]
    pub fn tracker(&self) -> TrackerState {
        let statuses = self.statuses.iter().map(|s| (s.key(), s.clone()));
        let incidents = self.incidents.iter().map(|i| (i.id, i.clone()));
        let vantages = self.vantages.iter();
        let next = self.incidents.iter().map(|i| i.id + 1).max();
        TrackerState {
            statuses: statuses.collect(),
            incidents: incidents.collect(),
            next_incident: next.unwrap_or(1),
            vantages: vantages.map(|v| (v.vantage.clone(), v.clone())).collect(),
            initial_report: true,
        }
    }

    /// Takes up what the hub knows: a status that is newer there, or that a person changed.
    pub fn take_up(&mut self, from_hub: &[Status]) {
        for theirs in from_hub {
            match self
                .statuses
                .iter_mut()
                .find(|own| own.key() == theirs.key())
            {
                None => self.statuses.push(theirs.clone()),
                Some(own) if theirs.last_checked >= own.last_checked => *own = theirs.clone(),
                Some(own) => {
                    own.baseline = theirs.baseline;
                    own.baseline_fixed = theirs.baseline_fixed;
                }
            }
        }
    }

    /// Keeps what a pass changed.
    pub fn apply(
        &mut self,
        statuses: &[Status],
        incidents: &[Incident],
        vantages: &[VantageStatus],
    ) {
        for status in statuses {
            self.statuses.retain(|old| old.key() != status.key());
            self.statuses.push(status.clone());
        }
        for incident in incidents {
            self.incidents.retain(|old| old.id != incident.id);
            if incident.is_open() {
                self.incidents.push(incident.clone());
            }
        }
        for vantage in vantages {
            self.vantages.retain(|old| old.vantage != vantage.vantage);
            self.vantages.push(vantage.clone());
        }
    }

    /// When each pair was checked.
    #[must_use]
    pub fn last(&self, vantage: &VantageId) -> BTreeMap<(ProbeKey, VantageId), Time> {
        let parsed = self.last_checked.iter().filter_map(|(key, at)| {
            let (source, probe) = key.split_once('/')?;
            Some(((ProbeKey::new(source, probe), vantage.clone()), *at))
        });
        parsed.collect()
    }
}

/// Hosts that the hub left alone, for the prober.
#[must_use]
pub fn back_offs(hosts: &[SilencedHost], vantage: &VantageId) -> Vec<BackOff> {
    let restored = hosts.iter().map(|h| BackOff {
        vantage: vantage.clone(),
        host: h.host.clone(),
        until: h.until,
        step_seconds: h.step_seconds,
        reason: h.reason.clone(),
    });
    restored.collect()
}

/// Replaces the file with copies of robots.txt.
pub fn write_robots(path: &Path, copies: &[RobotsCopy]) -> io::Result<()> {
    write_whole(path, &serde_json::to_vec(copies).map_err(io::Error::other)?)
}

/// The copies that were kept; without them, robots.txt is asked for again.
#[must_use]
pub fn read_robots(path: &Path) -> Vec<RobotsCopy> {
    let text = std::fs::read(path).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}
