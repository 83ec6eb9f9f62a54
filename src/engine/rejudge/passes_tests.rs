//! Builds passes from measurements in any order.

use super::*;
use crate::model::{Code, Locus, Observation};

fn judged(probe: &str, vantage: &str, round: &str, minute: i64, attempt: u32) -> JudgedRecord {
    let started =
        crate::model::time::from_micros(1_772_416_800_000_000) + TimeDelta::minutes(minute);
    JudgedRecord {
        pass: None,
        probe: ProbeKey::new("papers", probe),
        vantage: vantage.into(),
        round: round.into(),
        attempt: Attempt {
            uid: format!("{probe}-{vantage}-{minute}-{attempt}").into(),
            attempt,
            started,
            observed: Observation::new(Code::Ok, Locus::Site),
            ooni_control: None,
            attribution: None,
        },
        control: None,
    }
}

fn control(vantage: &str, round: &str, minute: i64, passed: bool) -> JudgedRecord {
    let failure = (!passed).then(|| crate::model::Failure::from("connection_refused"));
    JudgedRecord {
        control: Some(ControlResult {
            url: "https://control.example/".into(),
            passed,
            failure,
            http_status: passed.then_some(200),
            clock_offset_s: None,
        }),
        ..judged("control.example", vantage, round, minute, 0)
    }
}

fn shape(past: &PassHistory) -> Vec<Vec<String>> {
    past.passes
        .iter()
        .map(|p| p.rounds.iter().map(|r| r.probe.probe.to_string()).collect())
        .collect()
}

fn in_pass(pass: &str, record: JudgedRecord) -> JudgedRecord {
    JudgedRecord {
        pass: Some(pass.into()),
        ..record
    }
}

#[test]
fn a_pass_ends_where_nothing_began_for_long_or_a_probe_comes_again() {
    let found = PassHistory::new(vec![
        judged("a", "here", "1", 0, 0),
        judged("b", "here", "2", 1, 0),
        judged("a", "here", "3", 9, 0),
        judged("c", "here", "4", 40, 0),
    ]);
    assert_eq!(shape(&found), [vec!["a", "b"], vec!["a"], vec!["c"]]);
}

#[test]
fn attempts_of_a_round_stay_together_in_any_order_of_lines() {
    let found = PassHistory::new(vec![
        judged("a", "here", "1", 4, 2),
        judged("a", "here", "1", 0, 0),
        judged("a", "here", "1", 1, 1),
    ]);
    assert_eq!(found.passes.len(), 1);
    let numbers: Vec<u32> = found.passes[0].rounds[0]
        .attempts
        .iter()
        .map(|a| a.attempt)
        .collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[test]
fn the_later_look_at_the_controls_decides_whether_the_vantage_was_usable() {
    let found = PassHistory::new(vec![
        control("here", "c1", 0, true),
        judged("a", "here", "1", 1, 0),
        control("here", "c1", 5, false),
    ]);
    assert_eq!(found.passes.len(), 1);
    assert!(!found.passes[0].vantages[0].usable);
    assert_eq!(found.passes[0].vantages[0].code, Some(Code::VantageOffline));
    assert!(found.passes[0].rounds.is_empty());
    assert_eq!(found.set_aside[0].round, "1".into());
}

#[test]
fn controls_that_come_again_begin_a_pass_of_their_own() {
    let found = PassHistory::new(vec![
        control("here", "c1", 0, true),
        judged("a", "here", "1", 1, 0),
        control("here", "c2", 5, false),
        judged("a", "here", "2", 6, 0),
    ]);
    assert_eq!(shape(&found), [vec!["a"], vec![]], "the first round stands");
    assert!(found.passes[0].vantages[0].usable && !found.passes[1].vantages[0].usable);
    assert_eq!(found.set_aside.len(), 1);
}

#[test]
fn controls_of_a_round_decide_for_it_in_any_order() {
    let found = PassHistory::new(vec![
        judged("a", "there", "r1", 0, 0),
        control("there", "r1", 0, true),
        judged("b", "there", "r2", 3, 0),
        control("there", "r2", 4, false),
    ]);
    assert_eq!(shape(&found), [vec!["a"], vec![]]);
    assert_eq!(found.set_aside[0].probe, ProbeKey::new("papers", "b"));
}

#[test]
fn records_of_others_are_put_into_hourly_rounds() {
    let found = PassHistory::new(vec![
        judged("a", "ooni:DE:AS1", "x", 0, 0),
        judged("a", "ooni:DE:AS1", "y", 60, 0),
        judged("a", "ooni:DE:AS1", "z", 120, 0),
    ]);
    assert_eq!(shape(&found), [vec!["a"], vec!["a"], vec!["a"]]);
    assert_eq!(found.passes[2].rounds[0].attempts.len(), 3);
}

#[test]
fn records_that_name_their_pass_are_grouped_by_it() {
    let found = PassHistory::new(vec![
        in_pass("p1", judged("a", "here", "1", 0, 0)),
        in_pass("p2", judged("a", "there", "2", 1, 0)),
        in_pass("p1", judged("b", "here", "3", 50, 0)),
        in_pass("p2", judged("b", "there", "4", 2, 0)),
        in_pass("p1", control("here", "c1", 51, true)),
        // The records of another program and of an older version name no pass.
        judged("c", "here", "5", 3, 0),
        judged("d", "here", "6", 30, 0),
        in_pass("p1", judged("a", "ooni:DE:AS1", "x", 4, 0)),
    ]);
    assert_eq!(
        shape(&found),
        [vec!["a", "b"], vec!["a", "b"], vec!["c", "a"], vec!["d"]],
        "neither a pause of 50 minutes nor another pass in between parts a pass"
    );
    assert_eq!(found.passes[0].vantages.len(), 1);
    assert!(found.passes[1].vantages.is_empty());
}

#[test]
fn a_probe_that_comes_again_begins_another_pass_whatever_its_records_name() {
    let found = PassHistory::new(vec![
        in_pass("p", judged("a", "here", "1", 0, 0)),
        in_pass("p", judged("a", "here", "2", 60, 0)),
        in_pass("p", judged("a", "here", "3", 120, 0)),
    ]);
    assert_eq!(shape(&found), [vec!["a"], vec!["a"], vec!["a"]]);
}

#[test]
fn controls_of_one_pass_decide_nothing_in_another() {
    let found = PassHistory::new(vec![
        in_pass("p1", judged("a", "here", "1", 0, 0)),
        in_pass("p2", control("here", "c1", 1, false)),
        in_pass("p2", judged("b", "here", "2", 2, 0)),
    ]);
    assert_eq!(shape(&found), [vec!["a"], vec![]]);
    assert_eq!(found.set_aside.len(), 1);
    assert_eq!(found.set_aside[0].round, "2".into());
}
