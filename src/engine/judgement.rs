//! Judges one record, step by step. The steps are the same for a new record, for an ingested one,
//! and for one that is rejudged:
//!
//! 1. [`Judgement::begin`] reads the answer once and decides by it alone.
//! 2. If something is wrong, [`Judgement::compare_with_healthy`] decides again by comparing with
//!    the last healthy version of the page.
//! 3. [`Judgement::compare_with`] decides again by comparing with another page of the host, one
//!    page at a time.
//! 4. [`Judgement::attach_discriminators`] decides again with the discriminators.
//! 5. [`Judgement::attempt`] is for the tracker, and [`Judgement::into_record`] for the store.
//!
//! Steps 2 to 4 need input from the caller: a pass fetches it (`engine::references`), a replay
//! takes it from earlier records. Nothing here does I/O.

use std::borrow::Cow;
use std::collections::BTreeMap;

use url::Url;

use crate::judge::{Judge, Reading, discriminator, ooni_control, soft404_reference};
use crate::model::discriminator::Discriminator;
use crate::model::last_reading::LastReading;
use crate::model::page::{History, PageFacts, Value};
use crate::model::reference::{Reference, ReferenceKind, ShownDigest};
use crate::model::round::Attempt;
use crate::model::source::StoreBody;
use crate::model::{
    Code, Measurement, Observation, Probe, ProbeKey, Source, Time, VantageId, Verdict,
};
use crate::store::{BodyState, MeasurementKey, NewMeasurement, StoredRecord};

/// A probe and a vantage whose past a round needs.
#[derive(Debug, Clone)]
pub struct WantedPast {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// One of its values has a rule that needs the good values.
    pub looks_back: bool,
}

/// What is known of a probe from one vantage before a round.
#[derive(Debug, Clone, Default)]
pub struct KnownPast {
    /// The good values, oldest first; empty where no value needs them.
    pub history: History,
    pub reading: Option<LastReading>,
}

/// A record and its meaning so far.
pub struct Judgement<'a> {
    judge: &'a Judge,
    /// `None` for a control.
    probe: Option<&'a Probe>,
    history: &'a History,
    measurement: Cow<'a, Measurement>,
    reading: Reading,
    verdict: Verdict,
    /// The reading of the answer alone, if it is to be kept.
    new_reading: Option<LastReading>,
}

impl<'a> Judgement<'a> {
    /// Reads the answer once, and decides. `history` holds the probe's good values from this
    /// vantage, oldest first.
    #[must_use]
    pub fn begin(
        judge: &'a Judge,
        probe: Option<&'a Probe>,
        history: &'a History,
        measurement: Cow<'a, Measurement>,
    ) -> Self {
        let (reading, verdict) = decide(judge, probe, history, &measurement);
        Self {
            judge,
            probe,
            history,
            measurement,
            reading,
            verdict,
            new_reading: None,
        }
    }

    /// [`Judgement::begin`] of a record that this process made: a page that is the same as the last
    /// one, byte for byte, is not read again.
    #[must_use]
    pub fn begin_after(
        judge: &'a Judge,
        probe: &'a Probe,
        known: &'a KnownPast,
        measurement: Measurement,
    ) -> Self {
        let last = known.reading.as_ref();
        let (reading, new_reading) = judge.read_unless_known(&measurement, probe, last);
        let (history, now) = (&known.history, measurement.started());
        let verdict = judge.decide(&reading, &measurement, Some(probe), history, now);
        Self {
            judge,
            probe: Some(probe),
            history,
            measurement: Cow::Owned(measurement),
            reading,
            verdict,
            new_reading,
        }
    }

    /// The record with all attachments.
    #[must_use]
    pub fn measurement(&self) -> &Measurement {
        &self.measurement
    }

    /// The verdict after the steps so far.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Whether the probe's last healthy page would refine the verdict.
    #[must_use]
    pub fn wants_healthy_page(&self) -> bool {
        let measurement = &self.measurement;
        self.probe.is_some()
            && self
                .judge
                .wants_healthy(&self.reading, &self.verdict, measurement)
    }

    /// The digest of a healthy page for which [`Judgement::wants_healthy_page`] may be true.
    #[must_use]
    pub fn shown(&self) -> Option<ShownDigest> {
        self.judge
            .shown(&self.reading, &self.verdict, &self.measurement)
    }

    /// Decides again by comparing with the last healthy page. A healthy page that shows the same is
    /// not compared, and the record of a healthy page keeps no comparison.
    pub fn compare_with_healthy(&mut self, page: Reference) {
        if page.shown.is_some() && page.shown == self.shown() {
            return;
        }
        self.attach(page);
        if self.verdict.code == Code::Ok
            && let Some(extra) = &mut self.measurement.to_mut().test_keys.x_accesswatch
        {
            extra
                .references
                .retain(|r| r.kind != ReferenceKind::Healthy);
        }
    }

    /// The next page of the host to compare with, and its address.
    #[must_use]
    pub fn wanted_reference(&self) -> Option<(ReferenceKind, Url)> {
        let seed = seed(&self.measurement);
        soft404_reference::wanted(
            &self.reading,
            &self.verdict,
            &self.measurement,
            self.probe?,
            seed,
        )
    }

    /// Decides again by comparing with another page of the host.
    pub fn compare_with(&mut self, page: Reference) {
        self.attach(page);
    }

    /// Whether discriminators would show who causes the failure.
    #[must_use]
    pub fn wants_discriminators(&self) -> bool {
        discriminator::concerns(&self.measurement, &self.verdict)
    }

    /// Decides again with discriminators; returns whether there are any.
    pub fn attach_discriminators(&mut self, found: Vec<Discriminator>) -> bool {
        if found.is_empty() {
            return false;
        }
        if let Some(extra) = &mut self.measurement.to_mut().test_keys.x_accesswatch {
            extra.discriminators = found;
        }
        self.decide_again();
        true
    }

    /// The attempt for the tracker.
    #[must_use]
    pub fn attempt(&self, number: u32) -> Attempt {
        let observed = self.verdict.observed(self.measurement.http_status());
        attempt_of(&self.measurement, observed, number)
    }

    /// The verdict, and the values of the answer.
    #[must_use]
    pub fn into_verdict(self) -> (Verdict, BTreeMap<String, Value>) {
        (self.verdict, self.reading.facts.values)
    }

    /// The record with the facts of its page, these facts separately, and the verdict.
    #[must_use]
    pub fn into_parts(self) -> (Measurement, PageFacts, Verdict) {
        let mut measurement = self.measurement.into_owned();
        if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
            self.reading.facts.write_into(extra);
        }
        (measurement, self.reading.facts, self.verdict)
    }

    /// The record for the store, with the facts of its page. For a source whose pages may not be
    /// stored, a sketch of its healthy page is added. `own` is a record that this process made;
    /// `now` is when it enters the store.
    #[must_use]
    pub fn into_record(
        self,
        place: MeasurementKey,
        source: Option<&Source>,
        own: bool,
        now: Time,
    ) -> NewMeasurement {
        let store_body = source.map_or(StoreBody::Never, |s| s.store_body);
        let healthy = own && self.verdict.code == Code::Ok && store_body == StoreBody::Never;
        let sketch = match self.probe {
            Some(probe) if healthy => self.judge.snapshot(&self.measurement, probe),
            _ => None,
        };
        let (level, is_control) = (self.probe.map(|p| p.level), place.control);
        let reading = self.new_reading.clone();
        let (mut measurement, facts, verdict) = if is_control {
            (
                self.measurement.into_owned(),
                self.reading.facts,
                self.verdict,
            )
        } else {
            self.into_parts()
        };
        if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
            extra.references.extend(sketch);
        }
        NewMeasurement {
            measurement,
            verdict,
            place,
            level,
            values: facts.values,
            store_body,
            own,
            entered: now,
            reading,
        }
    }

    fn attach(&mut self, page: Reference) {
        if let Some(extra) = &mut self.measurement.to_mut().test_keys.x_accesswatch {
            extra.references.push(page);
            self.decide_again();
        }
    }

    fn decide_again(&mut self) {
        let decided = decide(self.judge, self.probe, self.history, &self.measurement);
        (self.reading, self.verdict) = decided;
    }
}

/// The code of a record by its answer alone, for discriminators.
#[must_use]
pub fn code_of(
    judge: &Judge,
    probe: Option<&Probe>,
    history: &History,
    measurement: &Measurement,
) -> Code {
    decide(judge, probe, history, measurement).1.code
}

fn decide(
    judge: &Judge,
    probe: Option<&Probe>,
    history: &History,
    measurement: &Measurement,
) -> (Reading, Verdict) {
    let reading = judge.read(measurement, probe);
    let now = measurement.started();
    let verdict = judge.decide(&reading, measurement, probe, history, now);
    (reading, verdict)
}

/// The attempt of a judged measurement, for the tracker.
#[must_use]
pub fn attempt_of(measurement: &Measurement, observed: Observation, number: u32) -> Attempt {
    Attempt {
        uid: measurement
            .measurement_uid
            .clone()
            .unwrap_or_else(|| "".into()),
        attempt: number,
        started: measurement.started(),
        ooni_control: ooni_control::seen(measurement),
        attribution: discriminator::attribution(measurement, &observed),
        observed,
    }
}

/// The reference for later comparisons from a healthy record: the sketch in the record if the page
/// may not be stored, otherwise a sketch of the page.
pub(super) fn healthy_page_of(
    judge: &Judge,
    probe: &Probe,
    record: &StoredRecord,
) -> Option<Reference> {
    let carried = record.measurement.extra().and_then(|x| {
        let of_its_own = |r: &&Reference| r.kind == ReferenceKind::Healthy;
        x.references.iter().find(of_its_own).cloned()
    });
    let whole = record.body == BodyState::Whole;
    carried.or_else(|| whole.then(|| judge.snapshot(&record.measurement, probe))?)
}

/// A number that differs between measurements: the end of a uid is random (`UUIDv7`).
fn seed(measurement: &Measurement) -> u64 {
    let uid = measurement.measurement_uid.as_ref();
    let digits: String = uid
        .map_or("", |uid| uid.as_str())
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect();
    let last = &digits[digits.len().saturating_sub(16)..];
    u64::from_str_radix(last, 16).unwrap_or(1)
}
