use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::model::link::LinkObservation::{self, Declined, Failed, Lost, Refused, Rot, Served};
use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::{LinkEvent, LinkEventKind, LinkStatus, PersonSaw};
use crate::model::time::from_micros;
use crate::model::{Code, Time};

const DAY: i64 = 24;

fn hour(hours: i64) -> Time {
    from_micros(1_790_000_000_000_000) + TimeDelta::hours(hours)
}

fn policy() -> LinkPolicy {
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
fn check(at: Time, seen: &[LinkObservation]) -> LinkCheck {
    let mut check = LinkCheck::new(at);
    for (name, observation) in ["a", "b", "c"].into_iter().zip(seen) {
        check
            .sightings
            .push(sighting(name, at, code(*observation), *observation));
    }
    check
}

/// Checks at these hours, one after the other; the state and the doubt after each.
fn lived(checks: &[(i64, &[LinkObservation])]) -> (LinkStatus, Vec<LinkEvent>) {
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

#[test]
fn a_redirect_is_a_move_when_it_lasts_and_the_page_is_alike() {
    let led = |at: i64, is_permanent, is_alike| {
        let mut seen = check(hour(at), &[Served]);
        seen.is_alike = is_alike;
        seen.sightings[0].redirect = Some(Redirect {
            to: "https://b.example/x".to_owned(),
            is_permanent,
        });
        seen
    };
    let after = |checks: &[LinkCheck]| {
        let mut status = LinkStatus::default();
        for seen in checks {
            advance(&mut status, seen, &policy(), false);
        }
        status
    };
    let moved = after(&[led(0, true, Some(true))]);
    assert_eq!(moved.state, LinkState::Moved);
    assert_eq!(moved.moved_to.as_deref(), Some("https://b.example/x"));
    let unproven = after(&[led(0, true, None)]);
    assert_eq!(unproven.state, LinkState::Alive);
    assert!(unproven.remarks.contains(&LinkRemark::Redirects));
    let temporary = after(&[led(0, false, Some(true)), led(29 * DAY, false, Some(true))]);
    assert_eq!(temporary.state, LinkState::Alive);
    let lasting = after(&[led(0, false, Some(true)), led(30 * DAY, false, Some(true))]);
    assert_eq!(lasting.state, LinkState::Moved);
    let ended = after(&[
        led(0, false, Some(true)),
        check(hour(7 * DAY), &[Served]),
        led(30 * DAY, false, Some(true)),
    ]);
    assert_eq!(ended.state, LinkState::Alive);
}

#[test]
fn a_page_that_says_something_else_drifts_when_two_checks_a_week_apart_agree() {
    let now = |at: i64, is_alike, is_cited_missing| {
        let mut seen = check(hour(at), &[Served]);
        (seen.is_alike, seen.is_cited_missing) = (is_alike, is_cited_missing);
        seen
    };
    let mut status = LinkStatus::default();
    let mut step = |seen: LinkCheck| {
        advance(&mut status, &seen, &policy(), false);
        (status.state, status.remarks.contains(&LinkRemark::Doubtful))
    };
    assert_eq!(step(now(0, Some(true), false)), (LinkState::Alive, false));
    assert_eq!(step(now(DAY, Some(false), false)), (LinkState::Alive, true));
    assert_eq!(
        step(now(4 * DAY, Some(false), false)),
        (LinkState::Alive, true)
    );
    assert_eq!(
        step(now(8 * DAY, Some(false), false)),
        (LinkState::Drifted, false)
    );
    assert_eq!(
        step(now(15 * DAY, Some(true), false)),
        (LinkState::Alive, false)
    );
    assert_eq!(step(now(16 * DAY, None, true)), (LinkState::Drifted, false));
}

#[test]
fn what_a_person_saw_replaces_what_programs_cannot_find_out() {
    let declined: &[LinkObservation] = &[Declined];
    let (mut status, _) = lived(&[(0, declined)]);
    assert_eq!(status.state, LinkState::Declines);
    let event = observe(&mut status, PersonSaw::Ok, hour(1), hour(1));
    assert_eq!(
        (event.from, event.to),
        (LinkState::Declines, LinkState::Alive)
    );
    let mut step = |at: i64, seen: &[LinkObservation]| {
        advance(&mut status, &check(hour(at), seen), &policy(), false);
        (status.state, status.remarks.contains(&LinkRemark::Person))
    };
    assert_eq!(step(7 * DAY, declined), (LinkState::Alive, true));
    assert_eq!(step(180 * DAY, declined), (LinkState::Alive, true));
    assert_eq!(step(181 * DAY, declined), (LinkState::Declines, false));
    observe(
        &mut status,
        PersonSaw::Gone,
        hour(182 * DAY),
        hour(182 * DAY),
    );
    assert_eq!(status.state, LinkState::Gone);
    advance(
        &mut status,
        &check(hour(183 * DAY), &[Served]),
        &policy(),
        false,
    );
    assert_eq!(status.state, LinkState::Alive);
    advance(
        &mut status,
        &check(hour(190 * DAY), declined),
        &policy(),
        false,
    );
    assert_eq!(status.state, LinkState::Declines, "it counts no more");
    // A program's own observation is not replaced.
    let (mut alive, _) = lived(&[(0, &[Served])]);
    observe(&mut alive, PersonSaw::Gone, hour(1), hour(1));
    assert_eq!(alive.state, LinkState::Alive);
}

#[test]
fn a_host_that_fails_as_a_whole_is_one_event_and_counts_the_next_day() {
    let link = |status: &LinkStatus, at: i64, seen: &[LinkObservation]| LinkInPass {
        host: "a.example".to_owned(),
        status: status.clone(),
        check: check(hour(at), seen),
        is_geo_restricted: false,
        event: None,
    };
    let (well, _) = lived(&[(0, &[Served, Served])]);
    let pass = |worse: usize, all: usize| {
        let mut links: Vec<LinkInPass> = (0..all)
            .map(|n| {
                link(
                    &well,
                    72,
                    if n < worse {
                        &[Refused, Refused]
                    } else {
                        &[Served]
                    },
                )
            })
            .collect();
        let events = advance_pass(&mut links, &policy());
        (events, links)
    };
    for (worse, all, is_event) in [(5, 10, false), (6, 20, false), (7, 20, true), (6, 6, true)] {
        let (events, links) = pass(worse, all);
        assert_eq!(events.len(), usize::from(is_event), "{worse} of {all}");
        let state = if is_event {
            LinkState::Alive
        } else {
            LinkState::Blocked
        };
        assert_eq!(links[0].status.state, state, "{worse} of {all}");
        assert_eq!(links[0].event.is_some(), !is_event);
    }
    let (_, links) = pass(8, 8);
    assert!(links[0].status.remarks.contains(&LinkRemark::HostEvent));
    assert_eq!(links[0].status.due, Some(hour(96)));
    let mut next: Vec<LinkInPass> = links
        .iter()
        .map(|l| link(&l.status, 96, &[Refused, Refused]))
        .collect();
    assert!(advance_pass(&mut next, &policy()).is_empty());
    assert!(next.iter().all(|l| l.status.state == LinkState::Blocked));
    let mut well_again: Vec<LinkInPass> = links
        .iter()
        .map(|l| link(&l.status, 96, &[Served, Served]))
        .collect();
    advance_pass(&mut well_again, &policy());
    assert!(well_again.iter().all(|l| l.event.is_none()));
    assert_eq!(well_again[0].status.remarks, BTreeSet::new());
}

#[test]
fn links_share_the_challenge_of_their_host_unless_they_are_gone() {
    let (mut alive, _) = lived(&[(0, &[Served])]);
    assert!(share_decline(
        &mut alive,
        Code::SiteChallenge,
        hour(5),
        hour(29)
    ));
    assert_eq!(alive.state, LinkState::Declines);
    let (mut gone, _) = lived(&[(0, &[Rot, Rot]), (24, &[Rot, Rot])]);
    assert!(!share_decline(
        &mut gone,
        Code::SiteChallenge,
        hour(48),
        hour(72)
    ));
    assert_eq!(gone.state, LinkState::Gone);
}

#[test]
fn a_status_is_read_as_it_was_written() {
    let (status, _) = lived(&[
        (0, &[Served, Served]),
        (24, &[Rot, Failed]),
        (48, &[Rot, Rot]),
    ]);
    let json = serde_json::to_string(&status).unwrap();
    assert_eq!(serde_json::from_str::<LinkStatus>(&json).unwrap(), status);
    assert!(serde_json::from_str::<LinkStatus>("{}").unwrap() == LinkStatus::default());
}

fn any_observation() -> impl Strategy<Value = LinkObservation> {
    prop_oneof![
        Just(Rot),
        Just(Refused),
        Just(Declined),
        Just(Lost),
        Just(Served),
        Just(Failed)
    ]
}

proptest! {
    /// Whatever is seen: `gone` only after the page was not found by anyone for as long as it takes
    /// to confirm, and every check is followed by another one.
    #[test]
    fn nothing_is_gone_without_proof(
        checks in prop::collection::vec(
            (1_i64..400, prop::collection::vec(any_observation(), 0..3)),
            1..60,
        )
    ) {
        let mut status = LinkStatus::default();
        let mut at = 0;
        let mut found = None;
        let mut rotten: Vec<i64> = Vec::new();
        for (wait, seen) in checks {
            at += wait;
            let before = status.state;
            let event = advance(&mut status, &check(hour(at), &seen), &policy(), false);
            if seen.iter().any(|o| matches!(o, Served | Lost | Refused)) {
                found = Some(at);
                rotten.clear();
            } else if seen.contains(&Rot) {
                rotten.push(at);
            }
            prop_assert!(status.due.unwrap() > hour(at));
            prop_assert_eq!(event.is_some(), status.state != before);
            if status.state == LinkState::Gone && before != LinkState::Gone {
                prop_assert!(rotten.len() >= 2);
                prop_assert!(rotten.last().unwrap() - rotten[0] >= 20);
                prop_assert!(found.is_none_or(|found| found < rotten[0]));
                prop_assert_eq!(status.since, Some(hour(rotten[0])));
            }
            if seen == [Served, Served] {
                prop_assert_eq!(status.state, LinkState::Alive);
            }
        }
    }
}
