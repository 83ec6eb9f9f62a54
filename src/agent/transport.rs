//! The way to the hub, as a port: the pass, the spool, the workspace and the tasks of an agent do
//! not know whether HTTPS ([`super::hub`]) or a broker ([`super::fleet_link`]) carries them.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::spool::{Batch, SpoolPosition};
use crate::fleet::FleetError;
use crate::model::Time;
use crate::model::agent::{AgentHello, AgentTasks, AgentWorkspace, HelloAnswer};
use crate::net::pace::HostLeases;

/// An answer of the hub, as soon as it comes.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, HubError>> + Send + 'a>>;

/// A way to the hub.
pub trait HubTransport: Debug + Send + Sync {
    /// The workspace with its tag; `None` when the tag is still `known` after a while.
    fn workspace<'a>(
        &'a self,
        known: Option<&'a str>,
    ) -> Answer<'a, Option<(String, AgentWorkspace)>>;

    /// What is to be done besides the schedule; empty when nothing comes for a while.
    fn tasks(&self) -> Answer<'_, AgentTasks>;

    /// Reports, and gets the clock of the hub.
    fn hello<'a>(&'a self, hello: &'a AgentHello) -> Answer<'a, HelloAnswer>;

    /// Sends records.
    fn send<'a>(&'a self, batch: &'a Batch) -> Answer<'a, Delivery>;

    /// Whether this agent makes the passes of the schedule: where several agents of a vantage meet,
    /// one of them does.
    fn has_turn(&self) -> Answer<'_, bool>;

    /// Who gives leases of hosts, where several agents of a vantage meet.
    fn host_leases(&self) -> Option<Arc<dyn HostLeases>>;

    /// How far the hub has taken what is on its way.
    fn progress(&self) -> Answer<'_, Progress>;
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The hub has it.
    Taken(Taken),
    /// It is on its way: the hub has it once [`Progress::has_taken`] says so.
    OnTheWay(Receipt),
}

/// The place of a batch on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What carries it. Another carrier does not have it.
    pub carrier: String,
    pub sequence: u64,
}

/// A batch that the hub has not taken yet.
#[derive(Debug, Clone)]
pub(super) struct SentBatch {
    pub until: SpoolPosition,
    pub receipt: Receipt,
    pub at: Time,
}

/// How far the hub is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub carrier: String,
    pub sequence: u64,
}

impl Progress {
    /// Whether the hub has what the receipt stands for; `None` when it was lost on its way.
    #[must_use]
    pub fn has_taken(&self, receipt: &Receipt) -> Option<bool> {
        (self.carrier == receipt.carrier).then_some(self.sequence >= receipt.sequence)
    }
}

/// What the hub took of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
pub struct Taken {
    pub taken: u64,
    pub known: u64,
    #[serde(default)]
    pub refused: Vec<RefusedRecord>,
}

/// A record that the hub does not keep.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct RefusedRecord {
    pub line: u64,
    pub why: String,
}

/// Why the hub did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HubError {
    #[error("{0}")]
    Client(String),
    #[error("the hub {host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    #[error(
        "the certificate of {host} is not trusted ({reason}); if the hub has an authority of its own, name its certificate with --ca"
    )]
    Untrusted { host: String, reason: String },
    #[error("the hub does not take the token; use the `token` of this vantage")]
    WrongToken,
    /// The versions do not fit.
    #[error("{0}")]
    OtherFormat(String),
    /// It is at work, and takes records later.
    #[error("the hub takes records later: {0}")]
    Busy(String),
    #[error("the hub answered {status}: {detail}")]
    Refused { status: u16, detail: String },
    #[error("the answer of the hub cannot be read: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Broker(#[from] FleetError),
}

impl HubError {
    /// Trying again cannot help until somebody changes something.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Client(_) | Self::Untrusted { .. } | Self::WrongToken | Self::OtherFormat(_) => {
                true
            }
            Self::Broker(error) => error.is_lasting(),
            _ => false,
        }
    }

    /// The hub never takes this batch as it is; a smaller one, or another, may be taken.
    #[must_use]
    pub fn is_of_batch(&self) -> bool {
        match self {
            Self::Refused { status, .. } => matches!(status, 400 | 413),
            Self::Broker(error) => matches!(error, FleetError::TooLong { .. }),
            _ => false,
        }
    }
}
