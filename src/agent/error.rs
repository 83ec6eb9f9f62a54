//! Why an agent does not do its work. Failures of sources are verdicts and never appear here.

use std::io;
use std::path::{Path, PathBuf};

use super::transport::HubError;
use crate::config::Diagnostics;
use crate::engine::EngineError;
use crate::fleet::FleetError;
use crate::net::NetError;
use crate::store::{LockError, StoreError};

/// The agent cannot do the work.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    #[error("no room to write {path}; free space on that disk: nothing is measured until then")]
    DiskFull { path: PathBuf },
    #[error("{path} cannot be used: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// Everything that may be thinned is thinned.
    #[error(
        "the spool {path} holds {held} bytes that the hub has not taken, and may hold {most} (`spool_max` in agent.toml): nothing is measured until the hub takes them"
    )]
    SpoolFull { path: PathBuf, held: u64, most: u64 },
    #[error("{path}: {why}")]
    Overrides { path: PathBuf, why: String },
    #[error(
        "the hub runs accesswatch {hub} and sends a workspace of format {format}, which this version does not read; install accesswatch {hub} here"
    )]
    Newer { hub: String, format: u32 },
    #[error("the hub sends vantage `{sent}`, and this agent is `{own}`; use the token of `{own}`")]
    OtherVantage { sent: String, own: String },
    #[error("the hub sends a workspace that cannot be used: {0}")]
    Unusable(String),
    #[error(
        "a vantage in {0} can put whoever runs it at risk under local law; write `accept_local_risk = true` into agent.toml if you know and agree, or run no agent here"
    )]
    LocalRisk(String),
    #[error("the workspace of the hub has faults:\n{}", .0.render(false))]
    Config(Diagnostics),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Hub(#[from] HubError),
    #[error(transparent)]
    Broker(#[from] FleetError),
}

/// Whether the disk or the quota is used up.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

impl AgentError {
    /// A fault of a file or folder.
    pub(super) fn of_file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| {
            if is_full(&source) {
                Self::DiskFull { path }
            } else {
                Self::Io { path, source }
            }
        }
    }
}

/// The same as an error of the store of a pass.
pub(super) fn of_store(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| {
        if is_full(&source) {
            StoreError::Full { path }
        } else {
            let detail = source.to_string();
            StoreError::Io { path, detail }
        }
    }
}
