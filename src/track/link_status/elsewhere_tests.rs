use chrono::TimeDelta;

use super::tests::{DAY, check, hour, lived, policy};
use super::*;
use crate::model::link::LinkObservation::{self, Failed, Rot, Served};
use crate::model::link::LinkState;
use crate::model::link_status::{LinkEvent, LinkEventKind, LinkStatus};

/// Checks of single vantages as they arrive: vantage, hour, observation.
type Arrival = (&'static str, i64, LinkObservation);

fn arrive(
    status: &mut LinkStatus,
    next: NextCheck,
    arrived: i64,
    checks: &[Arrival],
) -> Vec<LinkEvent> {
    let mut events = Vec::new();
    for (vantage, at, seen) in checks {
        let mut one = check(hour(*at), &[*seen]);
        one.sightings[0].vantage = (*vantage).into();
        (*vantage).clone_into(&mut one.sightings[0].network);
        let mut links = [LinkInPass {
            host: "a.example".to_owned(),
            status: status.clone(),
            check: one,
            is_geo_restricted: false,
            event: None,
        }];
        assert_eq!(
            advance_foreign(&mut links, &policy(), next, hour(arrived)),
            []
        );
        let [link] = links;
        *status = link.status;
        events.extend(link.event);
    }
    events
}

#[test]
fn checks_from_elsewhere_move_a_state_as_checks_from_here_do() {
    let seen = [(0, Served), (72, Rot), (120, Rot), (9 * DAY, Rot)];
    let here: Vec<(i64, &[LinkObservation])> = seen
        .iter()
        .map(|(at, seen)| (*at, std::slice::from_ref(seen)))
        .collect();
    let (from_here, _) = lived(&here);
    assert_eq!(from_here.state, LinkState::Gone);
    let mut status = LinkStatus::default();
    let checks = seen.map(|(at, seen)| ("a", at, seen));
    let events = arrive(&mut status, NextCheck::Elsewhere, 10 * DAY, &checks);
    assert_eq!(status, from_here);
    // The event is dated by its arrival, so that the next letter has it; the loss is not.
    let last = events.last().unwrap();
    assert_eq!(
        (last.kind, last.at),
        (LinkEventKind::Changed, hour(10 * DAY))
    );
    assert_eq!(status.since, Some(hour(72)));
}

#[test]
fn a_check_that_comes_again_or_is_older_than_its_vantage_changes_nothing() {
    let mut status = LinkStatus::default();
    let checks = [("a", 0, Served), ("b", 1, Served), ("a", 48, Rot)];
    arrive(&mut status, NextCheck::Elsewhere, 50, &checks);
    let before = status.clone();
    let again = [
        ("a", 48, Rot),
        ("a", 24, Served),
        ("b", 1, Served),
        ("a", 0, Served),
    ];
    let events = arrive(&mut status, NextCheck::Elsewhere, 60, &again);
    assert_eq!((status, events), (before, Vec::new()));
}

/// A check that comes late adds what its vantage saw, and proves no loss.
#[test]
fn late_checks_confirm_nothing_and_a_late_find_ends_a_run_of_losses() {
    let mut status = LinkStatus::default();
    let rot = [("a", 0, Rot), ("a", 72, Rot)];
    arrive(&mut status, NextCheck::Elsewhere, 72, &rot);
    assert_eq!(status.rot.unwrap().checks, 2);
    arrive(&mut status, NextCheck::Elsewhere, 80, &[("b", 40, Rot)]);
    assert_eq!(status.rot.unwrap().checks, 2);
    assert_eq!(status.last_checked, Some(hour(72)));
    let events = arrive(&mut status, NextCheck::Elsewhere, 90, &[("b", 60, Served)]);
    assert_eq!(status.rot, None);
    assert_eq!(status.state, LinkState::Blocked);
    assert_eq!(events[0].at, hour(90));
    assert_eq!(status.last_ok, Some(hour(60)));
    // In whichever order they come, no more is lost than what the newest checks say.
    let mut status = LinkStatus::default();
    let turned = [("a", 9 * DAY, Rot), ("a", 72, Rot), ("a", 0, Rot)];
    arrive(&mut status, NextCheck::Elsewhere, 10 * DAY, &turned);
    assert_ne!(status.state, LinkState::Gone);
}

#[test]
fn a_check_from_elsewhere_does_not_put_off_those_from_here() {
    for (next, want) in [(NextCheck::Here, 10), (NextCheck::Elsewhere, 24)] {
        let mut status = LinkStatus::default();
        arrive(&mut status, next, 10, &[("b", 0, Served)]);
        assert_eq!(status.due, Some(hour(want)));
    }
    let (mut status, _) = lived(&[(0, &[Served]), (24, &[Served])]);
    assert_eq!(status.due, Some(hour(72)));
    arrive(&mut status, NextCheck::Here, 50, &[("b", 48, Served)]);
    assert_eq!(status.due, Some(hour(72)));
    // A doubtful one is looked at sooner.
    let (mut status, _) = lived(&[(0, &[Served]), (24, &[Served]), (72, &[Served])]);
    arrive(&mut status, NextCheck::Here, 100, &[("b", 96, Failed)]);
    assert_eq!(status.due, Some(hour(96) + TimeDelta::days(3)));
}
