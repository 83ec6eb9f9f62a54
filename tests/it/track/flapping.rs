//! Flapping is mailed once, to those who would otherwise wait for mail in vain.

use accesswatch::model::{Code, Time};
use accesswatch::track;
use chrono::TimeDelta;

use crate::support::tracking::{World, morning, notices};

const ONE: &[(&str, &str)] = &[("here", "US")];
const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn at(n: i64) -> Time {
    morning() + TimeDelta::hours(6 * n)
}

/// Alternates between `ok` and a code, one pass each; returns the notices of flapping.
fn swing(
    context: &mut World,
    vantages: &[&str],
    code: Code,
    passes: std::ops::Range<i64>,
) -> Vec<String> {
    let mut told = Vec::new();
    for n in passes {
        let code = if n % 2 == 0 { code } else { Code::Ok };
        let all: Vec<(&str, Code)> = vantages.iter().map(|v| (*v, code)).collect();
        told.extend(notices(&context.pass(at(n)).rounds("s0/home", &all).go()));
    }
    told.retain(|notice| notice.starts_with("flapping"));
    told
}

#[test]
fn one_note_when_it_begins_and_another_only_after_it_was_steady() {
    let mut context = World::seen_well(ONE, 1);
    assert_eq!(
        swing(&mut context, &["here"], Code::SiteLogin, 0..30),
        ["flapping s0/home here"]
    );
    assert!(
        context
            .status("s0/home", "here")
            .unwrap()
            .flapping_notified
            .is_some()
    );
    for n in 30..60 {
        context.see(at(n), "s0/home", "here", Code::Ok);
    }
    let steady = context.status("s0/home", "here").unwrap();
    assert!(!steady.flapping && steady.flapping_notified.is_none());
    assert_eq!(
        swing(&mut context, &["here"], Code::SiteLogin, 60..80),
        ["flapping s0/home here"]
    );
}

#[test]
fn failures_that_are_always_over_before_they_are_mailed_are_said_too() {
    let mut context = World::seen_well(ONE, 1);
    let mut mailed = Vec::new();
    for n in 0..20 {
        let code = if n % 2 == 0 {
            Code::TcpTimeout
        } else {
            Code::Ok
        };
        mailed.extend(notices(&context.see(at(n), "s0/home", "here", code)));
    }
    assert_eq!(
        mailed,
        ["flapping s0/home here"],
        "every one was held and over"
    );
}

#[test]
fn vantages_that_begin_together_are_one_note_and_a_later_one_is_no_news() {
    let mut context = World::seen_well(TWO, 1);
    assert_eq!(
        swing(&mut context, &["here", "seoul"], Code::SiteLogin, 0..20),
        ["flapping s0/home here", "flapping s0/home seoul"]
    );
    let mut context = World::seen_well(TWO, 1);
    assert_eq!(
        swing(&mut context, &["here"], Code::SiteLogin, 0..16).len(),
        1
    );
    let joined = swing(&mut context, &["here", "seoul"], Code::SiteLogin, 16..40);
    assert!(joined.is_empty(), "{joined:?}");
    assert!(context.status("s0/home", "seoul").unwrap().flapping);
}

#[test]
fn what_is_for_the_digest_is_no_mail_when_it_flaps() {
    for code in [
        Code::ContentChanged,
        Code::SiteMaintenance,
        Code::SiteChallenge,
        Code::SiteWafBlock,
    ] {
        let mut context = World::seen_well(ONE, 1);
        let told = swing(&mut context, &["here"], code, 0..24);
        assert!(told.is_empty(), "{code}: {told:?}");
        assert!(
            context.status("s0/home", "here").unwrap().flapping,
            "{code}"
        );
    }
}

#[test]
fn silence_is_kept_and_the_note_comes_after_it() {
    let mut context = World::seen_well(ONE, 1);
    swing(&mut context, &["here"], Code::SiteLogin, 0..1);
    let id = context.open("s0/home").unwrap().id;
    track::silence(&mut context.tracker, id, at(100), None, at(0)).unwrap();
    // The same incident while it lasts: between refusals of two kinds.
    let mut told = Vec::new();
    for n in 1..24 {
        let code = if n % 2 == 0 {
            Code::SiteLogin
        } else {
            Code::SiteGeoBlock
        };
        told.extend(notices(&context.see(at(n), "s0/home", "here", code)));
    }
    assert!(told.is_empty(), "{told:?}");
    assert!(context.status("s0/home", "here").unwrap().flapping);
    told.extend(notices(&context.see(
        at(101),
        "s0/home",
        "here",
        Code::SiteLogin,
    )));
    assert_eq!(told, ["flapping s0/home here"]);
}

#[test]
fn a_refusal_that_comes_first_every_day_and_gives_way_opens_an_incident() {
    let day = |n: i64| morning() + TimeDelta::days(n);
    let gives_way = |context: &mut World, n: i64, code: Code| {
        let first = [code, Code::Ok];
        context.pass(day(n)).codes("s0/home", "here", &first).go();
    };
    let mut context = World::new(1, ONE);
    context.see(day(0), "s0/home", "here", Code::Ok);
    for n in 1..=3 {
        gives_way(&mut context, n, Code::SiteGeoBlock);
        assert!(context.open("s0/home").is_none(), "day {n}");
    }
    gives_way(&mut context, 4, Code::SiteGeoBlock);
    let incident = context
        .open("s0/home")
        .expect("an incident on the fourth day");
    assert_eq!(incident.to, Code::SiteGeoBlock);
    context.see(day(5), "s0/home", "here", Code::Ok);
    assert!(context.open("s0/home").is_none(), "it works again");
    // A day between them that is well, and errors of servers, begin anew or never count.
    let mut context = World::new(1, ONE);
    context.see(day(0), "s0/home", "here", Code::Ok);
    for n in 1..=9 {
        if n == 4 {
            context.see(day(n), "s0/home", "here", Code::Ok);
        } else {
            gives_way(
                &mut context,
                n,
                if n < 4 {
                    Code::SiteLogin
                } else {
                    Code::HttpServerError
                },
            );
        }
        assert!(context.open("s0/home").is_none(), "day {n}");
    }
}
