//! Why a pass could not be done. Faults of sources are never here: they are verdicts.

use super::clock::ClockDoubt;
use crate::net::NetError;
use crate::store::{LockError, StoreError};

/// The work could not be done, or not be reported as done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store failed: nothing of the pass is reported as done.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process is at work.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A vantage cannot be set up as configured.
    #[error(transparent)]
    Net(#[from] NetError),
    /// `--source` or `--vantage` names nothing.
    #[error("there is no {kind} `{id}`{}", .near.as_deref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        kind: &'static str,
        id: String,
        near: Option<String>,
    },
    /// The clock is not believed: nothing was recorded.
    #[error("{0}")]
    Clock(ClockDoubt),
    /// A task of the pass ended abnormally.
    #[error("a part of the pass stopped unexpectedly ({0}); what was measured before is kept")]
    Task(String),
}
