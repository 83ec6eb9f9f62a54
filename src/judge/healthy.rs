//! The watched page as it was when it last met every expectation, and how a new answer differs from
//! it.
//!
//! When the markers of a page are gone, the page was redesigned or another page replaced it. No
//! list of words can distinguish the two, but a comparison with the known page can.
//! [`super::replaced`] decides whether the difference is a loss.

use url::Url;

use super::known_text::{self, RecordKept};
use super::level_link::{self, DivertedLink};
use super::link_labels;
use super::page::{BodyKind, DecodedPage, media_type};
use super::plan::ProbePlan;
use super::shown;
use super::value::plan::ValueSource;
use crate::model::Measurement;
use crate::model::measurement::Request;
use crate::model::reference::{Reference, ReferenceKind, Rows, Sketch};
use crate::text::shingle::{hashes, kept, mask, sketch};
use crate::text::{clean, content, normalise, title};

/// A page with fewer shingles that the site's other pages lack has no text of its own to miss.
const FEWEST_OWN: usize = 16;
/// A page with fewer shingles outside its links is a list.
const FEWEST_CONTENT: usize = 60;
/// The fewest characters of a title's first part that can identify a page.
const NAME: usize = 4;
/// The most characters of a title, and of a shape.
const MAX_TITLE: usize = 200;
const MAX_SHAPE: usize = 300;
/// The most keys and columns in a shape.
const MAX_KEYS: usize = 24;
/// The most elements that a page's rows are taken from.
const MAX_ROWS: usize = 2_000;
/// The most levels of a JSON document that are searched for its longest list.
const MAX_NESTING: u8 = 8;
/// A shorter list is not a table.
const FEWEST_ROWS: u32 = 3;
/// At this share of the rows' text or more, the rows are still there.
const MOST_OF_THEM: f64 = 0.5;
/// Below this share of the rows' text, none of the rows is there.
const NEXT_TO_NONE: f64 = 0.1;
/// Below this share almost nothing is left of rows that are not found.
const FEW_OF_THEM: f64 = 0.3;
/// Fewer shingles are too few to be missed.
const FEWEST_LOST: usize = 8;
/// The most ways to the next level that are kept of a page.
const MAX_WAYS: usize = 8;

/// How a new answer differs from the last healthy one. Shares are 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// The titles differ; for answers without one, their shapes.
    pub title: bool,
    /// The length of the new visible text, as a share of the known one.
    pub length: f64,
    /// The share of the known text that is still there.
    pub kept: f64,
    /// The share that is still there of the text that only the known page had, and no other page of
    /// the site; `None` when no other page was compared, or the page had almost no text of its own.
    pub own_kept: Option<f64>,
    /// The share that is still there of the known text outside links and frame; `None` when that
    /// text was short.
    pub content_kept: Option<f64>,
    /// The new title or text contains the first part of the known title.
    pub names_it: bool,
    /// The number of visible characters of the known page.
    pub known_characters: u32,
    pub still_there: RetainedParts,
    pub record: RecordKept,
    /// The words that were not on the known page, one block per line; `None` when its pieces are
    /// not known.
    pub new_words: Option<String>,
    /// Those of them that are sentences: no adverts, and no lists of links.
    pub new_sentences: Option<String>,
    /// The ways to the next level that are in their place and no longer lead there.
    pub diverted_link: Option<DivertedLink>,
    /// A page came in place of a file or of data, or an interface's answer in place of a file.
    pub other_kind: Option<OtherKind>,
}

/// The kinds of two documents, in the words of their formats.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OtherKind {
    pub now: String,
    pub earlier: String,
}

/// What is still there under other markers or keys.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct RetainedParts {
    /// A way to the next level that leads where it led before.
    pub way: bool,
    /// The rows that the values were taken from.
    pub rows: bool,
    /// The share of the rows' text that is left.
    pub rows_kept: Option<f64>,
    /// Almost nothing is left of the text of the rows that no value finds any more.
    pub lost_rows: bool,
    /// The number of new letters outside links.
    pub new_letters: usize,
}

impl RetainedParts {
    /// Almost nothing is left of the rows' text.
    pub fn has_no_rows(&self) -> bool {
        self.rows_kept.is_some_and(|share| share < NEXT_TO_NONE)
    }
}

/// Whether a record carries a healthy answer to compare with.
pub(super) fn is_carried_by(m: &Measurement) -> bool {
    let references = m.extra().map_or(&[][..], |x| x.references.as_slice());
    references.iter().any(|r| r.kind == ReferenceKind::Healthy)
}

/// Compares an answer with the healthy one in its record; `None` when the record has none.
pub(super) fn difference(
    page: &DecodedPage<'_>,
    m: &Measurement,
    plan: Option<&ProbePlan>,
) -> Option<Difference> {
    let references = m.extra().map_or(&[][..], |x| x.references.as_slice());
    let known = references
        .iter()
        .find(|r| r.kind == ReferenceKind::Healthy)?;
    let address = Url::parse(&m.input).ok()?;
    let masked = mask(page.text(), &address);
    let there = hashes(&masked);
    let new_title = own_title(page.seen.title.as_deref());
    let old_title = own_title(known.title.as_deref());
    let titled = !new_title.is_empty() || !old_title.is_empty();
    let length = f64::from(characters(&masked)) / f64::from(known.characters.max(1));
    let first = title::parts(&old_title).first().map(|p| (*p).to_owned());
    let names_it = first.is_some_and(|name| {
        name.chars().count() >= NAME
            && (new_title.contains(&name) || masked.contains(&compact(&name)))
    });
    Some(Difference {
        title: if titled {
            new_title != old_title
        } else {
            shape(page, m.last_request()) != known.shape
        },
        length,
        kept: kept(&known.sketch.smallest, &there).unwrap_or(1.0),
        own_kept: own_kept(known, references, &there),
        content_kept: (known.content.smallest.len() >= FEWEST_CONTENT)
            .then(|| kept(&known.content.smallest, &there))
            .flatten(),
        names_it,
        known_characters: known.characters,
        record: RecordKept::from_reference(known, &there, page),
        new_words: known_text::new_words(known, page),
        new_sentences: known_text::new_sentences(known, page),
        other_kind: other_kind(&shape(page, m.last_request()), &known.shape),
        diverted_link: plan.and_then(|plan| level_link::find(page, plan, known, &address)),
        still_there: RetainedParts {
            way: page
                .tree()
                .is_some_and(|tree| tree.leads_to_any(&known.leads_to))
                || link_labels::stand(page, known, &address),
            rows: known
                .rows
                .as_ref()
                .is_some_and(|rows| rows_are_there(rows, page)),
            rows_kept: known.rows.as_ref().and_then(|rows| kept_rows(rows, page)),
            new_letters: known_text::new_letters(known, page),
            lost_rows: known.rows.as_ref().is_some_and(|rows| {
                let left = plan.and_then(|plan| left_of_lost_rows(rows, page, plan));
                left.is_some_and(|share| share < FEW_OF_THEM)
            }),
        },
    })
}

/// What is kept of a healthy page, so that later answers can be compared with it.
pub(super) fn snapshot(m: &Measurement, plan: Option<&ProbePlan>) -> Option<Reference> {
    let last = m.last_request().filter(|r| r.response.code > 0)?;
    let address = Url::parse(&m.input).ok()?;
    let with_tree = plan.is_some_and(ProbePlan::selects);
    let page = DecodedPage::read(last, plan.and_then(|p| p.charset.as_deref()), with_tree);
    let masked = mask(page.text(), &address);
    let title = page.seen.title.as_deref();
    let title = title.map(|t| clean::line(t, MAX_TITLE));
    let said = match page.kind {
        BodyKind::Html => content::outside_links(page.source()),
        _ => String::new(),
    };
    Some(Reference {
        kind: ReferenceKind::Healthy,
        url: m.input.clone(),
        final_url: last.request.url.clone(),
        at_us: m.started().timestamp_micros(),
        status: last.response.code,
        title: title.filter(|t| !t.is_empty()),
        characters: characters(&masked),
        content: sketch(&mask(&normalise::for_matching(&said), &address)),
        shape: shape(&page, Some(last)),
        leads_to: plan.map_or_else(Vec::new, |plan| ways(&page, plan)),
        open_ways: plan.map_or_else(Vec::new, |plan| level_link::open_ways(&page, plan)),
        link_labels: plan.map_or_else(Vec::new, |plan| link_labels::of_page(&page, plan)),
        pieces: known_text::pieces(&page),
        heading: known_text::heading(&page),
        paragraph: known_text::paragraph(&said, &address),
        rows: plan.and_then(|plan| rows(&page, plan)),
        shown: (page.kind == BodyKind::Html).then(|| shown::digest(&page, &m.input, plan)),
        sketch: sketch(&masked),
    })
}

/// The targets of the next level's markers, as written.
fn ways(page: &DecodedPage<'_>, plan: &ProbePlan) -> Vec<String> {
    let Some(tree) = page.tree() else {
        return Vec::new();
    };
    let css = plan.level.iter().flat_map(|(_, list)| list);
    let mut ways: Vec<String> = css
        .filter_map(|css| css.selector.as_ref())
        .flat_map(|selector| tree.ways(selector, MAX_WAYS))
        .collect();
    ways.sort_unstable();
    ways.dedup();
    ways.truncate(MAX_WAYS);
    ways
}

/// The share of the rows' text that is still on the page, without the rows that values still find.
fn left_of_lost_rows(rows: &Rows, page: &DecodedPage<'_>, plan: &ProbePlan) -> Option<f64> {
    let there = hashes(&compact(&normalise::for_matching(
        &texts_of_rows(page, plan)?.join(" "),
    )));
    let said = rows.sketch.smallest.iter().copied();
    let lost: Vec<u32> = said
        .filter(|hash| there.binary_search(hash).is_err())
        .collect();
    (lost.len() >= FEWEST_LOST).then(|| kept(&lost, &hashes(&compact(page.text()))))?
}

/// The texts of the elements that values are taken from.
fn texts_of_rows(page: &DecodedPage<'_>, plan: &ProbePlan) -> Option<Vec<String>> {
    let tree = page.tree()?;
    let selectors = plan.values.iter().filter_map(|value| match &value.from {
        ValueSource::Select(selector) => Some(selector),
        _ => None,
    });
    Some(
        selectors
            .flat_map(|selector| tree.texts(selector, MAX_ROWS))
            .collect(),
    )
}

/// The rows that values are taken from.
fn rows(page: &DecodedPage<'_>, plan: &ProbePlan) -> Option<Rows> {
    if let Some(value) = page.json() {
        return Some(Rows {
            count: longest_list(value, MAX_NESTING),
            sketch: Sketch::default(),
        });
    }
    let texts = texts_of_rows(page, plan)?;
    (!texts.is_empty()).then(|| Rows {
        count: u32::try_from(texts.len()).unwrap_or(u32::MAX),
        // Numbers distinguish the rows of a table.
        sketch: sketch(&compact(&normalise::for_matching(&texts.join(" ")))),
    })
}

/// Whether most of the rows' text is still on the page. In JSON: whether a list of records of about
/// the same length came.
fn rows_are_there(rows: &Rows, page: &DecodedPage<'_>) -> bool {
    if let Some(value) = page.json() {
        return rows.count >= FEWEST_ROWS && longest_list(value, MAX_NESTING) >= rows.count / 2;
    }
    kept_rows(rows, page).is_some_and(|share| share >= MOST_OF_THEM)
}

/// The share of the rows' text that is still there.
fn kept_rows(rows: &Rows, page: &DecodedPage<'_>) -> Option<f64> {
    let said = &rows.sketch.smallest;
    let known = said.len() >= FEWEST_OWN && rows.count >= FEWEST_ROWS;
    known.then(|| kept(said, &hashes(&compact(page.text()))))?
}

/// The length of the longest list of records in a JSON document.
fn longest_list(value: &serde_json::Value, depth: u8) -> u32 {
    use serde_json::Value as V;
    let within = |v: &V| {
        depth
            .checked_sub(1)
            .map_or(0, |depth| longest_list(v, depth))
    };
    match value {
        V::Array(list) => {
            let records = list.iter().filter(|v| v.is_object() || v.is_array());
            let own = u32::try_from(records.count()).unwrap_or(u32::MAX);
            list.iter().take(MAX_KEYS).map(within).fold(own, u32::max)
        }
        V::Object(map) => map.values().map(within).max().unwrap_or(0),
        _ => 0,
    }
}

/// A title as it is compared: all numbers are alike, because titles carry dates and counters.
fn own_title(title: Option<&str>) -> String {
    let title = clean::line(title.unwrap_or_default(), MAX_TITLE);
    let folded = normalise::for_matching(&title).to_lowercase();
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn characters(masked: &str) -> u32 {
    u32::try_from(masked.chars().count()).unwrap_or(u32::MAX)
}

/// The share that is still there of the shingles that the known page had and the site's other pages
/// lack. A sketch holds the smallest hashes of a page, so it is complete below its largest hash.
fn own_kept(known: &Reference, references: &[Reference], there: &[u32]) -> Option<f64> {
    let others: Vec<&Reference> = references
        .iter()
        .filter(|r| r.kind != ReferenceKind::Healthy && r.sketch.shingles > 0)
        .collect();
    let own: Vec<u32> = known
        .sketch
        .smallest
        .iter()
        .copied()
        .filter(|hash| {
            let holds = |r: &&Reference| r.sketch.smallest.binary_search(hash).is_ok();
            let comparable = |r: &&Reference| {
                let whole = r.sketch.smallest.len() >= r.sketch.shingles as usize;
                whole || r.sketch.smallest.last().is_some_and(|last| hash <= last)
            };
            others.iter().all(comparable) && !others.iter().any(holds)
        })
        .collect();
    (!others.is_empty() && own.len() >= FEWEST_OWN).then(|| kept(&own, there))?
}

/// Replaces the title of an answer that has none: the kind of document, and its root element,
/// top-level keys or columns.
fn shape(page: &DecodedPage<'_>, last: Option<&Request>) -> String {
    let shape = match page.kind {
        BodyKind::None => String::new(),
        BodyKind::Binary => last
            .and_then(|r| media_type(&r.response))
            .unwrap_or_else(|| "binary".to_owned()),
        BodyKind::Html => root_element(page.source())
            .map_or_else(|| "html".to_owned(), |root| format!("xml {root}")),
        BodyKind::Json => page.json().map_or_else(|| "json".to_owned(), json_shape),
        BodyKind::Text => columns(page.source()),
    };
    clean::line(&shape, MAX_SHAPE)
}

/// The kinds of two documents by their shapes, when a page stands for something else than a page,
/// or JSON for a file. Other changes (a table as text or as an attachment) depend on headers alone.
fn other_kind(now: &str, earlier: &str) -> Option<OtherKind> {
    let is_file = |kind: &str| kind.contains('/') || kind == "binary";
    let kind = |shape: &str| match shape.split(' ').next() {
        None | Some("") => None,
        Some("columns" | "text") => Some("text".to_owned()),
        Some(kind) => Some(kind.to_owned()),
    };
    let (now, earlier) = (kind(now)?, kind(earlier)?);
    let is_other = match now.as_str() {
        "html" => earlier != "html" && earlier != "xml",
        "json" => is_file(&earlier),
        _ => false,
    };
    is_other.then_some(OtherKind { now, earlier })
}

/// The root element of an XML document that is not HTML.
fn root_element(source: &str) -> Option<String> {
    let source = source.trim_start_matches('\u{feff}').trim_start();
    if !source.starts_with("<?xml") {
        return None;
    }
    let open = |at: &usize| source[*at + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
    let at = source.match_indices('<').map(|(at, _)| at).find(open)?;
    let end = |c: char| c.is_whitespace() || matches!(c, '>' | '/');
    let name = source[at + 1..].split(end).next()?.to_ascii_lowercase();
    (name != "html").then_some(name)
}

fn json_shape(value: &serde_json::Value) -> String {
    use serde_json::Value as V;
    let kind = |v: &V| match v {
        V::Null => "null",
        V::Bool(_) => "bool",
        V::Number(_) => "number",
        V::String(_) => "text",
        V::Array(_) => "list",
        V::Object(_) => "object",
    };
    match value {
        V::Object(map) => {
            let mut keys: Vec<String> = map
                .iter()
                .take(MAX_KEYS)
                .map(|(key, v)| format!("{key}:{}", kind(v)))
                .collect();
            keys.sort_unstable();
            format!("json {}", keys.join(","))
        }
        V::Array(list) => match list.first() {
            Some(first @ V::Object(_)) => format!("json list of {}", json_shape(first)),
            first => format!("json list of {}", first.map_or("nothing", kind)),
        },
        other => format!("json {}", kind(other)),
    }
}

/// The columns of a table in text, by its first line; empty for plain text.
fn columns(source: &str) -> String {
    let first = source.trim_start_matches('\u{feff}').lines().next();
    let first = first.unwrap_or_default();
    let parting = ['\t', ',', ';', '|'];
    match parting.into_iter().find(|c| first.contains(*c)) {
        Some(c) => {
            let names: Vec<&str> = first.split(c).take(MAX_KEYS).map(str::trim).collect();
            format!("columns {}", names.join(","))
        }
        None => "text".to_owned(),
    }
}
