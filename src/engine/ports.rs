//! The ports of a pass: something that measures, and something that stores.
//!
//! The daemon, `run` and the demo make their passes over the network ([`Prober`]) and in SQLite
//! ([`Store`]). The tests' histories and `examples/simulate` make the same pass over a simulated
//! network.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::judge::Judge;
use crate::model::discriminator::Discriminator;
use crate::model::note::Note;
use crate::model::page::History;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::tracker_state::TrackerState;
use crate::model::vantage::Control;
use crate::model::{
    Code, Measurement, MeasurementUid, Probe, ProbeKey, RoundId, Time, Vantage, VantageId,
};
use crate::probe::Prober;
use crate::store::{Lock, LockScope, NewMeasurement, PassCommit, Reader, Store, StoreError};

use super::error::EngineError;
use super::judgement::{KnownPast, WantedPast, healthy_page_of};

/// How long a finished pass waits for another change of statuses or incidents, at most the ingest
/// of a large file.
const PATIENCE: Duration = Duration::from_secs(600);

/// Gives the code of a record by the same expectations as for the first answer.
pub type CodeOf<'a> = dyn Fn(&mut Measurement) -> Code + Sync + 'a;

/// Makes the measurements of a pass. No call fails: a fetch that fails is a whole measurement.
pub trait Measurer: Send + Sync + 'static {
    /// Marks a round of this host as under way until the returned value is dropped.
    fn begin_round(&self, host: &str, vantage: &VantageId) -> Box<dyn Send + '_>;

    /// Makes one attempt at a probe.
    fn measure(
        &self,
        probe: &Probe,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> impl Future<Output = Measurement> + Send;

    /// Tries a control of a vantage; `in_spite` of a back-off or a cooldown of its host.
    fn control(
        &self,
        control: &Control,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
        in_spite: bool,
    ) -> impl Future<Output = Measurement> + Send;

    /// Tries a control of the path to the mainland.
    fn path_control(
        &self,
        url: &Url,
        vantage: &Vantage,
        round: &RoundId,
    ) -> impl Future<Output = Measurement> + Send;

    /// Runs the discriminators of a failed fetch.
    fn discriminate(
        &self,
        measurement: &Measurement,
        probe: &Probe,
        vantage: &Vantage,
        code_of: &CodeOf<'_>,
    ) -> impl Future<Output = Vec<Discriminator>> + Send;

    /// Fetches another page as a reference for a probe's page.
    fn fetch(&self, url: &Url, vantage: &Vantage) -> impl Future<Output = Measurement> + Send;

    /// Whether the host of `url` is on cooldown after discriminators.
    fn is_left_alone(&self, url: &Url, vantage: &VantageId) -> bool;

    /// Starts a back-off of `host` at `now`, because its answer was `code`; a code that is the
    /// baseline does not double the time.
    fn back_off(&self, vantage: &VantageId, host: &str, code: Code, now: Time, is_baseline: bool);

    /// The state of politeness that must survive a restart.
    fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>);
}

/// Facts for mails beyond the tracker's state.
#[derive(Debug, Clone, Default)]
pub struct MailFacts {
    pub notes: Vec<Note>,
    /// The hashes of the pages that incidents rest on.
    pub hashes: BTreeMap<MeasurementUid, String>,
    /// The WARC records of their answers.
    pub records: BTreeMap<MeasurementUid, String>,
}

/// Stores the results of a pass, and provides earlier ones.
pub trait PassStore: Send + Sync + 'static {
    /// While this value exists, no other process changes statuses or incidents.
    type Hold: Send;

    /// The current statuses, incidents and vantages.
    fn state(&self) -> impl Future<Output = Result<TrackerState, StoreError>> + Send;

    /// Waits until no other process changes the state.
    fn hold(&self, now: Time) -> impl Future<Output = Result<Self::Hold, EngineError>> + Send;

    /// The probe's good values from this vantage.
    fn history(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
    ) -> impl Future<Output = Result<History, StoreError>> + Send;

    /// What rounds need to know of their probes' pasts, in the same order. Good values are read
    /// only where one of the values has a rule that needs them.
    fn known_pasts(
        &self,
        wanted: Vec<WantedPast>,
    ) -> impl Future<Output = Result<Vec<KnownPast>, StoreError>> + Send {
        async move {
            let mut all = Vec::with_capacity(wanted.len());
            for WantedPast {
                probe,
                vantage,
                looks_back,
            } in wanted
            {
                let mut known = KnownPast::default();
                if looks_back {
                    known.history = self.history(&probe, &vantage).await?;
                }
                all.push(known);
            }
            Ok(all)
        }
    }

    /// The probe's newest healthy page from this vantage, if it is still stored.
    fn healthy_page(
        &self,
        judge: &Judge,
        probe: &Probe,
        vantage: &VantageId,
    ) -> impl Future<Output = Result<Option<Reference>, StoreError>> + Send;

    /// A stored reference page of a host.
    fn reference(
        &self,
        vantage: &VantageId,
        origin: &str,
        kind: ReferenceKind,
    ) -> impl Future<Output = Result<Option<Reference>, StoreError>> + Send;

    /// Stores a reference page.
    fn put_reference(
        &self,
        vantage: &VantageId,
        origin: &str,
        page: &Reference,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Stores measurements; returns how many are new.
    fn add(
        &self,
        records: Vec<NewMeasurement>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Stores the state of politeness before the pass ends.
    fn save_politeness(
        &self,
        politeness: (Vec<BackOff>, Vec<RobotsCopy>),
        now: Time,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The facts of these measurements for mails, and the notes.
    fn mail_facts(
        &self,
        evidence: Vec<MeasurementUid>,
    ) -> impl Future<Output = Result<MailFacts, StoreError>> + Send;

    /// Writes what a pass changed, all or nothing.
    fn commit(&self, pass: Arc<PassCommit>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The store that keeps exchanges as evidence; `None` where nothing is kept.
    fn evidence_store(&self) -> Option<&Store> {
        None
    }
}

impl Measurer for Prober {
    fn begin_round(&self, host: &str, vantage: &VantageId) -> Box<dyn Send + '_> {
        Box::new(self.round_under_way(host, vantage))
    }

    async fn measure(
        &self,
        probe: &Probe,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> Measurement {
        Prober::measure(self, probe, vantage, round, attempt).await
    }

    async fn control(
        &self,
        control: &Control,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
        in_spite: bool,
    ) -> Measurement {
        if in_spite {
            self.last_control(control, vantage, round, attempt).await
        } else {
            Prober::control(self, control, vantage, round, attempt).await
        }
    }

    async fn path_control(&self, url: &Url, vantage: &Vantage, round: &RoundId) -> Measurement {
        Prober::path_control(self, url, vantage, round).await
    }

    async fn discriminate(
        &self,
        measurement: &Measurement,
        probe: &Probe,
        vantage: &Vantage,
        code_of: &CodeOf<'_>,
    ) -> Vec<Discriminator> {
        Prober::discriminate(self, measurement, Some(probe), vantage, code_of).await
    }

    async fn fetch(&self, url: &Url, vantage: &Vantage) -> Measurement {
        self.fetch_url(url, vantage).await
    }

    fn is_left_alone(&self, url: &Url, vantage: &VantageId) -> bool {
        Prober::is_left_alone(self, url, vantage)
    }

    fn back_off(&self, vantage: &VantageId, host: &str, code: Code, now: Time, is_baseline: bool) {
        Prober::back_off(self, vantage, host, code, now, is_baseline);
    }

    fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        self.politeness()
    }
}

impl PassStore for Store {
    type Hold = Lock;

    async fn state(&self) -> Result<TrackerState, StoreError> {
        self.tracker_state().await
    }

    async fn hold(&self, now: Time) -> Result<Lock, EngineError> {
        Ok(Lock::wait(PATIENCE, LockScope::TrackerState, self.path(), "pass", now).await?)
    }

    async fn history(&self, probe: &ProbeKey, vantage: &VantageId) -> Result<History, StoreError> {
        Store::history(self, probe, vantage).await
    }

    async fn known_pasts(&self, wanted: Vec<WantedPast>) -> Result<Vec<KnownPast>, StoreError> {
        let read = |reader: &Reader, wanted: &WantedPast| -> Result<KnownPast, StoreError> {
            let (probe, vantage) = (&wanted.probe, &wanted.vantage);
            let history = wanted.looks_back.then(|| reader.history(probe, vantage));
            Ok(KnownPast {
                history: history.transpose()?.unwrap_or_default(),
                reading: reader.last_reading(probe, vantage)?,
            })
        };
        self.with_reader(move |reader| wanted.iter().map(|wanted| read(reader, wanted)).collect())
            .await
    }

    async fn healthy_page(
        &self,
        judge: &Judge,
        probe: &Probe,
        vantage: &VantageId,
    ) -> Result<Option<Reference>, StoreError> {
        let record = self.last_healthy(&probe.key(), vantage).await?;
        Ok(record.and_then(|record| healthy_page_of(judge, probe, &record)))
    }

    async fn reference(
        &self,
        vantage: &VantageId,
        origin: &str,
        kind: ReferenceKind,
    ) -> Result<Option<Reference>, StoreError> {
        self.reference_page(vantage, origin, kind).await
    }

    async fn put_reference(
        &self,
        vantage: &VantageId,
        origin: &str,
        page: &Reference,
    ) -> Result<(), StoreError> {
        self.put_reference_page(vantage, origin, page).await
    }

    async fn add(&self, records: Vec<NewMeasurement>) -> Result<u64, StoreError> {
        Store::add(self, records).await
    }

    async fn save_politeness(
        &self,
        (back_offs, robots): (Vec<BackOff>, Vec<RobotsCopy>),
        now: Time,
    ) -> Result<(), StoreError> {
        self.save_politeness(back_offs, robots, now).await
    }

    async fn mail_facts(&self, evidence: Vec<MeasurementUid>) -> Result<MailFacts, StoreError> {
        let read = move |r: &Reader| {
            Ok(MailFacts {
                notes: r.notes()?,
                hashes: r.body_hashes(&evidence)?,
                records: r.evidence_ids(&evidence)?,
            })
        };
        self.with_reader(read).await
    }

    async fn commit(&self, pass: Arc<PassCommit>) -> Result<(), StoreError> {
        Store::commit(self, pass).await
    }

    fn evidence_store(&self) -> Option<&Store> {
        Some(self)
    }
}
