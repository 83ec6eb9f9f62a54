//! One entry of a bibliography on its way to a block: fields that are links, and fields that hold
//! text with links.

use crate::links::read::block::{Block, Hyperlink};
use crate::links::read::running_text;
use crate::model::citation::{PartialDate, Place};

/// Characters kept of a title.
const MAX_TITLE: usize = 500;

/// An entry as its fields are read.
#[derive(Debug, Default)]
pub(super) struct BibliographyRecord {
    key: Option<String>,
    title: Option<String>,
    accessed: Option<PartialDate>,
    text: String,
    links: Vec<Hyperlink>,
}

impl BibliographyRecord {
    pub(super) fn set_key(&mut self, key: &str) {
        let key = key.trim();
        if self.key.is_none() && !key.is_empty() {
            self.key = Some(key.chars().take(200).collect());
        }
    }

    pub(super) fn set_title(&mut self, title: &str) {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.title.is_none() && !title.is_empty() {
            self.title = Some(title.chars().take(MAX_TITLE).collect());
        }
    }

    pub(super) fn set_accessed(&mut self, date: Option<PartialDate>) {
        self.accessed = self.accessed.or(date);
    }

    /// A field that holds one address and nothing else; an IRI is read whole. Several in one field
    /// are parted by white space or semicolons.
    pub(super) fn add_url(&mut self, field: &str) {
        let field = field.trim();
        let starts = |text: &str| {
            let head: String = text
                .chars()
                .take(8)
                .collect::<String>()
                .to_ascii_lowercase();
            ["http://", "https://", "ftp://", "www."]
                .iter()
                .any(|s| head.starts_with(s))
        };
        let inner = field.strip_prefix('<').and_then(|f| f.strip_suffix('>'));
        let field = inner.unwrap_or(field);
        let is_one = starts(field)
            && !field.contains(char::is_whitespace)
            && field[1..].find("; http").is_none()
            && field.matches(";http").count() == 0;
        if is_one {
            self.push_link(field);
        } else {
            self.add_text(field);
        }
    }

    /// A field that holds a DOI, with or without its resolver.
    pub(super) fn add_doi(&mut self, field: &str) {
        let field = field.trim();
        if field.to_ascii_lowercase().starts_with("http") {
            self.add_url(field);
            return;
        }
        let bare = field
            .split_once(':')
            .filter(|(label, _)| label.trim().eq_ignore_ascii_case("doi"))
            .map_or(field, |(_, rest)| rest)
            .trim();
        if bare.starts_with("10.") && bare.contains('/') && !bare.contains(char::is_whitespace) {
            self.push_link(&format!("doi:{bare}"));
        }
    }

    /// An identifier of arXiv, without its label.
    pub(super) fn add_arxiv(&mut self, id: &str) {
        let id = id.trim();
        let id = id
            .get(..6)
            .filter(|label| label.eq_ignore_ascii_case("arxiv:"))
            .map_or(id, |_| id[6..].trim());
        let labelled = format!("arxiv:{id}");
        if running_text::find(&labelled)
            .first()
            .is_some_and(|l| l.url == labelled)
        {
            self.push_link(&labelled);
        }
    }

    /// Text in which links stand.
    pub(super) fn add_text(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    /// A link that markup within a field names.
    pub(super) fn push_link(&mut self, target: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(target);
        self.links.push(Hyperlink {
            range: start..self.text.len(),
            target: target.to_owned(),
        });
    }

    /// The block of the entry; `number` stands for a missing key. `None` without any text.
    pub(super) fn into_block(self, number: usize) -> Option<Block> {
        let key = self.key.unwrap_or_else(|| number.to_string());
        (!self.text.is_empty()).then_some(Block {
            place: Place::Entry(key),
            text: self.text,
            links: self.links,
            title: self.title,
            accessed: self.accessed,
        })
    }
}
