//! A redesign or a withdrawal: a second look with the sibling's eyes.
//!
//! When the full-text marker is gone from a record and from its sibling (a control type, such as
//! journals beside dissertations) in the same pass, the page was redesigned: the verdict is
//! `content.changed`, not `content.withdrawn` (`docs/verdicts.md`, Details).

use std::collections::BTreeSet;

use crate::i18n::verdict;
use crate::model::round::Round;
use crate::model::settings::Language;
use crate::model::verdict::Evidence;
use crate::model::{Catalogue, Code, ProbeKey, VantageId};

/// The rule id of a verdict that was changed here.
pub const RULE: &str = "content.sibling_redesigned";

/// Changes `content.withdrawn` to `content.changed` in every attempt of rounds whose sibling lost
/// its marker too.
pub fn reconsider(rounds: &mut [Round], catalogue: &Catalogue) {
    let gone: BTreeSet<(ProbeKey, VantageId)> = rounds
        .iter()
        .filter(|r| {
            r.attempts
                .last()
                .is_some_and(|a| a.verdict.code == Code::ContentWithdrawn)
        })
        .map(|r| (r.probe.clone(), r.vantage.clone()))
        .collect();
    for round in rounds {
        let sibling = catalogue
            .probe(&round.probe)
            .and_then(|p| p.sibling.clone());
        let Some(sibling) = sibling.filter(|s| gone.contains(&(s.clone(), round.vantage.clone())))
        else {
            continue;
        };
        for attempt in &mut round.attempts {
            if attempt.verdict.code == Code::ContentWithdrawn {
                attempt.verdict.code = Code::ContentChanged;
                RULE.clone_into(&mut attempt.verdict.rule);
                verdict::code(Language::En, Code::ContentChanged)
                    .says
                    .clone_into(&mut attempt.verdict.text);
                attempt.verdict.evidence.push(Evidence {
                    fact: format!("the marker of the next level is gone from {sibling} too"),
                    place: "the same pass".to_owned(),
                });
            }
        }
    }
}
