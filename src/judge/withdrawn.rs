//! Predicates on the way to the next level: its markers are gone, or it leads elsewhere.

use super::expect::Subject;
use super::missing::{failed, failures};
use super::replaced;
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::value::check::LimitViolation;
use crate::model::probe::ValueFrom;
use crate::model::{Evidence, Fact};

const BODY: &str = "requests[0].response.body";

/// All markers of this level are present, those of the next level are gone, and nothing else is.
pub(super) fn withdrawn(case: &RuleInput<'_>) -> RuleMatch {
    let mut faults = case.faults.iter();
    let alone = faults.all(|fault| goes_with_the_way(case, fault));
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
/// Another value that finds nothing rather shows a redesign.
pub(super) fn goes_with_the_way(case: &RuleInput<'_>, fault: &LimitViolation) -> bool {
    let is_gone = matches!(fault.evidence.fact, Fact::ValueNotFound { .. });
    let Some(probe) = case.probe.filter(|_| is_gone) else {
        return false;
    };
    let ways: Vec<&String> = probe.expect.level.values().flatten().collect();
    let specs = probe.values.iter().filter(|spec| spec.name == fault.name);
    specs.into_iter().any(|spec| match &spec.from {
        ValueFrom::Select(css) => ways.iter().any(|way| is_within(css, way)),
        _ => false,
    })
}

/// Whether a selector is that of the way, or begins with it: `a.dl .size` and `a.dl`.
fn is_within(css: &str, way: &str) -> bool {
    let rest = css.strip_prefix(way);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "-_,".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_what_a_way_holds() {
        for css in ["a.dl", "a.dl .size", "a.dl > b", "a.dl[href]"] {
            assert!(is_within(css, "a.dl"), "{css}");
        }
        for css in ["a.dlx", "a.dl-old", "b a.dl", ".cites", ""] {
            assert!(!is_within(css, "a.dl"), "{css}");
        }
    }
}
