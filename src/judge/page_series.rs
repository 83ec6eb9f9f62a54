//! Losses that the figures of a whole page show beside those of earlier answers.

use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use crate::model::Fact;

/// The text of a record, all markers of which hold, was cut little by little.
pub(super) fn shortened(case: &RuleInput<'_>) -> RuleMatch {
    found(case, case.shortened.as_ref())
}

/// A file, as expected in all else, asks for a password.
pub(super) fn locked(case: &RuleInput<'_>) -> RuleMatch {
    found(case, case.locked.as_ref())
}

fn found(case: &RuleInput<'_>, fact: Option<&Fact>) -> RuleMatch {
    let fact = fact.filter(|_| case.is_whole() && !case.is_cut())?;
    Some(vec![evidence(fact.clone(), "requests[0].response.body")])
}
