//! What is read only from an answer that nothing proves to be the right page: its first words, its
//! length, and its difference from the last healthy page.

use super::client_redirected::{self, ClientRedirected};
use super::healthy::{self, Difference};
use super::known_text;
use super::naming::{self, Named, PageTexts};
use super::page::{BodyKind, DecodedPage};
use super::plan::ProbePlan;
use crate::model::Measurement;
use crate::model::reference::{Reference, ReferenceKind};
use crate::text::{alerts, clean, shell};

/// How many characters of a page's words are quoted (`docs/verdicts.md`, "Another page").
const MAX_WORDS: usize = 200;
/// How deep a JSON answer is read for words, and how many values of each object.
const MAX_DEPTH: u8 = 4;
const MAX_KEYS: usize = 64;

/// The result of a diagnosis.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PageDiagnosis {
    /// Visible characters, without white space.
    pub characters: usize,
    /// The first visible words, then those of script message boxes.
    pub words: String,
    /// The texts of script message boxes.
    pub boxes: String,
    /// The words of a JSON answer outside its rows.
    pub json_says: String,
    /// Nothing is visible until a script has run.
    pub is_script_shell: bool,
    /// How the answer differs from the last healthy page, if the record carries that page.
    pub difference: Option<Difference>,
    /// Pages that redirected here by themselves, and where this page would lead.
    pub led: ClientRedirected,
    /// The cause that the page states, from any site's words.
    pub named: Option<Named>,
}

/// Makes the diagnosis. `counts`: a cause that the page states would be its verdict.
pub(super) fn diagnose(
    page: &DecodedPage<'_>,
    m: &Measurement,
    plan: Option<&ProbePlan>,
    counts: bool,
) -> PageDiagnosis {
    let led = client_redirected::read(m, page);
    let difference = healthy::difference(page, m, plan);
    let new_words = difference.as_ref().and_then(|d| d.new_words.as_deref());
    PageDiagnosis {
        named: counts.then(|| cause(page, m, &led, new_words)).flatten(),
        led,
        characters: page.text().chars().filter(|c| !c.is_whitespace()).count(),
        words: first_words(page),
        boxes: boxes(page),
        json_says: json_says(page),
        is_script_shell: page.kind == BodyKind::Html
            && shell::is_script_shell(page.source(), page.text()),
        difference,
    }
}

/// The cause that the page states. When the known page is available, only words that it did not
/// show count: a menu that was always present states nothing.
fn cause(
    page: &DecodedPage<'_>,
    m: &Measurement,
    led: &ClientRedirected,
    new_words: Option<&str>,
) -> Option<Named> {
    let mut boxes = led.texts.clone();
    if page.kind == BodyKind::Html {
        boxes.extend(alerts::alerts(page.source()));
    }
    let pending = led.pending.as_ref().map(url::Url::as_str);
    let known = known_page(m);
    let known_title = known.and_then(|known| known.title.as_deref());
    let title = page.seen.title.as_deref();
    let is_new = |heading: &&String| new_words.is_none_or(|new| new.contains(heading.as_str()));
    let headings: Vec<String> = page.seen.headings.iter().filter(is_new).cloned().collect();
    naming::name(&PageTexts {
        title: title.filter(|title| new_words.is_none() || Some(*title) != known_title),
        headings: &headings,
        text: new_words.unwrap_or(page.text()),
        alerts: &boxes,
        json: page.json(),
        asks_password: known_text::asks_password(page, known),
        led_to: pending.or(Some(page.final_url).filter(|url| *url != m.input)),
    })
}

/// The healthy page that the record carries.
fn known_page(m: &Measurement) -> Option<&Reference> {
    let references = m.extra().map_or(&[][..], |x| x.references.as_slice());
    references.iter().find(|r| r.kind == ReferenceKind::Healthy)
}

/// The texts of the message boxes that the page's scripts open.
fn boxes(page: &DecodedPage<'_>) -> String {
    let texts = match page.kind {
        BodyKind::Html => alerts::alerts(page.source()),
        _ => Vec::new(),
    };
    clean::line(&texts.join(" | "), MAX_WORDS)
}

/// The texts of a JSON answer that are words for readers, outside its lists of records.
pub(super) fn json_says(page: &DecodedPage<'_>) -> String {
    fn collect<'v>(value: &'v serde_json::Value, depth: u8, said: &mut Vec<&'v str>) {
        match value {
            serde_json::Value::String(text) if alerts::are_words(text) => said.push(text),
            serde_json::Value::Object(map) if depth > 0 => {
                map.values()
                    .take(MAX_KEYS)
                    .for_each(|v| collect(v, depth - 1, said));
            }
            _ => {}
        }
    }
    let mut said = Vec::new();
    if let Some(json) = page.json() {
        collect(json, MAX_DEPTH, &mut said);
    }
    clean::line(&said.join(" | "), MAX_WORDS)
}

pub(super) fn first_words(page: &DecodedPage<'_>) -> String {
    let mut words = clean::line(page.text(), MAX_WORDS);
    if page.kind == BodyKind::Html && words.chars().count() < MAX_WORDS {
        for text in alerts::alerts(page.source()) {
            if !words.is_empty() {
                words.push_str(" | ");
            }
            words.push_str(&text);
        }
    }
    clean::line(&words, MAX_WORDS)
}
