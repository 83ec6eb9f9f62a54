//! The store of a simulation: the current state, and the results.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accesswatch::engine::EngineError;
use accesswatch::engine::ports::{MailFacts, PassStore};
use accesswatch::judge::Judge;
use accesswatch::model::event::PassOutcome;
use accesswatch::model::mail::Notice;
use accesswatch::model::page::History;
use accesswatch::model::politeness::{BackOff, RobotsCopy};
use accesswatch::model::reference::{Reference, ReferenceKind};
use accesswatch::model::tracker_state::TrackerState;
use accesswatch::model::{
    Code, Incident, Measurement, MeasurementUid, Probe, ProbeKey, Time, VantageId,
};
use accesswatch::store::{NewMeasurement, PassCommit, StoreError};

/// All results of a simulation.
#[derive(Debug, Default)]
pub struct Lived {
    /// Every incident in its last state.
    pub incidents: BTreeMap<i64, Incident>,
    /// The incidents whose opening was mailed.
    pub mailed: BTreeSet<i64>,
    /// The number of rounds that count.
    pub rounds: u64,
}

impl Lived {
    /// Records what a pass or a person changed.
    pub fn note(&mut self, outcome: &PassOutcome) {
        let moved = outcome.incidents.iter().map(|i| (i.id, i.clone()));
        self.incidents.extend(moved);
        let opened = outcome.notices.iter().filter_map(|n| match n {
            Notice::Opened { incident } => Some(*incident),
            _ => None,
        });
        self.mailed.extend(opened);
    }
}

/// Keeps in memory what a pass reads back.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tracker: Mutex<TrackerState>,
    lived: Mutex<Lived>,
    /// The newest healthy record of each series.
    healthy: Mutex<HashMap<(ProbeKey, VantageId), Measurement>>,
    references: Mutex<HashMap<(VantageId, String, ReferenceKind), Reference>>,
}

impl MemoryStore {
    pub fn book(&self) -> MutexGuard<'_, TrackerState> {
        lock(&self.tracker)
    }

    pub fn lived(&self) -> MutexGuard<'_, Lived> {
        lock(&self.lived)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state after these changes.
fn apply(tracker: &mut TrackerState, outcome: &PassOutcome) {
    for status in &outcome.statuses {
        tracker.statuses.insert(status.key(), status.clone());
    }
    for incident in &outcome.incidents {
        tracker.next_incident = tracker.next_incident.max(incident.id + 1);
        tracker.incidents.insert(incident.id, incident.clone());
    }
    for vantage in &outcome.vantages {
        tracker
            .vantages
            .insert(vantage.vantage.clone(), vantage.clone());
    }
    tracker.initial_report |= outcome.notices.contains(&Notice::FirstLetter);
}

impl PassStore for MemoryStore {
    type Hold = ();

    async fn state(&self) -> Result<TrackerState, StoreError> {
        Ok(self.book().clone())
    }

    async fn hold(&self, _now: Time) -> Result<(), EngineError> {
        Ok(())
    }

    /// The values of these probes have no history.
    async fn history(&self, _: &ProbeKey, _: &VantageId) -> Result<History, StoreError> {
        Ok(History::new())
    }

    async fn healthy_page(
        &self,
        judge: &Judge,
        probe: &Probe,
        vantage: &VantageId,
    ) -> Result<Option<Reference>, StoreError> {
        let healthy = lock(&self.healthy);
        let record = healthy.get(&(probe.key(), vantage.clone()));
        Ok(record.and_then(|record| judge.snapshot(record, probe)))
    }

    async fn reference(
        &self,
        vantage: &VantageId,
        origin: &str,
        kind: ReferenceKind,
    ) -> Result<Option<Reference>, StoreError> {
        let key = (vantage.clone(), origin.to_owned(), kind);
        Ok(lock(&self.references).get(&key).cloned())
    }

    async fn put_reference(
        &self,
        vantage: &VantageId,
        origin: &str,
        page: &Reference,
    ) -> Result<(), StoreError> {
        let key = (vantage.clone(), origin.to_owned(), page.kind);
        lock(&self.references).insert(key, page.clone());
        Ok(())
    }

    async fn add(&self, records: Vec<NewMeasurement>) -> Result<u64, StoreError> {
        let count = records.len() as u64;
        for record in records {
            if record.verdict.code == Code::Ok && !record.place.control {
                let key = (record.place.probe, record.place.vantage);
                lock(&self.healthy).insert(key, record.measurement);
            }
        }
        Ok(count)
    }

    async fn save_politeness(
        &self,
        _: (Vec<BackOff>, Vec<RobotsCopy>),
        _now: Time,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    async fn mail_facts(&self, _: Vec<MeasurementUid>) -> Result<MailFacts, StoreError> {
        Ok(MailFacts::default())
    }

    async fn commit(&self, pass: Arc<PassCommit>) -> Result<(), StoreError> {
        apply(&mut self.book(), &pass.outcome);
        let mut lived = self.lived();
        lived.rounds += pass.pass.rounds.len() as u64;
        lived.note(&pass.outcome);
        Ok(())
    }
}
