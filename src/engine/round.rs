//! One round: a probe from a vantage, attempt 0 and what confirms it.

use std::collections::BTreeMap;

use crate::judge::{Judge, Reading, beside, elsewhere, settle};
use crate::model::Observation;
use crate::model::page::{History, Value};
use crate::model::probe::ValueSpec;
use crate::model::round::{Attempt, Round};
use crate::model::{Code, Measurement, Probe, RoundId, Source, Status, Time, Vantage, Verdict};
use crate::store::{NewMeasurement, Place};

use super::error::EngineError;
use super::observer::Observer;
use super::references;
use super::setup::Engine;

/// A round that was made.
pub struct MadeRound {
    pub round: Round,
}

/// Makes one round. Each attempt is measured, judged and stored before the next is thought of; the last one of
/// a confirmed turn for the worse is judged again with its discriminators before it is stored.
pub async fn make(
    engine: &Engine,
    probe: &Probe,
    source: &Source,
    vantage: &Vantage,
    status: Option<&Status>,
    observer: &dyn Observer,
) -> Result<MadeRound, EngineError> {
    let id = RoundId(uuid::Uuid::now_v7().simple().to_string());
    let history = history_of(engine, probe, vantage).await?;
    let mut attempts: Vec<Attempt> = Vec::new();
    let host = probe.host().unwrap_or_default();
    let mut under_way = Some(engine.prober.round_under_way(host, &vantage.id));
    loop {
        let number = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
        let mut measurement = engine.prober.measure(probe, vantage, &id, number).await;
        let mut judged =
            references::judge(engine, probe, vantage, &mut measurement, &history).await?;
        attempts.push(attempt_of(
            &measurement,
            judged.observed(&measurement),
            number,
        ));
        let next = settle::next(status, &attempts, &engine.workspace.settings.confirm);
        if next == settle::Next::Done {
            under_way = None;
        }
        if under_way.is_none()
            && settle::is_turn_for_the_worse(status, &attempts)
            && ask_beside(
                engine,
                probe,
                vantage,
                &judged.verdict,
                &mut measurement,
                &history,
            )
            .await
        {
            judged = judge(&engine.judge, Some(probe), &mut measurement, &history);
            attempts.pop();
            attempts.push(attempt_of(
                &measurement,
                judged.observed(&measurement),
                number,
            ));
        }
        let JudgedOnce {
            verdict, values, ..
        } = judged;
        references::carry_sketch(
            engine,
            probe,
            source.store_body,
            verdict.code,
            &mut measurement,
        );
        observer.measured(&measurement, &verdict);
        if keep_manners(engine, probe, vantage, status, &verdict) {
            let (back_offs, robots) = engine.prober.manners();
            let now = engine.clock.now();
            engine.store.keep_manners(back_offs, robots, now).await?;
        }
        let uid = measurement.measurement_uid.clone();
        let record = NewMeasurement {
            place: Place {
                probe: probe.key(),
                vantage: vantage.id.clone(),
                round: id.clone(),
                attempt: number,
                control: false,
            },
            measurement,
            verdict,
            level: Some(probe.level),
            values,
            store_body: source.store_body,
            own: true,
        };
        engine.store.add(vec![record]).await?;
        if let Some(uid) = &uid {
            observer.stored(uid);
        }
        match next {
            settle::Next::Done => break,
            settle::Next::Again { after } => {
                observer.confirming(&probe.key(), after);
                engine.clock.sleep(after).await;
            }
        }
    }
    Ok(MadeRound {
        round: Round {
            id,
            probe: probe.key(),
            vantage: vantage.id.clone(),
            attempts,
        },
    })
}

/// Asks the discriminators of a confirmed suspicion's last attempt, which then belong to its measurement; tells
/// whether there are any.
async fn ask_beside(
    engine: &Engine,
    probe: &Probe,
    vantage: &Vantage,
    verdict: &Verdict,
    measurement: &mut Measurement,
    history: &History,
) -> bool {
    if !beside::concerns(measurement, verdict) {
        return false;
    }
    let judged = |m: &mut Measurement| judge(&engine.judge, Some(probe), m, history).verdict.code;
    let found = engine
        .prober
        .discriminate(measurement, Some(probe), vantage, &judged)
        .await;
    let any = !found.is_empty();
    if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
        extra.discriminators = found;
    }
    any
}

/// The probe's good values from this vantage; read only when a rule of one of its values looks back.
async fn history_of(
    engine: &Engine,
    probe: &Probe,
    vantage: &Vantage,
) -> Result<History, EngineError> {
    if !probe.values.iter().any(ValueSpec::looks_back) {
        return Ok(History::new());
    }
    Ok(engine.store.history(&probe.key(), &vantage.id).await?)
}

/// What a record that was read once means.
pub(super) struct JudgedOnce {
    pub verdict: Verdict,
    pub values: BTreeMap<String, Value>,
    /// All that was read; its values are in `values`.
    pub reading: Reading,
}

impl JudgedOnce {
    /// What is kept of it.
    pub fn observed(&self, measurement: &Measurement) -> Observation {
        self.verdict.observed(measurement.http_status())
    }
}

/// Reads the page once, fills the record with what it gave, and decides.
pub(super) fn judge(
    judge: &Judge,
    probe: Option<&Probe>,
    measurement: &mut Measurement,
    history: &History,
) -> JudgedOnce {
    let mut reading = judge.read(measurement, probe);
    let now = measurement.started();
    let verdict = judge.decide(&reading, measurement, probe, history, now);
    if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
        reading.facts.write_into(extra);
    }
    JudgedOnce {
        verdict,
        values: std::mem::take(&mut reading.facts.values),
        reading,
    }
}

/// The tracker's view of a judged measurement.
#[must_use]
pub fn attempt_of(measurement: &Measurement, observed: Observation, number: u32) -> Attempt {
    Attempt {
        uid: measurement
            .measurement_uid
            .clone()
            .unwrap_or_else(|| "".into()),
        attempt: number,
        started: measurement.started(),
        elsewhere: elsewhere::seen(measurement),
        told: beside::told(measurement, &observed),
        observed,
    }
}

/// A site that asks for manners gets them at once, whatever becomes of the pass; tells whether it asked.
fn keep_manners(
    engine: &Engine,
    probe: &Probe,
    vantage: &Vantage,
    status: Option<&Status>,
    verdict: &Verdict,
) -> bool {
    let asks = matches!(
        verdict.code,
        Code::SiteChallenge | Code::SiteIpBan | Code::SiteRateLimited
    );
    let Some(host) = probe.host().filter(|_| asks) else {
        return false;
    };
    let normal = probe.baseline.or_else(|| status?.baseline);
    let is_baseline = normal == Some(verdict.code);
    let now: Time = engine.clock.now();
    engine
        .prober
        .back_off(&vantage.id, host, verdict.code, now, is_baseline);
    true
}
