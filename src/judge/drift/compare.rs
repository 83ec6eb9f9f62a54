//! A page now, and what was cited of it.

use url::Url;

use super::against_reference::{ALIKE, differing_figure, percent, share_left};
use super::living::is_living_page;
use crate::judge::page::{BodyKind, DecodedPage};
use crate::model::Measurement;
use crate::model::drift::{Drift, PageComparison};
use crate::text::page_text::PageContent;
use crate::text::passage::{PassageMatch, Searchable};

/// How many passages of one link are looked for.
const MAX_PASSAGES: usize = 32;

/// What is known of what was cited.
#[derive(Debug, Clone, Copy, Default)]
pub struct CitedContent<'a> {
    /// The passages that the citations quote.
    pub passages: &'a [String],
    /// The page as it was cited.
    pub reference: Option<&'a PageContent>,
    /// The reference is of a page that changes by itself.
    pub is_living: bool,
}

/// The text of the page that a measurement got; empty for what is not text. `None` without an
/// answer.
#[must_use]
pub fn page_text(m: &Measurement) -> Option<PageContent> {
    let last = m.last_request().filter(|r| r.failure.is_none())?;
    let page = DecodedPage::read(last, None, false);
    let mut text = match page.kind {
        BodyKind::Html => PageContent::of_html(page.source()),
        BodyKind::Text => PageContent::of_plain(page.source()),
        BodyKind::Json | BodyKind::Binary | BodyKind::None => PageContent::default(),
    };
    text.is_cut |= last.response.body_is_truncated;
    Some(text)
}

/// Compares a page as it is now, at its address, with what was cited.
#[must_use]
pub fn compare(now: &PageContent, url: &Url, cited: &CitedContent<'_>) -> PageComparison {
    let mut comparison = PageComparison::default();
    if now.is_cut || now.searched().trim().is_empty() {
        return comparison;
    }
    let reference = cited.reference.filter(|r| !r.is_cut && !r.main.is_empty());
    if let Some(reference) = reference {
        let share = share_left(reference, now);
        comparison.percent = share.map(percent);
        comparison.is_alike = share.map(|share| share >= ALIKE);
    }
    match find_passages(now, cited.passages, reference) {
        PassagesFound::Unknown => {}
        PassagesFound::All => comparison.has_passages = Some(true),
        PassagesFound::Lost(drift) => {
            comparison.has_passages = Some(false);
            comparison.drift = Some(drift);
            return comparison;
        }
    }
    let differs = reference.and_then(|reference| {
        let of_table = differing_figure(reference, now);
        let unlike = || {
            let is_unlike = comparison.is_alike == Some(false) && comparison.has_passages.is_none();
            is_unlike.then(|| Drift::Unlike {
                percent: comparison.percent.unwrap_or_default(),
            })
        };
        of_table.or_else(unlike)
    });
    let is_living = cited.is_living
        || is_living_page(url, now)
        || reference.is_some_and(|reference| is_living_page(url, reference));
    comparison.is_living = differs.is_some() && is_living;
    comparison.drift = differs.filter(|_| !is_living);
    comparison
}

/// What has become of the passages of a link.
enum PassagesFound {
    /// There is none to look for.
    Unknown,
    All,
    /// One is missing, or differs.
    Lost(Drift),
}

/// Looks for the passages. One that is not in the reference either was never on the page: it is a
/// paraphrase.
fn find_passages(
    now: &PageContent,
    passages: &[String],
    reference: Option<&PageContent>,
) -> PassagesFound {
    if passages.is_empty() {
        return PassagesFound::Unknown;
    }
    let page = Searchable::new(now.searched());
    let before = reference.map(|reference| Searchable::new(reference.searched()));
    let mut looked_for = false;
    for passage in passages.iter().take(MAX_PASSAGES) {
        let Some(found) = page.find(passage) else {
            continue;
        };
        let drift = match found {
            PassageMatch::Found => {
                looked_for = true;
                continue;
            }
            PassageMatch::Missing => Drift::PassageMissing,
            PassageMatch::FigureDiffers(change) => Drift::PassageFigure {
                was: change.was,
                now: change.now,
            },
        };
        let was_there = before
            .as_ref()
            .is_none_or(|before| before.find(passage) == Some(PassageMatch::Found));
        if was_there {
            return PassagesFound::Lost(drift);
        }
    }
    if looked_for {
        PassagesFound::All
    } else {
        PassagesFound::Unknown
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
