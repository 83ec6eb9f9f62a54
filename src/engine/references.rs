//! Pages that a suspicious one is compared with: its own last healthy one, and others of its host, which are fetched
//! politely, once per vantage, host and month (home pages: day), and kept.
//!
//! What is fetched here is no measurement of any source and is never held against one: a sketch of it goes into the
//! record that asked for it, so that the verdict can be derived from the record alone.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use url::Url;

use crate::judge::Judge;
use crate::model::page::History;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::time::from_micros;
use crate::model::{Measurement, Probe, Vantage, VantageId};
use crate::store::{BodyState, Store, StoreError, StoredRecord};

use super::error::EngineError;
use super::judgement::Judgement;
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
pub(super) async fn judge<'a>(
    engine: &'a Engine,
    probe: &'a Probe,
    vantage: &Vantage,
    measurement: Measurement,
    history: &'a History,
) -> Result<Judgement<'a>, EngineError> {
    let measurement = Cow::Owned(measurement);
    let mut judgement = Judgement::begin(&engine.judge, Some(probe), history, measurement);
    if judgement.wants_healthy_page()
        && let Some(page) = healthy(&engine.judge, &engine.store, probe, &vantage.id).await?
    {
        judgement.compare_with_healthy(page);
    }
    for _ in ReferenceKind::FETCHED {
        let Some((kind, address)) = judgement.wanted_reference() else {
            break;
        };
        let Some(page) = reference(engine, kind, &address, vantage).await? else {
            break;
        };
        judgement.compare_with(page);
    }
    Ok(judgement)
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

/// The page as it is kept, else fetched now; none while another round fetches it.
async fn reference(
    engine: &Engine,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
) -> Result<Option<Reference>, EngineError> {
    let origin = address.origin().ascii_serialization();
    let key = format!("reference/{}/{origin}/{}", vantage.id, kind.as_str());
    let now = engine.clock.now();
    if let Some(text) = engine.store.get_meta(&key).await?
        && let Ok(kept) = serde_json::from_str::<Reference>(&text)
    {
        let age = now - from_micros(kept.at_us);
        // A home page changes daily, and with the whole host.
        let lasting = kept.status != 0 && kind != ReferenceKind::Home;
        let limit = if lasting { KEPT } else { ASKED_AGAIN };
        if (TimeDelta::zero()..limit).contains(&age) {
            return Ok(Some(kept));
        }
    }
    if !engine.under_way.begin(&key) {
        return Ok(None);
    }
    let fetched = fetch(engine, kind, address, vantage, &key).await;
    engine.under_way.end(&key);
    fetched.map(Some)
}

async fn fetch(
    engine: &Engine,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
    key: &str,
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
    let text = serde_json::to_string(&reference).unwrap_or_default();
    engine.store.set_meta(key, &text).await?;
    Ok(reference)
}
