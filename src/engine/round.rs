//! One round: a probe from a vantage, attempt 0 and what confirms it.

use crate::judge::settle;
use crate::model::page::History;
use crate::model::probe::ValueSpec;
use crate::model::round::{Attempt, Round};
use crate::model::{Code, Measurement, Probe, RoundId, Source, Status, Time, Vantage, Verdict};
use crate::store::Place;

use super::error::EngineError;
use super::judgement::{Judgement, code_of};
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
        let measurement = engine.prober.measure(probe, vantage, &id, number).await;
        let mut judgement =
            references::judge(engine, probe, vantage, measurement, &history).await?;
        attempts.push(judgement.attempt(number));
        let next = settle::next(status, &attempts, &engine.workspace.settings.confirm);
        if next == settle::Next::Done {
            under_way = None;
        }
        if under_way.is_none()
            && settle::is_turn_for_the_worse(status, &attempts)
            && discriminate(engine, probe, vantage, &mut judgement, &history).await
        {
            attempts.pop();
            attempts.push(judgement.attempt(number));
        }
        let place = Place {
            probe: probe.key(),
            vantage: vantage.id.clone(),
            round: id.clone(),
            attempt: number,
            control: false,
        };
        let record = judgement.into_record(place, Some(source), true);
        observer.measured(&record.measurement, &record.verdict);
        if keep_manners(engine, probe, vantage, status, &record.verdict) {
            let (back_offs, robots) = engine.prober.manners();
            let now = engine.clock.now();
            engine.store.keep_manners(back_offs, robots, now).await?;
        }
        let uid = record.measurement.measurement_uid.clone();
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

/// Asks the discriminators of a confirmed suspicion's last attempt, which then belong to its measurement; says
/// whether there are any.
async fn discriminate(
    engine: &Engine,
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
        .prober
        .discriminate(measurement, Some(probe), vantage, &code)
        .await;
    judgement.attach_discriminators(found)
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
