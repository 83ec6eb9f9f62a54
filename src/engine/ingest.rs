//! Records from other programs and machines: judged, stored, and tracked by their own times. A
//! duplicate record counts once. Late records have the same effect as if they had come in order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::clock::Clock;
use crate::model::page::History;
use crate::model::{Measurement, ProbeKey, Time, VantageId};
use crate::store::{MeasurementKey, NewMeasurement, Reader, Store};
use crate::track::hourly;

use super::error::EngineError;
use super::judgement::{Judgement, healthy_page_of};
use super::link_watch::{UsableRounds, apply_link_records, identity_of, pass_of};
use super::rejudge::catch_up::catch_up;
use super::rejudge::{self, RejudgeScope};

/// How many records are stored per batch; more, up to `MOST`, where one pass of links has more.
const BATCH: usize = 200;
const MOST: usize = 1000;

/// The result of an ingest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestReport {
    pub new: u64,
    /// Records that were already stored.
    pub known: u64,
    /// Records of no probe in this workspace.
    pub foreign: u64,
    /// What did not go well with the files of evidence.
    pub evidence_notes: Vec<String>,
}

/// Ingests records one by one; [`Ingestor::finish`] derives the results.
pub struct Ingestor<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    store: &'a Store,
    clock: &'a dyn Clock,
    waiting: Vec<NewMeasurement>,
    /// What the controls of the passes so far say.
    rounds: UsableRounds,
    /// Series with new records, and the time of the oldest one. Later records depend on a new
    /// record: on its values, and on its page if it was healthy.
    touched: BTreeMap<(ProbeKey, VantageId), Time>,
    /// Records are compared with the last healthy page that is stored, as in a pass made here.
    compares: bool,
    done: IngestReport,
}

impl<'a> Ingestor<'a> {
    /// An ingestor for this store.
    #[must_use]
    pub fn new(
        workspace: &'a Workspace,
        judge: &'a Judge,
        store: &'a Store,
        clock: &'a dyn Clock,
    ) -> Self {
        Self {
            workspace,
            judge,
            store,
            clock,
            waiting: Vec::new(),
            rounds: UsableRounds::default(),
            touched: BTreeMap::new(),
            compares: false,
            done: IngestReport::default(),
        }
    }

    /// The same for records that are judged for good as they come.
    #[must_use]
    pub fn comparing(self) -> Self {
        Self {
            compares: true,
            ..self
        }
    }

    /// Stores the rest, and derives nothing yet.
    pub async fn store_only(mut self) -> Result<IngestReport, EngineError> {
        self.keep().await?;
        Ok(self.done)
    }

    /// Judges and stores one record.
    pub async fn ingest(&mut self, measurement: Measurement) -> Result<(), EngineError> {
        let Some(record) = self.judged(measurement)? else {
            self.done.foreign += 1;
            return Ok(());
        };
        self.note(&record);
        if self.waiting.len() >= BATCH && !self.is_within_pass(&record) {
            self.keep().await?;
        }
        // Others of its pass may follow a record of a link.
        let may_go_on = record.measurement.link().is_some();
        self.waiting.push(record);
        if self.waiting.len() >= BATCH && !may_go_on {
            self.keep().await?;
        }
        Ok(())
    }

    /// Whether a record is of the pass of links that the batch ends with: what its vantages saw is
    /// one check.
    fn is_within_pass(&self, record: &NewMeasurement) -> bool {
        let of_link = |r: &&NewMeasurement| r.measurement.link().is_some();
        let pass = |r: &NewMeasurement| pass_of(&r.measurement);
        let last = self.waiting.last().filter(of_link).and_then(pass);
        let next = Some(record).filter(of_link).and_then(pass);
        self.waiting.len() < MOST && next.is_some() && last == next
    }

    /// How many of the records so far are of no probe here.
    #[must_use]
    pub fn foreign(&self) -> u64 {
        self.done.foreign
    }

    /// Stores the rest, and derives statuses and incidents again if any record was new, or was left
    /// by a killed process.
    pub async fn finish(mut self) -> Result<IngestReport, EngineError> {
        self.keep().await?;
        let now = self.clock.now();
        if self.done.new == 0 {
            let notes = catch_up(self.workspace, self.judge, self.store, now).await?;
            self.done.evidence_notes.extend(notes.into_iter().flatten());
        } else {
            let (catalogue, settings) = (&self.workspace.catalogue, &self.workspace.settings);
            self.store
                .put_watched(catalogue, &settings.vantages)
                .await?;
            let left = self.store.with_reader(Reader::underived).await?;
            if left.removal.is_some() {
                let notes = catch_up(self.workspace, self.judge, self.store, now).await?;
                self.done.evidence_notes.extend(notes.into_iter().flatten());
            }
            self.take_up(left.series);
            let scope = RejudgeScope::Series(self.touched);
            let notes =
                rejudge::apply(self.workspace, self.judge, self.store, &scope, None, now).await?;
            self.done.evidence_notes.extend(notes);
        }
        Ok(self.done)
    }

    /// Records from a killed process count as new.
    fn take_up(&mut self, left: BTreeMap<(ProbeKey, VantageId), Time>) {
        for (key, at) in left {
            let from = self.touched.entry(key).or_insert(at);
            *from = at.min(*from);
        }
    }

    fn note(&mut self, record: &NewMeasurement) {
        if record.place.control || record.measurement.link().is_some() {
            return;
        }
        let key = (record.place.probe.clone(), record.place.vantage.clone());
        let at = record.measurement.started();
        let from = self.touched.entry(key).or_insert(at);
        *from = at.min(*from);
    }

    async fn keep(&mut self) -> Result<(), EngineError> {
        let batch = std::mem::take(&mut self.waiting);
        let (workspace, judge, now) = (self.workspace, self.judge, self.clock.now());
        // Before the records are stored: a killed process leaves none that moved nothing.
        self.rounds.add(&batch);
        apply_link_records(workspace, judge, self.store, &batch, &self.rounds, now).await?;
        let count = batch.len() as u64;
        let new = self.store.add(batch).await?;
        self.done.new += new;
        self.done.known += count - new;
        Ok(())
    }

    fn judged(&self, mut measurement: Measurement) -> Result<Option<NewMeasurement>, EngineError> {
        let is_control = measurement.extra().is_some_and(|x| x.control);
        let is_of_link = measurement.link().is_some();
        let probe = self.judge.probe_for(&measurement).filter(|_| !is_of_link);
        let probe = probe.and_then(|key| self.workspace.catalogue.probe(&key.key()));
        if probe.is_none() && !is_control && !is_of_link {
            // The page of no probe may be one that documents cite.
            let identity = identity_of(self.workspace, &measurement.input);
            let reader = self.store.reader()?;
            let cited = identity.map(|identity| reader.link_of_identity(&identity));
            if let Some(link) = cited.transpose()?.flatten() {
                name_vantage(&mut measurement);
                measurement.set_link(link);
            }
        }
        let is_link = measurement.link().is_some();
        if probe.is_none() && !is_control && !is_link {
            return Ok(None);
        }
        let Some(place) = MeasurementKey::from_measurement(&measurement)
            .or_else(|| probe.map(|probe| MeasurementKey::foreign(&measurement, probe.key())))
        else {
            return Ok(None);
        };
        let history = match probe {
            Some(probe) if !probe.values.is_empty() => self.store.reader()?.history_before(
                &place.probe,
                &place.vantage,
                measurement.started(),
            )?,
            _ => History::new(),
        };
        let measurement = Cow::Owned(measurement);
        let mut judgement = Judgement::begin(self.judge, probe, &history, measurement);
        if let Some(probe) = probe.filter(|_| self.compares && judgement.wants_healthy_page()) {
            let record = self
                .store
                .reader()?
                .last_healthy(&place.probe, &place.vantage)?;
            let page = record.and_then(|record| healthy_page_of(self.judge, probe, &record));
            if let Some(page) = page {
                judgement.compare_with_healthy(page);
            }
        }
        let source = probe.and_then(|p| self.workspace.catalogue.source(&p.source));
        Ok(Some(judgement.into_record(
            place,
            source,
            false,
            self.clock.now(),
        )))
    }
}

/// Gives the record of another program the vantage and the round by which such records are known.
fn name_vantage(measurement: &mut Measurement) {
    let vantage = measurement.foreign_vantage();
    let round = hourly::round_id(&vantage, measurement.started());
    let extra = serde_json::json!({"vantage": vantage, "round": round, "attempt": 0});
    let known = &mut measurement.test_keys.x_accesswatch;
    *known = known.take().or_else(|| serde_json::from_value(extra).ok());
}
