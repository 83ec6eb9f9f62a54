//! HTML: links and text, also of bookmarks files.

use std::ops::Range;

use crate::links::read::block::{Block, Hyperlink, RawDocument};
use crate::links::read::dates;
use crate::model::citation::{PartialDate, Place};
use crate::text::entity;
use crate::text::token::{Tag, Token, Tokens};

/// Elements within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "tt", "u", "var", "wbr", "ruby", "rt", "rp", "time", "data",
];
/// Metadata that dates the document.
const DATES: [&str; 6] = [
    "article:published_time",
    "citation_date",
    "citation_publication_date",
    "dc.date",
    "dcterms.date",
    "date",
];

/// Reads a page.
pub fn read(text: &str) -> RawDocument {
    read_with_tags(text).0
}

/// Reads a page that stands at an address: links without one of their own lead on from there.
pub fn read_at(text: &str, url: &url::Url) -> RawDocument {
    let scan = Scan {
        page: Some(url.clone()),
        ..Scan::default()
    };
    scanned(scan, text).0
}

/// A page, and for each block the bytes of the tags of its links.
pub(in crate::links) fn read_with_tags(text: &str) -> (RawDocument, Vec<Vec<Range<usize>>>) {
    scanned(Scan::default(), text)
}

fn scanned(mut scan: Scan, text: &str) -> (RawDocument, Vec<Vec<Range<usize>>>) {
    scan.run(text);
    let document = RawDocument {
        title: scan.title.filter(|t| !t.is_empty()),
        date: scan.date,
        blocks: scan.blocks,
    };
    (document, scan.tags)
}

/// The blocks of a piece of HTML, such as a note.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    let mut scan = Scan::default();
    scan.run(html);
    scan.blocks
}

#[derive(Default)]
struct Scan {
    blocks: Vec<Block>,
    title: Option<String>,
    date: Option<PartialDate>,
    base: Option<url::Url>,
    /// Where the page stands, if that is known.
    page: Option<url::Url>,
    text: String,
    links: Vec<Hyperlink>,
    /// The tags of the links of each block, and of this one.
    tags: Vec<Vec<Range<usize>>>,
    tags_of_links: Vec<Range<usize>>,
    /// Where the text of the open link begins, where it leads, and its tag.
    open: Option<(usize, String, Range<usize>)>,
    line: u32,
    /// The line in which the block's text begins.
    began: u32,
    in_title: bool,
}

impl Scan {
    fn run(&mut self, html: &str) {
        let mut tokens = Tokens::new(html);
        let mut at = 0;
        self.line = 1;
        self.began = 1;
        while let Some(token) = tokens.next() {
            let end = tokens.offset();
            self.token(token, at..end);
            let lines = html[at..end].bytes().filter(|b| *b == b'\n').count();
            self.line = self
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            at = end;
        }
        self.flush();
    }

    fn token(&mut self, token: Token<'_>, range: Range<usize>) {
        match token {
            Token::Text(text) if self.in_title => {
                let title = entity::decode(text, false);
                let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                self.title.get_or_insert(title.chars().take(500).collect());
            }
            Token::Text(text) => self.add(&entity::decode(text, false)),
            Token::Cdata(text) => self.add(text),
            Token::Start(tag) => self.start(&tag, range),
            Token::End(name) => self.end(name),
            Token::Raw(_) | Token::Doctype | Token::Comment => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let name = tag.name.to_ascii_lowercase();
        match name.as_str() {
            "title" => self.in_title = true,
            "base" if self.base.is_none() => {
                self.base = tag.attribute("href").and_then(|href| match &self.page {
                    Some(page) => page.join(href).ok(),
                    None => url::Url::parse(href).ok(),
                });
            }
            "meta" => self.meta(tag),
            "a" | "area" => {
                self.close_link();
                if let Some(target) = self.target(tag) {
                    self.open = Some((self.text.len(), target, range));
                }
                if name == "area" {
                    self.close_link();
                }
            }
            "br" => self.add("\n"),
            _ if !INLINE.contains(&name.as_str()) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "title" => self.in_title = false,
            "a" => self.close_link(),
            _ if !INLINE.contains(&name.as_str()) => self.flush(),
            _ => {}
        }
    }

    /// Where a link leads; `None` within the page, and without an address.
    fn target(&self, tag: &Tag<'_>) -> Option<String> {
        let href = entity::decode(tag.attribute("href")?, true);
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') || href.len() > 8192 {
            return None;
        }
        let has_scheme = url::Url::parse(href).is_ok();
        if has_scheme {
            return Some(href.to_owned());
        }
        if href.starts_with("//") && self.page.is_none() {
            return Some(format!("https:{href}"));
        }
        let base = self.base.as_ref().or(self.page.as_ref())?;
        base.join(href).ok().map(String::from)
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let name = tag.attribute("property").or_else(|| tag.attribute("name"));
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if self.date.is_none() && DATES.contains(&name.as_str()) {
            self.date = tag.attribute("content").and_then(dates::of_field);
        }
    }

    fn add(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c.is_whitespace() && c != '\u{3000}' {
                ' '
            } else {
                c
            };
            if c == ' ' && (self.text.is_empty() || self.text.ends_with(' ')) {
                continue;
            }
            if self.text.is_empty() {
                self.began = self.line;
            }
            self.text.push(c);
        }
    }

    fn close_link(&mut self) {
        let Some((start, target, tag)) = self.open.take() else {
            return;
        };
        if self.text.is_empty() {
            self.began = self.line;
        }
        let end = self
            .text
            .trim_end_matches(' ')
            .len()
            .max(start.min(self.text.len()));
        let start = start.min(end);
        self.links.push(Hyperlink {
            range: start..end,
            target,
        });
        self.tags_of_links.push(tag);
    }

    fn flush(&mut self) {
        self.close_link();
        let text = std::mem::take(&mut self.text);
        let links = std::mem::take(&mut self.links);
        let tags = std::mem::take(&mut self.tags_of_links);
        if !text.trim().is_empty() || !links.is_empty() {
            self.tags.push(tags);
            self.blocks.push(Block {
                place: Place::Line(self.began),
                text,
                links,
                title: None,
                accessed: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(html: &str) -> Vec<String> {
        let document = read(html);
        let citations = crate::links::read::citing::citations(&document);
        citations
            .iter()
            .map(|c| {
                format!(
                    "{}: {} {}",
                    c.place,
                    c.url,
                    c.cited_on.map_or("-".into(), |d| d.0.to_string())
                )
            })
            .collect()
    }

    #[test]
    fn links_and_text_are_read() {
        for (html, want) in [
            (
                "<p><a href='https://a.example/x?a=1&amp;b=2'>x</a> (accessed May 8, 2023)",
                vec!["line 1: https://a.example/x?a=1&b=2 2023-05-08"],
            ),
            (
                "<p>\n<a href=\"https://a.example/\">https://a.example/</a></p>",
                vec!["line 2: https://a.example/ -"],
            ),
            (
                "<p>见https://a.example/x。</p>",
                vec!["line 1: https://a.example/x -"],
            ),
            (
                "<a href='#n1'>1</a><a href='x.html'>x</a><a href=''>y</a>",
                vec![],
            ),
            (
                "<base href='https://b.example/d/'><a href='x.html'>x</a>",
                vec!["line 1: https://b.example/d/x.html -"],
            ),
            (
                "<a href='//c.example/'>c</a>",
                vec!["line 1: https://c.example/ -"],
            ),
            (
                "<script>var u='https://s.example/'</script><!-- https://c.example --><p>t",
                vec![],
            ),
            (
                "<a href='https://a.example/1'><b>x</b></a><a href='https://a.example/2'><img></a>",
                vec![
                    "line 1: https://a.example/1 -",
                    "line 1: https://a.example/2 -",
                ],
            ),
            (
                "<p>https://a.ex<b>ample</b>/x",
                vec!["line 1: https://a.example/x -"],
            ),
            ("<a href='https://a.example/unclosed", vec![]),
            (
                "<map><area href='https://a.example/area'></map>",
                vec!["line 1: https://a.example/area -"],
            ),
        ] {
            assert_eq!(cited(html), want, "{html}");
        }
    }

    #[test]
    fn the_title_and_the_date_are_the_pages() {
        let html = "<head><title>A &amp; b</title><meta property='article:published_time' content='2023-05-08T01:00:00+08:00'></head><body>x";
        let document = read(html);
        assert_eq!(document.title.as_deref(), Some("A & b"));
        assert_eq!(document.date.unwrap().to_string(), "2023-05-08");
    }
}
