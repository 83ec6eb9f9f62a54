//! Phases of parts and of incidents.

use super::*;
use crate::model::{IncidentKind, Locus, Observation};

fn day(n: u32) -> Time {
    format!("2026-11-{n:02}T00:25:02Z").parse().unwrap()
}

fn part(code: Code, first_bad: Time) -> VantagePart {
    VantagePart {
        from: Code::Ok,
        observed: Observation::new(code, Locus::Site),
        last_good: None,
        first_bad,
        back: None,
        left_as: None,
        phases: Vec::new(),
    }
}

fn incident(parts: &[(&str, VantagePart)]) -> Incident {
    let first_bad = parts.iter().map(|(_, p)| p.first_bad).min().unwrap();
    let mut incident = Incident::new(1, IncidentKind::Probe, first_bad, first_bad);
    incident.to = parts[0].1.observed.code;
    incident.vantages = parts
        .iter()
        .map(|(id, part)| ((*id).into(), part.clone()))
        .collect();
    incident
}

fn turn(vantage: &str, at: Time, from: Code, to: Code) -> StoryLine {
    StoryLine {
        at,
        text: String::new(),
        turn: Some(VantageTurn {
            vantage: vantage.into(),
            from,
            to,
        }),
        remark: None,
    }
}

fn shape(phases: &[Phase]) -> Vec<(Code, Time, Option<Time>)> {
    phases.iter().map(|p| (p.code, p.from, p.to)).collect()
}

#[test]
fn since_is_that_of_the_verdict_shown() {
    let mut seoul = part(Code::ContentStale, day(8));
    seoul.turn(Code::ContentStale, day(8));
    seoul.turn(Code::SiteGeoBlock, day(9));
    seoul.count(true);
    seoul.count(false);
    let last = seoul.phases.last().unwrap();
    assert_eq!((last.checks, last.checks_bad), (2, 1));
    let mut incident = incident(&[("seoul", seoul)]);
    assert_eq!(incident.first_bad, day(8));
    assert_eq!(incident.since(), day(9));
    assert_eq!(incident.worst_severity(day(10)), 6);
    incident.to = Code::ContentStale;
    assert_eq!(
        incident.since(),
        day(8),
        "no vantage shows it: the beginning"
    );
}

#[test]
fn the_gravest_phase_is_not_forgotten_when_it_eases() {
    let mut here = part(Code::ContentEmpty, day(4));
    here.turn(Code::ContentEmpty, day(4));
    here.turn(Code::ContentNulls, day(5));
    let eased = incident(&[("here", here)]);
    assert_eq!(eased.worst_severity(day(6)), 4);
    let mut there = part(Code::SiteMaintenance, day(4));
    there.turn(Code::SiteMaintenance, day(4));
    let long = incident(&[("there", there)]);
    assert_eq!(long.worst_severity(day(5)), 2);
    assert_eq!(long.worst_severity(day(7)), 4);
}

#[test]
fn phases_of_several_vantages_are_told_as_one_story() {
    let mut seoul = part(Code::ContentStale, day(8));
    seoul.turn(Code::ContentStale, day(8));
    seoul.turn(Code::SiteGeoBlock, day(10));
    let mut berlin = part(Code::ContentStale, day(9));
    berlin.turn(Code::ContentStale, day(9));
    berlin.turn(Code::SiteGeoBlock, day(11));
    berlin.leave(day(12), Some(Code::Ok));
    let both = incident(&[("berlin", berlin.clone()), ("seoul", seoul)]);
    assert_eq!(
        shape(&both.phases_together()),
        [
            (Code::ContentStale, day(8), Some(day(11))),
            (Code::SiteGeoBlock, day(10), None),
        ]
    );
    // It comes back: the time between is not part of it.
    berlin.back = None;
    berlin.turn(Code::SiteGeoBlock, day(14));
    let again = incident(&[("berlin", berlin)]);
    assert_eq!(
        shape(&again.phases_together()),
        [
            (Code::ContentStale, day(9), Some(day(11))),
            (Code::SiteGeoBlock, day(11), Some(day(12))),
            (Code::SiteGeoBlock, day(14), None),
        ]
    );
}

#[test]
fn a_record_without_phases_gets_those_that_its_story_tells() {
    let (ok, stale, geo) = (Code::Ok, Code::ContentStale, Code::SiteGeoBlock);
    let mut seoul = part(geo, day(8));
    let changes = vec![
        turn("seoul", day(8), ok, stale),
        turn("berlin", day(8), ok, stale),
        turn("seoul", day(9), stale, geo),
        turn("seoul", day(12), geo, ok),
    ];
    seoul.back = Some(day(12));
    seoul.left_as = Some(ok);
    let mut old = incident(&[("seoul", seoul.clone()), ("berlin", part(stale, day(8)))]);
    old.changes = changes;
    old.fill_phases();
    let of = |i: &Incident, v: &str| shape(&i.vantages[&VantageId::from(v)].phases);
    let two = vec![(stale, day(8), Some(day(9))), (geo, day(9), Some(day(12)))];
    assert_eq!(of(&old, "seoul"), two);
    assert_eq!(of(&old, "berlin"), [(stale, day(8), None)]);
    let filled = old.clone();
    old.fill_phases();
    assert_eq!(old, filled, "what has phases keeps them");

    let mut untold = incident(&[("seoul", seoul)]);
    untold.fill_phases();
    assert_eq!(of(&untold, "seoul"), [(geo, day(8), Some(day(12)))]);
}

#[test]
fn a_last_good_time_of_an_older_record_lies_before_the_first_bad_one() {
    let mut seoul = part(Code::SiteGeoBlock, day(3));
    seoul.last_good = Some(day(2));
    let mut berlin = part(Code::SiteGeoBlock, day(10));
    berlin.last_good = Some(day(9));
    let mut old = incident(&[("seoul", seoul), ("berlin", berlin)]);
    old.last_good = Some(day(9));
    old.fill_phases();
    assert_eq!((old.last_good, old.first_bad), (Some(day(2)), day(3)));
    old.fill_phases();
    assert_eq!(old.last_good, Some(day(2)));
}
