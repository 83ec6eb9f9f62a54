//! What codes, findings and single rules say, by key.
//!
//! The sentences are in `locales/*/verdicts.ftl`. They say what was seen, when and from where, never why a site does
//! what it does; a time-out is never "blocked".

use crate::model::settings::Language;
use crate::model::verdict::Code;
use crate::model::{Finding, Level};

use super::messages::{VERDICTS, fill, key};

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
    /// The sentence's key; none of that of the code.
    fn key(self) -> Option<String> {
        let name = match self {
            Saying::OfCode => return None,
            Saying::NotShown(level) => return Some(key("rule-next", level.as_str())),
            Saying::FileUnreadable => "file-unreadable",
            Saying::BodyNotKept => "body-not-kept",
            Saying::NotEvaluated => "not-evaluated",
            Saying::NothingTried => "nothing-tried",
            Saying::WeakSignature => "weak-signature",
            Saying::OtherHost => "other-host",
            Saying::NoPermission => "no-permission",
            Saying::NullData => "null-data",
            Saying::EmptyBody => "empty-body",
            Saying::OverMax => "over-max",
            Saying::JsonCut => "json-cut",
            Saying::BodyCut => "body-cut",
            Saying::JsonBroken => "json-broken",
            Saying::ValueNotEvaluated => "value-not-evaluated",
            Saying::NothingExpected => "nothing-expected",
            Saying::TokenExpired => "token-expired",
            Saying::AsForNoItem => "as-for-no-item",
        };
        Some(key("rule", name))
    }
}

/// The sentence of `id`, and what it leaves open.
fn words(language: Language, id: &str) -> Words {
    Words {
        says: VERDICTS.text(language, id),
        not_shown: VERDICTS.text(language, &format!("{id}.open")),
    }
}

/// What a code says.
#[must_use]
pub fn code(language: Language, code: Code) -> Words {
    words(language, &key("code", code.as_str()))
}

/// What a code says in two to four words, for a table's cell.
#[must_use]
pub fn short(language: Language, code: Code) -> &'static str {
    let id = key("code", code.as_str());
    VERDICTS.text(language, &format!("{id}.short"))
}

/// The same where it is known which level is next: what leads to a full text is a button to its readers.
#[must_use]
pub fn short_of(language: Language, code: Code, next: Option<Level>) -> &'static str {
    match (code, next) {
        (Code::ContentWithdrawn, Some(Level::Fulltext)) => {
            VERDICTS.text(language, "full-text-button")
        }
        _ => short(language, code),
    }
}

/// What a finding says.
#[must_use]
pub fn finding(language: Language, finding: Finding) -> Words {
    words(language, &key("finding", finding.as_str()))
}

/// The sentence of a rule that gives `code`.
#[must_use]
pub fn saying(language: Language, saying: Saying, code_of_rule: Code) -> &'static str {
    match saying.key() {
        Some(key) => VERDICTS.text(language, &key),
        None => code(language, code_of_rule).says,
    }
}

/// The sentence of `http.timeout` where it is known how many seconds the program waited.
#[must_use]
pub fn not_within(language: Language, seconds: f64) -> String {
    let template = VERDICTS.template(language, "rule-not-within");
    fill(template, &[("n", &seconds.to_string())])
}

/// What is left open, as a sentence: "This does not show who reset it."
#[must_use]
pub fn not_shown(language: Language, words: Words) -> String {
    let template = VERDICTS.template(language, "not-shown");
    fill(template, &[("what", words.not_shown)])
}

/// Every key of the file.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let codes = Code::ALL.iter().flat_map(|code| {
        let id = key("code", code.as_str());
        [format!("{id}.short"), format!("{id}.open"), id]
    });
    let findings = Finding::ALL.iter().flat_map(|finding| {
        let id = key("finding", finding.as_str());
        [format!("{id}.open"), id]
    });
    let rules = Saying::ALL.iter().filter_map(|saying| saying.key());
    let others = ["full-text-button", "not-shown", "rule-not-within"];
    codes
        .chain(findings)
        .chain(rules)
        .chain(others.map(str::to_owned))
        .collect()
}
