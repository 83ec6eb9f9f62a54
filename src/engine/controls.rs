//! Whether a vantage works: its controls, before a round and again before anything turns worse.
//!
//! A vantage is usable when one of its controls passes within three tries and the others do not
//! contradict it (`docs/verdicts.md`, Confirming). The measurements of controls are stored like any
//! other, marked as such; those of `doctor` are not stored.

use std::borrow::Cow;
use std::time::Duration;

use chrono::TimeDelta;

use crate::i18n::verdict;
use crate::judge::control::{clock_error, is_usable, vantage_code};
use crate::model::page::History;
use crate::model::round::{ControlResult, VantageRound};
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::vantage::Control;
use crate::model::{Code, Measurement, PassId, RoundId, Time, Vantage, VantageId};
use crate::store::{MeasurementKey, NewMeasurement};

use super::error::EngineError;
use super::judgement::Judgement;
use super::observer::Observer;
use super::ports::{Measurer, PassStore};
use super::setup::Engine;

/// The delays before the second and the third try.
const RETRY_AFTER: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(5)];

/// Which check of the controls it is. Both checks of a pass have one round id, so that they stay
/// together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlCheck {
    /// Before anything is fetched.
    Initial,
    /// Before something turns worse. Its attempt numbers continue.
    Recheck,
    /// A separate check on request: none of it is stored.
    Diagnostic,
}

/// Tries the controls of `vantage` until one passes, at most three times. The last try counts, and
/// the first one dates the check, as in the records.
pub async fn check<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    vantage: &Vantage,
    round: &RoundId,
    pass: Option<&PassId>,
    look: ControlCheck,
    observer: &dyn Observer,
) -> Result<VantageRound, EngineError> {
    let mut results = Vec::new();
    let mut began = None;
    let first = match look {
        ControlCheck::Initial | ControlCheck::Diagnostic => 0,
        ControlCheck::Recheck => 1 + RETRY_AFTER.len(),
    };
    for attempt in 0..=RETRY_AFTER.len() {
        let tried = try_all(engine, vantage, round, pass, first + attempt, observer).await;
        // Controls that were measured while our clock is wrong have no valid time: if stored, they
        // would mix with the records of another time.
        let is_dated = vantage_code(&tried.results) != Some(Code::VantageClock);
        if look != ControlCheck::Diagnostic && is_dated {
            keep(engine, tried.records, observer).await?;
        }
        began = began.or(tried.began);
        results = tried.results;
        if results.is_empty() || results.iter().any(|r| r.passed) {
            break;
        }
        if let Some(wait) = RETRY_AFTER.get(attempt) {
            engine.clock.sleep(*wait).await;
        }
    }
    let at = began.unwrap_or_else(|| engine.clock.now());
    let round = vantage_round(vantage.id.clone(), at, results);
    observer.vantage(&round);
    Ok(round)
}

/// What a check of the controls says about their vantage. A vantage without controls counts as
/// working. When the controls prove that our clock is wrong, their time dates the check.
pub fn vantage_round(vantage: VantageId, at: Time, controls: Vec<ControlResult>) -> VantageRound {
    let usable = is_usable(&controls);
    let own_code = vantage_code(&controls);
    let code = (!usable).then(|| own_code.unwrap_or(Code::VantageOffline));
    let error = clock_error(&controls).filter(|_| code == Some(Code::VantageClock));
    // All servers have errors at once: most likely a gateway at our own end.
    let in_trouble = !usable && own_code.is_none();
    let says = |code| match error {
        _ if in_trouble => verdict::CONTROLS_IN_TROUBLE.to_owned(),
        Some(error) => clock_is_wrong(at, error),
        None => verdict::code(Language::En, code).says.to_owned(),
    };
    VantageRound {
        vantage,
        at: error.and_then(|e| at.checked_add_signed(e)).unwrap_or(at),
        usable,
        in_trouble,
        text: code.map(says).unwrap_or_default(),
        code,
        controls,
    }
}

fn clock_is_wrong(shown: Time, error: TimeDelta) -> String {
    let says = verdict::code(Language::En, Code::VantageClock).says;
    let right = shown.checked_add_signed(error).unwrap_or(shown);
    format!(
        "{says} It shows {}; the controls agree on {}.",
        iso(shown),
        iso(right)
    )
}

/// The last try of a check: the newest result of each control, in the order in which they were
/// first tried.
#[must_use]
pub fn last_try(results: Vec<(Time, ControlResult)>) -> Vec<ControlResult> {
    let mut newest: Vec<ControlResult> = Vec::new();
    for (_, result) in results {
        match newest.iter_mut().find(|known| known.url == result.url) {
            Some(known) => *known = result,
            None => newest.push(result),
        }
    }
    newest
}

/// Tries each path control once: how many fail in transport, out of how many. Their records are
/// stored with those of the vantage's controls in this pass.
pub async fn path<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    vantage: &Vantage,
    round: &RoundId,
    pass: &PassId,
    observer: &dyn Observer,
) -> Result<(u32, u32), EngineError> {
    let (mut failed, mut all) = (0, 0);
    let mut records = Vec::new();
    for url in &engine.workspace.settings.path.controls {
        let measurement = engine.measurer.path_control(url, vantage, round).await;
        // A skipped control says nothing, as in results that are derived from records.
        let asked = measurement.extra().is_none_or(|x| x.skipped.is_none());
        let record = record(engine, Some(pass), measurement, observer);
        let fails = |r: &NewMeasurement| r.verdict.code.is_transport();
        all += u32::from(asked);
        failed += u32::from(asked && record.as_ref().is_some_and(fails));
        records.extend(record);
    }
    keep(engine, records, observer).await?;
    Ok((failed, all))
}

/// A control's record, judged.
fn record<M, S>(
    engine: &Engine<M, S>,
    pass: Option<&PassId>,
    mut measurement: Measurement,
    observer: &dyn Observer,
) -> Option<NewMeasurement> {
    if let Some(pass) = pass {
        measurement.set_pass(pass);
    }
    let place = MeasurementKey::from_measurement(&measurement)?;
    let (nothing, measurement) = (History::new(), Cow::Owned(measurement));
    let judgement = Judgement::begin(&engine.judge, None, &nothing, measurement);
    let record = judgement.into_record(place, None, true, engine.clock.now());
    observer.measured(&record.measurement, &record.verdict);
    Some(record)
}

async fn keep<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    records: Vec<NewMeasurement>,
    observer: &dyn Observer,
) -> Result<(), EngineError> {
    let uids: Vec<_> = records
        .iter()
        .filter_map(|r| r.measurement.measurement_uid.clone())
        .collect();
    engine.store.add(records).await?;
    for uid in &uids {
        observer.stored(uid);
    }
    Ok(())
}

/// The controls that are not on cooldown after a name was sent to their address. If all are, the
/// first one is tried anyway: no pass waits for a cooldown.
pub fn to_try<'v, M: Measurer, S>(engine: &Engine<M, S>, vantage: &'v Vantage) -> Vec<&'v Control> {
    let free = |c: &&Control| !engine.measurer.is_left_alone(&c.url, &vantage.id);
    vantage.controls.iter().filter(free).collect()
}

/// One try of all controls, and its start.
struct Tried {
    began: Option<Time>,
    results: Vec<ControlResult>,
    records: Vec<NewMeasurement>,
}

async fn try_all<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    vantage: &Vantage,
    round: &RoundId,
    pass: Option<&PassId>,
    attempt: usize,
    observer: &dyn Observer,
) -> Tried {
    let mut began = None;
    let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
    let mut results = Vec::new();
    let mut records = Vec::new();
    for control in to_try(engine, vantage) {
        let measurement = engine
            .measurer
            .control(control, vantage, round, attempt, false)
            .await;
        began = began.or(Some(measurement.started()));
        results.extend(engine.judge.control_passes(&measurement, control));
        records.extend(record(engine, pass, measurement, observer));
    }
    if results.is_empty()
        && let Some(last) = vantage.controls.first()
    {
        let measurer = &engine.measurer;
        let asked = measurer.control(last, vantage, round, attempt, true);
        let measurement = asked.await;
        // The records say when this was, and a replay dates the check by them.
        began = Some(measurement.started());
        results.extend(engine.judge.control_passes(&measurement, last));
        records.extend(record(engine, pass, measurement, observer));
    }
    Tried {
        began,
        results,
        records,
    }
}
