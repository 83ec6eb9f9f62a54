//! What codes, findings and single rules say, by key.
//!
//! A language is a [`Table`] of exhaustive functions: the compiler refuses one that lacks a key. Sentences
//! say what was seen, when and from where, never why a site does what it does; a time-out is never "blocked".

use crate::model::settings::Language;
use crate::model::verdict::Code;
use crate::model::{Finding, Level};

use super::en_verdict;

/// A sentence and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// One sentence.
    pub says: &'static str,
    /// What this does not show, for behind "This does not show"; empty when nothing needs saying.
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
    NothingTried,
    WeakSignature,
    OtherHost,
    NoPermission,
    NullData,
    EmptyBody,
    OverMax,
}

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
        Saying::NothingTried,
        Saying::WeakSignature,
        Saying::OtherHost,
        Saying::NoPermission,
        Saying::NullData,
        Saying::EmptyBody,
        Saying::OverMax,
    ];
}

/// One language's sentences.
pub(super) struct Table {
    pub code: fn(Code) -> Words,
    pub short: fn(Code) -> &'static str,
    pub finding: fn(Finding) -> Words,
    pub saying: fn(Saying, Code) -> &'static str,
}

/// Languages without a table of their own read English.
fn table(language: Language) -> &'static Table {
    match language {
        Language::En | Language::Ko | Language::Zh => &en_verdict::TABLE,
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

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 3] = [Language::En, Language::Ko, Language::Zh];

    fn sentence(text: &str) {
        assert!(text.ends_with(['.', '。', '!']), "{text}");
        assert!(!text.contains("  ") && text.trim() == text, "{text}");
    }

    #[test]
    fn every_key_has_a_sentence() {
        for language in LANGUAGES {
            for c in Code::ALL {
                sentence(code(language, *c).says);
            }
            for f in Finding::ALL {
                sentence(finding(language, *f).says);
            }
            for said in Saying::ALL {
                sentence(saying(language, *said, Code::ContentWithdrawn));
            }
        }
    }

    #[test]
    fn short_words_fit_a_cell_and_are_told_apart() {
        for language in LANGUAGES {
            let mut seen = std::collections::BTreeSet::new();
            for c in Code::ALL {
                let words = short(language, *c);
                assert!(!words.is_empty() && words.chars().count() <= 29, "{words}");
                assert!(seen.insert(words), "{words} twice");
            }
        }
    }

    #[test]
    fn no_two_codes_say_the_same() {
        let mut all: Vec<&str> = Code::ALL
            .iter()
            .map(|c| code(Language::En, *c).says)
            .collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn transport_is_never_called_a_block() {
        for c in Code::ALL
            .iter()
            .filter(|c| c.is_transport() && **c != Code::DnsForged)
        {
            let says = code(Language::En, *c).says;
            assert!(
                !says.contains("block") && !says.contains("censor"),
                "{says}"
            );
        }
    }

    #[test]
    fn the_full_text_button() {
        let said = saying(
            Language::En,
            Saying::NotShown(Level::Fulltext),
            Code::ContentWithdrawn,
        );
        assert_eq!(said, "The full-text button is not shown.");
    }
}
