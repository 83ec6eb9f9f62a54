//! A record whose text was cut little by little.

use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};

/// The text of a record, all markers of which hold, was cut little by little.
pub(super) fn text(case: &RuleInput<'_>) -> RuleMatch {
    let fact = case.shortened.clone()?;
    let is_whole = case.is_whole() && !case.is_cut();
    is_whole.then(|| vec![evidence(fact, "requests[0].response.body")])
}
