//! The hub at a broker (docs/agents.md): it answers reports, takes records in, publishes the
//! workspaces of its agents, and queues their tasks. When the broker is away, everything else goes
//! on.

mod held;
mod records;
mod reports;
mod tasks;
mod workspaces;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::files::FilesError;
use super::silence::agent_vantages;
use super::workspace::AgentFiles;
use crate::config::Workspace;
use crate::engine::error::EngineError;
use crate::engine::intake::IntakeError;
use crate::fleet::{Broker, BrokerOptions, FleetError, UserCreds};
use crate::model::clock::Clock;
use crate::model::settings::FleetSettings;
use crate::model::{Vantage, VantageId};
use crate::store::{Store, StoreError};

/// After a fault, the broker is asked again after this long.
const AGAIN: Duration = Duration::from_secs(5);

/// Why the hub does not do its work at the broker.
#[derive(Debug, thiserror::Error)]
enum FleetHubError {
    #[error(transparent)]
    Broker(#[from] FleetError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("records that are held beside the store cannot be read or written: {0}")]
    Held(#[from] std::io::Error),
    #[error("a message for the broker was not written: {0}")]
    Unwritten(String),
}

impl FleetHubError {
    /// It is of one vantage, and the others get theirs.
    fn is_of_vantage(&self) -> bool {
        matches!(
            self,
            Self::Files(_)
                | Self::Unwritten(_)
                | Self::Broker(FleetError::TooLong { .. } | FleetError::Missing { .. })
        )
    }
}

/// Why records of a vantage were refused since an agent of it reported.
type RefusedRecords = Arc<Mutex<BTreeMap<VantageId, Vec<String>>>>;

/// The hub, by one workspace.
struct FleetHub {
    broker: Broker,
    workspace: Arc<Workspace>,
    files: Mutex<BTreeMap<VantageId, Arc<AgentFiles>>>,
    store: Store,
    clock: Arc<dyn Clock>,
    /// When an agent of a vantage reported, since the hub began.
    heard: Mutex<BTreeMap<VantageId, Instant>>,
    refused: RefusedRecords,
    /// What was held for this configuration is taken in.
    has_taken_held: AtomicBool,
    /// The connection over which a vantage's workspace was published, and its version.
    published: Mutex<BTreeMap<VantageId, (u64, String)>>,
    /// The faults that are logged, until they end.
    faults: Mutex<BTreeSet<String>>,
}

/// The broker of the hub, by `[fleet]`.
pub fn broker(dir: &Path, fleet: &FleetSettings) -> Result<Broker, FleetError> {
    let roots = match &fleet.ca {
        None => None,
        Some(path) => {
            let path = dir.join(path);
            let read = std::fs::read(&path);
            Some(read.map_err(|error| FleetError::Creds {
                why: error.to_string(),
                path,
            })?)
        }
    };
    Broker::new(BrokerOptions {
        address: fleet.broker.clone(),
        creds: UserCreds::read(&dir.join(&fleet.creds))?,
        roots,
        name: "accesswatch hub".to_owned(),
        inbox: None,
    })
}

/// Is the hub at the broker of the newest workspace, for as long as it is polled.
pub async fn attend(
    mut workspaces: watch::Receiver<Arc<Workspace>>,
    store: Store,
    clock: Arc<dyn Clock>,
) {
    let mut known: Option<FleetError> = None;
    let refused = RefusedRecords::default();
    loop {
        let workspace = Arc::clone(&workspaces.borrow_and_update());
        let Some(fleet) = &workspace.settings.fleet else {
            if workspaces.changed().await.is_err() {
                return;
            }
            continue;
        };
        let work = async {
            match broker(&workspace.dir, fleet) {
                Ok(broker) => {
                    let hub = FleetHub::new(broker, &workspace, &store, &clock, &refused);
                    Box::pin(hub.run()).await;
                }
                Err(error) => {
                    if known.as_ref() != Some(&error) {
                        tracing::error!("[fleet]: {error}");
                    }
                    known = Some(error);
                    tokio::time::sleep(AGAIN).await;
                }
            }
        };
        tokio::select! {
            () = work => {}
            changed = workspaces.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

impl FleetHub {
    fn new(
        broker: Broker,
        workspace: &Arc<Workspace>,
        store: &Store,
        clock: &Arc<dyn Clock>,
        refused: &RefusedRecords,
    ) -> Arc<Self> {
        Arc::new(Self {
            broker,
            workspace: Arc::clone(workspace),
            files: Mutex::default(),
            store: store.clone(),
            clock: Arc::clone(clock),
            heard: Mutex::default(),
            refused: Arc::clone(refused),
            has_taken_held: AtomicBool::new(false),
            published: Mutex::default(),
            faults: Mutex::default(),
        })
    }

    async fn run(self: &Arc<Self>) {
        tracing::info!(broker = self.broker.host(), "meeting agents at the broker");
        tokio::join!(
            self.keep_up(|| self.answer_reports()),
            self.keep_up(|| self.take_records()),
            self.keep_up(|| self.publish_workspaces()),
            self.keep_up(|| self.queue_tasks()),
        );
    }

    /// Does a work again and again. A fault is logged once until it changes.
    async fn keep_up<F>(&self, work: impl Fn() -> F)
    where
        F: Future<Output = Result<(), FleetHubError>>,
    {
        let mut known: Option<String> = None;
        loop {
            let fault = work().await.err().map(|error| error.to_string());
            if fault != known {
                let mut faults = lock(&self.faults);
                if let Some(ended) = &known {
                    faults.remove(ended);
                }
                if let Some(fault) = &fault
                    && faults.insert(fault.clone())
                {
                    tracing::warn!("{fault}");
                }
            }
            known = fault;
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// The vantage with this id, if an agent measures there.
    fn vantage(&self, id: &VantageId) -> Option<&Vantage> {
        agent_vantages(&self.workspace).find(|vantage| vantage.id == *id)
    }

    /// What the agent of a vantage is sent of the files; they are read once.
    fn files(&self, vantage: &Vantage) -> Result<Arc<AgentFiles>, FilesError> {
        let mut known = lock(&self.files);
        if let Some(files) = known.get(&vantage.id) {
            return Ok(Arc::clone(files));
        }
        let files = Arc::new(AgentFiles::read(&self.workspace, vantage)?);
        known.insert(vantage.id.clone(), Arc::clone(&files));
        Ok(files)
    }
}

/// Code that holds these locks cannot panic; even then the value would be intact.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
