//! One round: a probe from a vantage, attempt 0 and its confirmations.

use crate::engine::error::EngineError;
use crate::engine::judgement::{Judgement, KnownPast, code_of};
use crate::engine::observer::Observer;
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::setup::Engine;
use crate::model::page::History;
use crate::model::round::{Attempt, Round};
use crate::model::{Code, Measurement, PassId, Probe, RoundId, Source, Status, Vantage};
use crate::store::{MeasurementKey, NewMeasurement};
use crate::track::settle;

use super::references;

/// Makes one round, with the status before it and what is known of the probe. Each attempt is
/// measured, judged and stored before the next one starts; the last attempt of a confirmed turn for
/// the worse is judged again with its discriminators before it is stored.
pub async fn make<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    probe: &Probe,
    source: &Source,
    vantage: &Vantage,
    pass: &PassId,
    (status, known): (Option<&Status>, &KnownPast),
    observer: &dyn Observer,
) -> Result<Round, EngineError> {
    let id = RoundId(uuid::Uuid::now_v7().simple().to_string());
    let mut attempts: Vec<Attempt> = Vec::new();
    let host = probe.host().unwrap_or_default();
    let mut under_way = Some(engine.measurer.begin_round(host, &vantage.id));
    loop {
        let number = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
        let mut measurement = engine.measurer.measure(probe, vantage, &id, number).await;
        measurement.set_pass(pass);
        let mut judgement = references::judge(engine, probe, vantage, measurement, known).await?;
        attempts.push(judgement.attempt(number));
        let next = settle::next(status, &attempts, &engine.workspace.settings.confirm);
        if next == settle::NextAttempt::Done {
            under_way = None;
        }
        if under_way.is_none()
            && settle::is_turn_for_the_worse(status, &attempts)
            && discriminate(engine, probe, vantage, &mut judgement, &known.history).await
        {
            attempts.pop();
            attempts.push(judgement.attempt(number));
        }
        let place = MeasurementKey {
            probe: probe.key(),
            vantage: vantage.id.clone(),
            round: id.clone(),
            attempt: number,
            control: false,
        };
        let record = judgement.into_record(place, Some(source), true, engine.clock.now());
        observer.measured(&record.measurement, &record.verdict);
        save_politeness(engine, probe, vantage, status, record.verdict.code).await?;
        keep(engine, record, observer).await?;
        match next {
            settle::NextAttempt::Done => break,
            settle::NextAttempt::Again { after } => {
                observer.confirming(&probe.key(), after);
                engine.clock.sleep(after).await;
            }
        }
    }
    Ok(Round {
        id,
        probe: probe.key(),
        vantage: vantage.id.clone(),
        attempts,
    })
}

/// Runs the discriminators of a confirmed suspicion's last attempt and adds them to its
/// measurement; returns whether there are any.
async fn discriminate<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    probe: &Probe,
    vantage: &Vantage,
    judgement: &mut Judgement<'_>,
    history: &History,
) -> bool {
    if !judgement.wants_discriminators() {
        return false;
    }
    let code = |m: &mut Measurement| code_of(&engine.judge, Some(probe), history, m);
    let measurement = judgement.measurement();
    let found = engine
        .measurer
        .discriminate(measurement, probe, vantage, &code)
        .await;
    judgement.attach_discriminators(found)
}

async fn keep<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    record: NewMeasurement,
    observer: &dyn Observer,
) -> Result<(), EngineError> {
    let uid = record.measurement.measurement_uid.clone();
    engine.store.add(vec![record]).await?;
    if let Some(uid) = &uid {
        observer.stored(uid);
    }
    Ok(())
}

/// A back-off that a site asks for is saved at once, whatever happens to the pass.
async fn save_politeness<M: Measurer, S: PassStore>(
    engine: &Engine<M, S>,
    probe: &Probe,
    vantage: &Vantage,
    status: Option<&Status>,
    code: Code,
) -> Result<(), EngineError> {
    let Some(host) = probe.host().filter(|_| code.demands_back_off()) else {
        return Ok(());
    };
    let normal = probe.baseline.or_else(|| status?.baseline);
    let is_baseline = normal == Some(code);
    let (id, now) = (&vantage.id, engine.clock.now());
    engine.measurer.back_off(id, host, code, now, is_baseline);
    let politeness = engine.measurer.politeness();
    Ok(engine.store.save_politeness(politeness, now).await?)
}
