//! One pass over the tracker state: vantages, rounds, correlated change, incidents, missing data,
//! notices.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::model::event::PassOutcome;
use crate::model::probe::Target;
use crate::model::round::{Pass, Round};
use crate::model::tracker_state::TrackerState;
use crate::model::{Catalogue, Incident, Settings, Time};

use super::rounds::{AllowedTransitions, AppliedRound, ControlEvidence, apply};
use super::state_transaction::{PairKey, StateTransaction};
use super::{correlate, doubts, flapping_notice, incidents, no_data, notices, vantages};

/// How long ended incidents stay in the tracker state.
const KEEP_ENDED: TimeDelta = TimeDelta::days(90);

/// Applies one pass to the tracker state and returns what changed.
///
/// Passes are given in order of time. The outcome depends only on the tracker state, the pass and
/// the configuration: the same passes give the same state, with the same incident numbers.
pub fn track(
    tracker: &mut TrackerState,
    pass: &Pass,
    catalogue: &Catalogue,
    settings: &Settings,
) -> PassOutcome {
    let now = newest_evidence(pass);
    forget(tracker, now);
    let mut transaction = StateTransaction::new(tracker, catalogue, settings);
    vantages::update(&mut transaction, pass);
    let waves = waves(&pass.rounds);
    let last = waves.len().saturating_sub(1);
    for (n, wave) in waves.into_iter().enumerate() {
        let ended = newest(&wave).filter(|_| n < last);
        take_wave(&mut transaction, pass, &wave, ended.unwrap_or(now));
    }
    no_data::update(&mut transaction, now);
    flapping_notice::update(&mut transaction, now);
    notices::of_incidents(&mut transaction, now);
    notices::initial_report(&mut transaction);
    transaction.finish()
}

/// The time of the newest observation in a pass. It dates everything that the pass writes, instead
/// of the end of the pass, so that a replay of the observations gives the same dates.
fn newest_evidence(pass: &Pass) -> Time {
    let rounds: Vec<&Round> = pass.rounds.iter().collect();
    let looks = pass.vantages.iter().map(|v| v.at);
    looks.chain(newest(&rounds)).max().unwrap_or(pass.at)
}

/// The rounds of a pass in order of time, so that no (probe, vantage) occurs twice in one wave: a
/// pass that was ingested from a file may have several rounds of one.
fn waves(rounds: &[Round]) -> Vec<Vec<&Round>> {
    let mut sorted: Vec<&Round> = rounds.iter().filter(|r| !r.attempts.is_empty()).collect();
    sorted.sort_by(|a, b| (started(a), &a.id).cmp(&(started(b), &b.id)));
    let mut seen: BTreeMap<PairKey, usize> = BTreeMap::new();
    let mut waves: Vec<Vec<&Round>> = Vec::new();
    for round in sorted {
        let nth = seen
            .entry((round.probe.clone(), round.vantage.clone()))
            .or_default();
        if waves.len() <= *nth {
            waves.push(Vec::new());
        }
        waves[*nth].push(round);
        *nth += 1;
    }
    waves
}

fn started(round: &Round) -> Option<Time> {
    round.attempts.iter().map(|a| a.started).min()
}

fn newest(wave: &[&Round]) -> Option<Time> {
    wave.iter()
        .flat_map(|r| r.attempts.iter().map(|a| a.started))
        .max()
}

/// Applies all rounds first, then what they mean together.
fn take_wave(transaction: &mut StateTransaction<'_>, pass: &Pass, wave: &[&Round], now: Time) {
    let mut applied: Vec<AppliedRound> = Vec::with_capacity(wave.len());
    for round in wave {
        let Some(at) = started(round) else { continue };
        let works = |strict| vantages::works_at(transaction, pass, &round.vantage, at, strict);
        let key = (round.probe.clone(), round.vantage.clone());
        let probe = transaction.probe(&round.probe);
        let declared = probe.and_then(|p| p.baseline);
        let is_plain =
            probe.is_some_and(|p| matches!(&p.target, Target::Url(u) if u.scheme() == "http"));
        let anothers = is_plain && vantages::answers_are_anothers(pass, &round.vantage, at);
        let looked = ControlEvidence {
            usable: works(false),
            turns: match (anothers, works(true)) {
                (true, _) => AllowedTransitions::None,
                (false, true) => AllowedTransitions::All,
                (false, false) => AllowedTransitions::OfContent,
            },
        };
        let taken = apply(transaction.status(&key), round, declared, looked);
        if let Some(taken) = taken {
            if let Some(after) = &taken.after {
                transaction.put_status(after.clone());
            }
            applied.push(taken);
        }
    }
    notices::of_statuses(transaction, &applied);
    correlate::fold(transaction, &applied, pass, now);
    incidents::update(transaction, &applied, now);
    correlate::end(transaction, &applied);
    doubts::update(transaction, wave, now);
}

/// Drops incidents that ended long ago. The store keeps them, and their numbers are never used
/// again.
fn forget(tracker: &mut TrackerState, now: Time) {
    let newest = tracker.incidents.keys().next_back().copied().unwrap_or(0);
    tracker.next_incident = tracker.next_incident.max(newest.saturating_add(1));
    let keep = |i: &Incident| i.ended.is_none_or(|ended| now - ended <= KEEP_ENDED);
    tracker.incidents.retain(|_, incident| keep(incident));
}
