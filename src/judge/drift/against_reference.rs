//! How a page differs from the reference: the share of its text that is left, and the figures of
//! its tables.

use crate::model::drift::Drift;
use crate::text::grams::Grams;
use crate::text::page_text::{PageContent, TableFigure};

/// The share of a reference's 3-grams that a page holds which is alike to it.
pub(super) const ALIKE: f64 = 0.5;
/// A reference with fewer grams has no text to compare.
const FEWEST: usize = 12;

/// The share of a reference's main text that stands on a page. It is looked for in all that the
/// page shows, since a redesign may move it into what looks like a frame.
pub(super) fn share_left(reference: &PageContent, now: &PageContent) -> Option<f64> {
    let grams = Grams::read(&reference.main);
    if grams.len() < FEWEST {
        return None;
    }
    grams.contained_in(&Grams::read(now.searched()))
}

pub(super) fn percent(share: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 100
    let percent = (share * 100.0).clamp(0.0, 100.0) as u8;
    percent
}

/// The first figure of the reference's tables that is another one now. Both lists are sorted.
pub(super) fn differing_figure(reference: &PageContent, now: &PageContent) -> Option<Drift> {
    let key = |figure: &TableFigure| (figure.row.clone(), figure.column.clone());
    reference.figures.iter().find_map(|was| {
        let at = now.figures.binary_search_by_key(&key(was), key).ok()?;
        let is = &now.figures[at];
        (is.value != was.value).then(|| Drift::TableFigure {
            row: was.row.clone(),
            column: was.column.clone(),
            was: was.value.clone(),
            now: is.value.clone(),
        })
    })
}
