//! The state of a (probe, vantage) and of a source, and why it is unknown: one place for tables,
//! `status`, pages and mails. [`crate::model::state`] has the state of a single check.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::late::LateTimes;
use crate::model::incident::{BrowserResult, HumanCheck};
use crate::model::state::{self, Doubt, State};
use crate::model::tracker_state::TrackerState;
use crate::model::{
    Catalogue, Code, Finding, IncidentKind, Layer, Level, Probe, ProbeKey, Settings, Source,
    SourceId, Status, Time, VantageId,
};
use crate::track;

/// What a person saw counts for so long.
pub const OBSERVATION_HOLDS: TimeDelta = TimeDelta::days(7);

/// Why a state is `unknown`, or where it is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum UnknownReason {
    /// The vantage, its network or its path does not work.
    OwnEnd,
    /// The newest round was skipped because of robots.txt.
    Robots,
    /// The newest round was skipped: the site asked for a back-off.
    BackOff,
    Never,
    /// Two rounds were due since the newest check.
    Late,
    /// Not observed for 14 days.
    #[strum(serialize = "blind")]
    NoData,
    /// The site declined our program.
    Declined,
    /// There is not enough data for a conclusion.
    Insufficient,
    /// A limit of our client.
    Client,
    /// The probe's markers were never confirmed there.
    Provisional,
    /// A person looked.
    Person,
}

impl UnknownReason {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// When the newest round of a (probe, vantage) in a pass began, and the code of its last attempt.
pub type NewestRound = (Time, Option<Code>);

/// The input from which states are computed.
pub struct StateInput<'a> {
    pub tracker: &'a TrackerState,
    pub catalogue: &'a Catalogue,
    pub settings: &'a Settings,
    pub rounds: &'a BTreeMap<(ProbeKey, VantageId), NewestRound>,
    /// What people saw of probes that had no ongoing incident then.
    pub observations: &'a [(ProbeKey, HumanCheck)],
    /// *Now* in every figure.
    pub as_of: Time,
}

/// One (probe, vantage).
#[derive(Debug, Clone)]
pub struct PairState<'a> {
    pub probe: &'a Probe,
    pub vantage: VantageId,
    /// `None` while nothing was ever settled there.
    pub status: Option<&'a Status>,
    pub state: State,
    pub reason: Option<UnknownReason>,
    /// The state is not `open`, and never was since watching began.
    pub usual: bool,
    /// Since when it has this code and state.
    pub since: Option<Time>,
    pub last_checked: Option<Time>,
    /// The ongoing incident of the probe.
    pub incident: Option<i64>,
    /// The network of the person whose look stands for it.
    pub seen_from: Option<String>,
}

impl PairState<'_> {
    /// Whether it is known what readers get.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.state != State::Unknown
    }
}

/// Why a source is not watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum UnwatchedReason {
    Disabled,
    NoProbe,
    Consent,
    Robots,
}

impl UnwatchedReason {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A source, summarised over its pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// `None` for a source that is not watched.
    pub state: Option<State>,
    pub usual: bool,
    pub since: Option<Time>,
    /// The reason, when all its pairs have the same one.
    pub reason: Option<UnknownReason>,
    pub why_not: Option<UnwatchedReason>,
    /// The number of enabled probes; the next field counts those with a known pair.
    pub probes: usize,
    pub probes_known: usize,
    /// The newest round at baseline or better, by level.
    pub last_verified: BTreeMap<Level, Time>,
}

/// The watched pairs, in the order of their keys: enabled probes from the vantages that may fetch
/// them, and from other vantages whose records were ingested.
#[must_use]
pub fn pairs<'a>(known: &StateInput<'a>) -> Vec<PairState<'a>> {
    let mut keys: BTreeSet<(ProbeKey, VantageId)> = BTreeSet::new();
    for probe in known.catalogue.enabled() {
        let source = known.catalogue.source(&probe.source);
        let may = |v: &&crate::model::Vantage| {
            probe.runs_from(&v.id) && source.is_some_and(|s| s.may_be_probed_from(v))
        };
        let vantages = known.settings.vantages.iter().filter(may);
        keys.extend(vantages.map(|v| (probe.key(), v.id.clone())));
    }
    let is_on = |key: &ProbeKey| known.catalogue.probe(key).is_some_and(|p| p.enabled);
    for key in known.tracker.statuses.keys() {
        if !keys.contains(key) && is_on(&key.0) {
            keys.insert(key.clone());
        }
    }
    let mut context = PairContext::new(known);
    keys.into_iter()
        .filter_map(|(key, vantage)| {
            let probe = known.catalogue.probe(&key)?;
            Some(pair(&mut context, probe, &(key, vantage)))
        })
        .collect()
}

/// What pairs share, worked out once.
struct PairContext<'a, 'k> {
    known: &'k StateInput<'a>,
    late: LateTimes<'a>,
    /// The first open incident of each probe.
    open: BTreeMap<&'a ProbeKey, i64>,
    findings: BTreeMap<ProbeKey, Finding>,
}

impl<'a, 'k> PairContext<'a, 'k> {
    fn new(known: &'k StateInput<'a>) -> Self {
        let mut open = BTreeMap::new();
        for incident in known.tracker.incidents.values().filter(|i| i.is_open()) {
            if let Some(probe) = &incident.probe {
                open.entry(probe).or_insert(incident.id);
            }
        }
        Self {
            known,
            late: LateTimes::default(),
            open,
            findings: BTreeMap::new(),
        }
    }

    /// The finding of a probe; most probes are `ok`, and need none.
    fn finding(&mut self, probe: &ProbeKey) -> Finding {
        if let Some(known) = self.findings.get(probe) {
            return *known;
        }
        let found = finding(self.known, probe);
        self.findings.insert(probe.clone(), found);
        found
    }
}

/// The finding of a probe after the pass that saw it last, as if every baseline were `ok`.
fn finding(known: &StateInput<'_>, probe: &ProbeKey) -> Finding {
    let seen = known
        .tracker
        .statuses_of(probe)
        .map(|s| s.last_checked)
        .max();
    let (catalogue, settings) = (known.catalogue, known.settings);
    let at = seen.unwrap_or(known.as_of);
    track::plain_finding(known.tracker, probe, catalogue, settings, at)
}

fn pair<'a>(
    context: &mut PairContext<'a, '_>,
    probe: &'a Probe,
    key: &(ProbeKey, VantageId),
) -> PairState<'a> {
    let known = context.known;
    let status = known.tracker.statuses.get(key);
    let round = known.rounds.get(key);
    let checked = status.map(|s| s.last_checked);
    let mut pair = PairState {
        probe,
        status,
        state: State::Unknown,
        reason: None,
        usual: status.is_some_and(is_usual),
        since: status.map(|s| s.since),
        last_checked: checked.max(round.map(|(at, _)| *at)),
        incident: context.open.get(&key.0).copied(),
        seen_from: None,
        vantage: key.1.clone(),
    };
    match (unseen((known, &mut context.late), &pair, round), status) {
        (Some((reason, since)), _) => {
            pair.reason = Some(reason);
            pair.since = since;
        }
        (None, Some(status)) if status.observed.code == Code::Ok => pair.state = State::Open,
        (None, Some(status)) => {
            let (state, reason) = by_code(status, probe, context.finding(&key.0));
            (pair.state, pair.reason) = (state, reason);
        }
        (None, None) => pair.reason = Some(UnknownReason::Never),
    }
    if pair.state == State::Unknown
        && pair.reason != Some(UnknownReason::OwnEnd)
        && let Some(check) = newest_look(known, &key.0)
    {
        pair.state = match check.browser {
            BrowserResult::Ok => State::Open,
            BrowserResult::Partial => State::Less,
            BrowserResult::Refused => State::Closed,
        };
        (pair.reason, pair.since) = (Some(UnknownReason::Person), Some(check.at));
        pair.seen_from = Some(check.network.clone());
    }
    pair.usual &= pair.state != State::Open;
    pair
}

/// Why a pair was not observed, and since when; the first matching reason.
fn unseen<'a>(
    (known, late): (&StateInput<'a>, &mut LateTimes<'a>),
    pair: &PairState<'a>,
    round: Option<&NewestRound>,
) -> Option<(UnknownReason, Option<Time>)> {
    let vantage = known.tracker.vantages.get(&pair.vantage);
    if let Some(silent) = vantage.filter(|v| v.is_silent()) {
        let checked = pair.last_checked.or(pair.status.map(|s| s.last_checked));
        return Some((UnknownReason::Late, Some(checked.unwrap_or(silent.since))));
    }
    if let Some(out) = vantage.filter(|v| !v.usable) {
        return Some((UnknownReason::OwnEnd, Some(out.since)));
    }
    if let Some(since) = pair.status.and_then(|s| folded_since(known, s)) {
        return Some((UnknownReason::OwnEnd, Some(since)));
    }
    let skipped = round.filter(|(at, _)| pair.status.is_none_or(|s| *at > s.last_checked));
    let since = pair.status.map(|s| s.last_checked);
    match skipped.and_then(|(_, code)| *code) {
        Some(Code::SkippedRobots) => return Some((UnknownReason::Robots, since)),
        Some(Code::SkippedBackOff) => return Some((UnknownReason::BackOff, since)),
        _ => {}
    }
    let status = pair.status?;
    let checked = pair.last_checked.unwrap_or(status.last_checked);
    let late = late.late_from(pair.probe, known.settings, checked);
    if late.is_some_and(|from| known.as_of > from) {
        return Some((UnknownReason::Late, Some(checked)));
    }
    track::is_without_data(status, known.as_of)
        .then(|| (UnknownReason::NoData, Some(track::unobserved_since(status))))
}

/// Since when a status is part of an open incident of its vantage's network or path.
fn folded_since(known: &StateInput<'_>, status: &Status) -> Option<Time> {
    let incident = known.tracker.incidents.get(&status.folded_into?)?;
    let is_of_network = matches!(
        incident.kind,
        IncidentKind::Network | IncidentKind::PathToChina
    );
    (incident.is_open() && is_of_network).then_some(incident.first_bad)
}

/// The state by the standing code, and the reason when the code shows nothing.
fn by_code(status: &Status, probe: &Probe, finding: Finding) -> (State, Option<UnknownReason>) {
    let doubt = Doubt {
        finding: matches!(finding, Finding::ProgramRefused | Finding::Insufficient),
        provisional: probe.provisional && !status.was_ok,
    };
    let state = state::of_check(status.observed.code, doubt).seen_as(status.observed.saying);
    let reason = match (status.observed.code, finding) {
        (code, _) if doubt.provisional && code.layer() == Layer::Content => {
            UnknownReason::Provisional
        }
        (Code::SiteChallenge | Code::SiteRateLimited, _) => UnknownReason::Declined,
        (Code::TlsIncompatible | Code::TlsIncompleteChain, _) => UnknownReason::Client,
        (Code::Insufficient, _) | (_, Finding::Insufficient) => UnknownReason::Insufficient,
        _ => UnknownReason::Declined,
    };
    (state, (state == State::Unknown).then_some(reason))
}

/// The code is the normal one there, or the code at first sight.
fn is_usual(status: &Status) -> bool {
    let is_first = status.already_restricted && status.first_bad.is_none();
    status.observed.code != Code::Ok && (status.baseline == Some(status.observed.code) || is_first)
}

/// The last observation by a person of a probe, within the last days.
fn newest_look<'a>(known: &StateInput<'a>, probe: &ProbeKey) -> Option<&'a HumanCheck> {
    let incidents = known.tracker.incidents.values();
    let checks = incidents
        .filter(|i| i.probe.as_ref() == Some(probe))
        .flat_map(|i| &i.human_checks);
    let others = known.observations.iter().filter(|(key, _)| key == probe);
    let recent = checks
        .chain(others.map(|(_, check)| check))
        .filter(|c| known.as_of - c.at < OBSERVATION_HOLDS);
    recent.max_by_key(|c| c.at)
}

/// Summarises a source over its pairs (the pairs of this source in `pairs`).
#[must_use]
pub fn source(known: &StateInput<'_>, source: &Source, pairs: &[&PairState<'_>]) -> SourceState {
    let why_not = why_not(known, source, pairs);
    let seen: Vec<&PairState<'_>> = pairs.iter().copied().filter(|p| p.is_known()).collect();
    let all = |state: State| seen.iter().all(|p| p.state == state);
    let state = match () {
        () if seen.is_empty() => State::Unknown,
        () if all(State::Open) => State::Open,
        () if all(State::Closed) => State::Closed,
        () => State::Less,
    };
    let restricted = || seen.iter().filter(|p| p.state != State::Open);
    let reasons: BTreeSet<Option<UnknownReason>> = pairs.iter().map(|p| p.reason).collect();
    let probes: BTreeSet<ProbeKey> = seen.iter().map(|p| p.probe.key()).collect();
    SourceState {
        state: why_not.is_none().then_some(state),
        usual: why_not.is_none() && restricted().next().is_some() && restricted().all(|p| p.usual),
        since: since(state, pairs).filter(|_| why_not.is_none()),
        reason: match (reasons.len(), reasons.first()) {
            (1, Some(reason)) => *reason,
            _ => None,
        },
        why_not,
        probes: known
            .catalogue
            .probes_of(&source.id)
            .filter(|p| p.enabled)
            .count(),
        probes_known: probes.len(),
        last_verified: last_verified(pairs),
    }
}

/// Since when a source has its state: `open`, `closed` and `unknown` since the last of its pairs
/// got it, `less` since the first of them got it.
fn since(state: State, pairs: &[&PairState<'_>]) -> Option<Time> {
    let of = |wanted: fn(State) -> bool| {
        let own = pairs.iter().filter(move |p| wanted(p.state));
        own.filter_map(|p| p.since)
    };
    match state {
        State::Open => of(|s| s == State::Open).max(),
        State::Closed => of(|s| s == State::Closed).max(),
        State::Unknown => of(|s| s == State::Unknown).max(),
        State::Less => of(|s| matches!(s, State::Less | State::Closed)).min(),
    }
}

fn why_not(
    known: &StateInput<'_>,
    source: &Source,
    pairs: &[&PairState<'_>],
) -> Option<UnwatchedReason> {
    if !pairs.is_empty() {
        let skipped = pairs
            .iter()
            .all(|p| p.reason == Some(UnknownReason::Robots));
        return skipped.then_some(UnwatchedReason::Robots);
    }
    let id: &SourceId = &source.id;
    if known.catalogue.probes_of(id).next().is_none() {
        return Some(UnwatchedReason::NoProbe);
    }
    let enabled = known.catalogue.probes_of(id).any(|p| p.enabled);
    Some(if enabled {
        UnwatchedReason::Consent
    } else {
        UnwatchedReason::Disabled
    })
}

fn last_verified(pairs: &[&PairState<'_>]) -> BTreeMap<Level, Time> {
    let mut newest: BTreeMap<Level, Time> = BTreeMap::new();
    for pair in pairs {
        if let Some(at) = pair.status.and_then(|s| s.last_verified) {
            let known = newest.entry(pair.probe.level).or_insert(at);
            *known = at.max(*known);
        }
    }
    newest
}
