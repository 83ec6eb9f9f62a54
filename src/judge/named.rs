//! The cause that a page states which stands in place of another, or which refuses: one predicate for the rules.

use super::case::{Case, Found, evidence};
use super::naming::Named;
use super::{content, replaced};
use crate::model::verdict::Layer;
use crate::model::{Code, Fact};

/// The page states this cause, and is no page that the probe looks for.
pub(super) fn cause(case: &Case<'_>, code: Code) -> Found {
    let named = case.reading.close.named.as_ref()?;
    if named.code != code || !(refuses(case, named) || stands_in_place(case, code)) {
        return None;
    }
    let mut found = vec![evidence(
        Fact::Says {
            words: named.phrase.clone(),
        },
        "requests[0].response.body",
    )];
    found.extend(content::missed(case));
    Some(found)
}

/// Its status refuses, and no other rule reads that status as its cause.
fn refuses(case: &Case<'_>, named: &Named) -> bool {
    let status = case.odd_status().filter(|status| *status >= 400);
    let unexplained = status.is_some_and(|status| !matches!(status, 401 | 404 | 410));
    unexplained && named.code.layer() == Layer::Site && !named.bare
}

fn stands_in_place(case: &Case<'_>, code: Code) -> bool {
    // Interfaces that say no within a healthy frame give no data: `content.empty`.
    let envelope = case.reading.envelope.as_ref();
    let says_no = envelope.is_some_and(|envelope| envelope.no_permission.is_some());
    let holds_nothing = envelope.is_some_and(|envelope| envelope.no_data);
    let explained = content::redirected_home(case).is_some()
        || says_no && code == Code::SiteNotEntitled
        || holds_nothing && code.layer() == Layer::Content;
    !explained && replaced::is_replaced(case)
}
