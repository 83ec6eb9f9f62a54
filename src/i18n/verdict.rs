//! The texts of codes, findings and single rules, by key.
//!
//! The sentences are in `locales/*/verdicts.ftl`. They say what was seen, when and from where,
//! never why a site does what it does; a time-out is never "blocked".

use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::verdict::Code;
use crate::model::{Finding, Level};

use super::messages::{VERDICTS, fill, key};

/// A sentence and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// One sentence.
    pub says: &'static str,
    /// What the sentence does not show, as a clause for [`not_shown`].
    pub not_shown: &'static str,
}

/// For the log, about a vantage: no control could serve its page.
pub const CONTROLS_IN_TROUBLE: &str = "Every control answers with a server error.";

/// The key of a sentence; `None` for that of the code.
fn saying_key(saying: Saying) -> Option<String> {
    let name = match saying {
        Saying::OfCode => return None,
        Saying::NotWithin { .. } => "not-within",
        Saying::NotShown(level) => return Some(key("rule-next", level.as_str())),
        Saying::LinkDiverted(Level::Fulltext) => "barred-fulltext",
        Saying::LinkDiverted(_) => "barred-level",
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
        Saying::Cooldown => "cooldown",
        Saying::OtherText => "other-text",
        Saying::OtherRows => "other-rows",
        Saying::FewerColumns => "fewer-columns",
        Saying::SmallerFile => "smaller-file",
        Saying::OlderEdition => "older-edition",
        Saying::FewerLinks => "fewer-links",
        Saying::NoText => "no-text",
        Saying::FilledByScript => "filled-by-script",
    };
    Some(key("rule", name))
}

/// The sentence of `id`, and what it does not show.
fn words(language: Language, id: &str) -> Words {
    Words {
        says: VERDICTS.text(language, id),
        not_shown: VERDICTS.text(language, &format!("{id}.open")),
    }
}

/// The sentence of a code.
#[must_use]
pub fn code(language: Language, code: Code) -> Words {
    words(language, &key("code", code.as_str()))
}

/// A code in two to four words, for a table's cell.
#[must_use]
pub fn short(language: Language, code: Code) -> &'static str {
    let id = key("code", code.as_str());
    VERDICTS.text(language, &format!("{id}.short"))
}

/// The same when the next level is known: readers know the link to a full text as a button.
#[must_use]
pub fn short_of(language: Language, code: Code, next: Option<Level>) -> &'static str {
    match (code, next) {
        (Code::ContentWithdrawn, Some(Level::Fulltext)) => {
            VERDICTS.text(language, "full-text-button")
        }
        _ => short(language, code),
    }
}

/// The sentence of a finding.
#[must_use]
pub fn finding(language: Language, finding: Finding) -> Words {
    words(language, &key("finding", finding.as_str()))
}

/// The sentence of a rule that gives `code`.
#[must_use]
pub fn sentence(language: Language, saying: Saying, code_of_rule: Code) -> String {
    let Some(key) = saying_key(saying) else {
        return code(language, code_of_rule).says.to_owned();
    };
    match saying {
        Saying::NotWithin { tenths_of_seconds } => {
            let seconds = f64::from(tenths_of_seconds) / 10.0;
            let template = VERDICTS.template(language, &key);
            fill(template, &[("n", &seconds.to_string())])
        }
        _ => VERDICTS.text(language, &key).to_owned(),
    }
}

/// What a sentence does not show, as a sentence: "This does not show who reset it."
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
    let rules = Saying::ALL.iter().copied().filter_map(saying_key);
    let others = ["full-text-button", "not-shown"];
    codes
        .chain(findings)
        .chain(rules)
        .chain(others.map(str::to_owned))
        .collect()
}
