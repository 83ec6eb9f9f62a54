//! What most commands need: the workspace, its store, the lock of a run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::alert::heartbeat::heartbeat;
use crate::config::{self, SecretNeeds, Workspace};
use crate::engine::due::named;
use crate::model::vantage::Via;
use crate::model::{Vantage, VantageId};
use crate::store::{Lock, LockScope, MigrationProgress, Options, Store, StoreError};

use super::exit::CliError;
use super::workspace_warnings;

/// How long a command waits for a lock; passes hold the tracker state for well under a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// The workspace folder from the command line.
#[derive(Debug, Clone)]
pub struct Context {
    pub dir: PathBuf,
}

impl Context {
    /// The folder of `--dir` or `$ACCESSWATCH_DIR`, or the current folder.
    #[must_use]
    pub fn new(dir: Option<&Path>) -> Self {
        Self {
            dir: config::workspace_dir(dir),
        }
    }

    /// The checked workspace, for commands that neither fetch nor mail; its warnings go to standard
    /// error.
    pub fn workspace(&self) -> Result<Workspace, CliError> {
        self.workspace_for(&SecretNeeds::none())
    }

    /// The checked workspace with the required secrets.
    pub fn workspace_for(&self, needs: &SecretNeeds) -> Result<Workspace, CliError> {
        let workspace = config::load_for(&self.dir, needs)?;
        for warning in &workspace.warnings {
            say!("{}", warning.render(false).trim_end());
        }
        Ok(workspace)
    }

    /// The checked workspace with the secret of the one vantage that measures, and that vantage's
    /// name.
    pub fn workspace_from(&self, id: Option<&str>) -> Result<(Workspace, VantageId), CliError> {
        let workspace = self.workspace()?;
        let id = local_vantage(&workspace, id)?.id.clone();
        let needs = SecretNeeds::none().and_vantages(Some(id.as_str()));
        Ok((config::load_for(&self.dir, &needs)?, id))
    }

    /// The checked workspace and its store, which is created on first use, for commands that
    /// neither fetch nor mail.
    pub fn open(&self) -> Result<(Workspace, Store), CliError> {
        self.open_for(&SecretNeeds::none())
    }

    /// The same with the required secrets.
    pub fn open_for(&self, needs: &SecretNeeds) -> Result<(Workspace, Store), CliError> {
        let workspace = self.workspace_for(needs)?;
        if let Some(signs) = workspace_warnings::count_signs(&workspace)? {
            workspace_warnings::warn(&workspace, &signs);
        }
        let store = open_store(&workspace.settings.store.path)?;
        Ok((workspace, store))
    }

    /// The same for passes: opens nothing when the database is lost, except with `begin_anew`.
    pub fn open_for_passes(
        &self,
        needs: &SecretNeeds,
        begin_anew: bool,
    ) -> Result<(Workspace, Store), CliError> {
        let workspace = self.workspace_for(needs)?;
        let signs = workspace_warnings::count_signs(&workspace)?;
        if let Some(signs) = signs.as_ref().filter(|_| !begin_anew) {
            report_to_switch(&workspace)?;
            let sentence = workspace_warnings::sentence(&workspace, signs);
            return Err(CliError::Work(format!("nothing was done: {sentence}")));
        }
        let store = open_store(&workspace.settings.store.path)?;
        if signs.is_some() {
            runtime()?.block_on(store.begin_anew(chrono::Utc::now()))?;
        }
        Ok((workspace, store))
    }

    /// The checked workspace and its store, read-only: nothing is created or changed, so this also
    /// works without write permission and on a full disk.
    pub fn open_read_only(&self) -> Result<(Workspace, Store), CliError> {
        self.open_read_only_by(Store::open_read_only)
    }

    /// The same, with another way to open the store.
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

    /// The lock of a command that changes what others may be changing; waits a short time for it.
    pub fn lock(workspace: &Workspace, on: LockScope, who: &str) -> Result<Lock, CliError> {
        let store = &workspace.settings.store.path;
        Ok(Lock::within(PATIENCE, on, store, who, chrono::Utc::now())?)
    }

    /// The lock of a command that runs again by itself, or must not run twice; does not wait.
    pub fn lock_now(workspace: &Workspace, on: LockScope, who: &str) -> Result<Lock, CliError> {
        let store = &workspace.settings.store.path;
        Ok(Lock::acquire(on, store, who, chrono::Utc::now())?)
    }
}

/// Opens a store for writing, and says how far its migration is when that takes long.
pub fn open_store(path: &Path) -> Result<Store, StoreError> {
    let options = Options {
        progress: MigrationProgress::to(say_migrated),
        ..Options::default()
    };
    Store::open_with(path, options)
}

fn say_migrated(done: u64, all: u64) {
    say!("the store is of an older version; {done} of its {all} records are brought up to date");
}

/// Reports to the dead man's switch that no pass can run.
fn report_to_switch(workspace: &Workspace) -> Result<(), CliError> {
    if let Some(url) = &workspace.settings.alerts.heartbeat
        && let Err(error) = runtime()?.block_on(heartbeat(url, false))
    {
        say!("{error}");
    }
    Ok(())
}

/// How long a thread that reads the store or a page outlives its work. When it ends, the allocator
/// gives back what a pass freed; it keeps freed memory for a second, and does nothing in a process
/// that sleeps.
const IDLE_THREADS: Duration = Duration::from_secs(2);

/// A runtime for commands that wait on the network; it uses all cores for measuring.
pub fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_keep_alive(IDLE_THREADS)
        .build()
        .map_err(CliError::io("starting the runtime"))
}

/// The vantage with this name, or the first that measures from here.
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

/// Sends `true` at the first SIGTERM or SIGINT.
pub fn stop_on_signal(stop: watch::Sender<bool>) -> Result<(), CliError> {
    let listening = CliError::io("listening for signals");
    let mut terminate = signal(SignalKind::terminate()).map_err(listening)?;
    let listening = CliError::io("listening for signals");
    let mut interrupt = signal(SignalKind::interrupt()).map_err(listening)?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        let _ = stop.send(true);
    });
    Ok(())
}
