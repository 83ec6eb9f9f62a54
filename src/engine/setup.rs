//! The engine and its parts, made once from a workspace.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::clock::Clock;
use crate::model::{Vantage, VantageId};
use crate::probe::Prober;
use crate::store::Store;

use super::error::EngineError;
use super::pass::under_way::FetchesUnderWay;

/// How many rounds are in flight at once: many may wait for a confirmation while few fetch
/// (`concurrency` limits those).
const IN_FLIGHT: usize = 1024;

/// Everything a pass needs. Other implementations may replace the network and SQLite
/// ([`super::ports`]).
pub struct Engine<M = Prober, S = Store> {
    pub workspace: Workspace,
    pub store: S,
    pub measurer: M,
    pub judge: Judge,
    pub clock: Arc<dyn Clock>,
    /// How many rounds are made at once.
    pub in_flight: usize,
    /// Reference pages that are being fetched.
    pub(super) under_way: FetchesUnderWay,
    /// The controls of the last pass proved the clock wrong.
    pub(super) clock_wrong: AtomicBool,
}

impl Engine {
    /// Compiles the workspace and restores the politeness state (back-offs, robots.txt copies) from
    /// the store.
    pub async fn new(
        workspace: Workspace,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let prober = Prober::new(&workspace.settings, &workspace.dir, Arc::clone(&clock))?;
        let (back_offs, robots) = store.politeness().await?;
        prober.restore(back_offs, robots);
        Ok(Self::with_ports(workspace, prober, store, clock))
    }
}

impl<M, S> Engine<M, S> {
    /// Compiles the workspace for these ports.
    #[must_use]
    pub fn with_ports(workspace: Workspace, measurer: M, store: S, clock: Arc<dyn Clock>) -> Self {
        let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
            .with_calendars(&workspace.calendars);
        Self {
            workspace,
            store,
            measurer,
            judge,
            clock,
            in_flight: IN_FLIGHT,
            under_way: FetchesUnderWay::default(),
            clock_wrong: AtomicBool::new(false),
        }
    }

    /// The vantages that this process probes from (without agents elsewhere), by id.
    #[must_use]
    pub fn local_vantages(&self) -> BTreeMap<&VantageId, &Vantage> {
        self.workspace
            .settings
            .vantages
            .iter()
            .filter(|v| v.via != crate::model::vantage::Via::Agent)
            .map(|v| (&v.id, v))
            .collect()
    }

    /// The vantage with this id.
    #[must_use]
    pub fn vantage(&self, id: &VantageId) -> Option<&Vantage> {
        self.workspace
            .settings
            .vantages
            .iter()
            .find(|v| v.id == *id)
    }
}
