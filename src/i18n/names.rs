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

/// The key of a name: in lower case, with one hyphen for whatever is no letter or figure.
pub(super) fn key_of(name: &str) -> String {
    let low = name.to_ascii_lowercase();
    let words = low.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_name_has_no_marks() {
        assert_eq!(
            key_of("Today's paper, newest date"),
            "today-s-paper-newest-date"
        );
        assert_eq!(
            key_of("Old address (KCMS/detail)"),
            "old-address-kcms-detail"
        );
        assert_eq!(key_of("中国"), "");
    }
}
