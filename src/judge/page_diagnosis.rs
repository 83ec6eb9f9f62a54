//! What is read only of an answer that nothing proves to be the right page: its first words, how long it is, and how
//! it differs from the last healthy one.

use super::client_redirected::{self, ClientRedirected};
use super::healthy::{self, Difference};
use super::known_text;
use super::naming::{self, Named, PageTexts};
use super::page::{BodyKind, DecodedPage};
use super::plan::ProbePlan;
use crate::model::Measurement;
use crate::model::reference::{Reference, ReferenceKind};
use crate::text::{alerts, clean, shell};

/// Characters quoted of what a page says (`docs/verdicts.md`, "Another page").
const MAX_WORDS: usize = 200;

/// What a close look gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PageDiagnosis {
    /// Visible characters, white space left out.
    pub characters: usize,
    /// The first visible words, and behind them those of scripts' boxes.
    pub words: String,
    /// Nothing can be seen until a script has run.
    pub is_script_shell: bool,
    /// How the answer differs from the last healthy one, where the record carries that.
    pub difference: Option<Difference>,
    /// Pages that led here by themselves, and where this one would lead.
    pub led: ClientRedirected,
    /// The cause that the page states, in words of anybody's.
    pub named: Option<Named>,
}

/// Looks closely. `counts`: a cause that the page states would be its verdict.
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
        is_script_shell: page.kind == BodyKind::Html
            && shell::is_script_shell(page.source(), page.text()),
        difference,
    }
}

/// The cause that the page states: in the words that the known page did not show, where that is known. A menu that
/// was always there states nothing.
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
