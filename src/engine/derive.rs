//! From stored or ingested measurements to passes again: how `ingest` and `rejudge` enter the pipeline.
//!
//! Measurements do not name their pass, so passes are derived: rounds in the order of their first
//! attempt, cut where a (probe, vantage) or a vantage's controls come again, or where nothing began for [`GAP`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::judge::track::{Deed, Replay, replay_from};
use crate::judge::{hourly, sibling};
use crate::model::book::Book;
use crate::model::round::{Attempt, ControlResult, Pass, Round, VantageRound};
use crate::model::{ProbeKey, RoundId, Time, VantageId};
use crate::store::SetAside;

use super::controls::vantage_round;

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
    let (catalogue, settings) = (&workspace.catalogue, &workspace.settings);
    let mut past = passes(judged);
    let reconsidered = past
        .passes
        .iter_mut()
        .flat_map(|pass| sibling::reconsider(&mut pass.rounds, catalogue))
        .collect();
    Told {
        replay: replay_from(book, &past.passes, deeds, catalogue, settings),
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
        let probe = one.control.is_none().then(|| one.probe.clone());
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

/// The pass that is being put together.
#[derive(Default)]
struct Open {
    rounds: Vec<Round>,
    controls: Vec<Made>,
    seen: BTreeSet<(ProbeKey, VantageId)>,
    latest_began: Option<Time>,
    ended: Time,
}

impl Open {
    fn ends_before(&self, made: &Made) -> bool {
        let round = &made.round;
        let again = if made.controls.is_empty() {
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
        if made.controls.is_empty() {
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
        let (rounds, lost): (Vec<Round>, Vec<Round>) = open.rounds.into_iter().partition(worked);
        past.set_aside.extend(lost.iter().filter_map(SetAside::of));
        past.passes.push(Pass {
            at: open.ended,
            vantages,
            rounds,
            path_controls: Vec::new(),
        });
    }
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
    let results = results.into_iter().map(|(_, result)| result).collect();
    vantage_round(vantage, at, results)
}

/// The hour a record of another program is put into, as its round (`docs/verdicts.md`).
#[must_use]
pub fn hourly_round(vantage: &VantageId, at: Time) -> RoundId {
    RoundId(format!("{vantage}-{}", at.format("%Y%m%dT%H")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Locus, Verdict};

    fn judged(probe: &str, vantage: &str, round: &str, minute: i64, attempt: u32) -> Judged {
        let started =
            crate::model::time::from_micros(1_772_416_800_000_000) + TimeDelta::minutes(minute);
        Judged {
            probe: ProbeKey::new("papers", probe),
            vantage: vantage.into(),
            round: round.into(),
            attempt: Attempt {
                uid: format!("{probe}-{vantage}-{minute}-{attempt}").into(),
                attempt,
                started,
                verdict: Verdict {
                    code: Code::Ok,
                    locus: Locus::Site,
                    rule: "ok".into(),
                    failure: None,
                    signature: None,
                    evidence: Vec::new(),
                    text: String::new(),
                },
                http_status: Some(200),
                told: None,
            },
            control: None,
        }
    }

    fn control(vantage: &str, round: &str, minute: i64, passed: bool) -> Judged {
        let failure = (!passed).then(|| crate::model::Failure::from("connection_refused"));
        Judged {
            control: Some(ControlResult {
                url: "https://control.example/".into(),
                passed,
                failure,
                http_status: passed.then_some(200),
            }),
            ..judged("control.example", vantage, round, minute, 0)
        }
    }

    fn shape(past: &Past) -> Vec<Vec<String>> {
        past.passes
            .iter()
            .map(|p| p.rounds.iter().map(|r| r.probe.probe.to_string()).collect())
            .collect()
    }

    #[test]
    fn a_pass_ends_where_nothing_began_for_long_or_a_probe_comes_again() {
        let found = passes(vec![
            judged("a", "here", "1", 0, 0),
            judged("b", "here", "2", 1, 0),
            judged("a", "here", "3", 9, 0),
            judged("c", "here", "4", 40, 0),
        ]);
        assert_eq!(shape(&found), [vec!["a", "b"], vec!["a"], vec!["c"]]);
    }

    #[test]
    fn attempts_of_a_round_stay_together_in_any_order_of_lines() {
        let found = passes(vec![
            judged("a", "here", "1", 4, 2),
            judged("a", "here", "1", 0, 0),
            judged("a", "here", "1", 1, 1),
        ]);
        assert_eq!(found.passes.len(), 1);
        let numbers: Vec<u32> = found.passes[0].rounds[0]
            .attempts
            .iter()
            .map(|a| a.attempt)
            .collect();
        assert_eq!(numbers, [0, 1, 2]);
    }

    #[test]
    fn the_later_look_at_the_controls_decides_whether_the_vantage_was_usable() {
        let found = passes(vec![
            control("here", "c1", 0, true),
            judged("a", "here", "1", 1, 0),
            control("here", "c1", 5, false),
        ]);
        assert_eq!(found.passes.len(), 1);
        assert!(!found.passes[0].vantages[0].usable);
        assert_eq!(found.passes[0].vantages[0].code, Some(Code::VantageOffline));
        assert!(found.passes[0].rounds.is_empty());
        assert_eq!(found.set_aside[0].round, "1".into());
    }

    #[test]
    fn controls_that_come_again_begin_a_pass_of_their_own() {
        let found = passes(vec![
            control("here", "c1", 0, true),
            judged("a", "here", "1", 1, 0),
            control("here", "c2", 5, false),
            judged("a", "here", "2", 6, 0),
        ]);
        assert_eq!(shape(&found), [vec!["a"], vec![]], "the first round stands");
        assert!(found.passes[0].vantages[0].usable && !found.passes[1].vantages[0].usable);
        assert_eq!(found.set_aside.len(), 1);
    }

    #[test]
    fn controls_of_a_round_decide_for_it_in_any_order() {
        let found = passes(vec![
            judged("a", "there", "r1", 0, 0),
            control("there", "r1", 0, true),
            judged("b", "there", "r2", 3, 0),
            control("there", "r2", 4, false),
        ]);
        assert_eq!(shape(&found), [vec!["a"], vec![]]);
        assert_eq!(found.set_aside[0].probe, ProbeKey::new("papers", "b"));
    }

    #[test]
    fn records_of_others_are_put_into_hourly_rounds() {
        let found = passes(vec![
            judged("a", "ooni:DE:AS1", "x", 0, 0),
            judged("a", "ooni:DE:AS1", "y", 60, 0),
            judged("a", "ooni:DE:AS1", "z", 120, 0),
        ]);
        assert_eq!(shape(&found), [vec!["a"], vec!["a"], vec!["a"]]);
        assert_eq!(found.passes[2].rounds[0].attempts.len(), 3);
    }
}
