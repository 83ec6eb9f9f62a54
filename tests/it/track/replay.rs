//! Replaying a history: operator actions count, numbers and mail state stay.

use std::collections::BTreeMap;

use accesswatch::model::event::Event;
use accesswatch::model::incident::{BrowserResult, HumanCheck, MailState};
use accesswatch::model::tracker_state::TrackerState;
use accesswatch::model::{Code, Finding, Incident, Time};
use accesswatch::track;
use accesswatch::track::{OperatorAction, Replayed, operator_actions, reconcile, replay};
use chrono::TimeDelta;

use crate::support::tracking::{World, key, morning};

const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

/// A history with operator actions: `s0` was lost and accepted, `s1` is down and was observed.
fn lived() -> (World, Vec<Event>, BTreeMap<i64, Incident>) {
    let mut context = World::new(2, TWO);
    let both = |code| [("here", code), ("seoul", code)];
    let pass = |context: &mut World, n, first, second| {
        context
            .pass(hours(n))
            .rounds("s0/home", &both(first))
            .rounds("s1/home", &both(second))
            .go()
    };
    pass(&mut context, 0, Code::Ok, Code::Ok);
    pass(&mut context, 6, Code::SiteLogin, Code::TcpTimeout);
    let (catalogue, settings) = (context.catalogue.clone(), context.settings.clone());
    let accepted = track::accept(
        &mut context.tracker,
        &key("s0/home"),
        None,
        hours(7),
        &catalogue,
        &settings,
    )
    .unwrap();
    context.outcomes.push(accepted);
    let check = HumanCheck {
        at: hours(8),
        browser: BrowserResult::Refused,
        network: "mainland".to_owned(),
        saw: None,
        by: None,
    };
    let observed = track::observe(&mut context.tracker, 2, check, &catalogue, &settings).unwrap();
    context.outcomes.push(observed);
    pass(&mut context, 12, Code::SiteLogin, Code::TcpTimeout);
    let events = context
        .outcomes
        .iter()
        .flat_map(|o| o.events.clone())
        .collect();
    let incidents = context.tracker.incidents.clone();
    (context, events, incidents)
}

fn again(context: &World, actions: &[OperatorAction]) -> Replayed {
    replay(
        TrackerState::default(),
        context.passes.clone(),
        actions,
        &context.catalogue,
        &context.settings,
    )
}

#[test]
fn a_replay_with_what_people_did_gives_the_same_book() {
    let (context, events, incidents) = lived();
    let done = operator_actions(&events, incidents.values());
    assert_eq!(done.len(), 2, "two vantages accepted at once, one look");
    let replayed = again(&context, &done);
    assert_eq!(replayed.tracker, context.tracker);
    assert_eq!(replayed.incidents[&2].finding, Finding::Outage);
    assert!(!replayed.incidents[&1].is_open(), "accepted");
    assert_eq!(replayed.events.len(), events.len());
}

#[test]
fn without_what_people_did_it_would_differ() {
    let (context, _, _) = lived();
    let replayed = again(&context, &[]);
    assert!(replayed.incidents[&1].is_open());
    assert_eq!(replayed.incidents[&2].finding, Finding::Unreachable);
}

#[test]
fn reconciling_the_same_changes_nothing() {
    let (context, events, incidents) = lived();
    let mut replayed = again(&context, &operator_actions(&events, incidents.values()));
    let before = replayed.clone();
    let gone = reconcile(&mut replayed, &incidents, context.tracker.next_incident);
    assert!(gone.is_empty());
    assert_eq!(replayed, before);
}

#[test]
fn numbers_and_mail_state_follow_the_incident_not_the_order() {
    let (mut context, events, incidents) = lived();
    // A better rule now judges the first source's round as `ok`, so #2 would become #1.
    for pass in &mut context.passes {
        for round in pass.rounds.iter_mut().filter(|r| r.probe == key("s0/home")) {
            for attempt in &mut round.attempts {
                attempt.observed.code = Code::Ok;
            }
        }
    }
    let mut replayed = again(&context, &operator_actions(&events, incidents.values()));
    assert_eq!(
        replayed
            .tracker
            .incidents
            .keys()
            .copied()
            .collect::<Vec<_>>(),
        [1]
    );
    let gone = reconcile(&mut replayed, &incidents, context.tracker.next_incident);
    assert_eq!(gone, [1]);
    let kept = &replayed.tracker.incidents[&2];
    assert_eq!(kept.probe, Some(key("s1/home")));
    assert_eq!(kept.mail, MailState::Mailed);
    assert_eq!(replayed.tracker.next_incident, 3);
    let told = replayed.events.iter().filter_map(|e| e.incident);
    assert!(told.into_iter().all(|id| id == 2));
}

#[test]
fn an_incident_nobody_was_told_of_gets_a_fresh_number_and_no_recovery_mail() {
    let (mut context, events, _) = lived();
    let mut replayed = again(&context, &operator_actions(&events, []));
    let gone = reconcile(&mut replayed, &BTreeMap::new(), 40);
    assert!(gone.is_empty());
    let ids: Vec<i64> = replayed.tracker.incidents.keys().copied().collect();
    assert_eq!(ids, [40, 41]);
    assert_eq!(replayed.tracker.incidents[&40].mail, MailState::Done);
    assert_ne!(replayed.tracker.incidents[&41].mail, MailState::Mailed);
    assert_eq!(replayed.tracker.next_incident, 42);
    context.tracker = replayed.tracker;
    let outcome = context
        .pass(hours(18))
        .rounds("s1/home", &[("here", Code::Ok), ("seoul", Code::Ok)])
        .go();
    assert!(outcome.notices.is_empty());
}
