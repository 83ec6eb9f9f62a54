//! Pages that a suspicious one is compared with: its own last healthy one, and others of its host, which are fetched
//! politely, once per vantage, host and month (home pages: day), and kept.
//!
//! What is fetched here is no measurement of any source and is never held against one: a sketch of it goes into the
//! record that asked for it, so that the verdict can be derived from the record alone.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use url::Url;

use crate::judge::{Judge, stranger};
use crate::model::page::History;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::source::StoreBody;
use crate::model::time::from_micros;
use crate::model::{Code, Measurement, Probe, Vantage, VantageId};
use crate::store::{BodyState, Store, StoreError, StoredRecord};

use super::error::EngineError;
use super::round::{self, JudgedOnce};
use super::setup::Engine;

/// How long a page that came is kept.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long it is left alone after it did not come, and how long a home page is kept.
const ASKED_AGAIN: TimeDelta = TimeDelta::days(1);

/// Pages that are being fetched: a host is not asked twice at once.
#[derive(Debug, Default)]
pub struct UnderWay(Mutex<BTreeSet<String>>);

impl UnderWay {
    /// Whether this is the first to ask.
    fn begin(&self, key: &str) -> bool {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.to_owned())
    }

    fn end(&self, key: &str) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(key);
    }
}

/// Judges a measurement; when it is not what the probe expects and nothing says why, again with the page as it was
/// when it was last healthy, and with other pages of its host beside it.
pub(super) async fn judge(
    engine: &Engine,
    probe: &Probe,
    vantage: &Vantage,
    measurement: &mut Measurement,
    history: &History,
) -> Result<JudgedOnce, EngineError> {
    let mut judged = round::judge(&engine.judge, Some(probe), measurement, history);
    if engine
        .judge
        .wants_healthy(&judged.reading, &judged.verdict, measurement)
        && let Some(known) = healthy(&engine.judge, &engine.store, probe, &vantage.id).await?
    {
        compare_with(measurement, known);
        judged = round::judge(&engine.judge, Some(probe), measurement, history);
        if judged.verdict.code == Code::Ok {
            forget_healthy(measurement);
        }
    }
    for _ in ReferenceKind::FETCHED {
        let seed = u64::from_str_radix(&measurement_seed(measurement), 16).unwrap_or(1);
        let wanted = stranger::wanted(&judged.reading, &judged.verdict, measurement, probe, seed);
        let Some((kind, address)) = wanted else {
            break;
        };
        let Some(reference) = reference(engine, kind, &address, vantage).await? else {
            break;
        };
        let Some(extra) = &mut measurement.test_keys.x_accesswatch else {
            break;
        };
        extra.references.push(reference);
        judged = round::judge(&engine.judge, Some(probe), measurement, history);
    }
    Ok(judged)
}

/// The probe's newest healthy page from this vantage, as far as it is kept.
pub async fn healthy(
    judge: &Judge,
    store: &Store,
    probe: &Probe,
    vantage: &VantageId,
) -> Result<Option<Reference>, StoreError> {
    let record = store.last_healthy(&probe.key(), vantage).await?;
    Ok(record.and_then(|record| of_record(judge, probe, &record)))
}

/// Puts into the record what it is compared with.
pub fn compare_with(measurement: &mut Measurement, known: Reference) {
    if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
        extra.references.push(known);
    }
}

/// What a healthy record gives to compare later answers with: the sketch that it carries of its own page, where the
/// page may not be kept, else one of the page.
pub(super) fn of_record(judge: &Judge, probe: &Probe, record: &StoredRecord) -> Option<Reference> {
    let carried = record.measurement.extra().and_then(|x| {
        let of_its_own = |r: &&Reference| r.kind == ReferenceKind::Healthy;
        x.references.iter().find(of_its_own).cloned()
    });
    let whole = record.body == BodyState::Whole;
    carried.or_else(|| whole.then(|| judge.snapshot(&record.measurement, probe))?)
}

/// Puts a sketch of a healthy page into the record of a source whose pages may not be kept.
pub(super) fn carry_sketch(
    engine: &Engine,
    probe: &Probe,
    store_body: StoreBody,
    code: Code,
    measurement: &mut Measurement,
) {
    if code != Code::Ok || store_body != StoreBody::Never {
        return;
    }
    let sketch = engine.judge.snapshot(measurement, probe);
    if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
        extra.references.extend(sketch);
    }
}

/// A healthy page is compared with none in its record.
fn forget_healthy(measurement: &mut Measurement) {
    if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
        let other = |r: &Reference| r.kind != ReferenceKind::Healthy;
        extra.references.retain(other);
    }
}

/// Sixteen hex digits that differ from measurement to measurement: the end of its uid is random (`UUIDv7`).
fn measurement_seed(measurement: &Measurement) -> String {
    let uid = measurement.measurement_uid.as_ref();
    let digits: String = uid
        .map_or("", |uid| uid.as_str())
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect();
    digits[digits.len().saturating_sub(16)..].to_owned()
}

/// The page as it is kept, else fetched now; none while another round fetches it.
async fn reference(
    engine: &Engine,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
) -> Result<Option<Reference>, EngineError> {
    let origin = address.origin().ascii_serialization();
    let now = engine.clock.now();
    if let Some(kept) = engine
        .store
        .reference_page(&vantage.id, &origin, kind)
        .await?
    {
        let age = now - from_micros(kept.at_us);
        // A home page changes daily, and with the whole host.
        let lasting = kept.status != 0 && kind != ReferenceKind::Home;
        let limit = if lasting { KEPT } else { ASKED_AGAIN };
        if (TimeDelta::zero()..limit).contains(&age) {
            return Ok(Some(kept));
        }
    }
    let key = format!("{}/{origin}/{}", vantage.id, kind.as_str());
    if !engine.under_way.begin(&key) {
        return Ok(None);
    }
    let fetched = fetch(engine, kind, address, vantage).await;
    engine.under_way.end(&key);
    fetched.map(Some)
}

async fn fetch(
    engine: &Engine,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
) -> Result<Reference, EngineError> {
    // robots.txt, pace and back-off are heeded as for any page.
    let measurement = engine.prober.fetch_url(address, vantage).await;
    let (reference, code) = engine.judge.reference(kind, &measurement);
    if let Some(host) = address.host_str().filter(|_| code.demands_manners()) {
        let now = engine.clock.now();
        engine.prober.back_off(&vantage.id, host, code, now, false);
        let (back_offs, robots) = engine.prober.manners();
        engine.store.keep_manners(back_offs, robots, now).await?;
    }
    let origin = address.origin().ascii_serialization();
    engine
        .store
        .put_reference_page(&vantage.id, &origin, &reference)
        .await?;
    Ok(reference)
}
