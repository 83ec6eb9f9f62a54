//! Exit statuses, and the errors of commands.

use std::process::ExitCode;

use crate::config::Diagnostics;
use crate::engine::EngineError;
use crate::store::{LockError, StoreError};
use crate::track::EditError;

/// How a successful command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// 0.
    Ok,
    /// 1: done, and the condition that the status should report is true.
    Regression,
    /// 3: partly done; the output says what is missing.
    Partly,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        match done {
            Done::Ok => ExitCode::SUCCESS,
            Done::Regression => ExitCode::from(1),
            Done::Partly => ExitCode::from(3),
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// 2: faults in files, each with its place and fix.
    #[error(transparent)]
    Config(#[from] Diagnostics),
    /// 2: the arguments make no sense.
    #[error("{0}")]
    Usage(String),
    /// 3: the work could not be done.
    #[error("{0}")]
    Work(String),
    /// 3, or 2 when an id is unknown.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// 3.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// 3: another run holds the lock.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// 2: the arguments name nothing that can be changed.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// 3.
    #[error("{what}: {source}")]
    Io {
        what: String,
        source: std::io::Error,
    },
}

impl CliError {
    /// An I/O error with the action that failed.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// The status for scripts (`--help` lists them).
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            CliError::Config(_)
            | CliError::Usage(_)
            | CliError::Edit(_)
            | CliError::Engine(EngineError::Unknown { .. }) => 2,
            CliError::Work(_)
            | CliError::Engine(_)
            | CliError::Store(_)
            | CliError::Lock(_)
            | CliError::Io { .. } => 3,
        }
    }

    /// The reader of our output closed it, so nothing more is printed.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, CliError::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
