use std::collections::BTreeSet;

use proptest::prelude::*;

use super::tests::{DAY, check, hour, lived, policy};
use super::*;
use crate::model::Code;
use crate::model::link::LinkObservation::{self, Declined, Failed, Lost, Refused, Rot, Served};
use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::{LinkStatus, PersonSaw};

#[test]
fn a_redirect_is_a_move_when_it_lasts_and_the_page_is_alike() {
    let led = |at: i64, is_permanent, is_alike| {
        let mut seen = check(hour(at), &[Served]);
        seen.is_alike = is_alike;
        seen.sightings[0].redirect = Some(Redirect {
            from: "http://a.example/x".to_owned(),
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
fn a_redirect_is_a_move_when_title_and_content_number_agree() {
    let seen = |at: i64, title: &str, to: Option<&str>| {
        let mut seen = check(hour(at), &[Served]);
        seen.title = Some(title.to_owned());
        seen.sightings[0].redirect = to.map(|to| Redirect {
            from: "http://a.example/num/content_5678901.htm".to_owned(),
            to: to.to_owned(),
            is_permanent: true,
        });
        seen
    };
    let same = "https://a.example/new/content_5678901.htm";
    let other = "https://a.example/new/content_5678902.htm";
    for (title, to, want) in [
        ("T", same, LinkState::Moved),
        ("U", same, LinkState::Alive),
        ("T", other, LinkState::Alive),
    ] {
        let mut status = LinkStatus::default();
        advance(&mut status, &seen(0, "T", None), &policy(), false);
        for at in [7, 14] {
            let led = seen(at * DAY, title, Some(to));
            advance(&mut status, &led, &policy(), false);
            assert_eq!(status.state, want, "{title} {to}");
        }
    }
    // Without an earlier page nothing says that it is the same.
    let mut status = LinkStatus::default();
    for at in [0, 7] {
        let led = seen(at * DAY, "T", Some(same));
        advance(&mut status, &led, &policy(), false);
        assert_eq!(status.state, LinkState::Alive);
    }
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
    // A check without a comparison is not a second check.
    let mut status = LinkStatus::default();
    for (at, is_alike) in [(0, Some(true)), (DAY, Some(false)), (9 * DAY, None)] {
        advance(&mut status, &now(at, is_alike, false), &policy(), false);
    }
    assert_eq!(status.state, LinkState::Alive);
    // Nor does a page that changes all the time drift.
    let mut living = now(16 * DAY, None, false);
    living.remarks.insert(LinkRemark::LivingPage);
    advance(&mut status, &living, &policy(), false);
    assert_eq!(status.unlike_since, None);
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
