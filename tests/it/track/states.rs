//! States of pairs and sources: row by row of the tables that define them, over tracked histories.

use std::collections::BTreeMap;

use accesswatch::model::event::{EventDetail, PassOutcome};
use accesswatch::model::incident::{BrowserResult, HumanCheck};
use accesswatch::model::source::Access;
use accesswatch::model::state::State;
use accesswatch::model::{Code, Level, ProbeKey, Time, VantageId};
use accesswatch::track;
use accesswatch::track::state;
use accesswatch::track::state::{
    NewestRound, PairState, SourceState, StateInput, UnknownReason, UnwatchedReason,
};
use chrono::TimeDelta;

use crate::support::tracking::{World, key, morning};

const HOME: &str = "s0/home";
const TEXT: &str = "s0/fulltext";
const BOTH: [(&str, &str); 2] = [("berlin", "DE"), ("seoul", "KR")];

fn day(n: i64) -> Time {
    morning() + TimeDelta::days(n)
}

/// The state after all passes.
struct View<'w> {
    context: &'w World,
    rounds: BTreeMap<(ProbeKey, VantageId), NewestRound>,
    observations: Vec<(ProbeKey, HumanCheck)>,
    as_of: Time,
}

fn view(context: &World) -> View<'_> {
    let mut rounds = BTreeMap::new();
    let mut as_of = Time::MIN_UTC;
    for pass in &context.passes {
        let looks = pass.vantages.iter().map(|v| v.at);
        as_of = looks.chain([as_of]).max().unwrap();
        for round in &pass.rounds {
            let (first, last) = (&round.attempts[0], round.attempts.last().unwrap());
            let at = (first.started, Some(last.observed.code));
            rounds.insert((round.probe.clone(), round.vantage.clone()), at);
        }
    }
    let events = context.outcomes.iter().flat_map(|o| &o.events);
    let observations = events.filter_map(|event| match &event.detail {
        Some(EventDetail::Looked { check }) => Some((event.probe.clone()?, check.clone())),
        _ => None,
    });
    View {
        context,
        rounds,
        observations: observations.collect(),
        as_of,
    }
}

impl View<'_> {
    fn known(&self) -> StateInput<'_> {
        StateInput {
            tracker: &self.context.tracker,
            catalogue: &self.context.catalogue,
            settings: &self.context.settings,
            rounds: &self.rounds,
            observations: &self.observations,
            as_of: self.as_of,
        }
    }

    fn pair(&self, probe: &str, vantage: &str) -> (State, Option<UnknownReason>, bool) {
        let known = self.known();
        let pairs = state::pairs(&known);
        let is_it =
            |p: &&PairState<'_>| p.probe.key() == key(probe) && p.vantage.as_str() == vantage;
        let pair = pairs.iter().find(is_it).unwrap();
        (pair.state, pair.reason, pair.usual)
    }

    fn source(&self, id: &str) -> SourceState {
        let known = self.known();
        let pairs = state::pairs(&known);
        let own: Vec<&PairState<'_>> = pairs
            .iter()
            .filter(|p| p.probe.source.as_str() == id)
            .collect();
        let source = self.context.catalogue.source(&id.into()).unwrap();
        state::source(&known, source, &own)
    }
}

/// One source with one probe that was well from both vantages on the day before.
fn well() -> World {
    let mut context = World::new(1, &BOTH);
    context.probe(TEXT).enabled = false;
    both(&mut context, day(-1), Code::Ok, Code::Ok);
    context
}

fn both(context: &mut World, at: Time, berlin: Code, seoul: Code) -> PassOutcome {
    let codes = [("berlin", berlin), ("seoul", seoul)];
    context.pass(at).rounds(HOME, &codes).go()
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
        (
            Code::SiteChallenge,
            State::Unknown,
            Some(UnknownReason::Declined),
        ),
        (
            Code::SiteWafBlock,
            State::Unknown,
            Some(UnknownReason::Declined),
        ),
        (
            Code::TlsIncompatible,
            State::Unknown,
            Some(UnknownReason::Client),
        ),
    ] {
        let mut context = well();
        both(&mut context, day(0), code, code);
        assert_eq!(
            view(&context).pair(HOME, "seoul"),
            (state, reason, false),
            "{code}"
        );
    }
}

#[test]
fn a_failure_that_one_vantage_alone_sees_tells_nothing() {
    let mut context = World::new(1, &[("seoul", "KR")]);
    context.see(day(-1), HOME, "seoul", Code::Ok);
    context.see(day(0), HOME, "seoul", Code::TcpTimeout);
    let alone = (State::Unknown, Some(UnknownReason::Insufficient), false);
    assert_eq!(view(&context).pair(HOME, "seoul"), alone);
    let mut context = well();
    both(&mut context, day(0), Code::TcpTimeout, Code::TcpTimeout);
    assert_eq!(
        view(&context).pair(HOME, "seoul"),
        (State::Closed, None, false)
    );
}

#[test]
fn what_is_normal_is_not_open_but_usual() {
    let mut context = World::new(1, &BOTH);
    both(&mut context, day(0), Code::SiteLogin, Code::SiteChallenge);
    let seen = view(&context);
    assert_eq!(seen.pair(HOME, "berlin"), (State::Closed, None, true));
    let declined = (State::Unknown, Some(UnknownReason::Declined), true);
    assert_eq!(seen.pair(HOME, "seoul"), declined);
    let source = seen.source("s0");
    assert_eq!((source.state, source.usual), (Some(State::Closed), true));
    assert_eq!((source.probes, source.probes_known), (2, 1));
}

#[test]
fn our_own_end_comes_before_everything() {
    let mut context = well();
    let pass = context.pass(day(1)).unusable("seoul", Code::VantageOffline);
    pass.round(HOME, "berlin", Code::Ok).go();
    let seen = view(&context);
    let out = (State::Unknown, Some(UnknownReason::OwnEnd), false);
    assert_eq!(seen.pair(HOME, "seoul"), out);
    assert_eq!(seen.pair(HOME, "berlin").0, State::Open);
    assert_eq!(
        seen.source("s0").state,
        Some(State::Open),
        "over what is known"
    );

    let vantages = [("berlin", "DE"), ("seoul", "KR")];
    let mut context = World::seen_well(&vantages, 6);
    let mut pass = context.pass(morning());
    for n in 0..6 {
        let probe = format!("s{n}/home");
        pass = pass.round(&probe, "seoul", Code::TcpTimeout);
        pass = pass.round(&probe, "berlin", Code::Ok);
    }
    pass.go();
    assert_eq!(context.open_count(), 1, "one of the network");
    assert_eq!(view(&context).pair("s3/home", "seoul"), out);
}

#[test]
fn what_was_skipped_is_not_watched() {
    let mut context = well();
    both(
        &mut context,
        day(0),
        Code::SkippedRobots,
        Code::SkippedBackOff,
    );
    let seen = view(&context);
    let robots = (State::Unknown, Some(UnknownReason::Robots), false);
    assert_eq!(seen.pair(HOME, "berlin"), robots);
    assert_eq!(seen.pair(HOME, "seoul").1, Some(UnknownReason::BackOff));
    assert_eq!(seen.source("s0").why_not, None);
    both(
        &mut context,
        day(1),
        Code::SkippedRobots,
        Code::SkippedRobots,
    );
    let source = view(&context).source("s0");
    assert_eq!(
        (source.state, source.why_not),
        (None, Some(UnwatchedReason::Robots))
    );
    assert_eq!(source.since, None);
}

#[test]
fn never_late_and_blind() {
    let mut context = World::new(1, &BOTH);
    context.pass(day(0)).round(HOME, "seoul", Code::Ok).go();
    let never = (State::Unknown, Some(UnknownReason::Never), false);
    assert_eq!(view(&context).pair(HOME, "berlin"), never);
    // 09:20, 15:20 and 21:20 in Beijing: at 15:45 one round is missing, but may still come; by
    // 22:00 two are missing.
    let at = |time: &str| {
        format!("2026-03-02T{time}:00+08:00")
            .parse::<Time>()
            .unwrap()
    };
    let mut seen = view(&context);
    for (time, is_late) in [("15:45", false), ("21:30", false), ("21:45", true)] {
        seen.as_of = at(time);
        let reason = seen.pair(HOME, "seoul").1;
        assert_eq!(
            reason == Some(UnknownReason::Late),
            is_late,
            "{time}: {reason:?}"
        );
    }
    let mut context = well();
    for n in 0..16 {
        both(
            &mut context,
            day(n),
            Code::SiteChallenge,
            Code::SiteChallenge,
        );
    }
    assert_eq!(
        view(&context).pair(HOME, "seoul").1,
        Some(UnknownReason::NoData)
    );
}

#[test]
fn markers_that_were_never_confirmed_say_nothing() {
    let mut context = World::new(1, &BOTH);
    context.probe(HOME).provisional = true;
    both(&mut context, day(0), Code::ContentReplaced, Code::Ok);
    both(
        &mut context,
        day(1),
        Code::ContentReplaced,
        Code::ContentReplaced,
    );
    let seen = view(&context);
    let unsure = (State::Unknown, Some(UnknownReason::Provisional), true);
    assert_eq!(seen.pair(HOME, "berlin"), unsure);
    assert_eq!(seen.pair(HOME, "seoul"), (State::Closed, None, false));
}

#[test]
fn what_a_person_saw_stands_for_what_is_unknown() {
    let mut context = well();
    both(&mut context, day(0), Code::SiteChallenge, Code::Ok);
    let id = context.open(HOME).unwrap().id;
    let check = HumanCheck {
        at: day(0) + TimeDelta::hours(2),
        browser: BrowserResult::Partial,
        network: "office, KR".to_owned(),
        saw: None,
        by: None,
    };
    let (catalogue, settings) = (context.catalogue.clone(), context.settings.clone());
    track::observe(&mut context.tracker, id, check, &catalogue, &settings).unwrap();
    both(&mut context, day(1), Code::SiteChallenge, Code::Ok);
    let looked = (State::Less, Some(UnknownReason::Person), false);
    assert_eq!(view(&context).pair(HOME, "berlin"), looked);
    assert_eq!(
        view(&context).pair(HOME, "seoul").0,
        State::Open,
        "was known"
    );
    both(&mut context, day(8), Code::SiteChallenge, Code::Ok);
    assert_eq!(view(&context).pair(HOME, "berlin").0, State::Unknown);
}

#[test]
fn what_a_person_saw_without_an_incident_stands_too() {
    let mut context = World::new(1, &BOTH);
    context.probe(TEXT).enabled = false;
    both(&mut context, day(0), Code::SiteChallenge, Code::Ok);
    let check = HumanCheck {
        at: day(0) + TimeDelta::hours(2),
        browser: BrowserResult::Refused,
        network: "home".to_owned(),
        saw: None,
        by: Some("Ana".to_owned()),
    };
    let outcome = track::observe_probe(&key(HOME), &check, &context.catalogue).unwrap();
    assert_eq!(view(&context).pair(HOME, "berlin").0, State::Unknown);
    context.outcomes.push(outcome);
    let (state, reason, _) = view(&context).pair(HOME, "berlin");
    assert_eq!(
        (state, reason),
        (State::Closed, Some(UnknownReason::Person))
    );
    assert_eq!(view(&context).pair(HOME, "seoul").0, State::Open);
    both(&mut context, day(8), Code::SiteChallenge, Code::Ok);
    assert_eq!(view(&context).pair(HOME, "berlin").0, State::Unknown);
}

#[test]
fn a_source_is_what_its_pairs_are() {
    let mut context = well();
    let source = view(&context).source("s0");
    assert_eq!(
        (source.state, source.since),
        (Some(State::Open), Some(day(-1)))
    );
    assert_eq!(source.last_verified[&Level::Home], day(-1));
    both(&mut context, day(0), Code::SiteGeoBlock, Code::Ok);
    let source = view(&context).source("s0");
    assert_eq!(
        (source.state, source.since),
        (Some(State::Less), Some(day(0)))
    );
    assert!(!source.usual && source.reason.is_none());
    both(&mut context, day(1), Code::SiteGeoBlock, Code::SiteGeoBlock);
    let source = view(&context).source("s0");
    assert_eq!(
        (source.state, source.since),
        (Some(State::Closed), Some(day(1)))
    );
    both(
        &mut context,
        day(2),
        Code::SiteChallenge,
        Code::SiteChallenge,
    );
    let source = view(&context).source("s0");
    assert_eq!(source.state, Some(State::Unknown));
    assert_eq!(
        source.reason,
        Some(UnknownReason::Declined),
        "the same of both"
    );
}

#[test]
fn a_source_that_is_not_watched_says_why() {
    let mut context = World::new(3, &BOTH);
    for probe in [HOME, TEXT] {
        context.probe(probe).enabled = false;
    }
    context.catalogue.probes.remove(&key("s1/home"));
    context.catalogue.probes.remove(&key("s1/fulltext"));
    let licensed = context.catalogue.sources.get_mut(&"s2".into()).unwrap();
    licensed.access = Access::Subscription;
    for vantage in &mut context.settings.vantages {
        vantage.licensed = true;
    }
    let seen = view(&context);
    for (id, why_not) in [
        ("s0", UnwatchedReason::Disabled),
        ("s1", UnwatchedReason::NoProbe),
        ("s2", UnwatchedReason::Consent),
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
    let mut context = well();
    let refused = both(&mut context, day(0), Code::SiteWafBlock, Code::SiteWafBlock);
    let noted: Vec<&str> = refused.doubted.iter().map(|d| d.vantage.as_str()).collect();
    assert_eq!(noted, ["berlin", "seoul"]);
    assert!(refused.doubted[0].doubt.finding && !refused.doubted[0].doubt.provisional);
    let closed = both(&mut context, day(1), Code::SiteGeoBlock, Code::SiteGeoBlock);
    assert!(closed.doubted.is_empty(), "{:?}", closed.doubted);
    let login = both(&mut context, day(2), Code::SiteChallenge, Code::Ok);
    assert!(login.doubted.is_empty(), "its code says enough");
}
