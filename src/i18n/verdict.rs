//! What codes, findings and single rules say, by key.
//!
//! A language is a [`Table`] of exhaustive functions: the compiler refuses one that lacks a key. Sentences
//! say what was seen, when and from where, never why a site does what it does; a time-out is never "blocked".

use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::verdict::Code;
use crate::model::{Finding, Level};

use super::mail::fill;
use super::{en, ko, zh};

/// A sentence and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// One sentence.
    pub says: &'static str,
    /// What it leaves open, as a clause for [`not_shown`].
    pub not_shown: &'static str,
}

/// Of a vantage, for the log: no control could serve its page.
pub const CONTROLS_IN_TROUBLE: &str = "Every control answers with a server error.";

/// One language's sentences.
pub(super) struct Table {
    /// The sentence about what is left open, with the gap `{what}`.
    pub limit: &'static str,
    pub code: fn(Code) -> Words,
    pub short: fn(Code) -> &'static str,
    /// `content.withdrawn` where the next level is the full text, as short.
    pub no_button: &'static str,
    pub finding: fn(Finding) -> Words,
    pub saying: fn(Saying, Code) -> &'static str,
}

fn table(language: Language) -> &'static Table {
    match language {
        Language::En => &en::verdict::TABLE,
        Language::Ko => &ko::verdict::TABLE,
        Language::Zh => &zh::verdict::TABLE,
    }
}

/// What a code says.
#[must_use]
pub fn code(language: Language, code: Code) -> Words {
    (table(language).code)(code)
}

/// What a code says in two to four words, for a table's cell.
#[must_use]
pub fn short(language: Language, code: Code) -> &'static str {
    (table(language).short)(code)
}

/// The same where it is known which level is next: what leads to a full text is a button to its readers.
#[must_use]
pub fn short_of(language: Language, code: Code, next: Option<Level>) -> &'static str {
    match (code, next) {
        (Code::ContentWithdrawn, Some(Level::Fulltext)) => table(language).no_button,
        _ => short(language, code),
    }
}

/// What a finding says.
#[must_use]
pub fn finding(language: Language, finding: Finding) -> Words {
    (table(language).finding)(finding)
}

/// The sentence of a rule that gives `code`.
#[must_use]
pub fn sentence(language: Language, saying: Saying, code: Code) -> String {
    let text = (table(language).saying)(saying, code);
    match saying {
        Saying::NotWithin { tenths_of_seconds } => {
            let seconds = f64::from(tenths_of_seconds) / 10.0;
            fill(text, &[("n", &seconds.to_string())])
        }
        _ => text.to_owned(),
    }
}

/// What is left open, as a sentence: "This does not show who reset it."
#[must_use]
pub fn not_shown(language: Language, words: Words) -> String {
    fill(table(language).limit, &[("what", words.not_shown)])
}
