//! From stored or ingested measurements to passes again: how `ingest` and `rejudge` enter the pipeline.
//!
//! Measurements do not name their pass, so passes are derived: rounds in the order of their first
//! attempt, cut where a (probe, vantage) or a vantage's controls come again, or where nothing began for [`GAP`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::judge::track::{Deed, Replay, replay_mending};
use crate::judge::{hourly, sibling};
use crate::model::book::Book;
use crate::model::measurement::PATH_SOURCE;
use crate::model::round::{Attempt, ControlResult, Pass, Round, VantageRound};
use crate::model::{ProbeKey, RoundId, Time, VantageId};
use crate::store::SetAside;

use super::controls::{last_try, vantage_round};

/// Rounds that begin further apart than this belong to different passes.
pub const GAP: TimeDelta = TimeDelta::minutes(15);

/// Vantages of other programs' records (`ooni:DE:AS3320`), which have no rounds of their own.
pub const OTHERS: &str = "ooni:";

/// A judged measurement with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub round: RoundId,
    pub attempt: Attempt,
    /// What a control's record says of its vantage; none for a source's.
    pub control: Option<ControlResult>,
}

/// The passes that measurements were made in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// In order of time, with the rounds of vantages that worked.
    pub passes: Vec<Pass>,
    /// The rounds of those that did not.
    pub set_aside: Vec<SetAside>,
}

/// What the measurements mean.
#[derive(Debug, Clone)]
pub struct Told {
    pub replay: Replay,
    /// Rounds that mean nothing.
    pub set_aside: Vec<SetAside>,
    /// Verdicts that their passes as a whole changed.
    pub reconsidered: Vec<sibling::Reconsidered>,
}

/// Tells from `book` on, as it stood before the first of them, with what people did at its time.
#[must_use]
pub fn tell(workspace: &Workspace, book: Book, judged: Vec<Judged>, deeds: &[Deed]) -> Told {
    let by = (&workspace.catalogue, &workspace.settings);
    let mut past = passes(judged);
    let mut reconsidered = Vec::new();
    let replay = replay_mending(book, &mut past.passes, deeds, by, |book, pass| {
        reconsidered.extend(sibling::reconsider(&mut pass.rounds, by.0, book));
    });
    Told {
        replay,
        set_aside: past.set_aside,
        reconsidered,
    }
}

/// The passes that `judged` was made in.
#[must_use]
pub fn passes(judged: Vec<Judged>) -> Past {
    let mut past = Past::default();
    let mut open = Open::default();
    for made in rounds(judged) {
        if open.ends_before(&made) {
            open.close(&mut past);
        }
        open.take(made);
    }
    open.close(&mut past);
    past
}

/// A round of a source, or of a vantage's controls.
struct Made {
    round: Round,
    /// When its own first attempt was made.
    began: Time,
    /// Of controls: each result, and when it was made.
    controls: Vec<(Time, ControlResult)>,
}

impl Made {
    /// Path controls: they tell of the way to the mainland, not of the vantage.
    fn is_path(&self) -> bool {
        !self.controls.is_empty() && self.round.probe.source.as_str() == PATH_SOURCE
    }
}

/// When the round's own first attempt was made. An hourly round also holds the hours before it: its
/// own is the last.
fn began(round: &Round) -> Time {
    let own = if round.vantage.as_str().starts_with(OTHERS) {
        round.attempts.last()
    } else {
        round.attempts.first()
    };
    own.map(|a| a.started).unwrap_or_default()
}

/// Attempts put together as rounds, in order of time. A control's round carries its results.
fn rounds(judged: Vec<Judged>) -> Vec<Made> {
    type Found = (Round, Vec<(Time, ControlResult)>);
    let mut found: BTreeMap<(VantageId, RoundId, Option<ProbeKey>), Found> = BTreeMap::new();
    let mut others: BTreeMap<(ProbeKey, VantageId), Vec<Attempt>> = BTreeMap::new();
    for one in judged {
        if one.vantage.as_str().starts_with(OTHERS) {
            let series = others.entry((one.probe, one.vantage)).or_default();
            series.push(one.attempt);
            continue;
        }
        let is_path = one.probe.source.as_str() == PATH_SOURCE;
        let probe = match &one.control {
            None => Some(one.probe.clone()),
            Some(_) if is_path => Some(ProbeKey::new(PATH_SOURCE, "")),
            Some(_) => None,
        };
        let key = (one.vantage.clone(), one.round.clone(), probe);
        let entry = found.entry(key).or_insert_with(|| {
            let round = Round {
                id: one.round,
                probe: one.probe,
                vantage: one.vantage,
                attempts: Vec::new(),
            };
            (round, Vec::new())
        });
        let at = one.attempt.started;
        entry.0.attempts.push(one.attempt);
        entry.1.extend(one.control.map(|result| (at, result)));
    }
    let hourly = others
        .into_iter()
        .flat_map(|((probe, vantage), seen)| hourly::rounds(&probe, &vantage, seen))
        .map(|round| (round, Vec::new()));
    let mut made: Vec<Made> = found.into_values().chain(hourly).map(in_order).collect();
    controls_first(&mut made);
    path_with_controls(&mut made);
    made.sort_by(|a, b| {
        let key = |m: &Made| (m.began, m.controls.is_empty());
        (key(a), &a.round.vantage, &a.round.probe, &a.round.id).cmp(&(
            key(b),
            &b.round.vantage,
            &b.round.probe,
            &b.round.id,
        ))
    });
    made
}

fn in_order((mut round, mut controls): (Round, Vec<(Time, ControlResult)>)) -> Made {
    round
        .attempts
        .sort_by(|a, b| (a.started, a.attempt, &a.uid).cmp(&(b.started, b.attempt, &b.uid)));
    controls.sort_by_key(|(at, _)| *at);
    Made {
        began: began(&round),
        round,
        controls,
    }
}

/// Controls that share their round's id with sources belong to the pass of those, in whatever order they
/// were made.
fn controls_first(made: &mut [Made]) {
    let mut began: BTreeMap<(VantageId, RoundId), Time> = BTreeMap::new();
    for one in made.iter().filter(|m| m.controls.is_empty()) {
        let key = (one.round.vantage.clone(), one.round.id.clone());
        let first = began.entry(key).or_insert(one.began);
        *first = one.began.min(*first);
    }
    for one in made.iter_mut().filter(|m| !m.controls.is_empty()) {
        let key = (one.round.vantage.clone(), one.round.id.clone());
        if let Some(first) = began.get(&key) {
            one.began = one.began.min(*first);
        }
    }
}

/// Path controls are tried when the rounds are made, and belong to the pass of their vantage's controls.
fn path_with_controls(made: &mut [Made]) {
    let of_controls: BTreeMap<(VantageId, RoundId), Time> = made
        .iter()
        .filter(|m| !m.controls.is_empty() && !m.is_path())
        .map(|m| ((m.round.vantage.clone(), m.round.id.clone()), m.began))
        .collect();
    for one in made.iter_mut().filter(|m| m.is_path()) {
        let key = (one.round.vantage.clone(), one.round.id.clone());
        if let Some(began) = of_controls.get(&key) {
            one.began = *began;
        }
    }
}

/// The pass that is being put together.
#[derive(Default)]
struct Open {
    rounds: Vec<Round>,
    controls: Vec<Made>,
    path: Vec<Round>,
    seen: BTreeSet<(ProbeKey, VantageId)>,
    latest_began: Option<Time>,
    ended: Time,
}

impl Open {
    fn ends_before(&self, made: &Made) -> bool {
        let round = &made.round;
        let again = if made.is_path() {
            self.path.iter().any(|p| p.vantage == round.vantage)
        } else if made.controls.is_empty() {
            self.seen
                .contains(&(round.probe.clone(), round.vantage.clone()))
        } else {
            // Controls are looked at twice under one id; another id is another pass.
            self.controls
                .iter()
                .any(|c| c.round.vantage == round.vantage)
        };
        again
            || self
                .latest_began
                .is_some_and(|latest| made.began - latest > GAP)
    }

    fn take(&mut self, made: Made) {
        self.latest_began = Some(made.began);
        let last = made.round.attempts.iter().map(|a| a.started).max();
        self.ended = self.ended.max(last.unwrap_or(made.began));
        if made.is_path() {
            self.path.push(made.round);
        } else if made.controls.is_empty() {
            let round = made.round;
            self.seen
                .insert((round.probe.clone(), round.vantage.clone()));
            self.rounds.push(round);
        } else {
            self.controls.push(made);
        }
    }

    fn close(&mut self, past: &mut Past) {
        let open = std::mem::take(self);
        if open.latest_began.is_none() {
            return;
        }
        let vantages: Vec<VantageRound> = open
            .controls
            .into_iter()
            .map(|made| decide(made, &open.rounds))
            .collect();
        let worked = |r: &Round| vantages.iter().all(|v| v.vantage != r.vantage || v.usable);
        let path_controls = open.path.iter().filter(|r| worked(r)).map(failed).collect();
        let (rounds, lost): (Vec<Round>, Vec<Round>) = open.rounds.into_iter().partition(worked);
        past.set_aside.extend(lost.iter().filter_map(SetAside::of));
        past.passes.push(Pass {
            at: open.ended,
            vantages,
            rounds,
            path_controls,
        });
    }
}

/// How many path controls failed in transport, of how many.
fn failed(path: &Round) -> (VantageId, u32, u32) {
    let bad = |a: &&Attempt| a.observed.code.is_transport();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (
        path.vantage.clone(),
        count(path.attempts.iter().filter(bad).count()),
        count(path.attempts.len()),
    )
}

/// What the controls say of their vantage. A look that was taken after its last attempt decides: it was
/// taken because something would have turned worse.
fn decide(made: Made, rounds: &[Round]) -> VantageRound {
    let vantage = made.round.vantage;
    let last = rounds
        .iter()
        .filter(|r| r.vantage == vantage)
        .flat_map(|r| r.attempts.iter().map(|a| a.started))
        .max();
    let first_after = last.map_or(0, |last| {
        made.controls.partition_point(|(at, _)| *at <= last)
    });
    let mut results = made.controls;
    if first_after < results.len() {
        results.drain(..first_after);
    }
    let at = results.first().map_or(made.began, |(at, _)| *at);
    vantage_round(vantage, at, last_try(results))
}

/// The hour a record of another program is put into, as its round (`docs/verdicts.md`).
#[must_use]
pub fn hourly_round(vantage: &VantageId, at: Time) -> RoundId {
    RoundId(format!("{vantage}-{}", at.format("%Y%m%dT%H")))
}

#[cfg(test)]
#[path = "derive_tests.rs"]
mod tests;
