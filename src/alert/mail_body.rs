//! A mail body before it is text or HTML. Both parts are rendered from it, so they say the same.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::i18n::mail::{Marks, texts};
use crate::model::settings::Language;
use crate::text::clean;

/// The text of a mail is one line of any length, whatever it was made from.
pub(super) fn prose(text: &str) -> String {
    clean::line(text, usize::MAX)
}

/// A piece of text that may be a link. The text part does not repeat the address, so `text` must
/// hold what readers need there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedText {
    pub text: String,
    pub href: Option<String>,
}

impl LinkedText {
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

impl<T: Into<String>> From<T> for LinkedText {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            href: None,
        }
    }
}

/// A mail that a reader can send by one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyAction {
    pub label: String,
    pub address: String,
    /// Short, and the same in every language, so that a program can read it.
    pub subject: String,
    /// The form that the reader fills in.
    pub form: String,
}

impl ReplyAction {
    /// The link without the form, for the text part.
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

/// Everything except unreserved characters (RFC 3986).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encoding for a `mailto:` query (RFC 6068): lines end in CRLF.
fn percent(text: &str) -> String {
    utf8_percent_encode(&text.replace('\n', "\r\n"), ESCAPED).to_string()
}

/// One block of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailBlock {
    Heading(String),
    Para(LinkedText),
    /// Text from outside, in its own language.
    Quote {
        label: String,
        text: String,
    },
    /// Labels and values.
    Facts(Vec<(String, LinkedText)>),
    /// A head and rows; the first cell of a row names it.
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    List(Vec<LinkedText>),
    /// A command that a reader types as it is.
    Command(String),
    Answers(Vec<ReplyAction>),
    /// A web page that says more.
    Page {
        label: String,
        href: String,
    },
    /// A thin line between two reports in one mail.
    Rule,
    /// The line above the technical part.
    Technician(String),
}

impl MailBlock {
    /// Removes its last item; `false` when it has only one.
    fn shrink(&mut self) -> bool {
        fn pop<T>(list: &mut Vec<T>) -> bool {
            list.len() > 1 && list.pop().is_some()
        }
        match self {
            MailBlock::Facts(facts) => pop(facts),
            MailBlock::List(items) => pop(items),
            MailBlock::Table { rows, .. } => pop(rows),
            _ => false,
        }
    }

    /// Whether no empty line separates it from the block before.
    pub fn goes_on_from(&self, before: &MailBlock) -> bool {
        let is_deed = |b: &MailBlock| {
            matches!(
                b,
                MailBlock::Command(_) | MailBlock::Answers(_) | MailBlock::Page { .. }
            )
        };
        match before {
            MailBlock::Heading(_) | MailBlock::Technician(_) => true,
            // Where the quoted page is kept.
            MailBlock::Quote { .. } => matches!(self, MailBlock::Facts(_)),
            MailBlock::Para(_) => is_deed(self),
            before => is_deed(before) && is_deed(self),
        }
    }
}

/// The worth of a block that is never removed.
const KEPT: u8 = u8::MAX;

/// A mail body: the first three lines say how serious it is, what changed, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailBody {
    /// Three lines per report.
    pub leads: Vec<String>,
    /// Each block with its worth. The block that is worth least is removed first when the mail is
    /// too long.
    parts: Vec<(u8, MailBlock)>,
    pub footer: String,
    /// The language of its own text.
    pub lang: &'static str,
    /// The marks between words in that language.
    pub marks: &'static Marks,
}

/// An empty body in English.
impl Default for MailBody {
    fn default() -> Self {
        let texts = texts(Language::En);
        Self::in_language(texts.tag, &texts.marks)
    }
}

impl MailBody {
    /// An empty body.
    pub fn in_language(lang: &'static str, marks: &'static Marks) -> Self {
        Self {
            leads: Vec::new(),
            parts: Vec::new(),
            footer: String::new(),
            lang,
            marks,
        }
    }

    pub fn blocks(&self) -> impl Iterator<Item = &MailBlock> {
        self.parts.iter().map(|(_, block)| block)
    }

    /// Adds a block that is never removed.
    pub fn push(&mut self, block: MailBlock) {
        self.parts.push((KEPT, block));
    }

    /// Adds a block that may be removed.
    pub fn push_worth(&mut self, worth: u8, block: MailBlock) {
        self.parts.push((worth, block));
    }

    /// Adds facts that may be removed, one at a time from the last; adds nothing when `facts` is
    /// empty.
    pub fn facts(&mut self, worth: u8, facts: Vec<(String, LinkedText)>) {
        if !facts.is_empty() {
            self.push_worth(worth, MailBlock::Facts(facts));
        }
    }

    /// Adds a heading and a list under it; adds nothing when `list` is empty.
    pub fn list(&mut self, heading: &str, list: Vec<impl Into<LinkedText>>) {
        self.list_worth(KEPT, heading, list);
    }

    /// The same, with a list that may be removed.
    pub fn list_worth(&mut self, worth: u8, heading: &str, list: Vec<impl Into<LinkedText>>) {
        if !list.is_empty() {
            let list = list.into_iter().map(Into::into).collect();
            self.push(MailBlock::Heading(heading.to_owned()));
            self.push_worth(worth, MailBlock::List(list));
        }
    }

    /// Adds a heading and a paragraph.
    pub fn section(&mut self, heading: &str, text: impl Into<LinkedText>) {
        self.push(MailBlock::Heading(heading.to_owned()));
        self.push(MailBlock::Para(text.into()));
    }

    /// Removes the blocks that are worth least until the mail is no longer too long.
    #[must_use]
    pub fn fit(mut self, is_too_long: impl Fn(&Self) -> bool) -> Self {
        while is_too_long(&self) {
            let last_of_least =
                |(at, (worth, _)): &(usize, &(u8, MailBlock))| (*worth, std::cmp::Reverse(*at));
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

    /// Removes the heading of the block that stood at `at`, unless other paragraphs follow under
    /// it.
    fn drop_bare_heading(&mut self, at: usize) {
        let above = at.checked_sub(1).and_then(|above| self.parts.get(above));
        let is_heading = above.is_some_and(|(_, b)| matches!(b, MailBlock::Heading(_)));
        let goes_on = self
            .parts
            .get(at)
            .is_some_and(|(_, b)| matches!(b, MailBlock::Para(_)));
        if is_heading && !goes_on {
            self.parts.remove(at - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    #[test]
    fn only_harmless_schemes_become_links() {
        assert!(LinkedText::link("a", "https://a.example/").href.is_some());
        assert!(LinkedText::link("a", "mailto:it@a.example").href.is_some());
        assert!(LinkedText::link("a", "javascript:alert(1)").href.is_none());
        assert!(
            LinkedText::link("a", "file:wind/status.json")
                .href
                .is_none()
        );
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
        let mut letter = MailBody {
            leads: vec!["a".to_owned()],
            footer: "f".to_owned(),
            ..MailBody::default()
        };
        letter.list_worth(9, "nine", vec!["x".to_owned(), "y".to_owned()]);
        letter.list_worth(3, "three", vec!["z".to_owned()]);
        letter.list("kept", vec!["k".to_owned()]);
        let lines = |n: usize| {
            let long = |body: &MailBody| text::render(body).lines().count() > n;
            text::render(&letter.clone().fit(long))
        };
        assert_eq!(lines(99), text::render(&letter));
        assert!(!lines(12).contains("three") && lines(12).contains("- y"));
        assert!(!lines(10).contains("- y") && lines(10).contains("- x"));
        assert!(!lines(1).contains("nine") && lines(1).contains("- k"));
    }
}
