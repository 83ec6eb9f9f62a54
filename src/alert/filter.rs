//! Who gets a mail: a recipient's sources (ids, `group:NAME`, globs) and topics.

use globset::Glob;

use crate::model::settings::{Recipient, Topic};
use crate::model::{Source, SourceId};

/// Whether a recipient wants mails about `topic` at once.
#[must_use]
pub fn wants(recipient: &Recipient, topic: Topic) -> bool {
    recipient.on.contains(&topic)
}

/// Whether a recipient follows a source. A source that left the catalogue matches by its id only.
#[must_use]
pub fn follows(recipient: &Recipient, id: &SourceId, source: Option<&Source>) -> bool {
    recipient
        .sources
        .iter()
        .any(|pattern| match pattern.strip_prefix("group:") {
            Some(group) => source.is_some_and(|s| matches(group, &s.group)),
            None => matches(pattern, id.as_str()),
        })
}

/// An invalid glob matches only the identical text.
fn matches(pattern: &str, text: &str) -> bool {
    pattern == text || Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::Language;
    use crate::model::source::{Access, StoreBody};

    fn source(id: &str, group: &str) -> Source {
        Source {
            id: id.into(),
            name: id.to_owned(),
            name_zh: None,
            name_ko: None,
            group: group.to_owned(),
            homepage: None,
            access: Access::Public,
            note: None,
            licence_until: None,
            vendor_contact: None,
            catalogue_ids: Vec::new(),
            alternatives: Vec::new(),
            catalogue_note: None,
            store_body: StoreBody::Always,
            consent: None,
            file: "x.toml".into(),
        }
    }

    fn check(patterns: &[&str], id: &str, group: &str) -> bool {
        let recipient = Recipient {
            address: "a@example.org".to_owned(),
            language: Language::En,
            sources: patterns.iter().map(|&p| p.to_owned()).collect(),
            on: vec![Topic::Regression],
            digest: None,
            documents: vec!["*".to_owned()],
            links_digest: None,
        };
        let source = source(id, group);
        follows(&recipient, &source.id, Some(&source))
    }

    #[test]
    fn ids_groups_and_globs() {
        assert!(check(&["*"], "cnki", "academic"));
        assert!(check(&["cnki"], "cnki", "academic"));
        assert!(!check(&["cnki"], "cnki-overseas", "academic"));
        assert!(check(&["cnki*"], "cnki-overseas", "academic"));
        assert!(check(&["group:academic"], "wanfang", "academic"));
        assert!(check(&["group:aca*"], "wanfang", "academic"));
        assert!(!check(&["group:market"], "wanfang", "academic"));
        assert!(check(&["wind", "group:academic"], "wind", "market"));
        assert!(!check(&[], "wind", "market"));
        assert!(
            !check(&["["], "wind", "market"),
            "a faulty glob is no match and no panic"
        );
    }
}
