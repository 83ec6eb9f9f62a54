//! Whether a vantage works: its controls, before a round and again before anything turns worse.
//!
//! A vantage is usable when one of its controls passes within three tries and the others do not contradict it
//! (`docs/verdicts.md`, Confirming). Their measurements are stored like any other, marked as a control's;
//! those that `doctor` makes are not.

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
use crate::model::{Code, Measurement, RoundId, Time, Vantage, VantageId};
use crate::store::{NewMeasurement, Place};

use super::error::EngineError;
use super::judgement::Judgement;
use super::observer::Observer;
use super::setup::Engine;

/// Waits before the second and third try.
const RETRY_AFTER: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(5)];

/// Which look at the controls of a pass it is. Both have one round's id, so that they stay together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Before anything is fetched.
    First,
    /// Before something turns worse. Its attempts are numbered on.
    Again,
    /// By itself, as somebody asked for it: nothing of it is kept.
    Aside,
}

/// Tries the controls of `vantage` until one passes, three times at most. The last try is what counts, and
/// the look is dated by its first, as the records tell it.
pub async fn check(
    engine: &Engine,
    vantage: &Vantage,
    round: &RoundId,
    look: Look,
    observer: &dyn Observer,
) -> Result<VantageRound, EngineError> {
    let mut results = Vec::new();
    let mut began = None;
    let first = match look {
        Look::First | Look::Aside => 0,
        Look::Again => 1 + RETRY_AFTER.len(),
    };
    for attempt in 0..=RETRY_AFTER.len() {
        let tried = try_all(engine, vantage, round, first + attempt, observer).await;
        // What was made while our clock is wrong has no time: kept, it would stand among the records of another.
        let is_dated = vantage_code(&tried.results) != Some(Code::VantageClock);
        if look != Look::Aside && is_dated {
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

/// What a look at the controls says of their vantage. One without controls is taken to work. Where they prove that
/// our clock is wrong, the look is dated by theirs.
pub fn vantage_round(vantage: VantageId, at: Time, controls: Vec<ControlResult>) -> VantageRound {
    let usable = is_usable(&controls);
    let told = vantage_code(&controls);
    let code = (!usable).then(|| told.unwrap_or(Code::VantageOffline));
    let error = clock_error(&controls).filter(|_| code == Some(Code::VantageClock));
    let says = |code| match (told, error) {
        // Servers in trouble, all of them at once: a gateway of our own end, most likely.
        (None, _) => verdict::CONTROLS_IN_TROUBLE.to_owned(),
        (Some(_), Some(error)) => clock_is_wrong(at, error),
        (Some(_), None) => verdict::code(Language::En, code).says.to_owned(),
    };
    VantageRound {
        vantage,
        at: error.and_then(|e| at.checked_add_signed(e)).unwrap_or(at),
        usable,
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

/// The last try of a look: the newest result of each control, in the order in which they were first tried.
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

/// Tries the path controls once each: how many fail in transport, of how many. Their records stand with those of
/// the vantage's controls of this pass.
pub async fn path(
    engine: &Engine,
    vantage: &Vantage,
    round: &RoundId,
    observer: &dyn Observer,
) -> Result<(u32, u32), EngineError> {
    let (mut failed, mut all) = (0, 0);
    let mut records = Vec::new();
    for url in &engine.workspace.settings.path.controls {
        let measurement = engine.prober.path_control(url, vantage, round).await;
        // One that was not asked says nothing, as in what is derived from the records.
        let asked = measurement.extra().is_none_or(|x| x.skipped.is_none());
        let record = record(engine, measurement, observer);
        let fails = |r: &NewMeasurement| r.verdict.code.is_transport();
        all += u32::from(asked);
        failed += u32::from(asked && record.as_ref().is_some_and(fails));
        records.extend(record);
    }
    keep(engine, records, observer).await?;
    Ok((failed, all))
}

/// A control's record, judged.
fn record(
    engine: &Engine,
    measurement: Measurement,
    observer: &dyn Observer,
) -> Option<NewMeasurement> {
    let place = Place::of(&measurement)?;
    let (nothing, measurement) = (History::new(), Cow::Owned(measurement));
    let judgement = Judgement::begin(&engine.judge, None, &nothing, measurement);
    let record = judgement.into_record(place, None, true);
    observer.measured(&record.measurement, &record.verdict);
    Some(record)
}

async fn keep(
    engine: &Engine,
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

/// The controls that are not left alone at present, after a name was sent to their address. Where none is left, the
/// first is asked all the same: no pass waits for a silence.
pub fn to_try<'v>(engine: &Engine, vantage: &'v Vantage) -> Vec<&'v Control> {
    let free = |c: &&Control| !engine.prober.is_left_alone(&c.url, &vantage.id);
    vantage.controls.iter().filter(free).collect()
}

/// One try of all controls, and when it began.
struct Tried {
    began: Option<Time>,
    results: Vec<ControlResult>,
    records: Vec<NewMeasurement>,
}

async fn try_all(
    engine: &Engine,
    vantage: &Vantage,
    round: &RoundId,
    attempt: usize,
    observer: &dyn Observer,
) -> Tried {
    let mut began = None;
    let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
    let mut results = Vec::new();
    let mut records = Vec::new();
    for control in to_try(engine, vantage) {
        let measurement = engine
            .prober
            .control(control, vantage, round, attempt)
            .await;
        began = began.or(Some(measurement.started()));
        results.extend(engine.judge.control_passes(&measurement, control));
        records.extend(record(engine, measurement, observer));
    }
    if results.is_empty()
        && let Some(last) = vantage.controls.first()
    {
        let prober = &engine.prober;
        let measurement = prober.last_control(last, vantage, round, attempt).await;
        results.extend(engine.judge.control_passes(&measurement, last));
        records.extend(record(engine, measurement, observer));
    }
    Tried {
        began,
        results,
        records,
    }
}
