//! A page without content of its own: like the answer to a made-up address, or like the home page.
//!
//! Only for pages whose markers are missing; the rules ensure that a proven page never counts as
//! rot. The individual content of a record page (a title, some sentences) is enough to clear it,
//! however much of the text is the site's frame.

use std::collections::BTreeMap;

use url::Url;

use super::page::{BodyKind, DecodedPage};
use super::value::percent;
use crate::model::Fact;
use crate::model::Measurement;
use crate::model::measurement::Request;
use crate::model::reference::{Reference, ReferenceKind, Sketch};
use crate::text::shingle::{compare, mask, sketch};
use crate::text::{clean, content, normalise, shell, title};

/// The smallest share of common shingles. Two answers of one error page have more than 0.9 once
/// masked, an article and an error page less than 0.1 (`docs/verdicts.md`).
const ALIKE: f64 = 0.8;
/// A page with more individual shingles than this (about twenty words) has its own content.
const OWN: u32 = 40;
/// The smallest share of all shingles, and of those outside links and frame, of two error pages
/// that recommend different articles; and how many shingles outside links only one of them may
/// have.
const SAME_FRAME: f64 = 0.3;
const SAME_CONTENT: f64 = 0.9;
const OWN_CONTENT: u32 = 12;
/// A text with fewer shingles is not a page: the shell of a script, a frame, a counter.
const FEWEST: u32 = 24;
/// A program with a query may answer a made-up query with its usual output, such as a list: only a
/// page this short then counts as an error.
const SHORT_ANSWER: u32 = 120;
/// A part of a title with at least this many characters is a name.
const NAME: usize = 4;
/// How many characters of a reference's title are kept.
const MAX_TITLE: usize = 200;

/// Which references the page resembles, and the evidence.
pub(super) type Similarities = BTreeMap<ReferenceKind, Fact>;

/// Compares the page with the references that its record carries.
pub(super) fn find(page: &DecodedPage<'_>, m: &Measurement) -> Similarities {
    let references = m.extra().map_or(&[][..], |x| x.references.as_slice());
    if references.is_empty() || page.kind != BodyKind::Html || is_shell(page) {
        return Similarities::new();
    }
    let (Some(asked), Some(answered)) =
        (Url::parse(&m.input).ok(), Url::parse(page.final_url).ok())
    else {
        return Similarities::new();
    };
    let own = OwnPage {
        sketch: sketch(&mask(page.text(), &asked)),
        names: names(page.seen.title.as_deref(), &asked),
        moved: asked != answered,
        asked_path: asked.path().to_owned(),
        answered,
    };
    let alike = |r: &Reference| Some((r.kind, own.like(r)?));
    let others = references.iter();
    others
        .filter(|r| ReferenceKind::FETCHED.contains(&r.kind))
        .filter_map(alike)
        .collect()
}

/// The page in the form for comparison.
struct OwnPage {
    sketch: Sketch,
    names: Vec<String>,
    asked_path: String,
    answered: Url,
    moved: bool,
}

impl OwnPage {
    fn like(&self, reference: &Reference) -> Option<Fact> {
        if !(200..300).contains(&reference.status) {
            return None;
        }
        let asked = Url::parse(&reference.url).ok()?;
        let shown = clean::line(asked.as_str(), 120);
        let same_place = Url::parse(&reference.final_url).is_ok_and(|u| u == self.answered);
        if self.moved && same_place && reference.kind == ReferenceKind::MadeUp {
            return Some(Fact::LeadsAsMadeUp {
                to: clean::line(self.answered.as_str(), 120),
                made_up: shown,
            });
        }
        let theirs = names(reference.title.as_deref(), &asked);
        if self.names.iter().any(|name| !theirs.contains(name)) {
            return None;
        }
        if self.sketch.shingles < FEWEST || reference.sketch.shingles < FEWEST {
            return None;
        }
        if asked.path() == self.asked_path
            && reference.kind == ReferenceKind::MadeUp
            && self.sketch.shingles > SHORT_ANSWER
        {
            return None;
        }
        let like = compare(&self.sketch, &reference.sketch);
        (like.share >= ALIKE && like.own <= OWN).then(|| Fact::TextAlike {
            url: shown,
            page: reference.kind,
            percent: percent(like.share),
        })
    }
}

/// Whether a page says nothing that another address of the host does not say too: the share of the
/// text in per cent. Both are sketches that [`super::Judge::reference`] made.
#[must_use]
pub fn says_the_same(page: &Reference, other: &Reference) -> Option<u8> {
    let served = |r: &Reference| (200..300).contains(&r.status);
    let (asked, answered) = (
        Url::parse(&page.url).ok()?,
        Url::parse(&page.final_url).ok()?,
    );
    if !served(page) || !served(other) {
        return None;
    }
    let to_one_place = Url::parse(&other.final_url).is_ok_and(|url| url == answered);
    if asked != answered && to_one_place {
        return Some(100);
    }
    let theirs = names(other.title.as_deref(), &Url::parse(&other.url).ok()?);
    let own = names(page.title.as_deref(), &asked);
    let fewest = page.sketch.shingles.min(other.sketch.shingles);
    if fewest < FEWEST || own.iter().any(|name| !theirs.contains(name)) {
        return None;
    }
    let like = compare(&page.sketch, &other.sketch);
    let is_alike = like.share >= ALIKE && like.own <= OWN;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 100
    (is_alike || says_the_same_outside_links(page, other, like.share))
        .then(|| (like.share * 100.0).clamp(0.0, 100.0) as u8)
}

/// An error page that recommends other articles each time: what it says itself is the same.
fn says_the_same_outside_links(page: &Reference, other: &Reference, share: f64) -> bool {
    let fewest = page.content.shingles.min(other.content.shingles);
    let like = compare(&page.content, &other.content);
    share >= SAME_FRAME && fewest >= FEWEST && like.share >= SAME_CONTENT && like.own <= OWN_CONTENT
}

/// The sketch of a page's text outside its links and frame, by which error pages with changing
/// recommendations are recognised.
fn content(page: &DecodedPage<'_>, asked: &Url) -> Sketch {
    let said = normalise::for_matching(&content::outside_links(page.source()));
    sketch(&mask(&said, asked))
}

/// The parts of a title that may name something, in the form in which they are compared. The
/// address that it may echo is masked first: file names contain the marks that separate the parts
/// of titles.
fn names(title: Option<&str>, address: &Url) -> Vec<String> {
    let title = mask(&normalise::for_matching(title.unwrap_or_default()), address);
    let parts = title::parts(&title).into_iter().map(str::to_owned);
    parts.filter(|part| part.chars().count() >= NAME).collect()
}

/// A page that a script would fill says nothing yet, good or bad.
fn is_shell(page: &DecodedPage<'_>) -> bool {
    shell::is_shell(page.source(), page.text())
}

/// The data of a page for comparisons. `known`: it is a known page (a check, a refusal), which
/// represents nothing else.
pub(super) fn reference(kind: ReferenceKind, m: &Measurement, known: bool) -> Reference {
    described(kind, m, known, false)
}

/// The same of a page that a link leads to, with what it says outside its links.
pub(super) fn link_reference(kind: ReferenceKind, m: &Measurement, known: bool) -> Reference {
    described(kind, m, known, true)
}

fn described(kind: ReferenceKind, m: &Measurement, known: bool, is_of_link: bool) -> Reference {
    let last: Option<&Request> = m.last_request().filter(|r| r.failure.is_none());
    let mut reference = Reference {
        kind,
        url: m.input.clone(),
        final_url: last.map_or_else(String::new, |r| r.request.url.clone()),
        at_us: m.started().timestamp_micros(),
        status: last.map_or(0, |r| r.response.code),
        title: None,
        sketch: Sketch::default(),
        characters: 0,
        content: Sketch::default(),
        shape: String::new(),
        leads_to: Vec::new(),
        open_ways: Vec::new(),
        link_labels: Vec::new(),
        pieces: Vec::new(),
        heading: None,
        paragraph: Sketch::default(),
        rows: None,
        shown: None,
    };
    let (Some(last), Ok(asked), false) = (last, Url::parse(&m.input), known) else {
        return reference;
    };
    let page = DecodedPage::read(last, None, false);
    if page.kind == BodyKind::Html && !is_shell(&page) {
        reference.sketch = sketch(&mask(page.text(), &asked));
        let title = page
            .seen
            .title
            .as_deref()
            .map(|t| clean::line(t, MAX_TITLE));
        reference.title = title.filter(|t| !t.is_empty());
        if is_of_link && reference.status == 200 && !reference.sketch.is_empty() {
            reference.content = content(&page, &asked);
        }
    }
    reference
}
