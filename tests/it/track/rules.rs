//! The tracker, rule by rule: statuses and incidents of sources (`docs/verdicts.md`, Confirming and
//! Incidents).

use accesswatch::model::event::EventKind;
use accesswatch::model::mail::Notice;
use accesswatch::model::{Code, Finding, IncidentKind, Locus, Time, VantageId};
use accesswatch::track;
use chrono::TimeDelta;

use crate::support::tracking::{World, key, kinds, morning, notices};

const ONE: &[(&str, &str)] = &[("here", "US")];
const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

#[test]
fn first_sight_one_ok_sets_the_status() {
    let mut context = World::new(1, ONE);
    let outcome = context
        .pass(morning())
        .codes("s0/home", "here", &[Code::TcpReset, Code::Ok])
        .go();
    let status = context.status("s0/home", "here").unwrap();
    assert_eq!(
        (status.observed.code, status.baseline),
        (Code::Ok, Some(Code::Ok))
    );
    assert!(status.was_ok && !status.already_restricted);
    assert_eq!(notices(&outcome), ["first letter"]);
}

#[test]
fn already_restricted_at_first_sight_opens_nothing() {
    let mut context = World::new(1, ONE);
    for n in 0..4 {
        context.see(hours(6 * n), "s0/home", "here", Code::SiteGeoBlock);
    }
    let status = context.status("s0/home", "here").unwrap();
    assert!(status.already_restricted);
    assert_eq!(status.baseline, Some(Code::SiteGeoBlock));
    assert!(context.tracker.incidents.is_empty());
}

#[test]
fn unreachable_at_first_sight_opens_nothing_and_is_no_baseline() {
    let mut context = World::new(1, ONE);
    for n in 0..4 {
        context.see(hours(6 * n), "s0/home", "here", Code::TcpTimeout);
    }
    context.see(hours(24), "s0/home", "here", Code::DnsNxdomain);
    assert_eq!(context.status("s0/home", "here").unwrap().baseline, None);
    assert!(context.tracker.incidents.is_empty());
    let outcome = context.see(hours(30), "s0/home", "here", Code::Ok);
    assert_eq!(notices(&outcome), ["improved s0/home dns.nxdomain ok"]);
    context.see(hours(36), "s0/home", "here", Code::TcpTimeout);
    assert!(context.open("s0/home").is_some(), "now it was seen to turn");
}

#[test]
fn restricted_against_a_declared_baseline_opens_only_when_it_gets_graver() {
    let mut context = World::new(1, ONE);
    context.probe("s0/home").baseline = Some(Code::Ok);
    context.see(hours(0), "s0/home", "here", Code::SiteLogin);
    context.see(hours(6), "s0/home", "here", Code::SitePaywall);
    assert!(context.tracker.incidents.is_empty());
    context.see(hours(12), "s0/home", "here", Code::SiteGeoBlock);
    assert_eq!(context.open("s0/home").unwrap().to, Code::SiteGeoBlock);
}

#[test]
fn severity_2_opens_severity_1_is_an_event() {
    let mut context = World::seen_well(ONE, 2);
    let outcome = context
        .pass(morning())
        .round("s0/home", "here", Code::ContentChanged)
        .round("s1/home", "here", Code::SiteEdition)
        .go();
    assert!(context.open("s0/home").is_none());
    assert!(kinds(&outcome).contains(&EventKind::Changed));
    let incident = context.open("s1/home").unwrap();
    assert_eq!((incident.severity, incident.finding), (2, Finding::Changed));
    let outcome = context.see(hours(6), "s0/home", "here", Code::Ok);
    assert_eq!(kinds(&outcome), [EventKind::Restored]);
}

#[test]
fn one_transient_failure_opens_nothing() {
    let mut context = World::seen_well(ONE, 1);
    let outcome = context
        .pass(morning())
        .codes("s0/home", "here", &[Code::TcpReset, Code::Ok])
        .go();
    assert_eq!(kinds(&outcome), [EventKind::NotConfirmed]);
    let status = context.status("s0/home", "here").unwrap();
    assert_eq!(
        (status.observed.code, status.suspected),
        (Code::Ok, Some(Code::TcpReset))
    );
    assert_eq!(status.last_verified, Some(morning()));
    assert!(context.tracker.incidents.is_empty());
}

#[test]
fn a_round_with_only_attempt_zero_leaves_the_status_standing() {
    let mut context = World::seen_well(ONE, 1);
    context
        .pass(morning())
        .exactly("s0/home", "here", &[Code::HttpForbidden])
        .go();
    assert_eq!(context.code("s0/home", "here"), Code::Ok);
}

#[test]
fn an_incident_keeps_what_a_reader_needs() {
    let mut context = World::seen_well(TWO, 1);
    context
        .pass(hours(-6))
        .round("s0/fulltext", "here", Code::Ok)
        .go();
    context
        .pass(morning())
        .rounds("s0/home", &[("here", Code::SiteLogin), ("seoul", Code::Ok)])
        .go();
    let incident = context.open("s0/home").unwrap();
    assert_eq!(incident.kind, IncidentKind::Probe);
    assert_eq!(incident.source, Some("s0".into()));
    assert_eq!((incident.from, incident.to), (Code::Ok, Code::SiteLogin));
    assert_eq!(incident.first_bad, morning());
    assert_eq!(incident.confirmed, morning() + TimeDelta::seconds(260));
    assert_eq!(incident.last_good, Some(hours(-6)));
    assert_eq!(incident.controls_ok.to_string(), "2 of 2");
    assert_eq!(incident.still_works, ["s0/fulltext (fulltext)"]);
    assert_eq!((incident.checks, incident.checks_bad), (2, 1));
    assert_eq!(incident.changes[0].text, "here: ok -> site.login");
    assert_eq!(incident.evidence.len(), 1);
}

#[test]
fn vantages_join_and_leave_and_the_last_one_back_ends_it() {
    let mut context = World::seen_well(TWO, 1);
    let both = |here, seoul| [("here", here), ("seoul", seoul)];
    context
        .pass(hours(0))
        .rounds("s0/home", &both(Code::HttpForbidden, Code::Ok))
        .go();
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::GeoRestricted
    );
    let joined = context
        .pass(hours(6))
        .rounds("s0/home", &both(Code::HttpForbidden, Code::HttpForbidden))
        .go();
    assert!(kinds(&joined).contains(&EventKind::Joined));
    let incident = context.open("s0/home").unwrap();
    assert_eq!(incident.vantages.len(), 2);
    assert_eq!(incident.finding, Finding::ProgramRefused, "derived anew");
    let left = context
        .pass(hours(12))
        .rounds("s0/home", &both(Code::HttpForbidden, Code::Ok))
        .go();
    assert!(kinds(&left).contains(&EventKind::Left));
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::ProgramRefused,
        "frozen once recovery starts"
    );
    let ended = context
        .pass(hours(18))
        .rounds("s0/home", &both(Code::Ok, Code::Ok))
        .go();
    assert!(kinds(&ended).contains(&EventKind::Ended));
    assert!(context.open("s0/home").is_none());
    let incident = &context.tracker.incidents[&1];
    assert_eq!(incident.ended, Some(hours(18)));
    assert_eq!((incident.checks, incident.checks_bad), (8, 4));
}

#[test]
fn the_next_incident_has_the_next_number() {
    let mut context = World::seen_well(ONE, 1);
    for n in 0..3 {
        context.see(hours(12 * n), "s0/home", "here", Code::SiteLogin);
        context.see(hours(12 * n + 6), "s0/home", "here", Code::Ok);
    }
    let ids: Vec<i64> = context.tracker.incidents.keys().copied().collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(context.open_count(), 0);
}

#[test]
fn a_probe_whose_parent_has_an_open_incident_opens_none() {
    let mut context = World::new(1, ONE);
    context.probe("s0/fulltext").depends_on = Some(key("s0/home"));
    let both = |context: &mut World, at, home, full| {
        context
            .pass(at)
            .round("s0/fulltext", "here", full)
            .round("s0/home", "here", home)
            .go()
    };
    both(&mut context, hours(-6), Code::Ok, Code::Ok);
    both(
        &mut context,
        hours(0),
        Code::SiteWafBlock,
        Code::SiteWafBlock,
    );
    assert!(context.open("s0/home").is_some());
    assert!(
        context.open("s0/fulltext").is_none(),
        "in the same pass already"
    );
    both(&mut context, hours(6), Code::Ok, Code::SiteWafBlock);
    assert!(
        context.open("s0/fulltext").is_some(),
        "the parent is back, this is not"
    );
}

#[test]
fn improvement_raises_the_baseline_and_is_told_once() {
    let mut context = World::new(1, ONE);
    context.see(hours(0), "s0/home", "here", Code::SiteGeoBlock);
    let better = context.see(hours(6), "s0/home", "here", Code::Ok);
    assert_eq!(notices(&better), ["improved s0/home site.geo_block ok"]);
    assert!(notices(&context.see(hours(12), "s0/home", "here", Code::Ok)).is_empty());
    let status = context.status("s0/home", "here").unwrap();
    assert_eq!(status.baseline, Some(Code::Ok));
    assert!(!status.already_restricted);
    context.see(hours(18), "s0/home", "here", Code::SiteGeoBlock);
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::GeoRestricted
    );
}

#[test]
fn a_maintenance_that_does_not_end_becomes_severity_4() {
    let mut context = World::seen_well(ONE, 1);
    let opened = context.see(hours(0), "s0/home", "here", Code::SiteMaintenance);
    assert!(notices(&opened).is_empty());
    assert_eq!(context.open("s0/home").unwrap().severity, 2);
    context.see(hours(66), "s0/home", "here", Code::SiteMaintenance);
    assert_eq!(context.open("s0/home").unwrap().severity, 2);
    let long = context.see(hours(72), "s0/home", "here", Code::SiteMaintenance);
    assert_eq!(context.open("s0/home").unwrap().severity, 4);
    assert_eq!(notices(&long), ["opened #1"]);
}

#[test]
fn proven_interference_is_found_from_the_locus() {
    let mut context = World::seen_well(TWO, 1);
    context
        .pass(morning())
        .attempts("s0/home", "here", |_| (Code::TlsReset, Locus::Network))
        .round("s0/home", "seoul", Code::Ok)
        .go();
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::NetworkInterference
    );
}

#[test]
fn a_verdict_older_than_one_interval_is_not_compared() {
    let mut context = World::seen_well(TWO, 1);
    // Seoul was last well three days before.
    context.see(hours(66), "s0/home", "here", Code::TcpTimeout);
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::Insufficient
    );
    let both = [("here", Code::TcpTimeout), ("seoul", Code::Ok)];
    context.pass(hours(72)).rounds("s0/home", &both).go();
    assert_eq!(context.open("s0/home").unwrap().finding, Finding::Divided);
}

#[test]
fn unobserved_rounds_count_as_neither_up_nor_down() {
    let mut context = World::seen_well(ONE, 1);
    let before = context.status("s0/home", "here").unwrap().clone();
    context.see(hours(0), "s0/home", "here", Code::SkippedBackOff);
    let after = context.status("s0/home", "here").unwrap();
    assert_eq!(after.last_checked, before.last_checked);
    assert_eq!(
        (after.observed.code, after.no_data_since),
        (Code::Ok, Some(hours(-6)))
    );
}

#[test]
fn a_level_that_is_blind_from_two_vantages_is_told_of_both() {
    let mut context = World::seen_well(TWO, 1);
    let (mut told, mut events) = (Vec::new(), 0);
    for day in 0..30 {
        let both = [
            ("here", Code::SkippedRobots),
            ("seoul", Code::SiteChallenge),
        ];
        let outcome = context.pass(hours(24 * day)).rounds("s0/home", &both).go();
        told.extend(outcome.notices.iter().filter_map(|n| match n {
            Notice::NoData { vantage, .. } => Some(vantage.to_string()),
            _ => None,
        }));
        let blind = outcome
            .events
            .iter()
            .filter(|e| e.kind == EventKind::NoData);
        events += blind.count();
    }
    assert_eq!(told, ["here", "seoul"]);
    assert_eq!(events, 2);
}

#[test]
fn a_level_unobserved_for_14_days_is_blind_and_told_once() {
    let mut context = World::seen_well(ONE, 1);
    let mut told = Vec::new();
    for day in 0..30 {
        let skipped = context.see(hours(24 * day), "s0/home", "here", Code::SkippedRobots);
        told.extend(notices(&skipped).into_iter().map(|n| (day, n)));
    }
    assert_eq!(told, [(14, "blind s0/home".to_owned())]);
    let seen = context.see(hours(24 * 30), "s0/home", "here", Code::Ok);
    assert!(notices(&seen).is_empty());
    assert_eq!(
        context.status("s0/home", "here").unwrap().no_data_since,
        None
    );
}

#[test]
fn a_challenge_hides_the_level_and_another_vantage_shows_it() {
    let mut context = World::seen_well(TWO, 1);
    for day in 0..20 {
        let both = [("here", Code::SiteChallenge), ("seoul", Code::Ok)];
        let outcome = context.pass(hours(24 * day)).rounds("s0/home", &both).go();
        assert!(!notices(&outcome).iter().any(|n| n.starts_with("blind")));
    }
    let here = context.status("s0/home", "here").unwrap();
    assert!(track::is_without_data(here, hours(24 * 20)));
}

#[test]
fn ended_incidents_leave_the_book_after_90_days_and_numbers_go_on() {
    let mut context = World::seen_well(ONE, 1);
    context.see(hours(0), "s0/home", "here", Code::SiteLogin);
    context.see(hours(6), "s0/home", "here", Code::Ok);
    context.see(hours(24 * 91), "s0/home", "here", Code::Ok);
    assert!(context.tracker.incidents.is_empty());
    context.see(hours(24 * 92), "s0/home", "here", Code::SiteLogin);
    assert_eq!(context.open("s0/home").unwrap().id, 2);
}

#[test]
fn several_rounds_of_one_probe_in_one_pass_are_lived_through_in_order() {
    let mut context = World::seen_well(ONE, 1);
    let rounds: Vec<_> = [
        (0, Code::SiteLogin),
        (6, Code::Ok),
        (12, Code::SiteGeoBlock),
    ]
    .into_iter()
    .flat_map(|(at, code)| {
        let codes = [code, code];
        context
            .pass(hours(at))
            .exactly("s0/home", "here", &codes)
            .pass
            .rounds
    })
    .collect();
    let mut pass = context.pass(hours(12)).pass;
    pass.rounds = rounds.into_iter().rev().collect();
    let outcome = context.track(pass);
    assert_eq!(notices(&outcome), ["opened #2"], "the first came and went");
    assert_eq!(context.open("s0/home").unwrap().first_bad, hours(12));
    assert_eq!(context.tracker.incidents[&1].ended, Some(hours(6)));
}

#[test]
fn a_book_that_forgot_its_counter_still_gives_no_number_twice() {
    let mut context = World::seen_well(ONE, 1);
    context.see(hours(0), "s0/home", "here", Code::SiteLogin);
    context.see(hours(6), "s0/home", "here", Code::Ok);
    context.tracker.next_incident = 0;
    context.see(hours(24 * 100), "s0/home", "here", Code::SiteLogin);
    assert_eq!(context.open("s0/home").unwrap().id, 2);
}

#[test]
fn attempts_of_one_vantage_decide_that_vantage_alone() {
    let mut context = World::seen_well(TWO, 1);
    context
        .pass(morning())
        .codes("s0/home", "here", &[Code::TcpTimeout])
        .codes("s0/home", "seoul", &[Code::TcpTimeout, Code::Ok])
        .go();
    assert_eq!(context.code("s0/home", "here"), Code::TcpTimeout);
    assert_eq!(context.code("s0/home", "seoul"), Code::Ok);
    let parts = &context.open("s0/home").unwrap().vantages;
    assert_eq!(
        parts.keys().map(VantageId::as_str).collect::<Vec<_>>(),
        ["here"]
    );
}

#[test]
fn what_a_pass_says_is_dated_by_what_was_seen_and_not_by_its_end() {
    let told = |ends_after: i64| {
        let mut context = World::seen_well(TWO, 1);
        let mut pass = context
            .pass(morning())
            .round("s0/home", "here", Code::TcpTimeout);
        pass.pass.at = morning() + TimeDelta::minutes(ends_after);
        pass.go()
    };
    assert_eq!(told(6), told(600));
}
