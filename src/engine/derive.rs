//! From stored or ingested measurements to passes again: how `ingest` and `rejudge` enter the pipeline.
//!
//! Measurements do not name their pass, so passes are derived: rounds in the order of their first
//! attempt, cut where a (probe, vantage) comes again or where nothing began for [`GAP`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::i18n::verdict;
use crate::judge::track::{Deed, Replay, replay_with};
use crate::judge::{hourly, sibling};
use crate::model::round::{Attempt, ControlResult, Pass, Round, VantageRound};
use crate::model::settings::Language;
use crate::model::{ProbeKey, RoundId, Time, VantageId};

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

/// What the measurements mean, told from the beginning, with what people did at its time.
#[must_use]
pub fn tell(workspace: &Workspace, judged: Vec<Judged>, deeds: &[Deed]) -> Replay {
    let mut passes = passes(judged);
    for pass in &mut passes {
        sibling::reconsider(&mut pass.rounds, &workspace.catalogue);
        let lost: BTreeSet<VantageId> = pass
            .vantages
            .iter()
            .filter(|v| !v.usable)
            .map(|v| v.vantage.clone())
            .collect();
        pass.rounds.retain(|r| !lost.contains(&r.vantage));
    }
    replay_with(&passes, deeds, &workspace.catalogue, &workspace.settings)
}

/// The passes that `judged` was made in, in order of time.
#[must_use]
pub fn passes(judged: Vec<Judged>) -> Vec<Pass> {
    let mut passes = Vec::new();
    let mut open = Open::default();
    for (round, controls) in rounds(judged) {
        let began = began(&round);
        if open.ends_before(&round, began) {
            passes.extend(open.close());
        }
        open.take(round, controls, began);
    }
    passes.extend(open.close());
    passes
}

type Found = (Round, Vec<ControlResult>);

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
fn rounds(judged: Vec<Judged>) -> Vec<Found> {
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
        entry.0.attempts.push(one.attempt);
        entry.1.extend(one.control);
    }
    let hourly = others
        .into_iter()
        .flat_map(|((probe, vantage), seen)| hourly::rounds(&probe, &vantage, seen))
        .map(|round| (round, Vec::new()));
    let mut rounds: Vec<Found> = found.into_values().chain(hourly).collect();
    for (round, _) in &mut rounds {
        round
            .attempts
            .sort_by(|a, b| (a.started, a.attempt, &a.uid).cmp(&(b.started, b.attempt, &b.uid)));
    }
    rounds.sort_by(|(a, _), (b, _)| {
        (began(a), &a.vantage, &a.probe, &a.id).cmp(&(began(b), &b.vantage, &b.probe, &b.id))
    });
    rounds
}

/// The pass that is being put together.
#[derive(Default)]
struct Open {
    rounds: Vec<Round>,
    vantages: BTreeMap<VantageId, VantageRound>,
    seen: BTreeSet<(ProbeKey, VantageId)>,
    latest_began: Option<Time>,
    ended: Time,
}

impl Open {
    fn ends_before(&self, round: &Round, began: Time) -> bool {
        let again = self
            .seen
            .contains(&(round.probe.clone(), round.vantage.clone()));
        again || self.latest_began.is_some_and(|latest| began - latest > GAP)
    }

    fn take(&mut self, round: Round, controls: Vec<ControlResult>, began: Time) {
        self.latest_began = Some(began);
        self.ended = round
            .attempts
            .iter()
            .map(|a| a.started)
            .fold(self.ended, Time::max);
        if controls.is_empty() {
            self.seen
                .insert((round.probe.clone(), round.vantage.clone()));
            self.rounds.push(round);
            return;
        }
        let code = (!controls.iter().any(|c| c.passed))
            .then(|| crate::judge::control::vantage_code(&controls))
            .flatten();
        // A later look at the controls decides: it was taken because something turned worse.
        self.vantages.insert(
            round.vantage.clone(),
            VantageRound {
                vantage: round.vantage,
                at: began,
                usable: controls.iter().any(|c| c.passed),
                controls,
                text: code
                    .map(|c| verdict::code(Language::En, c).says.to_owned())
                    .unwrap_or_default(),
                code,
            },
        );
    }

    fn close(&mut self) -> Option<Pass> {
        let open = std::mem::take(self);
        open.latest_began?;
        Some(Pass {
            at: open.ended,
            vantages: open.vantages.into_values().collect(),
            rounds: open.rounds,
            path_controls: Vec::new(),
        })
    }
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

    fn shape(passes: &[Pass]) -> Vec<Vec<String>> {
        passes
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
        assert_eq!(found.len(), 1);
        let numbers: Vec<u32> = found[0].rounds[0]
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
            control("here", "c2", 5, false),
        ]);
        assert_eq!(found.len(), 1);
        assert!(!found[0].vantages[0].usable);
        assert_eq!(found[0].vantages[0].code, Some(Code::VantageOffline));
    }

    #[test]
    fn records_of_others_are_put_into_hourly_rounds() {
        let found = passes(vec![
            judged("a", "ooni:DE:AS1", "x", 0, 0),
            judged("a", "ooni:DE:AS1", "y", 60, 0),
            judged("a", "ooni:DE:AS1", "z", 120, 0),
        ]);
        assert_eq!(shape(&found), [vec!["a"], vec!["a"], vec!["a"]]);
        assert_eq!(found[2].rounds[0].attempts.len(), 3);
    }
}
