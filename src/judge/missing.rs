//! Expectations of a probe that a page does not meet.

use super::expect::{ExpectationResult, Subject};
use super::rule_input::RuleInput;
use super::rule_match::evidence;
use crate::model::expect::Expectation;
use crate::model::probe::Level;
use crate::model::{Evidence, Fact};

/// The level whose markers are gone.
pub(super) fn missing_level(case: &RuleInput<'_>) -> Option<Level> {
    case.reading
        .checks
        .iter()
        .find_map(|check| match check.subject {
            Subject::Level(level) if !check.fact.held => Some(level),
            _ => None,
        })
}

/// The expected markers that are missing.
pub(super) fn missed(case: &RuleInput<'_>) -> Vec<Evidence> {
    let mut found = failures(case, |_| true);
    found.extend(case.faults.iter().map(|f| f.evidence.clone()));
    found
}

/// Whether an expectation of this kind is not met.
pub(super) fn failed(case: &RuleInput<'_>, of: impl Fn(Subject) -> bool) -> bool {
    case.reading
        .checks
        .iter()
        .any(|check| !check.fact.held && of(check.subject))
}

/// The unmet expectations of this kind, as evidence; at most eight.
pub(super) fn failures(case: &RuleInput<'_>, of: impl Fn(Subject) -> bool) -> Vec<Evidence> {
    failed_checks(case, of)
        .map(|check| {
            let expectation = check.shortened();
            evidence(Fact::NotHeld { expectation }, check.place())
        })
        .collect()
}

/// The same expectations without evidence.
pub(super) fn not_held<'c>(
    case: &'c RuleInput<'_>,
    of: impl Fn(Subject) -> bool + 'c,
) -> impl Iterator<Item = Expectation> + 'c {
    failed_checks(case, of).map(ExpectationResult::shortened)
}

fn failed_checks<'c>(
    case: &'c RuleInput<'_>,
    of: impl Fn(Subject) -> bool + 'c,
) -> impl Iterator<Item = &'c ExpectationResult> {
    let checks = case.reading.checks.iter();
    checks
        .filter(move |check| !check.fact.held && of(check.subject))
        .take(8)
}
