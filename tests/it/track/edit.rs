//! Operator actions: observations in a browser, accepted baselines, acknowledgements.

use accesswatch::model::incident::{BrowserResult, HumanCheck, MailState};
use accesswatch::model::{Code, Finding, Time};
use accesswatch::track;
use accesswatch::track::EditError;
use chrono::TimeDelta;

use crate::support::tracking::{World, key, morning, notices};

const ONE: &[(&str, &str)] = &[("here", "US")];
const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

#[test]
fn a_look_from_inside_the_mainland_tells_an_outage() {
    let mut context = World::seen_well(TWO, 1);
    let down = [("here", Code::TcpTimeout), ("seoul", Code::TcpTimeout)];
    context.pass(morning()).rounds("s0/home", &down).go();
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::Unreachable
    );
    let check = HumanCheck {
        at: hours(1),
        browser: BrowserResult::Refused,
        network: "a colleague, mainland".to_owned(),
        saw: None,
        by: None,
    };
    let (catalogue, settings) = (context.catalogue.clone(), context.settings.clone());
    let outcome = track::observe(
        &mut context.tracker,
        1,
        check.clone(),
        &catalogue,
        &settings,
    )
    .unwrap();
    assert_eq!(outcome.incidents[0].finding, Finding::Outage);
    assert_eq!(outcome.incidents[0].human_checks.first(), Some(&check));
    let none = track::observe(&mut context.tracker, 7, check, &catalogue, &settings);
    assert_eq!(none, Err(EditError::NoIncident(7)));
}

#[test]
fn accepting_a_baseline_ends_the_incident_and_it_may_rise_again() {
    let mut context = World::seen_well(ONE, 1);
    context.see(hours(0), "s0/home", "here", Code::SiteLogin);
    let (catalogue, settings) = (context.catalogue.clone(), context.settings.clone());
    let probe = key("s0/home");
    let outcome = track::accept(
        &mut context.tracker,
        &probe,
        None,
        hours(1),
        &catalogue,
        &settings,
    )
    .unwrap();
    assert_eq!(notices(&outcome), ["recovered #1"]);
    assert_eq!(outcome.statuses[0].baseline, Some(Code::SiteLogin));
    assert!(context.open("s0/home").is_none());
    context.see(hours(6), "s0/home", "here", Code::SiteLogin);
    assert_eq!(context.open_count(), 0);
    let better = context.see(hours(12), "s0/home", "here", Code::Ok);
    assert_eq!(notices(&better), ["improved s0/home site.login ok"]);
}

#[test]
fn what_looks_like_an_outage_is_never_accepted_nor_what_is_declared() {
    let mut context = World::seen_well(ONE, 2);
    context.see(hours(0), "s0/home", "here", Code::TcpTimeout);
    context.probe("s1/home").baseline = Some(Code::Ok);
    let (catalogue, settings) = (context.catalogue.clone(), context.settings.clone());
    let mut accept = |probe: &str| {
        let probe = key(probe);
        track::accept(
            &mut context.tracker,
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
    let mut context = World::seen_well(ONE, 1);
    context.see(hours(0), "s0/home", "here", Code::SiteLogin);
    let incident = track::acknowledge(&mut context.tracker, 1, "Kim", hours(1)).unwrap();
    assert_eq!(incident.acknowledged_by.as_deref(), Some("Kim"));
    context.see(hours(6), "s0/home", "here", Code::Ok);
    assert_eq!(context.tracker.incidents[&1].mail, MailState::Done);
    let ended = track::acknowledge(&mut context.tracker, 1, "Kim", hours(7));
    assert_eq!(ended, Err(EditError::Ended(1)));
}
