//! What people change: looks into a browser, accepted baselines, acknowledgements.

use accesswatch::judge::track::{self, EditError};
use accesswatch::model::incident::{BrowserResult, HumanCheck, MailState};
use accesswatch::model::{Code, Finding, Time};
use chrono::TimeDelta;

use crate::support::tracking::{World, key, morning, notices};

const ONE: &[(&str, &str)] = &[("here", "US")];
const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

#[test]
fn a_look_from_inside_the_mainland_tells_an_outage() {
    let mut world = World::seen_well(TWO, 1);
    let down = [("here", Code::TcpTimeout), ("seoul", Code::TcpTimeout)];
    world.pass(morning()).rounds("s0/home", &down).go();
    assert_eq!(world.open("s0/home").unwrap().finding, Finding::Unreachable);
    let check = HumanCheck {
        at: hours(1),
        browser: BrowserResult::Refused,
        network: "a colleague, mainland".to_owned(),
        saw: None,
        by: None,
    };
    let (catalogue, settings) = (world.catalogue.clone(), world.settings.clone());
    let outcome = track::observe(&mut world.book, 1, check.clone(), &catalogue, &settings).unwrap();
    assert_eq!(outcome.incidents[0].finding, Finding::Outage);
    assert_eq!(outcome.incidents[0].human_checks.first(), Some(&check));
    let none = track::observe(&mut world.book, 7, check, &catalogue, &settings);
    assert_eq!(none, Err(EditError::NoIncident(7)));
}

#[test]
fn accepting_a_baseline_ends_the_incident_and_it_may_rise_again() {
    let mut world = World::seen_well(ONE, 1);
    world.see(hours(0), "s0/home", "here", Code::SiteLogin);
    let (catalogue, settings) = (world.catalogue.clone(), world.settings.clone());
    let probe = key("s0/home");
    let outcome = track::accept(
        &mut world.book,
        &probe,
        None,
        hours(1),
        &catalogue,
        &settings,
    )
    .unwrap();
    assert_eq!(notices(&outcome), ["recovered #1"]);
    assert_eq!(outcome.statuses[0].baseline, Some(Code::SiteLogin));
    assert!(world.open("s0/home").is_none());
    world.see(hours(6), "s0/home", "here", Code::SiteLogin);
    assert_eq!(world.open_count(), 0);
    let better = world.see(hours(12), "s0/home", "here", Code::Ok);
    assert_eq!(notices(&better), ["improved s0/home site.login ok"]);
}

#[test]
fn what_looks_like_an_outage_is_never_accepted_nor_what_is_declared() {
    let mut world = World::seen_well(ONE, 2);
    world.see(hours(0), "s0/home", "here", Code::TcpTimeout);
    world.probe("s1/home").baseline = Some(Code::Ok);
    let (catalogue, settings) = (world.catalogue.clone(), world.settings.clone());
    let mut accept = |probe: &str| {
        let probe = key(probe);
        track::accept(
            &mut world.book,
            &probe,
            None,
            hours(1),
            &catalogue,
            &settings,
        )
    };
    assert!(matches!(
        accept("s0/home"),
        Err(EditError::NeverNormal { .. })
    ));
    assert_eq!(accept("s1/home"), Err(EditError::Declared(key("s1/home"))));
    assert!(matches!(accept("s9/home"), Err(EditError::NoStatus { .. })));
}

#[test]
fn acknowledging_is_written_down() {
    let mut world = World::seen_well(ONE, 1);
    world.see(hours(0), "s0/home", "here", Code::SiteLogin);
    let incident = track::acknowledge(&mut world.book, 1, "Kim", hours(1)).unwrap();
    assert_eq!(incident.acknowledged_by.as_deref(), Some("Kim"));
    world.see(hours(6), "s0/home", "here", Code::Ok);
    assert_eq!(world.book.incidents[&1].mail, MailState::Done);
    let ended = track::acknowledge(&mut world.book, 1, "Kim", hours(7));
    assert_eq!(ended, Err(EditError::Ended(1)));
}
