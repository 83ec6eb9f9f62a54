//! The text of the last healthy page: which words of a new page are new, and whether the
//! identifying parts of a record are still present.

use url::Url;

use super::page::{BodyKind, DecodedPage};
use crate::model::reference::{Reference, Sketch};
use crate::text::shingle::{hashes, kept, mask, sketch};
use crate::text::token::{Token, Tokens};
use crate::text::{blocks, clean, content, html, normalise, title};

/// How many characters of a heading are kept.
const MAX_HEADING: usize = 200;
/// A heading with fewer shingles is a word of the site, not a name.
const FEWEST_OF_NAME: usize = 3;
/// A paragraph with fewer shingles is a line.
const FEWEST_OF_PARAGRAPH: usize = 24;
/// A piece of a paragraph that ends in an ellipsis has at least so many shingles,
const FEWEST_OF_PIECE: usize = 6;
/// and one that ends without: the name of a record may be in its text.
const FEWEST_OF_BEGINNING: usize = 16;
/// The entry among the pieces for a password field.
const PASSWORD_FIELD: &str = "input type=password";
/// Below this share of its shingles a name counts as absent.
const NAMELESS: f64 = 0.34;
/// Below this share of its shingles almost nothing is left of a paragraph.
const FEW: f64 = 0.2;

/// Which identifying parts of a record are still present.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(clippy::struct_excessive_bools)] // facts that have nothing to do with one another
pub(super) struct RecordKept {
    /// The first heading, or the name in the title, stands nowhere on the page.
    pub is_nameless: bool,
    /// The known page has a paragraph of text.
    pub has_paragraph: bool,
    /// Almost nothing is left of the longest paragraph.
    pub paragraph_is_gone: bool,
    /// What is lost of it, counting text that the page holds and hides as present.
    pub lost_of_paragraph: Option<LostText>,
    /// What is left of it is a piece of it.
    pub begins_and_breaks_off: bool,
}

/// The lost part of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LostText {
    /// 0 to 1.
    pub share: f64,
    /// About how many characters that is.
    pub characters: f64,
}

impl RecordKept {
    /// `there`: the hashes of the new page's text.
    pub(super) fn from_reference(known: &Reference, there: &[u32], page: &DecodedPage<'_>) -> Self {
        let heading = known.heading.clone().or_else(|| shown_title(known));
        let name = hashes(&compact(&heading.unwrap_or_default()));
        let lost = |sketch: &[u32], fewest: usize, share: f64| {
            sketch.len() >= fewest && kept(sketch, there).is_some_and(|kept| kept < share)
        };
        Self {
            is_nameless: lost(&name, FEWEST_OF_NAME, NAMELESS),
            has_paragraph: known.paragraph.smallest.len() >= FEWEST_OF_PARAGRAPH,
            paragraph_is_gone: lost(&known.paragraph.smallest, FEWEST_OF_PARAGRAPH, FEW),
            lost_of_paragraph: lost_of_paragraph(known, there, page),
            begins_and_breaks_off: page.kind == BodyKind::Html && breaks_off(known, page),
        }
    }
}

fn lost_of_paragraph(known: &Reference, there: &[u32], page: &DecodedPage<'_>) -> Option<LostText> {
    let paragraph = &known.paragraph;
    let is_text = page.kind == BodyKind::Html && paragraph.smallest.len() >= FEWEST_OF_PARAGRAPH;
    let shown = kept(&paragraph.smallest, there).filter(|_| is_text)?;
    // A text that opens at a click is on the page.
    let left = if shown < 1.0 {
        let all = normalise::for_matching(&content::shown_or_hidden(page.source()));
        let address = Url::parse(&known.url).ok()?;
        shown.max(kept(&paragraph.smallest, &hashes(&mask(&all, &address)))?)
    } else {
        shown
    };
    Some(LostText {
        share: 1.0 - left,
        characters: (1.0 - left) * f64::from(paragraph.shingles),
    })
}

/// Whether a line of the page's own text is a piece of the known paragraph.
fn breaks_off(known: &Reference, page: &DecodedPage<'_>) -> bool {
    let (Ok(address), Some(largest)) = (Url::parse(&known.url), known.paragraph.smallest.last())
    else {
        return false;
    };
    let is_piece = |line: &str| {
        let line = normalise::for_matching(line);
        let mut hashes = hashes(&mask(&line, &address));
        // A sketch holds the smallest hashes, so it is complete below the largest of them.
        hashes.retain(|hash| hash <= largest);
        let is_known = |hash: &&u32| known.paragraph.smallest.binary_search(hash).is_ok();
        let shared = hashes.iter().filter(is_known).count();
        (shared, shared * 4 >= hashes.len() * 3)
    };
    let ends = ["…", "⋯", "...", "。。。"];
    let said = content::outside_links(page.source());
    let mut lines = said.lines().map(str::trim_end);
    lines.any(|line| {
        let (shared, is_piece) = is_piece(line);
        let is_cut = ends.iter().any(|end| line.ends_with(end));
        let fewest = if is_cut {
            FEWEST_OF_PIECE
        } else {
            FEWEST_OF_BEGINNING
        };
        is_piece && shared >= fewest
    })
}

/// The first part of the title, where the page shows it as a line of its own.
fn shown_title(known: &Reference) -> Option<String> {
    let title = normalise::for_matching(known.title.as_deref()?);
    let parts = title::parts(&title);
    let name = parts.first()?;
    let print = blocks::fingerprint(name)?;
    let is_shown = known.pieces.binary_search(&print).is_ok();
    is_shown.then(|| (*name).to_owned())
}

/// The words of a page that the known one did not show, one block a line.
pub(super) fn new_words(known: &Reference, page: &DecodedPage<'_>) -> Option<String> {
    let comparable = page.kind == BodyKind::Html && !known.pieces.is_empty();
    comparable.then(|| blocks::new_text(&html::blocks(page.source()), &known.pieces))
}

/// Those of them that are sentences.
pub(super) fn new_sentences(known: &Reference, page: &DecodedPage<'_>) -> Option<String> {
    let comparable = page.kind == BodyKind::Html && !known.pieces.is_empty();
    comparable.then(|| blocks::new_sentences(&html::blocks(page.source()), &known.pieces))
}

/// How many letters a page shows outside its links that the known one did not show.
pub(super) fn new_letters(known: &Reference, page: &DecodedPage<'_>) -> usize {
    if page.kind != BodyKind::Html || known.pieces.is_empty() {
        return 0;
    }
    blocks::new_letters_outside_links(&html::blocks(page.source()), &known.pieces)
}

/// The fingerprints of the text pieces of a page.
pub(super) fn pieces(page: &DecodedPage<'_>) -> Vec<u32> {
    if page.kind != BodyKind::Html {
        return Vec::new();
    }
    let mut prints = blocks::fingerprints(&html::blocks(page.source()));
    if has_password_field(page) {
        prints.extend(blocks::fingerprint(PASSWORD_FIELD));
        prints.sort_unstable();
    }
    prints
}

/// Whether the page has a password field that the known page did not have; without a known page,
/// whether it has any.
pub(super) fn asks_password(page: &DecodedPage<'_>, known: Option<&Reference>) -> bool {
    let pieces = known.map_or(&[][..], |known| known.pieces.as_slice());
    let print = blocks::fingerprint(PASSWORD_FIELD);
    let was_there = print.is_some_and(|print| pieces.binary_search(&print).is_ok());
    !was_there && has_password_field(page)
}

fn has_password_field(page: &DecodedPage<'_>) -> bool {
    let is_field = |token: Token<'_>| {
        let Token::Start(tag) = token else {
            return false;
        };
        let kind = tag.attribute("type").unwrap_or_default();
        tag.is("input") && kind.eq_ignore_ascii_case("password")
    };
    page.kind == BodyKind::Html && Tokens::new(page.source()).any(is_field)
}

/// The first heading that may be a name.
pub(super) fn heading(page: &DecodedPage<'_>) -> Option<String> {
    let is_name = |text: &&String| hashes(&compact(text)).len() >= FEWEST_OF_NAME;
    let heading = page.seen.headings.iter().find(is_name)?;
    Some(clean::line(heading, MAX_HEADING))
}

/// The longest paragraph of a page's text outside its links and frame; blocks are separated by line
/// ends.
pub(super) fn paragraph(said: &str, address: &Url) -> Sketch {
    let longest = said.lines().max_by_key(|line| line.trim().len());
    let longest = normalise::for_matching(longest.unwrap_or_default());
    sketch(&mask(&longest, address))
}

/// A heading in the form in which the text of a page is masked.
fn compact(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if !c.is_ascii_digit() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}
