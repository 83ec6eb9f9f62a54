//! Who is mailed, when and why not (`docs/mail.md`, What is mailed).

use accesswatch::model::event::EventKind;
use accesswatch::model::incident::MailState;
use accesswatch::model::{Code, Finding, Locus, Time};
use accesswatch::track;
use chrono::TimeDelta;

use crate::support::tracking::{World, kinds, morning, notices, time};

const ONE: &[(&str, &str)] = &[("here", "US")];
const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

fn see(context: &mut World, at: Time, code: Code) -> Vec<String> {
    notices(&context.see(at, "s0/home", "here", code))
}

#[test]
fn the_first_letter_is_asked_for_once_and_only_when_something_was_seen() {
    let mut context = World::new(1, ONE);
    let offline = context
        .pass(hours(0))
        .unusable("here", Code::VantageOffline)
        .round("s0/home", "here", Code::TcpTimeout)
        .go();
    assert_eq!(
        notices(&offline),
        ["opened #1"],
        "of the vantage; no letter"
    );
    assert_eq!(
        see(&mut context, hours(6), Code::Ok),
        ["recovered #1", "first letter"]
    );
    assert!(see(&mut context, hours(12), Code::Ok).is_empty());
}

#[test]
fn a_grave_refusal_is_mailed_at_once_and_so_is_its_recovery() {
    let mut context = World::seen_well(ONE, 1);
    assert_eq!(see(&mut context, hours(0), Code::SiteLogin), ["opened #1"]);
    assert!(see(&mut context, hours(6), Code::SiteLogin).is_empty());
    assert_eq!(see(&mut context, hours(12), Code::Ok), ["recovered #1"]);
    assert_eq!(context.tracker.incidents[&1].mail, MailState::Done);
}

#[test]
fn an_ambiguous_failure_is_held_until_it_fails_again_after_the_hold() {
    let mut context = World::seen_well(ONE, 1);
    let minutes = |n| morning() + TimeDelta::minutes(n);
    assert!(see(&mut context, minutes(0), Code::TcpTimeout).is_empty());
    let until = minutes(90);
    assert_eq!(
        context.tracker.incidents[&1].mail,
        MailState::Held { until }
    );
    assert!(see(&mut context, minutes(60), Code::TcpTimeout).is_empty());
    assert_eq!(
        see(&mut context, minutes(90), Code::TcpTimeout),
        ["opened #1"]
    );
    assert_eq!(see(&mut context, minutes(360), Code::Ok), ["recovered #1"]);
}

#[test]
fn time_alone_does_not_end_the_hold() {
    let mut context = World::seen_well(ONE, 1);
    see(&mut context, hours(0), Code::TcpTimeout);
    assert!(see(&mut context, hours(6), Code::SkippedRobots).is_empty());
    assert_eq!(
        see(&mut context, hours(12), Code::TcpTimeout),
        ["opened #1"]
    );
}

#[test]
fn a_bounce_within_the_hold_sends_nothing_and_is_in_the_events() {
    let mut context = World::seen_well(ONE, 1);
    assert!(see(&mut context, hours(0), Code::HttpServerError).is_empty());
    let back = context.see(hours(1), "s0/home", "here", Code::Ok);
    assert!(notices(&back).is_empty());
    assert_eq!(kinds(&back), [EventKind::Left, EventKind::Ended]);
    assert_eq!(context.tracker.incidents[&1].mail, MailState::Done);
}

#[test]
fn first_seen_in_the_sites_night_waits_for_half_past_nine() {
    let mut context = World::seen_well(ONE, 1);
    let beijing = |text: &str| time(&format!("2026-03-0{text}:00+08:00"));
    assert!(see(&mut context, beijing("2T23:10"), Code::TcpTimeout).is_empty());
    assert!(see(&mut context, beijing("3T03:00"), Code::TcpTimeout).is_empty());
    assert!(see(&mut context, beijing("3T09:20"), Code::TcpTimeout).is_empty());
    assert_eq!(
        see(&mut context, beijing("3T09:30"), Code::TcpTimeout),
        ["opened #1"]
    );
}

#[test]
fn a_server_error_known_to_be_the_sites_is_not_held() {
    let mut context = World::seen_well(ONE, 1);
    let outcome = context
        .pass(morning())
        .attempts("s0/home", "here", |_| (Code::HttpServerError, Locus::Site))
        .go();
    assert_eq!(notices(&outcome), ["opened #1"]);
}

#[test]
fn a_refusal_joining_a_held_failure_ends_the_hold() {
    let mut context = World::seen_well(TWO, 1);
    see(&mut context, hours(0), Code::TcpTimeout);
    let both = [("here", Code::TcpTimeout), ("seoul", Code::SiteGeoBlock)];
    let soon = morning() + TimeDelta::minutes(30);
    let outcome = context.pass(soon).rounds("s0/home", &both).go();
    assert_eq!(notices(&outcome), ["opened #1"]);
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::GeoRestricted
    );
}

#[test]
fn program_refused_is_for_the_digest_until_it_is_found_to_be_more() {
    let mut context = World::seen_well(TWO, 1);
    let both = [
        ("here", Code::HttpForbidden),
        ("seoul", Code::HttpForbidden),
    ];
    let refused = context.pass(hours(0)).rounds("s0/home", &both).go();
    assert!(notices(&refused).is_empty());
    let incident = context.open("s0/home").unwrap();
    assert_eq!(incident.finding, Finding::ProgramRefused);
    assert_eq!(incident.mail, MailState::Digest);
    let named = [("here", Code::HttpForbidden), ("seoul", Code::SiteGeoBlock)];
    let named = context.pass(hours(6)).rounds("s0/home", &named).go();
    assert_eq!(notices(&named), ["opened #1"]);
}

#[test]
fn severity_2_is_for_the_digest_and_so_is_its_end() {
    let mut context = World::seen_well(ONE, 1);
    assert!(see(&mut context, hours(0), Code::SiteEdition).is_empty());
    assert_eq!(context.tracker.incidents[&1].mail, MailState::Digest);
    assert!(see(&mut context, hours(6), Code::Ok).is_empty());
}

#[test]
fn provisional_probes_mail_nothing_until_they_were_ok_once() {
    let mut context = World::new(1, ONE);
    context.probe("s0/home").provisional = true;
    see(&mut context, hours(0), Code::ContentEmpty);
    assert!(see(&mut context, hours(6), Code::SiteGeoBlock).is_empty());
    assert_eq!(context.open_count(), 1, "the incident itself is there");
    assert!(
        see(&mut context, hours(12), Code::Ok).is_empty(),
        "no improvement either"
    );
    assert_eq!(
        see(&mut context, hours(18), Code::SiteGeoBlock),
        ["opened #2"]
    );
}

#[test]
fn an_update_is_mailed_when_a_vantage_joins_what_was_mailed() {
    let mut context = World::seen_well(TWO, 1);
    let both = |seoul| [("here", Code::SiteLogin), ("seoul", seoul)];
    context
        .pass(hours(0))
        .rounds("s0/home", &both(Code::Ok))
        .go();
    let joined = context
        .pass(hours(6))
        .rounds("s0/home", &both(Code::SiteLogin))
        .go();
    assert_eq!(notices(&joined), ["updated #1"]);
}

#[test]
fn flapping_silences_mail_but_never_incidents() {
    let mut context = World::seen_well(ONE, 1);
    let mut opened = 0;
    let mut recovered = 0;
    let mut notes = 0;
    for n in 0..24 {
        let code = if n % 2 == 0 {
            Code::SiteLogin
        } else {
            Code::Ok
        };
        for notice in see(&mut context, hours(6 * n), code) {
            match notice.split(' ').next() {
                Some("opened") => opened += 1,
                Some("recovered") => recovered += 1,
                Some("flapping") => notes += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(context.tracker.incidents.len(), 12);
    assert!((1..=4).contains(&opened), "{opened} openings were mailed");
    assert_eq!(
        recovered, opened,
        "whoever was told of a loss is told of its end"
    );
    assert_eq!(notes, 1, "one note says why mail stops");
    let flapping: Vec<EventKind> = context
        .outcomes
        .iter()
        .flat_map(kinds)
        .filter(|k| *k == EventKind::Flapping)
        .collect();
    assert_eq!(flapping.len(), 1, "said once");
}

#[test]
fn what_opened_while_flapping_is_mailed_once_it_is_steady() {
    let mut context = World::seen_well(ONE, 1);
    for n in 0..12 {
        let code = if n % 2 == 0 {
            Code::SiteLogin
        } else {
            Code::Ok
        };
        see(&mut context, hours(6 * n), code);
    }
    let later: Vec<String> = (12..40)
        .flat_map(|n| see(&mut context, hours(6 * n), Code::SiteLogin))
        .collect();
    assert_eq!(
        later,
        [format!("opened #{}", context.open("s0/home").unwrap().id)]
    );
}

#[test]
fn silence_holds_mail_back_and_a_mailed_opening_still_gets_its_recovery() {
    let mut context = World::seen_well(ONE, 1);
    see(&mut context, hours(0), Code::SiteLogin);
    track::silence(&mut context.tracker, 1, hours(1000), None, hours(1)).unwrap();
    assert!(see(&mut context, hours(6), Code::SiteGeoBlock).is_empty());
    assert_eq!(see(&mut context, hours(12), Code::Ok), ["recovered #1"]);
}

#[test]
fn silenced_while_held_mails_when_the_silence_is_over() {
    let mut context = World::seen_well(ONE, 1);
    see(&mut context, hours(0), Code::TcpTimeout);
    track::silence(&mut context.tracker, 1, hours(10), None, hours(1)).unwrap();
    assert!(see(&mut context, hours(6), Code::TcpTimeout).is_empty());
    assert_eq!(
        see(&mut context, hours(12), Code::TcpTimeout),
        ["opened #1"]
    );
}

#[test]
fn silenced_and_never_mailed_ends_without_a_word() {
    let mut context = World::seen_well(ONE, 1);
    see(&mut context, hours(0), Code::TcpTimeout);
    track::silence(&mut context.tracker, 1, hours(100), None, hours(1)).unwrap();
    see(&mut context, hours(6), Code::TcpTimeout);
    assert!(see(&mut context, hours(12), Code::Ok).is_empty());
}
