//! The passes of stored or ingested measurements.
//!
//! Records that name their pass are grouped by it. Records of older versions and of other programs
//! name none: their rounds, in the order of their first attempts, are split where a (probe,
//! vantage) or the controls of a vantage occur again, or where nothing began for [`GAP`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::engine::controls::{last_try, vantage_round};
use crate::model::measurement::PATH_SOURCE;
use crate::model::round::{Attempt, ControlResult, Pass, Round, VantageRound};
use crate::model::{PassId, ProbeKey, RoundId, Time, VantageId};
use crate::store::DiscardedRound;
use crate::track::hourly;

/// Rounds that begin further apart belong to different passes, if no record names its pass.
pub const GAP: TimeDelta = TimeDelta::minutes(15);

/// A judged record and its key.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedRecord {
    pub pass: Option<PassId>,
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub round: RoundId,
    pub attempt: Attempt,
    /// What a control's record says about its vantage; `None` for a source's record.
    pub control: Option<ControlResult>,
}

/// The passes of records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PassHistory {
    /// In order of time, with the rounds of vantages that worked.
    pub passes: Vec<Pass>,
    /// The rounds of vantages that did not work.
    pub set_aside: Vec<DiscardedRound>,
}

impl PassHistory {
    /// Groups records, given in any order.
    #[must_use]
    pub fn new(records: Vec<JudgedRecord>) -> Self {
        let mut by_pass: BTreeMap<Option<PassId>, Vec<JudgedRecord>> = BTreeMap::new();
        for mut record in records {
            // An hourly round contains records of three hours, so it belongs to none of our passes.
            let pass = record.pass.take();
            let pass = pass.filter(|_| !hourly::is_foreign(&record.vantage));
            by_pass.entry(pass).or_default().push(record);
        }
        let mut groups = Vec::new();
        for (pass, records) in by_pass {
            let mut group = RoundGroup::new(pass.is_none().then_some(GAP));
            for round in derived_rounds(records) {
                if group.ends_before(&round) {
                    groups.push(group.replace());
                }
                group.add(round);
            }
            groups.push(group);
        }
        groups.sort_by_key(|group| group.began);
        let mut history = Self::default();
        for group in groups {
            group.close(&mut history);
        }
        history
    }
}

/// A round of a source, or of the controls of a vantage.
struct DerivedRound {
    round: Round,
    /// When its own first attempt was made.
    began: Time,
    /// For controls: each result, and when it was made.
    controls: Vec<(Time, ControlResult)>,
}

impl DerivedRound {
    fn new((mut round, mut controls): (Round, Vec<(Time, ControlResult)>)) -> Self {
        round
            .attempts
            .sort_by(|a, b| (a.started, a.attempt, &a.uid).cmp(&(b.started, b.attempt, &b.uid)));
        controls.sort_by_key(|(at, _)| *at);
        Self {
            began: began(&round),
            round,
            controls,
        }
    }

    /// Path controls: they say something about the path to the mainland, not about the vantage.
    fn is_path(&self) -> bool {
        !self.controls.is_empty() && self.round.probe.source.as_str() == PATH_SOURCE
    }

    /// The key that a source's round and the controls of its vantage may share.
    fn key(&self) -> (VantageId, RoundId) {
        (self.round.vantage.clone(), self.round.id.clone())
    }
}

/// When the round's own first attempt was made. An hourly round also contains the hours before it:
/// its own attempt is the last.
fn began(round: &Round) -> Time {
    let own = if hourly::is_foreign(&round.vantage) {
        round.attempts.last()
    } else {
        round.attempts.first()
    };
    own.map(|a| a.started).unwrap_or_default()
}

/// Attempts grouped into rounds, in order of time. A control's round carries its results.
fn derived_rounds(records: Vec<JudgedRecord>) -> Vec<DerivedRound> {
    type Found = (Round, Vec<(Time, ControlResult)>);
    let mut found: BTreeMap<(VantageId, RoundId, Option<ProbeKey>), Found> = BTreeMap::new();
    let mut foreign: BTreeMap<(ProbeKey, VantageId), Vec<Attempt>> = BTreeMap::new();
    for record in records {
        if hourly::is_foreign(&record.vantage) {
            let series = foreign.entry((record.probe, record.vantage)).or_default();
            series.push(record.attempt);
            continue;
        }
        let is_path = record.probe.source.as_str() == PATH_SOURCE;
        let probe = match &record.control {
            None => Some(record.probe.clone()),
            Some(_) if is_path => Some(ProbeKey::new(PATH_SOURCE, "")),
            Some(_) => None,
        };
        let key = (record.vantage.clone(), record.round.clone(), probe);
        let entry = found.entry(key).or_insert_with(|| {
            let round = Round {
                id: record.round,
                probe: record.probe,
                vantage: record.vantage,
                attempts: Vec::new(),
            };
            (round, Vec::new())
        });
        let at = record.attempt.started;
        entry.0.attempts.push(record.attempt);
        entry.1.extend(record.control.map(|result| (at, result)));
    }
    let hourly = foreign
        .into_iter()
        .flat_map(|((probe, vantage), seen)| hourly::rounds(&probe, &vantage, seen))
        .map(|round| (round, Vec::new()));
    let all = found.into_values().chain(hourly);
    let mut rounds: Vec<DerivedRound> = all.map(DerivedRound::new).collect();
    controls_first(&mut rounds);
    path_with_controls(&mut rounds);
    rounds.sort_by(|a, b| {
        let key = |r: &DerivedRound| (r.began, r.controls.is_empty());
        (key(a), &a.round.vantage, &a.round.probe, &a.round.id).cmp(&(
            key(b),
            &b.round.vantage,
            &b.round.probe,
            &b.round.id,
        ))
    });
    rounds
}

/// Controls that share their round's id with sources belong to the same pass, in any order.
fn controls_first(rounds: &mut [DerivedRound]) {
    let mut began: BTreeMap<(VantageId, RoundId), Time> = BTreeMap::new();
    for round in rounds.iter().filter(|r| r.controls.is_empty()) {
        let first = began.entry(round.key()).or_insert(round.began);
        *first = round.began.min(*first);
    }
    for round in rounds.iter_mut().filter(|r| !r.controls.is_empty()) {
        if let Some(first) = began.get(&round.key()) {
            round.began = round.began.min(*first);
        }
    }
}

/// Path controls are tried after the rounds, and belong to the pass of their vantage's controls.
fn path_with_controls(rounds: &mut [DerivedRound]) {
    let of_controls: BTreeMap<(VantageId, RoundId), Time> = rounds
        .iter()
        .filter(|r| !r.controls.is_empty() && !r.is_path())
        .map(|r| (r.key(), r.began))
        .collect();
    for round in rounds.iter_mut().filter(|r| r.is_path()) {
        if let Some(began) = of_controls.get(&round.key()) {
            round.began = *began;
        }
    }
}

/// Collects the rounds of one pass.
#[derive(Default)]
struct RoundGroup {
    /// The longest pause between rounds of the group; `None` if its records name their pass.
    gap: Option<TimeDelta>,
    began: Option<Time>,
    latest_began: Option<Time>,
    ended: Time,
    rounds: Vec<Round>,
    controls: Vec<DerivedRound>,
    path: Vec<Round>,
    seen: BTreeSet<(ProbeKey, VantageId)>,
}

impl RoundGroup {
    fn new(gap: Option<TimeDelta>) -> Self {
        Self {
            gap,
            ..Self::default()
        }
    }

    /// Returns the group, and begins another of the same kind.
    fn replace(&mut self) -> Self {
        let next = Self::new(self.gap);
        std::mem::replace(self, next)
    }

    /// Whether this round begins another pass. A repeated round does so even if it names the same
    /// pass: none of our passes measures twice, and an id from outside proves nothing.
    fn ends_before(&self, derived: &DerivedRound) -> bool {
        let round = &derived.round;
        let comes_again = if derived.is_path() {
            self.path.iter().any(|p| p.vantage == round.vantage)
        } else if derived.controls.is_empty() {
            self.seen
                .contains(&(round.probe.clone(), round.vantage.clone()))
        } else {
            // A pass checks its controls at most twice under one id; another id is another pass.
            self.controls
                .iter()
                .any(|c| c.round.vantage == round.vantage)
        };
        let is_late = |gap| {
            let latest = self.latest_began;
            latest.is_some_and(|latest| derived.began - latest > gap)
        };
        comes_again || self.gap.is_some_and(is_late)
    }

    fn add(&mut self, derived: DerivedRound) {
        self.began.get_or_insert(derived.began);
        self.latest_began = Some(derived.began);
        let last = derived.round.attempts.iter().map(|a| a.started).max();
        self.ended = self.ended.max(last.unwrap_or(derived.began));
        if derived.is_path() {
            self.path.push(derived.round);
        } else if derived.controls.is_empty() {
            let round = derived.round;
            self.seen
                .insert((round.probe.clone(), round.vantage.clone()));
            self.rounds.push(round);
        } else {
            self.controls.push(derived);
        }
    }

    fn close(self, history: &mut PassHistory) {
        if self.began.is_none() {
            return;
        }
        let vantages: Vec<VantageRound> = self
            .controls
            .into_iter()
            .map(|controls| decide(controls, &self.rounds))
            .collect();
        let worked = |r: &Round| vantages.iter().all(|v| v.vantage != r.vantage || v.usable);
        let path_controls = self.path.iter().filter(|r| worked(r)).map(failed).collect();
        let (rounds, lost): (Vec<Round>, Vec<Round>) = self.rounds.into_iter().partition(worked);
        history
            .set_aside
            .extend(lost.iter().filter_map(DiscardedRound::from_round));
        history.passes.push(Pass {
            at: self.ended,
            vantages,
            rounds,
            path_controls,
        });
    }
}

/// How many path controls failed in transport, out of how many.
fn failed(path: &Round) -> (VantageId, u32, u32) {
    let bad = |a: &&Attempt| a.observed.code.is_transport();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (
        path.vantage.clone(),
        count(path.attempts.iter().filter(bad).count()),
        count(path.attempts.len()),
    )
}

/// What the controls say about their vantage. A check after the vantage's last attempt decides,
/// because it was made when something would have turned worse.
fn decide(controls: DerivedRound, rounds: &[Round]) -> VantageRound {
    let vantage = controls.round.vantage;
    let last = rounds
        .iter()
        .filter(|r| r.vantage == vantage)
        .flat_map(|r| r.attempts.iter().map(|a| a.started))
        .max();
    let mut results = controls.controls;
    let first_after = last.map_or(0, |last| results.partition_point(|(at, _)| *at <= last));
    if first_after < results.len() {
        results.drain(..first_after);
    }
    let at = results.first().map_or(controls.began, |(at, _)| *at);
    vantage_round(vantage, at, last_try(results))
}

#[cfg(test)]
#[path = "passes_tests.rs"]
mod tests;
