//! The engine and its parts, made once from a workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use url::Url;

use crate::config::Workspace;
use crate::evidence::EvidenceFiles;
use crate::evidence::warc::Series;
use crate::judge::Judge;
use crate::model::clock::Clock;
use crate::model::probe::Target;
use crate::model::{Vantage, VantageId};
use crate::net::robots::host_of;
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
    /// The files that prove changes.
    pub(super) evidence: Arc<Mutex<EvidenceFiles>>,
    /// Problems with these files since the last pass.
    pub(super) evidence_notes: Mutex<Vec<String>>,
}

impl Engine {
    /// Compiles the workspace and restores the politeness state of the store (back-offs, copies of
    /// robots.txt). Copies of hosts that are no longer watched are removed from the store.
    pub async fn new(
        workspace: Workspace,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let prober = Prober::new(&workspace.settings, &workspace.dir, Arc::clone(&clock))?;
        let (back_offs, mut robots) = store.politeness().await?;
        let hosts = watched_hosts(&workspace);
        let others = robots.extract_if(.., |copy| !hosts.contains(host_of(&copy.origin)));
        let others: Vec<String> = others.map(|copy| copy.origin).collect();
        if !others.is_empty() {
            store.forget_robots(others).await?;
        }
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
        let folder = &workspace.settings.store.evidence;
        let evidence = EvidenceFiles::new(folder, Series::Status);
        Self {
            evidence: Arc::new(Mutex::new(evidence)),
            evidence_notes: Mutex::default(),
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

/// The hosts that a workspace names: those of its probes, of its controls and of the path's.
fn watched_hosts(workspace: &Workspace) -> BTreeSet<&str> {
    let probes = workspace.catalogue.probes.values();
    let of_probes = probes.flat_map(|probe| {
        let own = match &probe.target {
            Target::Url(url) => Some(url),
            Target::File(_) => None,
        };
        own.into_iter().chain(&probe.before)
    });
    let vantages = workspace.settings.vantages.iter();
    let controls = vantages.flat_map(|v| v.controls.iter().map(|control| &control.url));
    let path = &workspace.settings.path.controls;
    let urls = of_probes.chain(controls).chain(path);
    urls.filter_map(Url::host_str).collect()
}
