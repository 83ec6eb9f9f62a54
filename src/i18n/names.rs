//! What shipped probes and those that `source new` proposes are called, for readers of Chinese and
//! Korean: a probe's file may say otherwise (`name_zh`, `name_ko`), and a library's own names stay
//! as they are written.

use super::messages::PROBES;
use crate::model::Probe;
use crate::model::settings::Language;

/// The name of a probe for readers of a language.
#[must_use]
pub fn of_probe(language: Language, probe: &Probe) -> &str {
    let own = probe.name_in(language);
    if own != probe.name {
        return own;
    }
    // A name of the library's own may have the key of another.
    let key = key_of(own);
    match PROBES.find(Language::En, &key) {
        Some(known) if known == own => PROBES.find(language, &key).unwrap_or(own),
        _ => own,
    }
}

/// The key of a name: in lower case, with a hyphen for each character that is no letter or figure.
pub(super) fn key_of(name: &str) -> String {
    let letter = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_a_mark_have_keys_of_their_own() {
        assert_eq!(key_of("Journal article record"), "journal-article-record");
        assert_eq!(key_of("Journal article, record"), "journal-article--record");
        assert_eq!(key_of("中国"), "--");
    }
}
