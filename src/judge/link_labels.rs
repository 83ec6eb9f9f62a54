//! Ways to the next level by what they say: a button in new dress, under a new address, that says
//! what it said and leads to a file or to this record is the same button.

use url::Url;

use super::level_link;
use super::page::DecodedPage;
use super::plan::ProbePlan;
use crate::model::reference::Reference;
use crate::text::blocks::fingerprint;
use crate::text::click_target::ClickTarget;

/// How many links and buttons of a page are read.
const MAX_CONTROLS: usize = 600;
/// How many labels are kept.
const MAX_KEPT: usize = 8;

/// The labels of the open ways of a page that no other link of the page has.
pub(super) fn of_page(page: &DecodedPage<'_>, plan: &ProbePlan) -> Vec<String> {
    let ways = level_link::ways(page, plan);
    if ways.is_empty() {
        return Vec::new();
    }
    let controls = controls(page);
    let count =
        |list: &[ClickTarget], label: &str| list.iter().filter(|way| way.label == label).count();
    let is_own = |way: &&ClickTarget| {
        let is_said = !way.label.is_empty();
        is_said && count(&controls, &way.label) <= count(&ways, &way.label)
    };
    let mut labels: Vec<String> = ways
        .iter()
        .filter(is_own)
        .map(|w| w.label.clone())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels.truncate(MAX_KEPT);
    labels
}

/// Whether a link or button of the page says what a known way said, or offers a file of this record
/// in new words, and leads on.
pub(super) fn stand(page: &DecodedPage<'_>, known: &Reference, address: &Url) -> bool {
    if known.open_ways.is_empty() {
        return false;
    }
    let is_new = |way: &ClickTarget| {
        let print = fingerprint(&way.label);
        print.is_some_and(|print| known.pieces.binary_search(&print).is_err())
    };
    controls(page).iter().any(|way| {
        let says_it = known.link_labels.contains(&way.label);
        let place = level_link::place(way, known, address);
        says_it && (place.leads_on || place.has_file)
            || is_new(way) && level_link::says_file(&way.label) && place.leads_on && place.has_file
    })
}

fn controls(page: &DecodedPage<'_>) -> Vec<ClickTarget> {
    page.tree()
        .map_or_else(Vec::new, |tree| tree.controls(MAX_CONTROLS))
}
