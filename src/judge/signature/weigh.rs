//! Whether a match counts, and for how much.
//!
//! A pattern alone is not a page: good CNKI pages carry hidden captcha markup, good sites send the headers of
//! their firewall, and articles write about refusals. So a sentence counts in a title or heading that it
//! mostly makes up, on a short page, or with a refusing status; a marker of the source where the row bounds
//! the page's length or status, on a short page, or with a refusing status; a header or cookie with the
//! status that the row names.

use super::set::{Found, Hit, Row, Seen, Spot};
use crate::judge::page::Page;
use crate::model::{Code, Locus};
use crate::text::clean;

/// A page with fewer visible characters says little else than its notice (`docs/verdicts.md`, Signatures).
const SHORT: usize = 2000;

/// Whether a page is so short that a sentence on it is its message.
pub(super) fn is_short(page: &Page<'_>) -> bool {
    page.text().chars().take(SHORT).count() < SHORT
}

/// What a match is worth; none when it does not count.
pub(super) fn weigh(row: &Row, found: Found, page: &Page<'_>, seen: Seen) -> Option<Hit> {
    let spot = found.spot;
    let known = &row.known;
    let refusing = seen.status >= 400;
    if !known.status.is_empty() && !known.status.contains(&seen.status) {
        return None;
    }
    if known.max_bytes.is_some_and(|max| seen.bytes > max) {
        return None;
    }
    if seen.healthy
        && !(spot == Spot::Url || spot == Spot::Title && known.confirmed && !seen.titled)
    {
        return None;
    }
    let named = !known.status.is_empty();
    // The sentence is most of what the title or heading says.
    let is_message = found.matched * 5 >= found.around * 2;
    let counts = match spot {
        Spot::Url => true,
        Spot::Title | Spot::Heading => !row.sentence || is_message || refusing || is_short(page),
        Spot::Text => refusing || is_short(page),
        Spot::Source => named || known.max_bytes.is_some() || refusing || is_short(page),
        Spot::Header | Spot::Cookie => named || refusing || (known.confirmed && seen.status != 200),
    };
    if !counts || ruled_out(row, page) {
        return None;
    }
    let stated = row.sentence && matches!(spot, Spot::Title | Spot::Heading | Spot::Text);
    let weak = (!known.confirmed && !stated) || !is_page_code(known.code);
    Some(Hit {
        name: known.name.clone(),
        code: if weak { Code::SiteWafBlock } else { known.code },
        locus: if weak { Locus::Unknown } else { known.locus },
        weak,
        place: place(spot),
        fact: fact(row, spot),
    })
}

fn ruled_out(row: &Row, page: &Page<'_>) -> bool {
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

/// The codes that a page can stand for.
fn is_page_code(code: Code) -> bool {
    code.as_str().starts_with("site.") || code.as_str().starts_with("content.")
}

fn place(spot: Spot) -> &'static str {
    match spot {
        Spot::Url => "requests[0].request.url",
        Spot::Header | Spot::Cookie => "requests[0].response.headers_list",
        Spot::Source | Spot::Text | Spot::Title | Spot::Heading => "requests[0].response.body",
    }
}

fn fact(row: &Row, spot: Spot) -> String {
    let whereabouts = match spot {
        Spot::Url => "the final address",
        Spot::Header => "a header",
        Spot::Cookie => "the name of a cookie",
        Spot::Title => "the title",
        Spot::Heading => "a heading",
        Spot::Text => "the visible text",
        Spot::Source => "the source of the page",
    };
    format!(
        "{whereabouts} matches `{}` (signature {})",
        clean::line(&row.known.pattern, 80),
        clean::line(&row.known.name, 60)
    )
}
