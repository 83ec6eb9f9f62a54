//! Pages that a suspicious one is compared with: its own last healthy one, and others of its host, which are fetched
//! politely, once per vantage, host and month (home pages: day), and kept.
//!
//! What is fetched here is no measurement of any source and is never held against one: a sketch of it goes into the
//! record that asked for it, so that the verdict can be derived from the record alone.

use std::borrow::Cow;

use chrono::TimeDelta;
use url::Url;

use crate::engine::error::EngineError;
use crate::engine::judgement::Judgement;
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::setup::Engine;
use crate::model::page::History;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::time::from_micros;
use crate::model::{Measurement, Probe, Vantage};

/// How long a page that came is kept.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long it is left alone after it did not come, and how long a home page is kept.
const ASKED_AGAIN: TimeDelta = TimeDelta::days(1);

/// Judges a measurement; when it is not what the probe expects and nothing says why, again with the page as it was
/// when it was last healthy, and with other pages of its host beside it.
pub(super) async fn judge<'a, M: Measurer, S: PassStore>(
    engine: &'a Engine<M, S>,
    probe: &'a Probe,
    vantage: &Vantage,
    measurement: Measurement,
    history: &'a History,
) -> Result<Judgement<'a>, EngineError> {
    let measurement = Cow::Owned(measurement);
    let mut judgement = Judgement::begin(&engine.judge, Some(probe), history, measurement);
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

/// The page as it is kept, else fetched now; none while another round fetches it.
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

async fn fetch<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    kind: ReferenceKind,
    address: &Url,
    vantage: &Vantage,
) -> Result<Reference, EngineError> {
    // robots.txt, pace and back-off are heeded as for any page.
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
