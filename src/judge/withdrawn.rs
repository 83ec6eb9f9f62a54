//! Predicates on the way to the next level: its markers are gone, or it leads elsewhere.

use super::expect::Subject;
use super::missing::{failed, failures};
use super::replaced;
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::value::check::LimitViolation;
use crate::model::{Evidence, Fact};

const BODY: &str = "requests[0].response.body";

/// All markers of this level are present, those of the next level are gone, and nothing else is.
pub(super) fn withdrawn(case: &RuleInput<'_>) -> RuleMatch {
    let alone = case.faults.iter().all(goes_with_the_way);
    alone.then(|| without_level(case))?
}

/// All markers of this level are present, and those of the next level are gone, whatever the values
/// say.
pub(super) fn without_level(case: &RuleInput<'_>) -> RuleMatch {
    let of_level = |s: Subject| matches!(s, Subject::Level(_));
    // The part after a cut was not read, so a marker that is missing there shows nothing.
    // Neither does a page that nothing proves to be the record.
    let proven = case
        .reading
        .checks
        .iter()
        .any(|c| c.fact.held && c.is_proof());
    if case.is_cut()
        || replaced::way_is_there(case)
        || !proven
        || !failed(case, of_level)
        || failed(case, |s| !of_level(s))
    {
        return None;
    }
    let link = case.reading.diverted_link();
    let mut found: Vec<Evidence> = link
        .map(|link| evidence(link.fact.clone(), BODY))
        .into_iter()
        .collect();
    let says = link.and_then(|link| link.says.clone());
    found.extend(says.map(|words| evidence(Fact::Says { words }, BODY)));
    found.extend(failures(case, of_level));
    Some(found)
}

/// A value that is taken from the way to the next level finds nothing when the way is gone.
pub(super) fn goes_with_the_way(fault: &LimitViolation) -> bool {
    matches!(fault.evidence.fact, Fact::ValueNotFound { .. })
}
