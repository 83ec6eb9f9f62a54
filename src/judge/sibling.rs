//! A redesign or a withdrawal: a second look with the sibling's eyes.
//!
//! When the full-text marker is gone from a record and from its sibling (a control type, such as
//! journals beside dissertations) in the same pass, the page was redesigned: the verdict is
//! `content.changed`, not `content.withdrawn` (`docs/verdicts.md`, Details).

use std::collections::BTreeSet;

use crate::i18n::verdict::code;
use crate::model::round::Round;
use crate::model::settings::Language;
use crate::model::verdict::Evidence;
use crate::model::{Catalogue, Code, MeasurementUid, ProbeKey, VantageId, Verdict};

/// The rule id of a verdict that was changed here.
pub const RULE: &str = "content.sibling_redesigned";

/// A verdict that was changed here.
pub type Reconsidered = (MeasurementUid, Verdict);

/// Changes `content.withdrawn` to `content.changed` in every attempt of rounds whose sibling lost
/// its marker too; gives what was changed.
pub fn reconsider(rounds: &mut [Round], catalogue: &Catalogue) -> Vec<Reconsidered> {
    let gone: BTreeSet<(ProbeKey, VantageId)> = rounds
        .iter()
        .filter(|r| r.attempts.last().is_some_and(|a| is_gone(&a.verdict)))
        .map(|r| (r.probe.clone(), r.vantage.clone()))
        .collect();
    let mut changed = Vec::new();
    for round in rounds {
        let sibling = catalogue
            .probe(&round.probe)
            .and_then(|p| p.sibling.as_ref());
        let Some(sibling) =
            sibling.filter(|s| gone.contains(&((*s).clone(), round.vantage.clone())))
        else {
            continue;
        };
        for attempt in &mut round.attempts {
            if attempt.verdict.code == Code::ContentWithdrawn {
                redesigned(&mut attempt.verdict, sibling);
                changed.push((attempt.uid.clone(), attempt.verdict.clone()));
            }
        }
    }
    changed
}

/// The siblings that must be looked at before these rounds mean a withdrawal, and were not.
#[must_use]
pub fn unseen(rounds: &[Round], catalogue: &Catalogue) -> BTreeSet<(ProbeKey, VantageId)> {
    let seen: BTreeSet<(&ProbeKey, &VantageId)> =
        rounds.iter().map(|r| (&r.probe, &r.vantage)).collect();
    rounds
        .iter()
        .filter(|r| r.attempts.last().is_some_and(|a| is_gone(&a.verdict)))
        .filter_map(|r| {
            let sibling = catalogue.probe(&r.probe)?.sibling.clone()?;
            let there = catalogue.probe(&sibling)?;
            let fit = there.enabled && there.runs_from(&r.vantage);
            (fit && !seen.contains(&(&sibling, &r.vantage))).then(|| (sibling, r.vantage.clone()))
        })
        .collect()
}

/// The marker of the next level alone is gone; also where that was found to be a redesign.
fn is_gone(verdict: &Verdict) -> bool {
    verdict.code == Code::ContentWithdrawn || verdict.rule == RULE
}

fn redesigned(verdict: &mut Verdict, sibling: &ProbeKey) {
    verdict.code = Code::ContentChanged;
    RULE.clone_into(&mut verdict.rule);
    code(Language::En, Code::ContentChanged)
        .says
        .clone_into(&mut verdict.text);
    verdict.evidence.push(Evidence {
        fact: format!("the marker of the next level is gone from {sibling} too"),
        place: "the same pass".to_owned(),
    });
}
