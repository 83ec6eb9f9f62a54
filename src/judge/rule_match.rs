//! The result of a rule: nothing, or the facts that it rests on.

use crate::model::{Evidence, Fact};

/// The result of a rule.
pub(super) type RuleMatch = Option<Vec<Evidence>>;

/// One fact.
pub(super) fn evidence(fact: Fact, place: &str) -> Evidence {
    Evidence {
        fact,
        place: place.to_owned(),
    }
}
