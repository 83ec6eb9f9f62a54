use chrono::TimeDelta;

use super::*;
use crate::model::link::LinkObservation::{self, Declined, Failed, Lost, Refused, Rot, Served};
use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::{LinkEvent, LinkEventKind, LinkStatus};
use crate::model::time::from_micros;
use crate::model::{Code, Time};

pub(super) const DAY: i64 = 24;

pub(super) fn hour(hours: i64) -> Time {
    from_micros(1_790_000_000_000_000) + TimeDelta::hours(hours)
}

pub(super) fn policy() -> LinkPolicy {
    LinkPolicy::new(TimeDelta::days(7), TimeDelta::days(3), 20_000, 10)
}

fn code(observation: LinkObservation) -> Code {
    match observation {
        Rot => Code::HttpNotFound,
        Refused => Code::SiteGeoBlock,
        Declined => Code::SiteChallenge,
        Lost => Code::ContentEmpty,
        Served => Code::Ok,
        Failed => Code::TcpTimeout,
    }
}

fn sighting(vantage: &str, at: Time, code: Code, observation: LinkObservation) -> LinkSighting {
    LinkSighting {
        vantage: vantage.into(),
        network: vantage.to_owned(),
        at,
        code,
        observation: Some(observation),
        is_notice: false,
        redirect: None,
        record: None,
    }
}

/// A check in which vantages `a`, `b`, … of different networks saw these.
pub(super) fn check(at: Time, seen: &[LinkObservation]) -> LinkCheck {
    let mut check = LinkCheck::new(at);
    for (name, observation) in ["a", "b", "c"].into_iter().zip(seen) {
        check
            .sightings
            .push(sighting(name, at, code(*observation), *observation));
    }
    check
}

/// Checks at these hours, one after the other; the state and the doubt after each.
pub(super) fn lived(checks: &[(i64, &[LinkObservation])]) -> (LinkStatus, Vec<LinkEvent>) {
    let mut status = LinkStatus::default();
    let mut events = Vec::new();
    for (at, seen) in checks {
        events.extend(advance(
            &mut status,
            &check(hour(*at), seen),
            &policy(),
            false,
        ));
    }
    (status, events)
}

fn state(checks: &[(i64, &[LinkObservation])]) -> (LinkState, bool) {
    let (status, _) = lived(checks);
    let doubtful = status.remarks.contains(&LinkRemark::Doubtful);
    (status.state, doubtful)
}

#[test]
fn two_networks_confirm_gone_when_they_see_rot_again_twenty_hours_later() {
    let both: &[LinkObservation] = &[Rot, Rot];
    let well: (i64, &[LinkObservation]) = (0, &[Served, Served]);
    assert_eq!(state(&[well, (72, both)]), (LinkState::Alive, true));
    let early = [well, (72, both), (91, both)];
    assert_eq!(state(&early), (LinkState::Alive, true));
    let (status, events) = lived(&[well, (72, both), (92, both)]);
    assert_eq!(status.state, LinkState::Gone);
    // The day of the loss is the first of the two checks.
    assert_eq!(status.since, Some(hour(72)));
    assert_eq!(status.first_gone, Some(hour(72)));
    assert_eq!(events.last().unwrap().kind, LinkEventKind::Changed);
}

#[test]
fn vantages_of_one_network_are_one_witness() {
    let mut status = LinkStatus::default();
    for at in [0, 24, 48] {
        let mut seen = check(hour(at), &[Rot, Rot]);
        for sighting in &mut seen.sightings {
            sighting.network = "AS1".to_owned();
        }
        advance(&mut status, &seen, &policy(), false);
    }
    assert_eq!(status.state, LinkState::Unknown);
    assert!(status.remarks.contains(&LinkRemark::Doubtful));
}

#[test]
fn one_vantage_needs_three_checks_over_six_days() {
    let rot: &[LinkObservation] = &[Rot];
    let day = |n: i64| n * DAY;
    assert_eq!(
        state(&[(0, rot), (day(3), rot), (day(5), rot)]),
        (LinkState::Unknown, true)
    );
    assert_eq!(
        state(&[(0, rot), (day(3), rot), (day(6), rot)]),
        (LinkState::Gone, false)
    );
    let served = (day(4), [Served].as_slice());
    assert_eq!(
        state(&[(0, rot), (day(3), rot), served, (day(6), rot)]).0,
        LinkState::Alive
    );
    // A failure between them neither confirms nor denies.
    let failed = (day(4), [Failed].as_slice());
    assert_eq!(
        state(&[(0, rot), (day(3), rot), failed, (day(6), rot)]),
        (LinkState::Gone, false)
    );
}

#[test]
fn a_deletion_notice_seen_from_two_networks_needs_no_second_check() {
    for certain in [Code::HttpGone, Code::ContentParked] {
        let mut seen = check(hour(0), &[Rot, Rot]);
        seen.sightings.iter_mut().for_each(|s| s.code = certain);
        let mut status = LinkStatus::default();
        advance(&mut status, &seen, &policy(), false);
        assert_eq!(status.state, LinkState::Gone, "{certain}");
    }
    let mut seen = check(hour(0), &[Rot, Rot]);
    seen.sightings[0].is_notice = true;
    let mut status = LinkStatus::default();
    advance(&mut status, &seen, &policy(), false);
    assert_eq!(status.state, LinkState::Unknown, "one of them is no proof");
    seen.sightings[1].is_notice = true;
    advance(&mut status, &seen, &policy(), false);
    assert_eq!(status.state, LinkState::Gone);
}

#[test]
fn a_link_that_was_dead_when_it_came_is_already_so_and_one_that_died_is_not() {
    let both: &[LinkObservation] = &[Rot, Rot];
    let (status, events) = lived(&[(0, both), (24, both)]);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, LinkEventKind::Already);
    assert!(status.remarks.contains(&LinkRemark::Already));
    let (_, events) = lived(&[(0, &[Refused, Served])]);
    assert_eq!(events[0].kind, LinkEventKind::Already);
    let (status, events) = lived(&[(0, &[Failed, Failed]), (24, both), (48, both)]);
    assert_eq!(events.last().unwrap().kind, LinkEventKind::Changed);
    assert!(!status.remarks.contains(&LinkRemark::Already));
}

#[test]
fn what_is_gone_is_checked_ever_more_rarely_and_may_come_back() {
    let both: &[LinkObservation] = &[Rot, Rot];
    let mut status = LinkStatus::default();
    let mut at = hour(0);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let event = advance(&mut status, &check_at(at, both), &policy(), false);
        assert!(event.is_none() || status.state == LinkState::Gone);
        let due = status.due.unwrap();
        waits.push((due - at).num_days());
        at = due;
    }
    assert_eq!(waits, [3, 7, 14, 28, 56, 56, 56, 56]);
    let back = advance(
        &mut status,
        &check_at(at, &[Served, Served]),
        &policy(),
        false,
    );
    assert_eq!(back.unwrap().kind, LinkEventKind::Back);
    assert_eq!(status.state, LinkState::Alive);
    assert!(status.first_gone.is_some());
}

fn check_at(at: Time, seen: &[LinkObservation]) -> LinkCheck {
    check(at, seen)
}

#[test]
fn a_new_link_is_checked_after_one_and_three_days_and_then_every_week() {
    let mut status = LinkStatus::default();
    let mut at = hour(0);
    let mut days = Vec::new();
    for _ in 0..5 {
        advance(&mut status, &check(at, &[Served]), &policy(), false);
        at = status.due.unwrap();
        days.push((at - hour(0)).num_days());
    }
    assert_eq!(days, [1, 3, 10, 17, 24]);
}

#[test]
fn too_many_links_for_the_daily_checks_stretch_every_interval() {
    let stretched = LinkPolicy::new(TimeDelta::days(7), TimeDelta::days(3), 1_000, 14_000);
    assert!(stretched.is_stretched() && !policy().is_stretched());
    assert_eq!(stretched.interval(), TimeDelta::days(14));
    let mut status = LinkStatus::default();
    advance(&mut status, &check(hour(0), &[Rot]), &stretched, false);
    assert_eq!(status.due, Some(hour(6 * DAY)));
}

#[test]
fn a_failure_counts_after_three_days_of_nothing_else() {
    let failed: &[LinkObservation] = &[Failed, Failed];
    let well: (i64, &[LinkObservation]) = (0, &[Served, Served]);
    assert_eq!(state(&[well, (24, failed)]), (LinkState::Alive, true));
    assert_eq!(
        state(&[well, (24, failed), (90, failed)]),
        (LinkState::Alive, true)
    );
    assert_eq!(
        state(&[well, (24, failed), (96, failed)]),
        (LinkState::Unreachable, false)
    );
    let between = (48, [Declined, Declined].as_slice());
    assert_eq!(
        state(&[well, (24, failed), between, (96, failed)]).0,
        LinkState::Declines
    );
    let half: &[LinkObservation] = &[Served, Failed];
    assert_eq!(state(&[(0, half)]), (LinkState::Alive, true));
    assert_eq!(
        state(&[(0, half), (24, half), (72, half)]),
        (LinkState::Blocked, false)
    );
}

#[test]
fn a_refusal_counts_at_once_and_a_link_that_is_served_again_is_alive() {
    let refused: &[LinkObservation] = &[Refused, Served];
    let well: (i64, &[LinkObservation]) = (0, &[Served, Served]);
    assert_eq!(state(&[well, (24, refused)]), (LinkState::Blocked, false));
    assert_eq!(
        state(&[well, (24, refused), (48, &[Served, Served])]),
        (LinkState::Alive, false)
    );
    assert_eq!(state(&[well, (24, &[Rot, Served])]).0, LinkState::Blocked);
    assert_eq!(
        state(&[well, (24, &[Declined, Served])]).0,
        LinkState::Alive
    );
}

#[test]
fn while_a_source_of_the_host_is_closed_to_a_country_its_links_are_blocked_not_gone() {
    let mut status = LinkStatus::default();
    for at in [0, 24, 48] {
        advance(&mut status, &check(hour(at), &[Rot, Rot]), &policy(), true);
    }
    assert_eq!(status.state, LinkState::Blocked);
}

#[test]
fn an_old_observation_of_a_vantage_that_is_off_does_not_count() {
    let mut status = LinkStatus::default();
    advance(
        &mut status,
        &check(hour(0), &[Rot, Served]),
        &policy(),
        false,
    );
    assert_eq!(status.state, LinkState::Blocked);
    let mut only_b = check(hour(8 * DAY), &[Served, Served]);
    only_b.sightings.remove(0);
    advance(&mut status, &only_b, &policy(), false);
    assert_eq!(status.state, LinkState::Alive);
}

/// A check of vantage `a` alone.
fn only_a(at: i64, seen: LinkObservation) -> LinkCheck {
    check(hour(at), &[seen])
}

fn after(checks: &[(i64, &[LinkObservation])], then: &[LinkCheck]) -> LinkStatus {
    let (mut status, _) = lived(checks);
    for check in then {
        advance(&mut status, check, &policy(), false);
    }
    status
}

/// One failure is one failure, however long its vantage is off afterwards.
#[test]
fn time_that_passes_makes_no_failure_count() {
    let half: &[LinkObservation] = &[Served, Failed];
    let status = after(
        &[(0, &[Served, Served]), (24, half)],
        &[only_a(96, Served), only_a(7 * DAY, Served)],
    );
    assert_eq!(status.state, LinkState::Alive);
    // A vantage that saw nothing else for three days holds what it saw while it counts.
    let checks: [(i64, &[LinkObservation]); 3] = [(0, half), (24, half), (72, half)];
    let status = after(&checks, &[only_a(5 * DAY, Served)]);
    assert_eq!(status.state, LinkState::Blocked);
    let status = after(
        &checks,
        &[only_a(5 * DAY, Served), only_a(11 * DAY, Served)],
    );
    assert_eq!(status.state, LinkState::Alive);
}

/// Checks without an answer do not make older ones count for longer.
#[test]
fn checks_that_see_nothing_do_not_stretch_what_counts() {
    let nothing = |at: i64| LinkCheck::new(hour(at));
    let then = [
        nothing(7 * DAY),
        nothing(14 * DAY),
        nothing(21 * DAY),
        only_a(22 * DAY, Served),
    ];
    let status = after(&[(0, &[Served, Rot])], &then);
    assert_eq!(status.state, LinkState::Alive);
}

/// The page was missed from both, and is back from the one that still looks.
#[test]
fn a_page_that_is_back_is_not_blocked_by_what_a_vantage_saw_before() {
    let both: &[LinkObservation] = &[Rot, Rot];
    let gone: [(i64, &[LinkObservation]); 2] = [(0, both), (24, both)];
    let (mut status, _) = lived(&gone);
    assert_eq!(status.state, LinkState::Gone);
    let back = advance(&mut status, &only_a(7 * DAY, Served), &policy(), false);
    assert_eq!(back.unwrap().kind, LinkEventKind::Back);
    assert_eq!(status.state, LinkState::Alive);
    // Once the other vantage looks again, what it sees counts.
    let status = after(
        &gone,
        &[
            only_a(7 * DAY, Served),
            check(hour(8 * DAY), &[Served, Rot]),
        ],
    );
    assert_eq!(status.state, LinkState::Blocked);
    let failed: &[LinkObservation] = &[Failed, Failed];
    let down: [(i64, &[LinkObservation]); 3] = [(0, failed), (24, failed), (96, failed)];
    let status = after(&down, &[only_a(5 * DAY, Served)]);
    assert_eq!(status.state, LinkState::Alive);
    // A refusal of that time does not depend on what the other one sees.
    let closed: [(i64, &[LinkObservation]); 1] = [(0, &[Rot, Refused])];
    assert_eq!(
        after(&closed, &[only_a(24, Served)]).state,
        LinkState::Blocked
    );
    // What a vantage saw while the page was served elsewhere stays.
    let apart: [(i64, &[LinkObservation]); 1] = [(0, &[Served, Rot])];
    let status = after(&apart, &[only_a(24, Failed), only_a(25, Served)]);
    assert_eq!(status.state, LinkState::Blocked);
}

/// The check of a vantage elsewhere, besides those of the others.
fn from_elsewhere(at: i64, seen: LinkObservation) -> LinkCheck {
    let mut check = check(hour(at), &[Served, seen]);
    check.sightings.remove(0);
    check.is_partial = true;
    check
}

/// What a vantage elsewhere saw after the others counts until it looks after them again.
#[test]
fn a_link_that_is_only_blocked_here_stays_blocked_between_the_checks_from_elsewhere() {
    let mut status = LinkStatus::default();
    for at in [0, 24, 72] {
        for check in [only_a(at, Failed), from_elsewhere(at + 1, Served)] {
            advance(&mut status, &check, &policy(), false);
        }
    }
    assert_eq!(status.state, LinkState::Blocked);
    assert_eq!(status.due, Some(hour(72 + 7 * DAY)));
    let mut late = only_a(73 + 7 * DAY, Failed);
    late.at += TimeDelta::minutes(5);
    let event = advance(&mut status, &late, &policy(), false);
    assert_eq!((status.state, event), (LinkState::Blocked, None));
}

/// A record that comes days late is not of the check that was made today.
#[test]
fn an_old_record_from_elsewhere_confirms_no_loss_of_today() {
    for (seen_at, want) in [(2, LinkState::Alive), (5 * DAY, LinkState::Gone)] {
        let gone = |mut check: LinkCheck| {
            check.sightings[0].code = Code::HttpGone;
            check
        };
        let mut elsewhere = gone(from_elsewhere(5 * DAY, Rot));
        elsewhere.sightings[0].at = hour(seen_at);
        let then = [gone(only_a(5 * DAY, Rot)), elsewhere];
        let status = after(&[(0, &[Served])], &then);
        assert_eq!(status.state, want, "{seen_at}");
    }
}
