//! The names of shipped probes, and of those that `source new` proposes, for readers of Chinese and
//! Korean. A probe's file may override them (`name_zh`, `name_ko`), and a library's own names stay
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
    // A library's own name may have the same key as another name.
    let key = key_of(own);
    match PROBES.find(Language::En, &key) {
        Some(known) if known == own => PROBES.find(language, &key).unwrap_or(own),
        _ => own,
    }
}

/// The key of a name: in lower case, with a hyphen for each character that is not a letter or
/// digit.
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
