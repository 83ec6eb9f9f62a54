//! What a rule found: nothing, or the facts it rests on.

use crate::model::{Evidence, Fact};

/// What a rule found.
pub(super) type RuleMatch = Option<Vec<Evidence>>;

/// One fact.
pub(super) fn evidence(fact: Fact, place: &str) -> Evidence {
    Evidence {
        fact,
        place: place.to_owned(),
    }
}
