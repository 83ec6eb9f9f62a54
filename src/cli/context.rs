//! What most commands need: the workspace, its store, the lock of a run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::alert::heartbeat::heartbeat;
use crate::config::{self, SecretNeeds, Workspace};
use crate::engine::due::named;
use crate::model::vantage::Via;
use crate::model::{Vantage, VantageId};
use crate::store::{Lock, LockScope, Store, StoreError};

use super::exit::CliError;
use super::workspace_warnings;

/// How long a command waits for a lock: passes hold the book for well under a second.
const PATIENCE: Duration = Duration::from_secs(10);

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

    /// The checked workspace, for what neither fetches nor mails; its warnings are told on standard error.
    pub fn workspace(&self) -> Result<Workspace, CliError> {
        self.workspace_for(&SecretNeeds::none())
    }

    /// The checked workspace with the secrets that are needed.
    pub fn workspace_for(&self, needs: &SecretNeeds) -> Result<Workspace, CliError> {
        let workspace = config::load_for(&self.dir, needs)?;
        for warning in &workspace.warnings {
            say!("{}", warning.render(false).trim_end());
        }
        Ok(workspace)
    }

    /// The checked workspace with the secret of the one vantage that is measured from, and that vantage's name.
    pub fn workspace_from(&self, id: Option<&str>) -> Result<(Workspace, VantageId), CliError> {
        let workspace = self.workspace()?;
        let id = local_vantage(&workspace, id)?.id.clone();
        let needs = SecretNeeds::none().and_vantages(Some(id.as_str()));
        Ok((config::load_for(&self.dir, &needs)?, id))
    }

    /// The checked workspace and its store, which is made on first use, for what neither fetches nor mails.
    pub fn open(&self) -> Result<(Workspace, Store), CliError> {
        self.open_for(&SecretNeeds::none())
    }

    /// The same with the secrets that are needed.
    pub fn open_for(&self, needs: &SecretNeeds) -> Result<(Workspace, Store), CliError> {
        let workspace = self.workspace_for(needs)?;
        if let Some(signs) = workspace_warnings::count_signs(&workspace)? {
            workspace_warnings::warn(&workspace, &signs);
        }
        let store = Store::open(&workspace.settings.store.path)?;
        Ok((workspace, store))
    }

    /// The same for passes: where the database is gone nothing is opened, unless it is to `begin_anew`.
    pub fn open_for_passes(
        &self,
        needs: &SecretNeeds,
        begin_anew: bool,
    ) -> Result<(Workspace, Store), CliError> {
        let workspace = self.workspace_for(needs)?;
        let signs = workspace_warnings::count_signs(&workspace)?;
        if let Some(signs) = signs.as_ref().filter(|_| !begin_anew) {
            tell_switch(&workspace)?;
            let sentence = workspace_warnings::sentence(&workspace, signs);
            return Err(CliError::Work(format!("nothing was done: {sentence}")));
        }
        let store = Store::open(&workspace.settings.store.path)?;
        if signs.is_some() {
            runtime()?.block_on(store.begin_anew(chrono::Utc::now()))?;
        }
        Ok((workspace, store))
    }

    /// The checked workspace and its store for looking: nothing is made or changed, so that who may only read, and a
    /// full disk, are served too.
    pub fn open_read_only(&self) -> Result<(Workspace, Store), CliError> {
        self.open_read_only_by(Store::open_read_only)
    }

    /// The same with another way to open the store.
    pub fn open_read_only_by(
        &self,
        open: impl FnOnce(&Path) -> Result<Store, StoreError>,
    ) -> Result<(Workspace, Store), CliError> {
        let workspace = self.workspace()?;
        if let Some(signs) = workspace_warnings::count_signs(&workspace)? {
            say!("{}", workspace_warnings::sentence(&workspace, &signs));
        }
        let store = open(&workspace.settings.store.path)?;
        Ok((workspace, store))
    }

    /// The lock of a command that changes what others may be changing; waits a little for it.
    pub fn lock(workspace: &Workspace, on: LockScope, who: &str) -> Result<Lock, CliError> {
        let store = &workspace.settings.store.path;
        Ok(Lock::within(PATIENCE, on, store, who, chrono::Utc::now())?)
    }

    /// The lock of a command that comes again by itself, or must not be there twice: no waiting.
    pub fn lock_now(workspace: &Workspace, on: LockScope, who: &str) -> Result<Lock, CliError> {
        let store = &workspace.settings.store.path;
        Ok(Lock::acquire(on, store, who, chrono::Utc::now())?)
    }
}

/// The dead man's switch is told that no pass can be made.
fn tell_switch(workspace: &Workspace) -> Result<(), CliError> {
    if let Some(url) = &workspace.settings.alerts.heartbeat
        && let Err(error) = runtime()?.block_on(heartbeat(url, false))
    {
        say!("{error}");
    }
    Ok(())
}

/// A runtime for the commands that wait: all cores for measuring.
pub fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::io("starting the runtime"))
}

/// The vantage of this name, or the first that measures from here.
pub fn local_vantage<'a>(
    workspace: &'a Workspace,
    id: Option<&str>,
) -> Result<&'a Vantage, CliError> {
    let vantages = &workspace.settings.vantages;
    let local = || vantages.iter().filter(|v| v.via != Via::Agent);
    if let Some(id) = id {
        named("vantage", id, local().map(|v| v.id.as_str()))?;
    }
    local()
        .find(|v| id.is_none_or(|id| v.id.as_str() == id))
        .ok_or_else(|| CliError::Usage("no [[vantage]] here probes by itself".to_owned()))
}
