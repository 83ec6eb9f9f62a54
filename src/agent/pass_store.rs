//! The store of an agent's passes: records go into the spool; statuses are those that the hub sent
//! last, brought forward by the passes made since.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::{AgentError, of_store};
use super::pages::Pages;
use super::spool::Spool;
use super::state::{self, AgentState, STATE};
use crate::engine::EngineError;
use crate::engine::due::LastChecked;
use crate::engine::link_check::DiscriminatedHost;
use crate::engine::ports::{MailFacts, PassStore};
use crate::judge::Judge;
use crate::model::page::History;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::tracker_state::TrackerState;
use crate::model::{Code, MeasurementUid, Probe, ProbeKey, Status, Time, VantageId};
use crate::store::{NewMeasurement, PassCommit, StoreError};

const ROBOTS: &str = "robots.json";
const PAGES: &str = "pages";

/// The store of an agent. A clone is the same store.
#[derive(Debug, Clone)]
pub struct AgentStore {
    dir: PathBuf,
    vantage: VantageId,
    spool: Arc<Mutex<Spool>>,
    state: Arc<Mutex<AgentState>>,
    pages: Pages,
}

impl AgentStore {
    /// Opens the store in the folder of the agent.
    pub fn open(dir: &Path, vantage: VantageId, spool: Spool) -> io::Result<Self> {
        Ok(Self {
            pages: Pages::open(&dir.join(PAGES))?,
            state: Arc::new(Mutex::new(AgentState::read(&dir.join(STATE)))),
            spool: Arc::new(Mutex::new(spool)),
            dir: dir.to_owned(),
            vantage,
        })
    }

    /// The spool.
    pub fn spool(&self) -> MutexGuard<'_, Spool> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, AgentState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and keeps it.
    fn change(&self, change: impl FnOnce(&mut AgentState)) -> io::Result<()> {
        let mut state = self.state();
        change(&mut state);
        state.write(&self.dir.join(STATE))
    }

    /// The hub answered.
    pub fn note_contact(&self, at: Time) -> io::Result<()> {
        self.change(|state| state.contact = Some(at))
    }

    /// Takes up what the hub knows.
    pub fn take_up(&self, statuses: &[Status]) -> io::Result<()> {
        self.change(|state| state.take_up(statuses))
    }

    /// When the hub answered last.
    #[must_use]
    pub fn contact(&self) -> Option<Time> {
        self.state().contact
    }

    /// When the newest pass ended.
    #[must_use]
    pub fn last_pass(&self) -> Option<Time> {
        self.state().last_pass
    }

    /// When each probe was checked.
    #[must_use]
    pub fn last_checked(&self) -> LastChecked {
        self.state().last(&self.vantage)
    }

    /// The input of the tracker.
    #[must_use]
    pub fn tracker(&self) -> TrackerState {
        self.state().tracker()
    }

    /// Back-offs and copies of robots.txt from before a restart.
    #[must_use]
    pub fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        let back_offs = self.state().back_offs.clone();
        let robots = state::read_robots(&self.dir.join(ROBOTS));
        (back_offs, robots)
    }

    /// Keeps the records of checks of links; they can be sent at once.
    pub fn add_links(&self, records: &[NewMeasurement]) -> Result<(), AgentError> {
        let mut spool = self.spool();
        let kept = spool.append(records).and_then(|()| spool.end_pass());
        kept.map_err(AgentError::of_file(&self.dir))
    }

    /// Another page of a host, if it is known.
    #[must_use]
    pub fn page_of_host(&self, origin: &str, kind: ReferenceKind) -> Option<Reference> {
        self.pages.reference(origin, kind)
    }

    /// The last robots.txt of an origin with links.
    #[must_use]
    pub fn robots_of_links(&self, origin: &str) -> Option<RobotsCopy> {
        self.pages.robots(origin)
    }

    /// When discriminators last asked about a host with links.
    #[must_use]
    pub fn discriminated(&self, host: &str) -> Option<Time> {
        self.pages.discriminated(host)
    }

    /// Keeps back-offs, and what was learned of the hosts of links.
    pub fn keep_politeness_of_links(
        &self,
        back_offs: &[BackOff],
        robots: &[RobotsCopy],
        discriminated: &[DiscriminatedHost],
    ) -> Result<(), AgentError> {
        let keep = || {
            self.change(|state| state.back_offs = back_offs.to_vec())?;
            for copy in robots {
                self.pages.put_robots(copy)?;
            }
            for asked in discriminated {
                self.pages.put_discriminated(&asked.host, asked.at)?;
            }
            Ok(())
        };
        keep().map_err(AgentError::of_file(&self.dir))
    }

    fn keep_politeness(&self, back_offs: &[BackOff], robots: &[RobotsCopy]) -> io::Result<()> {
        self.change(|state| state.back_offs = back_offs.to_vec())?;
        state::write_robots(&self.dir.join(ROBOTS), robots)
    }

    fn keep_records(&self, records: &[NewMeasurement]) -> io::Result<()> {
        self.spool().append(records)?;
        let healthy = |r: &&NewMeasurement| r.verdict.code == Code::Ok && !r.place.control;
        for record in records.iter().filter(healthy) {
            self.pages.put_healthy(record)?;
        }
        Ok(())
    }

    /// Writes the end of a pass to the spool before it keeps the statuses that follow from the
    /// pass.
    fn keep_pass(&self, pass: &PassCommit) -> io::Result<()> {
        self.spool().end_pass()?;
        let outcome = &pass.outcome;
        self.change(|state| {
            state.apply(&outcome.statuses, &outcome.incidents, &outcome.vantages);
            for round in &pass.pass.rounds {
                let began = round.attempts.iter().map(|a| a.started).min();
                if let Some(at) = began {
                    state.last_checked.insert(round.probe.to_string(), at);
                }
            }
            state.last_pass = Some(pass.pass.at);
        })?;
        self.keep_politeness(&pass.back_offs, &pass.robots)
    }
}

impl PassStore for AgentStore {
    type Hold = ();

    async fn state(&self) -> Result<TrackerState, StoreError> {
        Ok(self.tracker())
    }

    async fn hold(&self, _now: Time) -> Result<(), EngineError> {
        Ok(())
    }

    async fn history(&self, probe: &ProbeKey, _vantage: &VantageId) -> Result<History, StoreError> {
        Ok(self.pages.history(probe))
    }

    async fn healthy_page(
        &self,
        judge: &Judge,
        probe: &Probe,
        _vantage: &VantageId,
    ) -> Result<Option<Reference>, StoreError> {
        Ok(self.pages.healthy(judge, probe))
    }

    async fn reference(
        &self,
        _vantage: &VantageId,
        origin: &str,
        kind: ReferenceKind,
    ) -> Result<Option<Reference>, StoreError> {
        Ok(self.pages.reference(origin, kind))
    }

    async fn put_reference(
        &self,
        _vantage: &VantageId,
        origin: &str,
        page: &Reference,
    ) -> Result<(), StoreError> {
        let put = self.pages.put_reference(origin, page);
        put.map_err(of_store(&self.dir))
    }

    async fn add(&self, records: Vec<NewMeasurement>) -> Result<u64, StoreError> {
        self.keep_records(&records).map_err(of_store(&self.dir))?;
        Ok(records.len() as u64)
    }

    async fn save_politeness(
        &self,
        (back_offs, robots): (Vec<BackOff>, Vec<RobotsCopy>),
        _now: Time,
    ) -> Result<(), StoreError> {
        let kept = self.keep_politeness(&back_offs, &robots);
        kept.map_err(of_store(&self.dir))
    }

    async fn mail_facts(&self, _evidence: Vec<MeasurementUid>) -> Result<MailFacts, StoreError> {
        Ok(MailFacts::default())
    }

    async fn commit(&self, pass: Arc<PassCommit>) -> Result<(), StoreError> {
        self.keep_pass(&pass).map_err(of_store(&self.dir))
    }
}
