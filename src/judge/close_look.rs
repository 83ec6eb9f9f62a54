//! What is read only of an answer that nothing proves to be the right page: its first words, how long it is, and how
//! it differs from the last healthy one.

use super::healthy::{self, Difference};
use super::page::{Kind, Page};
use crate::model::Measurement;
use crate::text::{alerts, clean, shell};

/// Characters quoted of what a page says (`docs/verdicts.md`, "Another page").
const MAX_WORDS: usize = 200;

/// What a close look gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct CloseLook {
    /// Visible characters, white space left out.
    pub characters: usize,
    /// The first visible words, and behind them those of scripts' boxes.
    pub words: String,
    /// Nothing can be seen until a script has run.
    pub is_script_shell: bool,
    /// How the answer differs from the last healthy one, where the record carries that.
    pub difference: Option<Difference>,
}

/// Looks closely.
pub(super) fn look(page: &Page<'_>, m: &Measurement) -> CloseLook {
    CloseLook {
        characters: page.text().chars().filter(|c| !c.is_whitespace()).count(),
        words: first_words(page),
        is_script_shell: page.kind == Kind::Html
            && shell::is_script_shell(page.source(), page.text()),
        difference: healthy::difference(page, m),
    }
}

fn first_words(page: &Page<'_>) -> String {
    let mut words = clean::line(page.text(), MAX_WORDS);
    if page.kind == Kind::Html && words.chars().count() < MAX_WORDS {
        for text in alerts::alerts(page.source()) {
            if !words.is_empty() {
                words.push_str(" | ");
            }
            words.push_str(&text);
        }
    }
    clean::line(&words, MAX_WORDS)
}
