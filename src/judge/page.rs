//! The decoded answer of one measurement, while it is being read.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use super::article;
use crate::model::measurement::{CharsetFacts, Request, Response};
use crate::text::tree::Tree;
use crate::text::{charset, html, json, normalise};

/// The kind of body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum BodyKind {
    /// No body.
    #[default]
    None,
    Html,
    Json,
    /// Other text: CSV, plain text.
    Text,
    /// Pictures, PDF, archives: only size, type and hash are judged.
    Binary,
}

/// A decoded answer. The tree for selectors is built once, on first use.
pub(super) struct DecodedPage<'a> {
    pub kind: BodyKind,
    pub charset: Option<CharsetFacts>,
    /// The decoded source; in JSON, `\u…` escapes are decoded too.
    source: String,
    pub seen: html::VisiblePage,
    json: Option<serde_json::Value>,
    /// It begins as JSON and becomes invalid.
    pub broken_json: Option<json::JsonFault>,
    tree: OnceCell<Tree>,
    without_tree: bool,
    article: OnceCell<bool>,
    pub final_url: &'a str,
}

impl<'a> DecodedPage<'a> {
    /// Decodes the body of an exchange.
    ///
    /// `forced`: the charset that the probe states. `with_tree`: selectors will be used, so the
    /// tree is best built while the page is read.
    pub(super) fn read(request: &'a Request, forced: Option<&str>, with_tree: bool) -> Self {
        let response = &request.response;
        let bytes = &response.body.0;
        let media = response.header("content-type");
        let mut page = Self {
            kind: BodyKind::None,
            charset: None,
            source: String::new(),
            seen: html::VisiblePage::default(),
            json: None,
            broken_json: None,
            tree: OnceCell::new(),
            without_tree: false,
            article: OnceCell::new(),
            final_url: &request.request.url,
        };
        if bytes.is_empty() {
            return page;
        }
        if is_binary(media, bytes) {
            page.kind = BodyKind::Binary;
            return page;
        }
        let (source, facts) = charset::decode(bytes, media, forced);
        page.charset = Some(facts);
        page.source = source;
        page.classify(media, with_tree);
        page
    }

    fn classify(&mut self, media: Option<&str>, with_tree: bool) {
        if json::looks_like(media, &self.source) {
            self.read_json();
        }
        if self.json.is_some() {
            self.kind = BodyKind::Json;
            if let Cow::Owned(text) = json::readable(&self.source) {
                self.source = text;
            }
        } else if is_html(media, &self.source) {
            self.kind = BodyKind::Html;
            if with_tree {
                let (seen, tree) = html::read_with_tree(&self.source);
                self.seen = seen;
                self.tree = OnceCell::from(tree);
            } else {
                self.seen = html::read(&self.source);
            }
            self.json = json::in_markup(&self.source);
            return;
        } else {
            self.kind = BodyKind::Text;
            // Values may still be read from it.
            if self.broken_json.is_none() {
                self.read_json();
            }
        }
        self.seen.text = normalise::for_matching(&self.source);
    }

    fn read_json(&mut self) {
        match json::read(&self.source) {
            Ok(value) => self.json = Some(value),
            Err(unread) => self.broken_json = Some(unread).filter(|unread| unread.begins),
        }
    }

    /// The decoded source.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The text that a reader sees, in NFKC with white space collapsed; for JSON and plain text,
    /// all of it.
    pub(super) fn text(&self) -> &str {
        &self.seen.text
    }

    pub(super) fn json(&self) -> Option<&serde_json::Value> {
        self.json.as_ref()
    }

    /// Whether it is HTML and built as an article.
    pub(super) fn is_article(&self) -> bool {
        let built = || self.kind == BodyKind::Html && article::is_built(&self.source);
        *self.article.get_or_init(built)
    }

    /// Drops the tree, because its selectors would take too long.
    pub(super) fn leave_tree(&mut self) {
        self.without_tree = true;
    }

    /// The tree of an HTML page.
    pub(super) fn tree(&self) -> Option<&Tree> {
        (self.kind == BodyKind::Html && !self.without_tree)
            .then(|| self.tree.get_or_init(|| Tree::parse(&self.source)))
    }
}

/// The media type, in lower case, without parameters.
pub(super) fn media_type(response: &Response) -> Option<String> {
    let value = response.header("content-type")?;
    Some(
        value
            .split(';')
            .next()
            .unwrap_or("")
            .trim()
            .to_ascii_lowercase(),
    )
}

fn is_html(media: Option<&str>, source: &str) -> bool {
    let media = media.unwrap_or("").to_ascii_lowercase();
    media.contains("html")
        || media.contains("xml")
        || source
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<')
}

/// Whether the media type of an answer is that of a file: no page, no text, no data in text.
pub(super) fn is_called_file(response: &Response) -> bool {
    const TEXTS: [&str; 8] = [
        "text/",
        "html",
        "xml",
        "json",
        "script",
        "csv",
        "urlencoded",
        "multipart",
    ];
    let media = media_type(response).unwrap_or_default();
    let is_openxml = media.contains("openxmlformats");
    media.contains('/') && (is_openxml || !TEXTS.iter().any(|text| media.contains(text)))
}

/// Whether the first bytes are those of a page, whatever the answer calls it.
fn begins_as_page(bytes: &[u8]) -> bool {
    const OPENINGS: [&[u8]; 4] = [b"<!doctype html", b"<html", b"<head", b"<body"];
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let opens = |opening: &&[u8]| {
        let first = bytes.get(..opening.len());
        first.is_some_and(|first| first.eq_ignore_ascii_case(opening))
    };
    OPENINGS.iter().any(opens)
}

fn is_binary(media: Option<&str>, bytes: &[u8]) -> bool {
    let media = media.unwrap_or("").trim().to_ascii_lowercase();
    let said = [
        "image/",
        "audio/",
        "video/",
        "font/",
        "application/pdf",
        "application/zip",
        "application/caj",
    ]
    .iter()
    .any(|kind| media.starts_with(kind));
    let magic: [&[u8]; 9] = [
        b"%PDF",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07",
        b"\x89PNG",
        b"GIF8",
        b"\xff\xd8\xff",
        b"CAJ",
    ];
    let is_said = said && !media.contains("svg") && !begins_as_page(bytes);
    is_said || magic.iter().any(|m| bytes.starts_with(m))
}
