//! Whether a match counts, and for how much.
//!
//! A pattern alone does not identify a page: good CNKI pages have hidden captcha markup, good sites
//! send the headers of their firewall, and articles write about refusals. A sentence therefore
//! counts in four cases: it is most of a title (or of a part between separators), it is most of a
//! heading, the page is short, or the status refuses. A marker of the source counts where the row
//! limits the page's length or status, on a short page, or with a refusing status. Nothing counts
//! on a page that is built as an article. A header or cookie counts with the status in the row, or
//! with a refusing status.

use super::found::{AnswerFacts, CompiledRow, Hit, PatternMatch};
use crate::judge::page::DecodedPage;
use crate::model::fact::{Fact, Spot};
use crate::model::signature::Location;
use crate::model::{Code, Locus};
use crate::text::clean;

/// A page with fewer visible characters is little more than its notice (`docs/verdicts.md`,
/// Signatures).
const SHORT: usize = 2000;

/// Whether a page is so short that a sentence on it is its message.
pub(super) fn is_short(page: &DecodedPage<'_>) -> bool {
    page.text().chars().take(SHORT).count() < SHORT
}

/// Whether this page is an article about refusals: it is built as an article, and was not refused
/// itself. (Sites build their "not found" pages as articles, so 404 and 410 do not count as
/// refusals.)
fn writes_about(page: &DecodedPage<'_>, seen: AnswerFacts) -> bool {
    let refused = seen.status >= 400 && !matches!(seen.status, 404 | 410);
    !refused && page.is_article()
}

/// Whether the row's own limits allow a match here.
pub(super) fn may_count(row: &CompiledRow, found: PatternMatch, seen: AnswerFacts) -> bool {
    let known = &row.known;
    // A redirect has its own status and no page.
    found.spot == Spot::Redirect
        || (known.status.is_empty() || known.status.contains(&seen.status))
            && known.max_bytes.is_none_or(|max| seen.bytes <= max)
}

/// The weight of a match; `None` when it does not count.
pub(super) fn weigh(
    row: &CompiledRow,
    found: PatternMatch,
    page: &DecodedPage<'_>,
    seen: AnswerFacts,
) -> Option<Hit> {
    let (known, spot) = (&row.known, found.spot);
    let refusing = seen.status >= 400;
    if !may_count(row, found, seen) {
        return None;
    }
    if seen.healthy
        && !(known.confirmed && (spot == Spot::Url || spot == Spot::Title && !seen.titled))
    {
        return None;
    }
    let named = !known.status.is_empty();
    // The sentence is most of the title or heading.
    let is_message = found.matched * 5 >= found.around * 2;
    let counts = match spot {
        Spot::Url | Spot::Redirect => true,
        Spot::Title => !row.sentence || is_message || refusing,
        Spot::Heading => is_message || refusing || is_short(page),
        Spot::Text => refusing || is_short(page),
        Spot::Source => named || known.max_bytes.is_some() || refusing || is_short(page),
        // On a page that was served normally, only together with other signs that it is not the
        // page.
        Spot::Header | Spot::Cookie => {
            named
                || refusing
                || (known.confirmed && seen.status != 200)
                || (seen.amiss && is_short(page))
        }
    };
    let quoted = known.location == Location::Body && writes_about(page, seen);
    if !counts || quoted || ruled_out(row, page) {
        return None;
    }
    // A firewall page that gives no cause states nothing; the same applies to every imported row.
    let stated = row.sentence
        && known.code != Code::SiteWafBlock
        && matches!(spot, Spot::Title | Spot::Heading | Spot::Text);
    let weak = (!known.confirmed && !stated) || !is_page_code(known.code);
    Some(Hit {
        name: known.name.clone(),
        code: if weak { Code::SiteWafBlock } else { known.code },
        locus: if weak { Locus::Unknown } else { known.locus },
        weak,
        removed_by: known.removed_by.filter(|_| !weak),
        place: place(spot),
        fact: fact(row, spot),
    })
}

fn ruled_out(row: &CompiledRow, page: &DecodedPage<'_>) -> bool {
    row.unless.as_ref().is_some_and(|unless| {
        unless.is_match(page.source())
            || unless.is_match(page.text())
            || unless.is_match(page.final_url)
            || page
                .seen
                .title
                .as_deref()
                .is_some_and(|title| unless.is_match(title))
    })
}

/// The codes that a page can have.
fn is_page_code(code: Code) -> bool {
    code.as_str().starts_with("site.") || code.as_str().starts_with("content.")
}

fn place(spot: Spot) -> &'static str {
    match spot {
        Spot::Url => "requests[0].request.url",
        Spot::Header | Spot::Cookie => "requests[0].response.headers_list",
        Spot::Redirect => "requests",
        Spot::Source | Spot::Text | Spot::Title | Spot::Heading => "requests[0].response.body",
    }
}

fn fact(row: &CompiledRow, spot: Spot) -> Fact {
    Fact::KnownPage {
        spot,
        pattern: clean::line(&row.known.pattern, 80),
        signature: clean::line(&row.known.name, 60),
    }
}
