//! Why a pass failed. Failures of sources are verdicts and never appear here.

use super::clock::ClockDoubt;
use super::copies::CopyError;
use crate::net::NetError;
use crate::store::{LockError, StoreError};

/// The work failed, or could not be reported as done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store failed: no part of the pass is reported as done.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process holds the lock.
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
    /// Copies of cited links cannot be looked up.
    #[error(transparent)]
    Copies(#[from] CopyError),
    /// The clock is not trusted: nothing was recorded.
    #[error("{0}")]
    Clock(ClockDoubt),
    /// A task of the pass ended abnormally.
    #[error("a part of the pass stopped unexpectedly ({0}); what was measured before is kept")]
    Task(String),
}
