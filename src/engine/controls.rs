//! Whether a vantage works: its controls, before a round and again before anything turns worse.
//!
//! A vantage is usable when one of its controls passes within three tries (`docs/verdicts.md`,
//! Confirmation). Their measurements are stored like any other, marked as a control's.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::i18n::verdict;
use crate::judge::control::vantage_code;
use crate::model::page::History;
use crate::model::round::{ControlResult, VantageRound};
use crate::model::settings::Language;
use crate::model::source::StoreBody;
use crate::model::{RoundId, Vantage};
use crate::store::{NewMeasurement, Place};

use super::error::EngineError;
use super::observer::Observer;
use super::setup::Engine;

/// Waits before the second and third try.
const RETRY_AFTER: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(5)];

/// Tries the controls of `vantage` until one passes, three times at most.
pub async fn check(
    engine: &Engine,
    vantage: &Vantage,
    round: &RoundId,
    observer: &dyn Observer,
) -> Result<VantageRound, EngineError> {
    let mut results = Vec::new();
    for attempt in 0..=RETRY_AFTER.len() {
        results = try_all(engine, vantage, round, attempt, observer).await?;
        if results.is_empty() || results.iter().any(|r| r.passed) {
            break;
        }
        if let Some(wait) = RETRY_AFTER.get(attempt) {
            engine.clock.sleep(*wait).await;
        }
    }
    let usable = results.is_empty() || results.iter().any(|r| r.passed);
    let code = if usable { None } else { vantage_code(&results) };
    let round = VantageRound {
        vantage: vantage.id.clone(),
        at: engine.clock.now(),
        usable,
        text: code
            .map(|c| verdict::code(Language::En, c).says.to_owned())
            .unwrap_or_default(),
        code,
        controls: results,
    };
    observer.vantage(&round);
    Ok(round)
}

/// Tries the path controls once each: how many fail in transport, of how many.
pub async fn path(
    engine: &Engine,
    vantage: &Vantage,
    observer: &dyn Observer,
) -> Result<(u32, u32), EngineError> {
    let (mut failed, mut all) = (0, 0);
    for url in &engine.workspace.settings.path.controls {
        let measurement = engine.prober.fetch_url(url, vantage).await;
        let reading = engine.judge.read(&measurement, None);
        let now = measurement.started();
        let verdict = engine
            .judge
            .decide(&reading, &measurement, None, &History::new(), now);
        observer.measured(&measurement, &verdict);
        all += 1;
        failed += u32::from(verdict.code.is_transport());
    }
    Ok((failed, all))
}

async fn try_all(
    engine: &Engine,
    vantage: &Vantage,
    round: &RoundId,
    attempt: usize,
    observer: &dyn Observer,
) -> Result<Vec<ControlResult>, EngineError> {
    let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
    let mut results = Vec::new();
    let mut records = Vec::new();
    for control in &vantage.controls {
        let measurement = engine
            .prober
            .control(control, vantage, round, attempt)
            .await;
        results.push(engine.judge.control_passes(&measurement, control));
        let reading = engine.judge.read(&measurement, None);
        let now = measurement.started();
        let verdict = engine
            .judge
            .decide(&reading, &measurement, None, &History::new(), now);
        observer.measured(&measurement, &verdict);
        if let Some(place) = Place::of(&measurement) {
            records.push(NewMeasurement {
                measurement,
                verdict,
                place,
                level: None,
                values: BTreeMap::new(),
                store_body: StoreBody::Never,
                own: true,
            });
        }
    }
    let uids: Vec<_> = records
        .iter()
        .filter_map(|r| r.measurement.measurement_uid.clone())
        .collect();
    engine.store.add(records).await?;
    uids.iter().for_each(|uid| observer.stored(uid));
    Ok(results)
}
