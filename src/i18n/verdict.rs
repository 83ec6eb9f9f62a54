//! What codes, findings and single rules say, by key.
//!
//! A language is a [`Table`] of exhaustive functions: the compiler refuses one that lacks a key. Sentences
//! say what was seen, when and from where, never why a site does what it does; a time-out is never "blocked".

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

/// Sentences of rules that say more than their code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// The sentence of the code.
    OfCode,
    /// The markers of the next level up are gone.
    NotShown(Level),
    FileUnreadable,
    BodyNotKept,
    NotEvaluated,
    NothingTried,
    WeakSignature,
    OtherHost,
    NoPermission,
    NullData,
    EmptyBody,
    OverMax,
    /// JSON that was cut at our own limit.
    JsonCut,
    /// A page that was cut at our own limit before what is looked for.
    BodyCut,
    /// JSON that cannot be read at some place.
    JsonBroken,
    /// A value whose path asks for more than is looked at.
    ValueNotEvaluated,
    /// A page that no probe's expectations were held against.
    NothingExpected,
    /// A check where the address asked for holds a token that expires.
    TokenExpired,
    /// The page is that of an address which nobody made.
    AsForNoItem,
}

/// Of a vantage, for the log: no control could serve its page.
pub const CONTROLS_IN_TROUBLE: &str = "Every control answers with a server error.";

/// Of `http.timeout`, where it is known how long was waited.
pub const NOT_WITHIN: &str = "No whole answer came within {n} s.";

impl Saying {
    /// Every saying, for tests of the tables.
    pub const ALL: &'static [Saying] = &[
        Saying::OfCode,
        Saying::NotShown(Level::Home),
        Saying::NotShown(Level::Search),
        Saying::NotShown(Level::Abstract),
        Saying::NotShown(Level::Fulltext),
        Saying::NotShown(Level::Data),
        Saying::NotShown(Level::Api),
        Saying::FileUnreadable,
        Saying::BodyNotKept,
        Saying::NotEvaluated,
        Saying::NothingTried,
        Saying::WeakSignature,
        Saying::OtherHost,
        Saying::NoPermission,
        Saying::NullData,
        Saying::EmptyBody,
        Saying::OverMax,
        Saying::JsonCut,
        Saying::BodyCut,
        Saying::JsonBroken,
        Saying::ValueNotEvaluated,
        Saying::NothingExpected,
        Saying::TokenExpired,
        Saying::AsForNoItem,
    ];
}

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
pub fn saying(language: Language, saying: Saying, code: Code) -> &'static str {
    (table(language).saying)(saying, code)
}

/// What is left open, as a sentence: "This does not show who reset it."
#[must_use]
pub fn not_shown(language: Language, words: Words) -> String {
    fill(table(language).limit, &[("what", words.not_shown)])
}
