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
use super::references::UnderWay;

/// Everything a pass needs.
pub struct Engine {
    pub workspace: Workspace,
    pub store: Store,
    pub prober: Prober,
    pub judge: Judge,
    pub clock: Arc<dyn Clock>,
    /// Pages for comparison that are being fetched.
    pub(super) under_way: UnderWay,
    /// The controls of the last pass proved the clock wrong.
    pub(super) clock_wrong: AtomicBool,
}

impl Engine {
    /// Compiles the workspace and takes up the manners (back-offs, robots copies) kept in the store.
    pub async fn new(
        workspace: Workspace,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let prober = Prober::new(&workspace.settings, &workspace.dir, Arc::clone(&clock))?;
        let (back_offs, robots) = store.manners().await?;
        prober.restore(back_offs, robots);
        let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
            .with_calendars(&workspace.calendars);
        Ok(Self {
            workspace,
            store,
            prober,
            judge,
            clock,
            under_way: UnderWay::default(),
            clock_wrong: AtomicBool::new(false),
        })
    }

    /// The vantages that this process probes from (agents elsewhere are left out), by id.
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

    /// The vantage of this id.
    #[must_use]
    pub fn vantage(&self, id: &VantageId) -> Option<&Vantage> {
        self.workspace
            .settings
            .vantages
            .iter()
            .find(|v| v.id == *id)
    }
}
