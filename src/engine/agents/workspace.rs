//! The workspace of an agent: its files, and what the store knows about its vantage. Its version
//! changes when something changes that an agent acts on.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::files::{self, FilesError};
use crate::config::Workspace;
use crate::model::agent::{AGENT_FORMAT, AgentWorkspace, SilencedHost};
use crate::model::politeness::BackOff;
use crate::model::tracker_state::TrackerState;
use crate::model::{ProbeKey, Status, Time, Vantage, VantageId};

/// The part of an agent's workspace that only a reload changes.
pub struct AgentFiles {
    workspace: AgentWorkspace,
    /// The hash of the files and probes.
    hash: String,
}

impl AgentFiles {
    /// Reads the files of one vantage.
    pub fn read(workspace: &Workspace, vantage: &Vantage) -> Result<Self, FilesError> {
        let probes = files::probes(workspace, vantage);
        let files = files::files(workspace, vantage, &probes)?;
        let mut hash = Sha256::new();
        let names = files.iter().flat_map(|(name, text)| [name, text]);
        for part in names {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        for probe in &probes {
            hash.update(format!("{probe}\n").as_bytes());
        }
        Ok(Self {
            hash: HEXLOWER.encode(&hash.finalize()[..12]),
            workspace: AgentWorkspace {
                format: AGENT_FORMAT,
                version: String::new(),
                hub: env!("CARGO_PKG_VERSION").to_owned(),
                vantage: vantage.id.clone(),
                files,
                probes,
                statuses: Vec::new(),
                silenced: Vec::new(),
            },
        })
    }

    /// The probes that the agent may measure.
    #[must_use]
    pub fn probes(&self) -> &[ProbeKey] {
        &self.workspace.probes
    }

    /// The version of the workspace with this state.
    #[must_use]
    pub fn version(&self, tracker: &TrackerState, back_offs: &[BackOff], now: Time) -> String {
        let mut hash = Sha256::new();
        hash.update(self.hash.as_bytes());
        for status in self.statuses(tracker) {
            // The time of the newest check changes with every round of the agent itself.
            let acted_on = (
                status.probe.to_string(),
                status.observed.code,
                status.baseline,
                status.baseline_fixed,
                status.since,
            );
            hash.update(format!("{acted_on:?}\n").as_bytes());
        }
        for host in silenced(back_offs, &self.workspace.vantage, now) {
            hash.update(format!("{} {}\n", host.host, host.until).as_bytes());
        }
        HEXLOWER.encode(&hash.finalize()[..12])
    }

    /// The whole workspace.
    #[must_use]
    pub fn workspace(
        &self,
        tracker: &TrackerState,
        back_offs: &[BackOff],
        now: Time,
    ) -> AgentWorkspace {
        AgentWorkspace {
            version: self.version(tracker, back_offs, now),
            statuses: self.statuses(tracker).cloned().collect(),
            silenced: silenced(back_offs, &self.workspace.vantage, now),
            ..self.workspace.clone()
        }
    }

    fn statuses<'a>(&'a self, tracker: &'a TrackerState) -> impl Iterator<Item = &'a Status> {
        let vantage = &self.workspace.vantage;
        let own = |probe: &crate::model::ProbeKey| (probe.clone(), vantage.clone());
        let probes = self.workspace.probes.iter();
        probes.filter_map(move |probe| tracker.statuses.get(&own(probe)))
    }
}

fn silenced(back_offs: &[BackOff], vantage: &VantageId, now: Time) -> Vec<SilencedHost> {
    let own = back_offs.iter().filter(|b| b.vantage == *vantage);
    own.filter(|b| b.until > now)
        .map(|b| SilencedHost {
            host: b.host.clone(),
            until: b.until,
            step_seconds: b.step_seconds,
            reason: b.reason.clone(),
        })
        .collect()
}
