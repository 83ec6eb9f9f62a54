//! Reference pages for a suspicious page: its own last healthy version, and other pages of its
//! host, which are fetched politely, once per vantage, host and month (home pages: day), and
//! stored.
//!
//! A reference page is not a measurement of a source and never counts against one. Its sketch goes
//! into the record that needed it, so that the verdict can be derived from the record alone.

use chrono::TimeDelta;
use url::Url;

use crate::engine::error::EngineError;
use crate::engine::judgement::{Judgement, KnownPast};
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::setup::Engine;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::time::from_micros;
use crate::model::{Measurement, Probe, Vantage};

/// How long a page is kept.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long a failed page is not requested again, and how long a home page is kept.
const ASKED_AGAIN: TimeDelta = TimeDelta::days(1);

/// Judges a measurement. When it does not meet the expectations and the reason is unknown, judges
/// it again with the last healthy version of the page, and with other pages of its host.
pub(super) async fn judge<'a, M: Measurer, S: PassStore>(
    engine: &'a Engine<M, S>,
    probe: &'a Probe,
    vantage: &Vantage,
    measurement: Measurement,
    known: &'a KnownPast,
) -> Result<Judgement<'a>, EngineError> {
    let mut judgement = Judgement::begin_after(&engine.judge, probe, known, measurement);
    if judgement.wants_healthy_page()
        && let Some(page) = engine
            .store
            .healthy_page(&engine.judge, probe, &vantage.id)
            .await?
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

/// The stored page, or else a new fetch; `None` while another round fetches it.
async fn reference<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
) -> Result<Option<Reference>, EngineError> {
    let origin = address.origin().ascii_serialization();
    let now = engine.clock.now();
    if let Some(kept) = engine.store.reference(&vantage.id, &origin, kind).await? {
        let age = now - from_micros(kept.at_us);
        // A home page changes daily, with the whole host.
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

async fn fetch<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
) -> Result<Reference, EngineError> {
    // robots.txt, pace and back-off apply as for any page.
    let measurement = engine.measurer.fetch(address, vantage).await;
    let (reference, code) = engine.judge.reference(kind, &measurement);
    if let Some(host) = address.host_str().filter(|_| code.demands_back_off()) {
        let now = engine.clock.now();
        engine
            .measurer
            .back_off(&vantage.id, host, code, now, false);
        let politeness = engine.measurer.politeness();
        engine.store.save_politeness(politeness, now).await?;
    }
    let origin = address.origin().ascii_serialization();
    let store = &engine.store;
    store
        .put_reference(&vantage.id, &origin, &reference)
        .await?;
    Ok(reference)
}
