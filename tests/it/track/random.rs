//! The tracker under random histories: invariants that hold whatever happens.

use std::collections::BTreeSet;

use accesswatch::model::event::PassOutcome;
use accesswatch::model::incident::MailState;
use accesswatch::model::mail::Notice;
use accesswatch::model::round::Pass;
use accesswatch::model::tracker_state::TrackerState;
use accesswatch::model::{Code, IncidentKind, ProbeKey, VantageId};
use accesswatch::track::{Replayed, replay, track};
use chrono::TimeDelta;
use proptest::prelude::*;

use crate::support::tracking::{Making, World, morning, vantage_round};

const VANTAGES: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];
const PROBES: [&str; 4] = ["s0/home", "s0/fulltext", "s1/home", "s2/home"];

/// One round of a random history: which probe and vantage, and what its attempts see.
#[derive(Debug, Clone)]
struct RandomRound {
    probe: usize,
    vantage: usize,
    codes: Vec<Code>,
    /// Whether the round has exactly these attempts (a broken-off round, a foreign record), or is
    /// made as the engine makes it.
    exactly: bool,
}

#[derive(Debug, Clone)]
struct Step {
    minutes: i64,
    seen: Vec<RandomRound>,
    unusable: Vec<bool>,
    path_fails: bool,
}

fn any_code() -> impl Strategy<Value = Code> {
    prop_oneof![
        4 => Just(Code::Ok),
        2 => Just(Code::TcpTimeout),
        1 => Just(Code::SiteChallenge),
        3 => prop::sample::select(Code::ALL),
    ]
}

fn any_seen() -> impl Strategy<Value = RandomRound> {
    (
        0..PROBES.len(),
        0..VANTAGES.len(),
        prop::collection::vec(any_code(), 1..5),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(probe, vantage, codes, exactly)| RandomRound {
            probe,
            vantage,
            codes,
            exactly,
        })
}

fn any_step() -> impl Strategy<Value = Step> {
    (
        // Usually forwards; sometimes the clock was set back.
        prop_oneof![9 => 1i64..2000, 1 => -3000i64..1],
        prop::collection::vec(any_seen(), 0..8),
        prop::collection::vec(prop::bool::weighted(0.1), VANTAGES.len()),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(minutes, seen, unusable, path_fails)| Step {
            minutes,
            seen,
            unusable,
            path_fails,
        })
}

fn world() -> World {
    let mut context = World::new(3, VANTAGES);
    context.probe("s0/fulltext").depends_on = Some("s0/home".parse().unwrap());
    context.probe("s1/home").provisional = true;
    context.probe("s2/home").baseline = Some(Code::SiteChallenge);
    context
}

fn live(steps: &[Step]) -> World {
    let mut context = world();
    let mut at = morning();
    for step in steps {
        at += TimeDelta::minutes(step.minutes);
        let mut making: Making<'_> = context.pass(at);
        for ((vantage, _), unusable) in VANTAGES.iter().zip(&step.unusable) {
            if *unusable {
                making = making.unusable(vantage, Code::VantageOffline);
            }
            making = making.path(vantage, u32::from(step.path_fails) * 2, 2);
        }
        for seen in &step.seen {
            let (probe, vantage) = (PROBES[seen.probe], VANTAGES[seen.vantage].0);
            making = if seen.exactly {
                making.exactly(probe, vantage, &seen.codes)
            } else {
                making.codes(probe, vantage, &seen.codes)
            };
        }
        making.go();
    }
    context
}

/// Replays these passes from an empty state.
fn replayed(context: &World, passes: Vec<Pass>) -> Replayed {
    let none = TrackerState::default();
    replay(none, passes, &[], &context.catalogue, &context.settings)
}

fn check_book(tracker: &TrackerState) -> Result<(), TestCaseError> {
    let mut open: BTreeSet<&ProbeKey> = BTreeSet::new();
    for incident in tracker.incidents.values() {
        let id = incident.id;
        if let Some(probe) = incident.probe.as_ref().filter(|_| incident.is_open()) {
            prop_assert!(open.insert(probe), "two open incidents of {probe}");
        }
        if let Some(ended) = incident.ended {
            prop_assert!(ended >= incident.first_bad, "#{id} ends before it began");
            prop_assert_eq!(incident.mail, MailState::Done, "#{} is not done", id);
        }
        if incident.is_open() && incident.kind == IncidentKind::Probe {
            prop_assert!(incident.worsened().next().is_some(), "#{id} is of nobody");
            prop_assert!(incident.severity >= 2, "#{id} is too small");
        }
        prop_assert!(incident.checks_bad <= incident.checks);
        prop_assert!(id < tracker.next_incident);
    }
    for status in tracker.statuses.values() {
        prop_assert!(status.observed.code.is_about_source());
        prop_assert!(status.settled.len() <= 21);
        let normal = status.baseline_fixed || !status.baseline.is_some_and(Code::is_outage_like);
        prop_assert!(normal, "{:?} became normal", status.baseline);
    }
    Ok(())
}

/// Each incident opens once, is updated only in between, and ends once and only after it opened.
fn check_notices(outcomes: &[PassOutcome]) -> Result<(), TestCaseError> {
    let (mut opened, mut ended) = (BTreeSet::new(), BTreeSet::new());
    let mut letters = 0;
    for notice in outcomes.iter().flat_map(|o| &o.notices) {
        match notice {
            Notice::Opened { incident } => {
                prop_assert!(opened.insert(*incident), "#{incident} opened twice");
            }
            Notice::Updated { incident } => {
                prop_assert!(opened.contains(incident) && !ended.contains(incident));
            }
            Notice::Recovered { incident } => {
                prop_assert!(opened.contains(incident), "#{incident} was never mailed");
                prop_assert!(ended.insert(*incident), "#{incident} ended twice");
            }
            Notice::FirstLetter => letters += 1,
            Notice::Improved { .. } | Notice::NoData { .. } | Notice::Flapping { .. } => {}
        }
    }
    prop_assert!(letters <= 1);
    Ok(())
}

type Said<'b> = (&'b (ProbeKey, VantageId), Code, Option<Code>, i64);

fn what_statuses_say(tracker: &TrackerState) -> Vec<Said<'_>> {
    tracker
        .statuses
        .iter()
        .map(|(key, s)| (key, s.observed.code, s.baseline, s.since.timestamp()))
        .collect()
}

/// One pass per round, each with the result of its vantage.
fn split(pass: &Pass) -> Vec<Pass> {
    let mut rounds = pass.rounds.clone();
    rounds.sort_by_key(|r| r.attempts.iter().map(|a| a.started).min());
    rounds
        .into_iter()
        .map(|round| Pass {
            at: pass.at,
            vantages: pass
                .vantages
                .iter()
                .filter(|v| v.vantage == round.vantage)
                .cloned()
                .collect(),
            rounds: vec![round],
            path_controls: Vec::new(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn histories_never_panic_and_keep_the_invariants(
        steps in prop::collection::vec(any_step(), 1..30)
    ) {
        let context = live(&steps);
        check_book(&context.tracker)?;
        check_notices(&context.outcomes)?;
    }

    #[test]
    fn replaying_is_living_through_it(steps in prop::collection::vec(any_step(), 1..25)) {
        let context = live(&steps);
        let again = replayed(&context, context.passes.clone());
        prop_assert_eq!(&again.tracker, &context.tracker);
        for (id, incident) in &context.tracker.incidents {
            prop_assert_eq!(again.incidents.get(id), Some(incident));
        }
    }

    #[test]
    fn rounds_may_stand_in_a_pass_in_any_order(steps in prop::collection::vec(any_step(), 1..12)) {
        let context = live(&steps);
        let mut passes = context.passes.clone();
        for pass in &mut passes {
            pass.rounds.reverse();
            pass.vantages.reverse();
            for round in &mut pass.rounds {
                round.attempts.reverse();
            }
        }
        let again = replayed(&context, passes);
        prop_assert_eq!(&again.tracker, &context.tracker);
    }

    #[test]
    fn splitting_passes_does_not_change_statuses(
        steps in prop::collection::vec(any_step(), 1..12)
    ) {
        let context = live(&steps);
        let parts: Vec<Pass> = context.passes.iter().flat_map(split).collect();
        let again = replayed(&context, parts);
        prop_assert_eq!(what_statuses_say(&again.tracker), what_statuses_say(&context.tracker));
    }

    #[test]
    fn a_status_never_moves_on_an_unusable_vantage(
        before in prop::collection::vec(any_step(), 0..6),
        seen in prop::collection::vec(any_seen(), 1..8),
    ) {
        let mut context = live(&before);
        let codes = |context: &World| -> Vec<(Code, Option<Code>)> {
            context.tracker.statuses.values().map(|s| (s.observed.code, s.baseline)).collect()
        };
        let old = codes(&context);
        let at = morning() + TimeDelta::days(60);
        let mut making = context.pass(at);
        for (vantage, _) in VANTAGES {
            making = making.unusable(vantage, Code::VantageOffline);
        }
        for seen in &seen {
            let (probe, vantage) = (PROBES[seen.probe], VANTAGES[seen.vantage].0);
            making = making.exactly(probe, vantage, &seen.codes);
        }
        making.go();
        prop_assert_eq!(codes(&context), old);
    }

    #[test]
    fn single_transient_failures_never_open_an_incident(
        rounds in prop::collection::vec((prop::option::of(0usize..4), any_code()), 1..60)
    ) {
        let mut context = World::new(1, &VANTAGES[..1]);
        context.see(morning(), "s0/home", "here", Code::Ok);
        for (n, (fails_at, code)) in (1i64..).zip(rounds) {
            // A single attempt of the round fails. Codes that state their cause are not transient.
            let code = if code.demands_back_off() { Code::TcpReset } else { code };
            let at = morning() + TimeDelta::hours(6 * n);
            context
                .pass(at)
                .attempts("s0/home", "here", |attempt| {
                    let code = if Some(attempt) == fails_at { code } else { Code::Ok };
                    (code, crate::support::tracking::usual_locus(code))
                })
                .go();
        }
        prop_assert!(context.tracker.incidents.is_empty());
        prop_assert_eq!(context.code("s0/home", "here"), Code::Ok);
    }

    #[test]
    fn the_outcome_holds_exactly_what_changed(steps in prop::collection::vec(any_step(), 1..12)) {
        let context = live(&steps);
        let mut tracker = TrackerState::default();
        let mut kept = TrackerState::default();
        for pass in &context.passes {
            let outcome = track(&mut tracker, pass, &context.catalogue, &context.settings);
            for status in outcome.statuses {
                let key = status.key();
                prop_assert_ne!(kept.statuses.get(&key), Some(&status));
                kept.statuses.insert(key, status);
            }
            for incident in outcome.incidents {
                prop_assert_ne!(kept.incidents.get(&incident.id), Some(&incident));
                kept.incidents.insert(incident.id, incident);
            }
            for vantage in outcome.vantages {
                kept.vantages.insert(vantage.vantage.clone(), vantage);
            }
        }
        prop_assert_eq!(&kept.statuses, &tracker.statuses);
        prop_assert_eq!(&kept.vantages, &tracker.vantages);
        for (id, incident) in &tracker.incidents {
            prop_assert_eq!(kept.incidents.get(id), Some(incident));
        }
    }
}

#[test]
fn a_vantage_round_without_rounds_is_fine() {
    let mut context = world();
    let pass = Pass {
        at: morning(),
        vantages: vec![vantage_round("here", morning(), None)],
        ..Pass::default()
    };
    let outcome = context.track(pass);
    assert_eq!(outcome.vantages.len(), 1);
    assert!(outcome.notices.is_empty());
}
