//! Our own end: vantages that do not work, controls at fault, networks that fail for many sources
//! at once (`docs/verdicts.md`, Confirming and Incidents).

use accesswatch::model::event::EventKind;
use accesswatch::model::probe::Target;
use accesswatch::model::round::ControlResult;
use accesswatch::model::{Code, Finding, IncidentKind, Time};
use chrono::TimeDelta;

use crate::support::tracking::{World, kinds, morning, notices, vantage_round};

const ONE: &[(&str, &str)] = &[("here", "US")];
const TWO: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

fn hours(n: i64) -> Time {
    morning() + TimeDelta::hours(n)
}

#[test]
fn an_unusable_vantage_moves_no_status_and_makes_one_incident_of_its_own() {
    let mut context = World::seen_well(TWO, 8);
    for n in 0..2 {
        let mut pass = context
            .pass(hours(6 * n))
            .unusable("here", Code::VantageOffline);
        for s in 0..8 {
            pass = pass.round(&format!("s{s}/home"), "here", Code::TcpTimeout);
        }
        let outcome = pass.go();
        assert_eq!(notices(&outcome).len(), usize::from(n == 0));
    }
    assert_eq!(context.code("s0/home", "here"), Code::Ok);
    assert_eq!(context.open_count(), 1);
    let incident = &context.tracker.incidents[&1];
    assert_eq!(incident.kind, IncidentKind::Vantage);
    assert_eq!(
        (&incident.source, incident.to),
        (&None, Code::VantageOffline)
    );
    let back = context.see(hours(12), "s0/home", "here", Code::Ok);
    assert_eq!(notices(&back), ["recovered #1"]);
}

#[test]
fn a_turn_on_a_transport_code_needs_the_controls_again() {
    let mut context = World::seen_well(ONE, 1);
    let mut pass = context
        .pass(morning())
        .round("s0/home", "here", Code::TcpTimeout);
    let later = morning() + TimeDelta::minutes(5);
    pass.pass
        .vantages
        .push(vantage_round("here", later, Some(Code::VantageOffline)));
    pass.go();
    assert_eq!(context.code("s0/home", "here"), Code::Ok);
    assert!(context.open("s0/home").is_none());
}

/// A network's log-in page replaces answers over plain HTTP, while TLS passes.
#[test]
fn where_somebody_else_answers_plain_http_no_such_page_turns_worse() {
    for (url, turns) in [
        ("http://s0.example/home", false),
        ("https://s0.example/home", true),
    ] {
        let mut context = World::seen_well(ONE, 1);
        context.probe("s0/home").target = Target::Url(url.parse().unwrap());
        let mut pass = context
            .pass(morning())
            .round("s0/home", "here", Code::SiteLogin);
        let control = &mut pass.pass.vantages[0].controls[1];
        control.url = "http://b.example/".to_owned();
        control.passed = false;
        control.failure = Some(ControlResult::REPLACED.into());
        pass.go();
        assert_eq!(context.open("s0/home").is_some(), turns, "{url}");
        // Once the control gets its expected answer, the site's answer counts.
        context.see(
            morning() + TimeDelta::hours(6),
            "s0/home",
            "here",
            Code::SiteLogin,
        );
        assert!(context.open("s0/home").is_some());
    }
}

/// A sibling that changed its design may have suffered the same loss.
#[test]
fn only_siblings_where_all_is_there_are_told_as_not_affected() {
    for (code, told) in [(Code::Ok, 1), (Code::ContentChanged, 0)] {
        let mut context = World::seen_well(ONE, 1);
        let pass = context.pass(morning());
        pass.round("s0/fulltext", "here", code)
            .round("s0/home", "here", Code::SiteLogin)
            .go();
        let incident = context.open("s0/home").unwrap();
        assert_eq!(incident.still_works.len(), told, "{code}");
    }
}

#[test]
fn one_control_failing_from_every_vantage_is_its_own_fault() {
    let mut context = World::seen_well(TWO, 1);
    let mut pass = context.pass(morning()).round("s0/home", "here", Code::Ok);
    for vantage in &mut pass.pass.vantages {
        vantage.controls[1].passed = false;
    }
    let outcome = pass.go();
    assert_eq!(kinds(&outcome), [EventKind::ControlFault]);
    assert!(outcome.events[0].text.contains("https://b.example/"));
    assert!(notices(&outcome).is_empty());
}

#[test]
fn many_sources_turning_together_are_one_incident_of_the_network() {
    let mut context = World::seen_well(TWO, 12);
    let down = |context: &mut World, at: Time, code: Code| {
        let mut pass = context.pass(at);
        for n in 0..12 {
            let here = if n < 6 { code } else { Code::Ok };
            let codes = [("here", here), ("seoul", Code::Ok)];
            pass = pass.rounds(&format!("s{n}/home"), &codes);
        }
        pass.go()
    };
    let outcome = down(&mut context, hours(0), Code::TcpTimeout);
    assert_eq!(context.open_count(), 1);
    let incident = &context.tracker.incidents[&1];
    assert_eq!(incident.kind, IncidentKind::Network);
    assert_eq!((incident.folded.len(), incident.source.clone()), (6, None));
    assert_eq!((incident.to, incident.severity), (Code::TcpTimeout, 6));
    assert_eq!(notices(&outcome), ["opened #1"]);
    let outcome = down(&mut context, hours(6), Code::TcpTimeout);
    assert!(notices(&outcome).is_empty());
    let outcome = down(&mut context, hours(12), Code::Ok);
    assert_eq!(notices(&outcome), ["recovered #1"]);
    assert_eq!(context.tracker.incidents.len(), 1);
}

#[test]
fn four_sources_or_a_fifth_are_not_many() {
    for (turning, sources) in [(4, 8), (5, 25)] {
        let mut context = World::seen_well(ONE, sources);
        let mut pass = context.pass(morning());
        for n in 0..sources {
            let code = if n < turning {
                Code::TcpTimeout
            } else {
                Code::Ok
            };
            pass = pass.round(&format!("s{n}/home"), "here", code);
        }
        pass.go();
        assert_eq!(context.open_count(), turning, "{turning} of {sources}");
    }
}

/// Four sources fail in the pass in which the network begins to fail, and four more in the next.
#[test]
fn a_network_that_begins_to_fail_within_a_pass_is_seen_whole_by_the_next() {
    let passes = |second: i64| {
        let mut context = World::seen_well(TWO, 24);
        for (failing, at) in [(0..4, hours(0)), (0..8, hours(second))] {
            let mut pass = context.pass(at);
            for n in 0..24 {
                let here = if failing.contains(&n) {
                    Code::TlsReset
                } else {
                    Code::Ok
                };
                let codes = [("here", here), ("seoul", Code::Ok)];
                pass = pass.rounds(&format!("s{n}/home"), &codes);
            }
            pass.go();
        }
        context
    };
    let context = passes(6);
    let open: Vec<_> = context
        .tracker
        .incidents
        .values()
        .filter(|i| i.is_open())
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].kind, open[0].folded.len()),
        (IncidentKind::Network, 8)
    );
    assert_eq!(open[0].first_bad, hours(0));
    // Sources that failed a day before the others are not part of it.
    assert_eq!(passes(30).open_count(), 8);
}

#[test]
fn what_the_site_did_or_another_vantage_shares_is_not_folded() {
    let mut context = World::seen_well(TWO, 6);
    let mut pass = context.pass(morning());
    for n in 0..6 {
        let down = Code::TcpTimeout;
        pass = pass.rounds(&format!("s{n}/home"), &[("here", down), ("seoul", down)]);
    }
    pass.go();
    assert_eq!(context.open_count(), 6, "shared by the other vantage");

    let mut context = World::seen_well(ONE, 6);
    let mut pass = context.pass(morning());
    for n in 0..6 {
        pass = pass.round(&format!("s{n}/home"), "here", Code::HttpForbidden);
    }
    pass.go();
    assert_eq!(context.open_count(), 6, "answers of sites");
}

#[test]
fn turns_of_passes_within_90_minutes_add_up_and_swallow_what_was_held() {
    let mut context = World::seen_well(TWO, 6);
    for n in 0..6 {
        let at = morning() + TimeDelta::minutes(12 * n);
        let codes = [("here", Code::TcpTimeout), ("seoul", Code::Ok)];
        context.pass(at).rounds(&format!("s{n}/home"), &codes).go();
    }
    let open: Vec<_> = context
        .tracker
        .incidents
        .values()
        .filter(|i| i.is_open())
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].kind, IncidentKind::Network);
    assert_eq!(open[0].folded.len(), 6);
    let swallowed = context
        .tracker
        .incidents
        .values()
        .filter(|i| i.folded_into == Some(open[0].id));
    assert_eq!(swallowed.count(), 4);
    let mailed: Vec<String> = context.outcomes.iter().flat_map(notices).collect();
    assert_eq!(mailed, ["first letter", "opened #5"]);
}

#[test]
fn what_stays_down_after_the_network_is_back_opens_on_its_own() {
    let mut context = World::seen_well(ONE, 8);
    for (at, still) in [(0, 8), (6, 1), (12, 1)] {
        let mut pass = context.pass(hours(at));
        for n in 0..8 {
            let code = if n < still {
                Code::TcpTimeout
            } else {
                Code::Ok
            };
            pass = pass.round(&format!("s{n}/home"), "here", code);
        }
        pass.go();
    }
    assert!(!context.tracker.incidents[&1].is_open());
    let own = context.open("s0/home").unwrap();
    assert_eq!(own.first_bad, hours(0));
    assert_eq!(context.open_count(), 1);
}

#[test]
fn path_controls_failing_together_make_it_the_path_to_china() {
    for (failed, kind) in [(2, IncidentKind::PathToChina), (1, IncidentKind::Network)] {
        let mut context = World::seen_well(ONE, 6);
        let mut pass = context.pass(morning()).path("here", failed, 2);
        for n in 0..6 {
            pass = pass.round(&format!("s{n}/home"), "here", Code::TcpTimeout);
        }
        pass.go();
        assert_eq!(context.tracker.incidents[&1].kind, kind);
    }
}

#[test]
fn an_unusable_vantages_old_verdict_is_not_compared() {
    let mut context = World::seen_well(TWO, 1);
    context
        .pass(morning())
        .unusable("seoul", Code::VantageOffline)
        .round("s0/home", "here", Code::TcpTimeout)
        .go();
    assert_eq!(
        context.open("s0/home").unwrap().finding,
        Finding::Insufficient
    );
}

#[test]
fn one_control_failing_is_shown_and_keeps_nobody_from_working() {
    let mut context = World::seen_well(TWO, 1);
    let mut pass = context
        .pass(morning())
        .round("s0/home", "here", Code::SiteLogin);
    pass.pass.vantages[0].controls[1].passed = false;
    let outcome = pass.go();
    let here = &context.tracker.vantages[&"here".into()];
    assert!(here.usable);
    assert_eq!((here.controls_passed, here.controls), (1, 2));
    assert_eq!(
        context.open("s0/home").unwrap().controls_ok.to_string(),
        "1 of 2"
    );
    assert!(!kinds(&outcome).contains(&EventKind::ControlFault));
}
