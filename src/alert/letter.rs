//! A letter before it is text or HTML: both parts are rendered from it, so they say the same.

use crate::i18n::mail::{Marks, texts};
use crate::model::settings::Language;
use crate::text::clean;

/// Text of a letter is one line of any length, whatever was put in.
pub(super) fn prose(text: &str) -> String {
    clean::line(text, usize::MAX)
}

/// A piece of text that may lead somewhere. In the text part the address is not repeated: what must
/// be readable there is in `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub text: String,
    pub href: Option<String>,
}

impl Value {
    /// A link; only `http`, `https` and `mailto` addresses become one.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        let href = href.into();
        let safe = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| href.starts_with(scheme));
        Self {
            text: text.into(),
            href: safe.then_some(href),
        }
    }
}

impl<T: Into<String>> From<T> for Value {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            href: None,
        }
    }
}

/// One block of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    Para(Value),
    /// Labels and values.
    Facts(Vec<(String, Value)>),
    /// A head and rows; the first cell names its row.
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    List(Vec<String>),
    /// A command to be typed as it stands.
    Command(String),
    /// A thin line between two reports in one mail.
    Rule,
}

/// A letter: the first line says what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line a report.
    pub leads: Vec<String>,
    pub blocks: Vec<Block>,
    pub footer: String,
    /// The language its own words are in.
    pub lang: &'static str,
    /// What stands between words in it.
    pub marks: &'static Marks,
}

/// An empty one in English.
impl Default for Letter {
    fn default() -> Self {
        let texts = texts(Language::En);
        Self {
            leads: Vec::new(),
            blocks: Vec::new(),
            footer: String::new(),
            lang: texts.tag,
            marks: &texts.marks,
        }
    }
}

impl Letter {
    /// Adds a heading and what stands under it; nothing when `list` is empty.
    pub fn list(&mut self, heading: &str, list: Vec<String>) {
        if !list.is_empty() {
            self.blocks.push(Block::Heading(heading.to_owned()));
            self.blocks.push(Block::List(list));
        }
    }

    /// Adds a heading and a paragraph.
    pub fn section(&mut self, heading: &str, text: impl Into<Value>) {
        self.blocks.push(Block::Heading(heading.to_owned()));
        self.blocks.push(Block::Para(text.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_schemes_become_links() {
        assert!(Value::link("a", "https://a.example/").href.is_some());
        assert!(Value::link("a", "mailto:it@a.example").href.is_some());
        assert!(Value::link("a", "javascript:alert(1)").href.is_none());
        assert!(Value::link("a", "file:wind/status.json").href.is_none());
    }
}
