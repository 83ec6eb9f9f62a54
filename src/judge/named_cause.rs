//! The cause that a replacing or refusing page states: one predicate for the rules.

use super::naming::Named;
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::value::extract::Extraction;
use super::{missing, moved, replaced, withdrawn};
use crate::model::verdict::Layer;
use crate::model::{Code, Fact};

/// The page states this cause, and it is not a page that the probe expects.
pub(super) fn cause(case: &RuleInput<'_>, code: Code) -> RuleMatch {
    if let Some(found) = of_way(case, code) {
        return Some(found);
    }
    let named = case.reading.diagnosis.named.as_ref()?;
    if named.code != code || !(refuses(case, named) || stands_in_place(case, code)) {
        return None;
    }
    let mut found = vec![evidence(
        Fact::Says {
            words: named.phrase.clone(),
        },
        "requests[0].response.body",
    )];
    found.extend(missing::missed(case));
    Some(found)
}

/// The link to the next level is present and leads to a login, a payment page, or a message box
/// with the reason.
pub(super) fn of_way(case: &RuleInput<'_>, code: Code) -> RuleMatch {
    let link = case.reading.diverted_link()?;
    let named = link.named.as_ref().filter(|named| named.code == code)?;
    let all_else = withdrawn::withdrawn(case)?;
    let mut found = vec![evidence(
        Fact::Says {
            words: named.phrase.clone(),
        },
        "requests[0].response.body",
    )];
    found.extend(all_else);
    Some(found)
}

/// The status refuses, and no other rule derives the cause from that status.
fn refuses(case: &RuleInput<'_>, named: &Named) -> bool {
    let status = case.odd_status().filter(|status| *status >= 400);
    let unexplained = status.is_some_and(|status| !matches!(status, 401 | 404 | 410));
    unexplained && named.code.layer() == Layer::Site && !named.bare
}

fn stands_in_place(case: &RuleInput<'_>, code: Code) -> bool {
    // An interface that refuses within a healthy frame gives no data: `content.empty`.
    let envelope = case.reading.envelope.as_ref();
    let says_no = envelope.is_some_and(|envelope| envelope.no_permission.is_some());
    let holds_nothing = envelope.is_some_and(|envelope| envelope.no_data);
    let explained = moved::redirected_home(case).is_some()
        || says_no && code == Code::SiteNotEntitled
        || holds_nothing && code.layer() == Layer::Content;
    // Words next to an emptied list do not make the code less grave.
    let is_grave = code.severity() >= Code::ContentEmpty.severity();
    let in_place = replaced::is_replaced(case) || is_grave && stands_for_rows(case);
    !explained && in_place
}

/// The frame has new words, and the rows are gone.
fn stands_for_rows(case: &RuleInput<'_>) -> bool {
    let emptied = case.faults.iter().any(|f| f.code == Code::ContentEmpty);
    let missing = |taken: &Extraction| matches!(taken, Extraction::Missing { .. });
    let lost = emptied || case.reading.taken.values().any(missing);
    lost && replaced::new_words(case).is_some()
        && case.odd_status().is_none()
        && !replaced::rows_are_there(case)
        && !replaced::record_stands(case)
}
