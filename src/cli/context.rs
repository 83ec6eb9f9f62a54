//! What most commands need: the workspace, its store, the lock of a run.

use std::path::{Path, PathBuf};

use crate::config::{self, Workspace};
use crate::store::{RunLock, Store};

use super::exit::CliError;

/// Where the workspace is, as asked for on the command line.
#[derive(Debug, Clone)]
pub struct Context {
    pub dir: PathBuf,
}

impl Context {
    /// From `--dir`, `$ACCESSWATCH_DIR`, or the current folder.
    #[must_use]
    pub fn new(dir: Option<&Path>) -> Self {
        Self {
            dir: config::workspace_dir(dir),
        }
    }

    /// The checked workspace; its warnings are told on standard error.
    pub fn workspace(&self) -> Result<Workspace, CliError> {
        let workspace = config::load(&self.dir)?;
        for warning in &workspace.warnings {
            say!("{}", warning.render(false).trim_end());
        }
        Ok(workspace)
    }

    /// The checked workspace and its store, which is made on first use.
    pub fn open(&self) -> Result<(Workspace, Store), CliError> {
        let workspace = self.workspace()?;
        let store = Store::open(&workspace.settings.store.path)?;
        Ok((workspace, store))
    }

    /// Keeps two runs apart.
    pub fn lock(workspace: &Workspace, who: &str) -> Result<RunLock, CliError> {
        Ok(RunLock::acquire(
            &workspace.settings.store.path,
            who,
            chrono::Utc::now(),
        )?)
    }
}

/// A runtime for the commands that wait: all cores for measuring.
pub fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::io("starting the runtime"))
}
