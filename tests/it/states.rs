//! States of pairs and sources: row by row of the tables that define them, over histories that were tracked.

use std::collections::BTreeMap;

use accesswatch::judge::state::{self, Known, NewestRound, Pair, Reason, SourceState, WhyNot};
use accesswatch::judge::track;
use accesswatch::model::event::PassOutcome;
use accesswatch::model::incident::{BrowserResult, HumanCheck};
use accesswatch::model::source::Access;
use accesswatch::model::state::State;
use accesswatch::model::{Code, Level, ProbeKey, Time, VantageId};
use chrono::TimeDelta;

use crate::support::tracking::{World, key, morning};

const HOME: &str = "s0/home";
const TEXT: &str = "s0/fulltext";
const BOTH: [(&str, &str); 2] = [("berlin", "DE"), ("seoul", "KR")];

fn day(n: i64) -> Time {
    morning() + TimeDelta::days(n)
}

/// What is known once the world's passes are over.
struct View<'w> {
    world: &'w World,
    rounds: BTreeMap<(ProbeKey, VantageId), NewestRound>,
    as_of: Time,
}

fn view(world: &World) -> View<'_> {
    let mut rounds = BTreeMap::new();
    let mut as_of = Time::MIN_UTC;
    for pass in &world.passes {
        let looks = pass.vantages.iter().map(|v| v.at);
        as_of = looks.chain([as_of]).max().unwrap();
        for round in &pass.rounds {
            let (first, last) = (&round.attempts[0], round.attempts.last().unwrap());
            let at = (first.started, Some(last.observed.code));
            rounds.insert((round.probe.clone(), round.vantage.clone()), at);
        }
    }
    View {
        world,
        rounds,
        as_of,
    }
}

impl View<'_> {
    fn known(&self) -> Known<'_> {
        Known {
            book: &self.world.book,
            catalogue: &self.world.catalogue,
            settings: &self.world.settings,
            rounds: &self.rounds,
            as_of: self.as_of,
        }
    }

    fn pair(&self, probe: &str, vantage: &str) -> (State, Option<Reason>, bool) {
        let known = self.known();
        let pairs = state::pairs(&known);
        let is_it = |p: &&Pair<'_>| p.probe.key() == key(probe) && p.vantage.as_str() == vantage;
        let pair = pairs.iter().find(is_it).unwrap();
        (pair.state, pair.reason, pair.usual)
    }

    fn source(&self, id: &str) -> SourceState {
        let known = self.known();
        let pairs = state::pairs(&known);
        let own: Vec<&Pair<'_>> = pairs
            .iter()
            .filter(|p| p.probe.source.as_str() == id)
            .collect();
        let source = self.world.catalogue.source(&id.into()).unwrap();
        state::source(&known, source, &own)
    }
}

/// One source of one probe that was well from both on the day before.
fn well() -> World {
    let mut world = World::new(1, &BOTH);
    world.probe(TEXT).enabled = false;
    both(&mut world, day(-1), Code::Ok, Code::Ok);
    world
}

fn both(world: &mut World, at: Time, berlin: Code, seoul: Code) -> PassOutcome {
    let codes = [("berlin", berlin), ("seoul", seoul)];
    world.pass(at).rounds(HOME, &codes).go()
}

#[test]
fn a_pair_has_the_state_of_its_code() {
    for (code, state, reason) in [
        (Code::Ok, State::Open, None),
        (Code::ContentChanged, State::Open, None),
        (Code::ContentMoved, State::Open, None),
        (Code::ContentUnproven, State::Less, None),
        (Code::ContentWithdrawn, State::Less, None),
        (Code::SiteMaintenance, State::Less, None),
        (Code::SiteGeoBlock, State::Closed, None),
        (Code::SiteLogin, State::Closed, None),
        (Code::ContentReplaced, State::Closed, None),
        (Code::SiteChallenge, State::Unknown, Some(Reason::Declined)),
        (Code::SiteWafBlock, State::Unknown, Some(Reason::Declined)),
        (Code::TlsIncompatible, State::Unknown, Some(Reason::Client)),
    ] {
        let mut world = well();
        both(&mut world, day(0), code, code);
        assert_eq!(
            view(&world).pair(HOME, "seoul"),
            (state, reason, false),
            "{code}"
        );
    }
}

#[test]
fn a_failure_that_one_vantage_alone_sees_tells_nothing() {
    let mut world = World::new(1, &[("seoul", "KR")]);
    world.see(day(-1), HOME, "seoul", Code::Ok);
    world.see(day(0), HOME, "seoul", Code::TcpTimeout);
    let alone = (State::Unknown, Some(Reason::Insufficient), false);
    assert_eq!(view(&world).pair(HOME, "seoul"), alone);
    let mut world = well();
    both(&mut world, day(0), Code::TcpTimeout, Code::TcpTimeout);
    assert_eq!(
        view(&world).pair(HOME, "seoul"),
        (State::Closed, None, false)
    );
}

#[test]
fn what_is_normal_is_not_open_but_usual() {
    let mut world = World::new(1, &BOTH);
    both(&mut world, day(0), Code::SiteLogin, Code::SiteChallenge);
    let seen = view(&world);
    assert_eq!(seen.pair(HOME, "berlin"), (State::Closed, None, true));
    let declined = (State::Unknown, Some(Reason::Declined), true);
    assert_eq!(seen.pair(HOME, "seoul"), declined);
    let source = seen.source("s0");
    assert_eq!((source.state, source.usual), (Some(State::Closed), true));
    assert_eq!((source.probes, source.probes_known), (2, 1));
}

#[test]
fn our_own_end_comes_before_everything() {
    let mut world = well();
    let pass = world.pass(day(1)).unusable("seoul", Code::VantageOffline);
    pass.round(HOME, "berlin", Code::Ok).go();
    let seen = view(&world);
    let out = (State::Unknown, Some(Reason::OwnEnd), false);
    assert_eq!(seen.pair(HOME, "seoul"), out);
    assert_eq!(seen.pair(HOME, "berlin").0, State::Open);
    assert_eq!(
        seen.source("s0").state,
        Some(State::Open),
        "over what is known"
    );

    let vantages = [("berlin", "DE"), ("seoul", "KR")];
    let mut world = World::seen_well(&vantages, 6);
    let mut pass = world.pass(morning());
    for n in 0..6 {
        let probe = format!("s{n}/home");
        pass = pass.round(&probe, "seoul", Code::TcpTimeout);
        pass = pass.round(&probe, "berlin", Code::Ok);
    }
    pass.go();
    assert_eq!(world.open_count(), 1, "one of the network");
    assert_eq!(view(&world).pair("s3/home", "seoul"), out);
}

#[test]
fn what_was_skipped_is_not_watched() {
    let mut world = well();
    both(
        &mut world,
        day(0),
        Code::SkippedRobots,
        Code::SkippedBackOff,
    );
    let seen = view(&world);
    let robots = (State::Unknown, Some(Reason::Robots), false);
    assert_eq!(seen.pair(HOME, "berlin"), robots);
    assert_eq!(seen.pair(HOME, "seoul").1, Some(Reason::BackOff));
    assert_eq!(seen.source("s0").why_not, None);
    both(&mut world, day(1), Code::SkippedRobots, Code::SkippedRobots);
    let source = view(&world).source("s0");
    assert_eq!((source.state, source.why_not), (None, Some(WhyNot::Robots)));
    assert_eq!(source.since, None);
}

#[test]
fn never_late_and_blind() {
    let mut world = World::new(1, &BOTH);
    world.pass(day(0)).round(HOME, "seoul", Code::Ok).go();
    let never = (State::Unknown, Some(Reason::Never), false);
    assert_eq!(view(&world).pair(HOME, "berlin"), never);
    // 09:20, 15:20 and 21:20 in Beijing: at 15:45 one round is missing, which may be on its way; by 22:00 two are.
    let at = |time: &str| {
        format!("2026-03-02T{time}:00+08:00")
            .parse::<Time>()
            .unwrap()
    };
    let mut seen = view(&world);
    for (time, is_late) in [("15:45", false), ("21:30", false), ("21:45", true)] {
        seen.as_of = at(time);
        let reason = seen.pair(HOME, "seoul").1;
        assert_eq!(reason == Some(Reason::Late), is_late, "{time}: {reason:?}");
    }
    let mut world = well();
    for n in 0..16 {
        both(&mut world, day(n), Code::SiteChallenge, Code::SiteChallenge);
    }
    assert_eq!(view(&world).pair(HOME, "seoul").1, Some(Reason::Blind));
}

#[test]
fn markers_that_were_never_confirmed_say_nothing() {
    let mut world = World::new(1, &BOTH);
    world.probe(HOME).provisional = true;
    both(&mut world, day(0), Code::ContentReplaced, Code::Ok);
    both(
        &mut world,
        day(1),
        Code::ContentReplaced,
        Code::ContentReplaced,
    );
    let seen = view(&world);
    let unsure = (State::Unknown, Some(Reason::Provisional), true);
    assert_eq!(seen.pair(HOME, "berlin"), unsure);
    assert_eq!(seen.pair(HOME, "seoul"), (State::Closed, None, false));
}

#[test]
fn what_a_person_saw_stands_for_what_is_unknown() {
    let mut world = well();
    both(&mut world, day(0), Code::SiteChallenge, Code::Ok);
    let id = world.open(HOME).unwrap().id;
    let check = HumanCheck {
        at: day(0) + TimeDelta::hours(2),
        browser: BrowserResult::Partial,
        network: "office, KR".to_owned(),
        saw: None,
        by: None,
    };
    let (catalogue, settings) = (world.catalogue.clone(), world.settings.clone());
    track::observe(&mut world.book, id, check, &catalogue, &settings).unwrap();
    both(&mut world, day(1), Code::SiteChallenge, Code::Ok);
    let looked = (State::Less, Some(Reason::Person), false);
    assert_eq!(view(&world).pair(HOME, "berlin"), looked);
    assert_eq!(view(&world).pair(HOME, "seoul").0, State::Open, "was known");
    both(&mut world, day(8), Code::SiteChallenge, Code::Ok);
    assert_eq!(view(&world).pair(HOME, "berlin").0, State::Unknown);
}

#[test]
fn a_source_is_what_its_pairs_are() {
    let mut world = well();
    let source = view(&world).source("s0");
    assert_eq!(
        (source.state, source.since),
        (Some(State::Open), Some(day(-1)))
    );
    assert_eq!(source.last_verified[&Level::Home], day(-1));
    both(&mut world, day(0), Code::SiteGeoBlock, Code::Ok);
    let source = view(&world).source("s0");
    assert_eq!(
        (source.state, source.since),
        (Some(State::Less), Some(day(0)))
    );
    assert!(!source.usual && source.reason.is_none());
    both(&mut world, day(1), Code::SiteGeoBlock, Code::SiteGeoBlock);
    let source = view(&world).source("s0");
    assert_eq!(
        (source.state, source.since),
        (Some(State::Closed), Some(day(1)))
    );
    both(&mut world, day(2), Code::SiteChallenge, Code::SiteChallenge);
    let source = view(&world).source("s0");
    assert_eq!(source.state, Some(State::Unknown));
    assert_eq!(source.reason, Some(Reason::Declined), "the same of both");
}

#[test]
fn a_source_that_is_not_watched_says_why() {
    let mut world = World::new(3, &BOTH);
    for probe in [HOME, TEXT] {
        world.probe(probe).enabled = false;
    }
    world.catalogue.probes.remove(&key("s1/home"));
    world.catalogue.probes.remove(&key("s1/fulltext"));
    let licensed = world.catalogue.sources.get_mut(&"s2".into()).unwrap();
    licensed.access = Access::Subscription;
    for vantage in &mut world.settings.vantages {
        vantage.licensed = true;
    }
    let seen = view(&world);
    for (id, why_not) in [
        ("s0", WhyNot::Disabled),
        ("s1", WhyNot::NoProbe),
        ("s2", WhyNot::Consent),
    ] {
        let source = seen.source(id);
        assert_eq!(
            (source.state, source.why_not),
            (None, Some(why_not)),
            "{id}"
        );
    }
}

#[test]
fn rounds_whose_code_tells_nothing_are_noted_once() {
    let mut world = well();
    let refused = both(&mut world, day(0), Code::SiteWafBlock, Code::SiteWafBlock);
    let noted: Vec<&str> = refused.doubted.iter().map(|d| d.vantage.as_str()).collect();
    assert_eq!(noted, ["berlin", "seoul"]);
    assert!(refused.doubted[0].doubt.finding && !refused.doubted[0].doubt.provisional);
    let closed = both(&mut world, day(1), Code::SiteGeoBlock, Code::SiteGeoBlock);
    assert!(closed.doubted.is_empty(), "{:?}", closed.doubted);
    let login = both(&mut world, day(2), Code::SiteChallenge, Code::Ok);
    assert!(login.doubted.is_empty(), "its code says enough");
}
