//! A letter before it is text or HTML: both parts are rendered from it, so they say the same.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::i18n::mail::{Marks, texts};
use crate::model::settings::Language;
use crate::text::clean;

use super::text;

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

/// A mail that a reader may send by one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub label: String,
    pub address: String,
    /// Short, and alike in every language: a program may read it.
    pub subject: String,
    /// What the mail asks its writer to fill in.
    pub form: String,
}

impl Answer {
    /// Without the form: for the text part.
    pub fn short_href(&self) -> String {
        format!("mailto:{}?subject={}", self.address, percent(&self.subject))
    }

    pub fn href(&self) -> String {
        let short = self.short_href();
        if self.form.is_empty() {
            return short;
        }
        format!("{short}&body={}", percent(&self.form))
    }
}

/// All but unreserved characters (RFC 3986).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encoding for a `mailto:` query (RFC 6068): lines end in CRLF.
fn percent(text: &str) -> String {
    utf8_percent_encode(&text.replace('\n', "\r\n"), ESCAPED).to_string()
}

/// One block of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    Para(Value),
    /// Words from outside, in their own language.
    Quote {
        label: String,
        text: String,
    },
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
    Answers(Vec<Answer>),
    /// A thin line between two reports in one mail.
    Rule,
    /// The line below which jargon begins.
    Technician(String),
}

impl Block {
    /// Takes out its last item; `false` when it has but one.
    fn shrink(&mut self) -> bool {
        fn pop<T>(list: &mut Vec<T>) -> bool {
            list.len() > 1 && list.pop().is_some()
        }
        match self {
            Block::Facts(facts) => pop(facts),
            Block::List(items) => pop(items),
            Block::Table { rows, .. } => pop(rows),
            _ => false,
        }
    }

    /// No empty line parts it from what stands before.
    pub fn goes_on_from(&self, before: &Block) -> bool {
        let is_deed = |b: &Block| matches!(b, Block::Command(_) | Block::Answers(_));
        match before {
            Block::Heading(_) | Block::Technician(_) => true,
            Block::Para(_) => is_deed(self),
            before => is_deed(before) && is_deed(self),
        }
    }
}

/// What stays, however long a letter is.
const KEPT: u8 = u8::MAX;

/// A letter: the first three lines say how serious it is, what changed, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Three lines a report.
    pub leads: Vec<String>,
    /// Each with its worth: what is worth least goes first when the letter is too long.
    parts: Vec<(u8, Block)>,
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
        Self::in_language(texts.tag, &texts.marks)
    }
}

impl Letter {
    /// An empty one.
    pub fn in_language(lang: &'static str, marks: &'static Marks) -> Self {
        Self {
            leads: Vec::new(),
            parts: Vec::new(),
            footer: String::new(),
            lang,
            marks,
        }
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.parts.iter().map(|(_, block)| block)
    }

    /// Adds what stays.
    pub fn push(&mut self, block: Block) {
        self.parts.push((KEPT, block));
    }

    /// Adds what may go.
    pub fn push_worth(&mut self, worth: u8, block: Block) {
        self.parts.push((worth, block));
    }

    /// Adds facts that may go, one at a time from the last; nothing when there are none.
    pub fn facts(&mut self, worth: u8, facts: Vec<(String, Value)>) {
        if !facts.is_empty() {
            self.push_worth(worth, Block::Facts(facts));
        }
    }

    /// Adds a heading and what stands under it; nothing when `list` is empty.
    pub fn list(&mut self, heading: &str, list: Vec<String>) {
        self.list_worth(KEPT, heading, list);
    }

    /// The same for what may go.
    pub fn list_worth(&mut self, worth: u8, heading: &str, list: Vec<String>) {
        if !list.is_empty() {
            self.push(Block::Heading(heading.to_owned()));
            self.push_worth(worth, Block::List(list));
        }
    }

    /// Adds a heading and a paragraph.
    pub fn section(&mut self, heading: &str, text: impl Into<Value>) {
        self.push(Block::Heading(heading.to_owned()));
        self.push(Block::Para(text.into()));
    }

    /// Takes out what is worth least until the text part has no more than `lines`.
    #[must_use]
    pub fn fit(mut self, lines: usize) -> Self {
        while text::render(&self).lines().count() > lines {
            let last_of_least =
                |(at, (worth, _)): &(usize, &(u8, Block))| (*worth, std::cmp::Reverse(*at));
            let may_go = self.parts.iter().enumerate();
            let may_go = may_go.filter(|(_, (worth, _))| *worth < KEPT);
            let Some((at, _)) = may_go.min_by_key(last_of_least) else {
                break;
            };
            if !self.parts[at].1.shrink() {
                self.parts.remove(at);
                self.drop_bare_heading(at);
            }
        }
        self
    }

    /// The heading of what stood here goes too, but where further paragraphs are under it.
    fn drop_bare_heading(&mut self, at: usize) {
        let above = at.checked_sub(1).and_then(|above| self.parts.get(above));
        let is_heading = above.is_some_and(|(_, b)| matches!(b, Block::Heading(_)));
        let goes_on = self
            .parts
            .get(at)
            .is_some_and(|(_, b)| matches!(b, Block::Para(_)));
        if is_heading && !goes_on {
            self.parts.remove(at - 1);
        }
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

    #[test]
    fn mailto_queries_are_encoded() {
        assert_eq!(
            percent("ack #12 & 中\n"),
            "ack%20%2312%20%26%20%E4%B8%AD%0D%0A"
        );
    }

    #[test]
    fn what_is_worth_least_goes_first_and_takes_its_heading_along() {
        let mut letter = Letter {
            leads: vec!["a".to_owned()],
            footer: "f".to_owned(),
            ..Letter::default()
        };
        letter.list_worth(9, "nine", vec!["x".to_owned(), "y".to_owned()]);
        letter.list_worth(3, "three", vec!["z".to_owned()]);
        letter.list("kept", vec!["k".to_owned()]);
        let lines = |n: usize| text::render(&letter.clone().fit(n));
        assert_eq!(lines(99), text::render(&letter));
        assert!(!lines(12).contains("three") && lines(12).contains("- y"));
        assert!(!lines(10).contains("- y") && lines(10).contains("- x"));
        assert!(!lines(1).contains("nine") && lines(1).contains("- k"));
    }
}
