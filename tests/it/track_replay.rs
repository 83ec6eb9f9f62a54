//! Deriving again what was lived through: what people did counts, numbers and mail state stay.

use std::collections::BTreeMap;

use accesswatch::judge::track::{self, Deed, Replayed, deeds, reconcile, replay};
use accesswatch::model::book::Book;
use accesswatch::model::event::Event;
use accesswatch::model::incident::{BrowserResult, HumanCheck, MailState};
use accesswatch::model::{Code, Finding, Incident, Time};
use chrono::TimeDelta;

use crate::support::tracking::{World, key, morning};

const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

/// A world in which people acted: `s0` was lost and accepted, `s1` is down and was looked at.
fn lived() -> (World, Vec<Event>, BTreeMap<i64, Incident>) {
    let mut world = World::new(2, TWO);
    let both = |code| [("here", code), ("seoul", code)];
    let pass = |world: &mut World, n, first, second| {
        world
            .pass(hours(n))
            .rounds("s0/home", &both(first))
            .rounds("s1/home", &both(second))
            .go()
    };
    pass(&mut world, 0, Code::Ok, Code::Ok);
    pass(&mut world, 6, Code::SiteLogin, Code::TcpTimeout);
    let (catalogue, settings) = (world.catalogue.clone(), world.settings.clone());
    let accepted = track::accept(
        &mut world.book,
        &key("s0/home"),
        None,
        hours(7),
        &catalogue,
        &settings,
    )
    .unwrap();
    world.outcomes.push(accepted);
    let check = HumanCheck {
        at: hours(8),
        browser: BrowserResult::Refused,
        network: "mainland".to_owned(),
        saw: None,
        by: None,
    };
    let observed = track::observe(&mut world.book, 2, check, &catalogue, &settings).unwrap();
    world.outcomes.push(observed);
    pass(&mut world, 12, Code::SiteLogin, Code::TcpTimeout);
    let events = world
        .outcomes
        .iter()
        .flat_map(|o| o.events.clone())
        .collect();
    let incidents = world.book.incidents.clone();
    (world, events, incidents)
}

fn again(world: &World, deeds: &[Deed]) -> Replayed {
    replay(
        Book::default(),
        world.passes.clone(),
        deeds,
        &world.catalogue,
        &world.settings,
    )
}

#[test]
fn a_replay_with_what_people_did_gives_the_same_book() {
    let (world, events, incidents) = lived();
    let done = deeds(&events, incidents.values());
    assert_eq!(done.len(), 2, "two vantages accepted at once, one look");
    let replayed = again(&world, &done);
    assert_eq!(replayed.book, world.book);
    assert_eq!(replayed.incidents[&2].finding, Finding::Outage);
    assert!(!replayed.incidents[&1].is_open(), "accepted");
    assert_eq!(replayed.events.len(), events.len());
}

#[test]
fn without_what_people_did_it_would_differ() {
    let (world, _, _) = lived();
    let replayed = again(&world, &[]);
    assert!(replayed.incidents[&1].is_open());
    assert_eq!(replayed.incidents[&2].finding, Finding::Unreachable);
}

#[test]
fn reconciling_the_same_changes_nothing() {
    let (world, events, incidents) = lived();
    let mut replayed = again(&world, &deeds(&events, incidents.values()));
    let before = replayed.clone();
    let gone = reconcile(&mut replayed, &incidents, world.book.next_incident);
    assert!(gone.is_empty());
    assert_eq!(replayed, before);
}

#[test]
fn numbers_and_mail_state_follow_the_incident_not_the_order() {
    let (mut world, events, incidents) = lived();
    // A better rule now reads the first source's round as fine: #2 would come out as #1.
    for pass in &mut world.passes {
        for round in pass.rounds.iter_mut().filter(|r| r.probe == key("s0/home")) {
            for attempt in &mut round.attempts {
                attempt.observed.code = Code::Ok;
            }
        }
    }
    let mut replayed = again(&world, &deeds(&events, incidents.values()));
    assert_eq!(
        replayed.book.incidents.keys().copied().collect::<Vec<_>>(),
        [1]
    );
    let gone = reconcile(&mut replayed, &incidents, world.book.next_incident);
    assert_eq!(gone, [1]);
    let kept = &replayed.book.incidents[&2];
    assert_eq!(kept.probe, Some(key("s1/home")));
    assert_eq!(kept.mail, MailState::Mailed);
    assert_eq!(replayed.book.next_incident, 3);
    let told = replayed.events.iter().filter_map(|e| e.incident);
    assert!(told.into_iter().all(|id| id == 2));
}

#[test]
fn an_incident_nobody_was_told_of_gets_a_fresh_number_and_no_recovery_mail() {
    let (mut world, events, _) = lived();
    let mut replayed = again(&world, &deeds(&events, []));
    let gone = reconcile(&mut replayed, &BTreeMap::new(), 40);
    assert!(gone.is_empty());
    let ids: Vec<i64> = replayed.book.incidents.keys().copied().collect();
    assert_eq!(ids, [40, 41]);
    assert_eq!(replayed.book.incidents[&40].mail, MailState::Done);
    assert_ne!(replayed.book.incidents[&41].mail, MailState::Mailed);
    assert_eq!(replayed.book.next_incident, 42);
    world.book = replayed.book;
    let outcome = world
        .pass(hours(18))
        .rounds("s1/home", &[("here", Code::Ok), ("seoul", Code::Ok)])
        .go();
    assert!(outcome.notices.is_empty());
}
