//! A list whose rows always stood is gone, and words stand in its place: the fields of a record,
//! its annexes, its shareholders. Lists that pass (news, similar works) say nothing here.

use super::replaced;
use super::rule_input::RuleInput;
use super::rule_match::RuleMatch;
use crate::model::{Code, Evidence, Fact};

/// Fewer new letters say nothing in place of a list.
const FEWEST_LETTERS: usize = 5;

/// All else on the page holds, nothing is left of the rows that always stood, and new words stand
/// on the page.
pub(super) fn list(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let is_none = |fact: &Fact| matches!(fact, Fact::ValueNotFound { .. });
    let lists = case.faults.iter();
    let lists = lists
        .filter(|fault| fault.stood)
        .filter(|fault| fault.code == Code::ContentEmpty || is_none(&fault.evidence.fact));
    let found: Vec<Evidence> = lists.map(|fault| fault.evidence.clone()).collect();
    // A new advert is a link, and says nothing about the list.
    let says = difference.still_there.new_letters >= FEWEST_LETTERS;
    let is_loss = difference.still_there.lost_rows
        && says
        && case.frame_holds()
        && case.reading.all_hold()
        && !replaced::record_stands(case);
    (is_loss && !found.is_empty()).then_some(found)
}
