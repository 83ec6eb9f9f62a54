//! Phases: "since" belongs to the verdict shown, "last good" is before "first bad", and the story
//! is in order.

use accesswatch::model::event::EventKind;
use accesswatch::model::phase::Phase;
use accesswatch::model::{Code, Time};
use chrono::TimeDelta;

use crate::support::tracking::{World, morning, notices};

const PROBE: &str = "s0/fulltext";
const BOTH: [(&str, &str); 2] = [("berlin", "DE"), ("seoul", "KR")];

/// Everything is well from both vantages, a day before [`morning`].
fn world() -> World {
    let mut context = World::new(1, &BOTH);
    both(&mut context, day(-1), Code::Ok, Code::Ok);
    context
}

fn day(n: i64) -> Time {
    morning() + TimeDelta::days(n)
}

fn both(context: &mut World, at: Time, berlin: Code, seoul: Code) {
    let codes = [("berlin", berlin), ("seoul", seoul)];
    context.pass(at).rounds(PROBE, &codes).go();
}

fn phases(context: &World, vantage: &str) -> Vec<(Code, Time, Option<Time>, u32, u32)> {
    let incident = context.tracker.incidents.values().last().unwrap();
    let shape = |p: &Phase| (p.code, p.from, p.to, p.checks, p.checks_bad);
    let part = &incident.vantages[&vantage.into()];
    part.phases.iter().map(shape).collect()
}

#[test]
fn last_good_lies_before_first_bad_also_when_a_vantage_joins_later() {
    let mut context = world();
    both(&mut context, day(0), Code::Ok, Code::SiteGeoBlock);
    both(&mut context, day(3), Code::Ok, Code::SiteGeoBlock);
    both(&mut context, day(6), Code::SiteGeoBlock, Code::SiteGeoBlock);
    let incident = context.open(PROBE).unwrap();
    assert_eq!(incident.first_bad, day(0));
    assert_eq!(
        incident.last_good,
        Some(day(-1)),
        "that of the first vantage"
    );
    let berlin = &incident.vantages[&"berlin".into()];
    assert_eq!((berlin.last_good, berlin.first_bad), (Some(day(3)), day(6)));

    // The first vantage recovers and is refused again: what it saw in between is not the beginning
    // of the incident.
    both(&mut context, day(7), Code::SiteGeoBlock, Code::Ok);
    both(&mut context, day(8), Code::SiteGeoBlock, Code::SiteGeoBlock);
    let incident = context.open(PROBE).unwrap();
    assert_eq!(
        (incident.last_good, incident.first_bad),
        (Some(day(-1)), day(0))
    );
    let seoul = phases(&context, "seoul");
    let geo = Code::SiteGeoBlock;
    assert_eq!(
        seoul,
        [(geo, day(0), Some(day(7)), 3, 3), (geo, day(8), None, 1, 1)]
    );
}

#[test]
fn a_verdict_is_never_dated_back_to_an_earlier_one() {
    let mut context = world();
    both(&mut context, day(0), Code::ContentStale, Code::ContentStale);
    both(&mut context, day(1), Code::SiteGeoBlock, Code::SiteGeoBlock);
    both(&mut context, day(2), Code::SiteGeoBlock, Code::SiteGeoBlock);
    let incident = context.open(PROBE).unwrap();
    assert_eq!(
        (incident.first_bad, incident.to),
        (day(0), Code::SiteGeoBlock)
    );
    assert_eq!(incident.since(), day(1));
    assert_eq!(incident.vantages[&"seoul".into()].since(), day(1));
    assert_eq!(context.status(PROBE, "seoul").unwrap().since, day(1));
    both(&mut context, day(4), Code::Ok, Code::Ok);
    let (stale, geo) = (Code::ContentStale, Code::SiteGeoBlock);
    for vantage in ["berlin", "seoul"] {
        let ended = [
            (stale, day(0), Some(day(1)), 1, 1),
            (geo, day(1), Some(day(4)), 2, 2),
        ];
        assert_eq!(phases(&context, vantage), ended, "{vantage}");
    }
}

#[test]
fn what_eased_was_as_grave_as_it_was() {
    let mut context = world();
    both(&mut context, day(0), Code::ContentEmpty, Code::ContentEmpty);
    both(&mut context, day(1), Code::ContentNulls, Code::ContentNulls);
    let incident = context.open(PROBE).unwrap();
    assert_eq!((incident.to, incident.severity), (Code::ContentNulls, 3));
    assert_eq!(incident.worst_severity(day(1)), 4);
    let told = incident.phases_together();
    let codes: Vec<Code> = told.iter().map(|p| p.code).collect();
    assert_eq!(codes, [Code::ContentEmpty, Code::ContentNulls]);
}

#[test]
fn a_suspicion_within_an_incident_is_a_check_of_its_phase_and_no_phase() {
    let mut context = world();
    both(&mut context, day(0), Code::Ok, Code::SiteGeoBlock);
    let pass = context.pass(day(1)).round(PROBE, "berlin", Code::Ok);
    let unsure = [Code::Ok, Code::SiteGeoBlock, Code::Ok];
    pass.exactly(PROBE, "seoul", &unsure).go();
    let geo = Code::SiteGeoBlock;
    assert_eq!(phases(&context, "seoul"), [(geo, day(0), None, 2, 2)]);
}

#[test]
fn opened_stands_before_joined_and_a_change_within_names_its_incident() {
    let mut context = world();
    // Berlin is first by name and last by time.
    let pass = context
        .pass(day(0))
        .round(PROBE, "seoul", Code::SiteGeoBlock);
    let mut late = pass.round(PROBE, "berlin", Code::SiteGeoBlock);
    let berlin = late.pass.rounds.last_mut().unwrap();
    for attempt in &mut berlin.attempts {
        attempt.started += TimeDelta::seconds(90);
    }
    let opening = late.go();
    assert_eq!(notices(&opening), ["opened #1"]);
    let mut told: Vec<_> = opening
        .events
        .iter()
        .filter(|e| e.incident == Some(1))
        .collect();
    told.sort_by_key(|e| e.at); // as tables do; the sort keeps equals in their order
    let kinds: Vec<EventKind> = told.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [EventKind::Opened, EventKind::Joined]);

    let codes = [("berlin", Code::SiteGeoBlock), ("seoul", Code::SiteLogin)];
    let turned = context.pass(day(1)).rounds(PROBE, &codes).go();
    let changed: Vec<_> = turned
        .events
        .iter()
        .filter(|e| e.kind == EventKind::Changed)
        .collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(
        (changed[0].incident, changed[0].from, changed[0].to),
        (Some(1), Some(Code::SiteGeoBlock), Some(Code::SiteLogin))
    );
    // A change outside any incident names none.
    let aside = context.see(day(1), "s0/home", "seoul", Code::Ok);
    assert!(aside.events.iter().all(|e| e.incident.is_none()));
    let aside = context.see(day(2), "s0/home", "seoul", Code::ContentChanged);
    let kinds: Vec<_> = aside.events.iter().map(|e| (e.kind, e.incident)).collect();
    assert_eq!(kinds, [(EventKind::Changed, None)]);
}

#[test]
fn a_vantage_that_fails_in_another_way_has_phases_too() {
    let mut context = world();
    for (n, code) in [
        (0, Code::VantageOffline),
        (1, Code::VantageOffline),
        (2, Code::VantageCaptive),
    ] {
        context.pass(day(n)).unusable("seoul", code).go();
    }
    context.pass(day(3)).go();
    let (offline, captive) = (Code::VantageOffline, Code::VantageCaptive);
    assert_eq!(
        phases(&context, "seoul"),
        [
            (offline, day(0), Some(day(2)), 2, 2),
            (captive, day(2), Some(day(3)), 1, 1)
        ]
    );
}
