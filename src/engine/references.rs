//! Pages that a suspicious one is compared with: fetched politely, once per vantage, host and month, and kept.
//!
//! What is fetched here is no measurement of any source and is never held against one: a sketch of it goes into the
//! record that asked for it, so that the verdict can be derived from the record alone.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use url::Url;

use crate::judge::stranger;
use crate::model::page::History;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::time::from_micros;
use crate::model::{Measurement, Probe, Vantage};

use super::error::EngineError;
use super::round::{self, JudgedOnce};
use super::setup::Engine;

/// How long a page that came is kept.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long it is left alone after it did not come.
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

/// Judges a measurement; when it is not what the probe expects and nothing says why, again with other pages of its
/// host beside it.
pub(super) async fn judge(
    engine: &Engine,
    probe: &Probe,
    vantage: &Vantage,
    measurement: &mut Measurement,
    history: &History,
) -> Result<JudgedOnce, EngineError> {
    let mut judged = round::judge(&engine.judge, Some(probe), measurement, history);
    for _ in ReferenceKind::ALL {
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
    let key = format!("reference/{}/{origin}/{}", vantage.id, kind.as_str());
    let now = engine.clock.now();
    if let Some(text) = engine.store.get_meta(&key).await?
        && let Ok(kept) = serde_json::from_str::<Reference>(&text)
    {
        let age = now - from_micros(kept.at_us);
        let limit = if kept.status == 0 { ASKED_AGAIN } else { KEPT };
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
