//! What an agent and its hub exchange (docs/agents.md): the workspace of one vantage, and the
//! report that an agent makes every minute.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::ids::{ProbeKey, VantageId};
use super::link_task::LinkTask;
use super::status::Status;
use super::time::{CLOCK_TOLERANCE, Time};

/// The format of records and workspaces. It changes only when an older program would misread them.
pub const AGENT_FORMAT: u32 = 1;

/// The longest record in bytes, without its line feed.
pub const LONGEST_RECORD: usize = 8 * 1024 * 1024;

/// The most bytes of a workspace, unpacked.
pub const LONGEST_WORKSPACE: usize = 16 * 1024 * 1024;

/// The header in which an agent states its format.
pub const FORMAT_HEADER: &str = "accesswatch-format";

/// The header of a batch: [`PASS_CONTINUES`] or [`PASS_ENDED`].
pub const PASS_HEADER: &str = "accesswatch-pass";
/// More records of the same passes follow.
pub const PASS_CONTINUES: &str = "continues";
/// The batch ends a pass: what was sent can be judged.
pub const PASS_ENDED: &str = "ended";

/// A host that asked for silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilencedHost {
    pub host: String,
    pub until: Time,
    pub step_seconds: u64,
    pub reason: String,
}

/// The workspace of one vantage, as its hub sends it: no recipients, no secrets, nothing of other
/// vantages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentWorkspace {
    /// [`AGENT_FORMAT`] of the hub.
    pub format: u32,
    /// A new version after each change.
    pub version: String,
    /// The version of the program at the hub.
    pub hub: String,
    pub vantage: VantageId,
    /// The files of the workspace by their paths: the settings of the vantage with its controls,
    /// schedule and politeness, its sources, signatures and calendars.
    pub files: BTreeMap<String, String>,
    /// The probes that run from the vantage.
    pub probes: Vec<ProbeKey>,
    pub statuses: Vec<Status>,
    pub silenced: Vec<SilencedHost>,
}

/// What an agent reports every minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentHello {
    /// The version of the program.
    pub version: String,
    pub clock: Time,
    /// Bytes that wait in the spool.
    pub spool: u64,
    pub last_round: Option<Time>,
}

/// What the hub answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloAnswer {
    pub clock: Time,
}

/// What the hub knows about an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAgent {
    pub vantage: VantageId,
    /// When it was heard from last.
    pub heard: Time,
    /// The newest attempt whose results are derived.
    pub derived: Option<Time>,
    /// How far its clock was ahead of the hub's, in seconds.
    pub offset_seconds: i64,
    pub version: String,
    pub spool: u64,
    pub last_round: Option<Time>,
}

impl KnownAgent {
    /// An agent that was heard from for the first time.
    #[must_use]
    pub fn new(vantage: VantageId, heard: Time) -> Self {
        Self {
            vantage,
            heard,
            derived: None,
            offset_seconds: 0,
            version: String::new(),
            spool: 0,
            last_round: None,
        }
    }

    /// Whether its clock is too far from the hub's: an agent with such a clock records nothing.
    #[must_use]
    pub fn is_clock_wrong(&self) -> bool {
        self.offset_seconds.abs() > CLOCK_TOLERANCE.num_seconds()
    }
}

/// The most tasks that an agent gets at once.
pub const MOST_TASKS: usize = 200;

/// A task is given to another agent when its results have not come within this time.
pub const TASK_LEASE: TimeDelta = TimeDelta::minutes(10);

/// What an agent does besides its schedule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgentTasks {
    /// How long the tasks are the agent's, in seconds.
    pub lease_seconds: u64,
    /// Probes that a person asked to measure at once.
    #[serde(default)]
    pub rounds: Vec<ProbeKey>,
    /// Cited links that are due.
    #[serde(default)]
    pub links: Vec<LinkTask>,
}

impl AgentTasks {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty() && self.links.is_empty()
    }
}
