//! Markdown, as `CommonMark` with footnotes, tables and a header of metadata reads it.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::{html, plain};
use crate::links::read::block::{Block, Hyperlink, RawDocument};
use crate::links::read::dates;
use crate::model::citation::Place;

/// Characters of markup in one text. A book has some ten thousand; the parser keeps a hundred bytes
/// or more of each.
const MAX_MARKUP: usize = 500_000;

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);

/// The definitions of references, `[label]: address`, with the address of each.
pub(in crate::links) fn definitions(text: &str) -> Vec<(String, Range<usize>)> {
    let parser = Parser::new_ext(text, OPTIONS);
    let all = parser.reference_definitions().iter();
    all.map(|(_, definition)| (definition.dest.to_string(), definition.span.clone()))
        .collect()
}

/// Where the text and the links of a block are in the source.
#[derive(Debug, Default)]
pub(in crate::links) struct MarkdownSource {
    /// Stretches of the block's text that are in the source as they are: where each begins in
    /// the block, and its bytes in the source.
    pub(in crate::links) text: Vec<(usize, Range<usize>)>,
    /// Each link of the block, with its markup.
    pub(in crate::links) links: Vec<LinkSource>,
}

/// A link of the markup in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::links) struct LinkSource {
    pub(in crate::links) range: Range<usize>,
    pub(in crate::links) kind: LinkMarkup,
}

/// How a link is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::links) enum LinkMarkup {
    /// `[x](address)`.
    Inline,
    /// `[x][label]`, with its definition elsewhere.
    Reference,
    /// `<address>`.
    Auto,
    /// Within another link.
    Nested,
    /// `<a href="address">`: the range is that of the whole HTML.
    Html,
}

/// Reads a text with its markup; as plain text, where there is more markup than people write.
pub fn read(text: &str) -> RawDocument {
    read_with_source(text).0
}

/// A text, and for each block where it is in the source. What is read as plain text has none.
pub(in crate::links) fn read_with_source(text: &str) -> (RawDocument, Vec<MarkdownSource>) {
    let is_markup = |b: &u8| b"[]*_`<>!&\\|~".contains(b);
    if text.bytes().filter(is_markup).count() > MAX_MARKUP {
        return (plain::read(text), Vec::new());
    }
    let mut scan = Scan {
        source: text,
        line: 1,
        at: 0,
        began: 1,
        ..Scan::default()
    };
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        scan.event(event, range);
    }
    scan.flush();
    (scan.document, scan.sources)
}

#[derive(Default)]
struct Scan<'a> {
    document: RawDocument,
    source: &'a str,
    /// The line of the byte `at` of the source.
    line: u32,
    at: usize,
    text: String,
    /// Links with where they are in the source.
    links: Vec<(Hyperlink, LinkSource)>,
    open: Vec<(usize, String, LinkSource)>,
    /// Where the stretches of the text are in the source.
    stretches: Vec<(usize, Range<usize>)>,
    sources: Vec<MarkdownSource>,
    began: u32,
    /// The emphases that are open, and whether their marks are parts of an address.
    emphases: Vec<bool>,
    /// Within code, or within the header.
    unread: bool,
    header: bool,
}

impl Scan<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let start = range.start;
        match event {
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle)) => self.header = true,
            Event::End(TagEnd::MetadataBlock(_)) => self.header = false,
            Event::Text(text) if self.header => self.metadata(&text),
            Event::Start(Tag::CodeBlock(_)) => self.unread = true,
            Event::End(TagEnd::CodeBlock) => self.unread = false,
            Event::Start(
                Tag::Link {
                    dest_url,
                    link_type,
                    ..
                }
                | Tag::Image {
                    dest_url,
                    link_type,
                    ..
                },
            ) => self.open_link(dest_url.into_string(), link_type, range),
            Event::End(TagEnd::Link | TagEnd::Image) => self.close_link(),
            Event::Text(text) if !self.unread => {
                self.begin(start);
                if self.source.get(range.clone()) == Some(&*text) {
                    self.stretches.push((self.text.len(), range));
                }
                self.text.push_str(&text);
            }
            Event::Code(text) => {
                self.begin(start);
                // What is in code is an example: no link is looked for in it.
                self.text.extend(text.chars().map(|_| ' '));
            }
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::InlineHtml(markup) => self.markup(&markup, range),
            Event::Html(markup) => self.block_markup(&markup, range),
            Event::Start(Tag::Emphasis) => self.open_emphasis(start..start + 1),
            Event::Start(Tag::Strong) => self.open_emphasis(start..start + 2),
            Event::End(TagEnd::Emphasis) => self.close_emphasis(range.end - 1..range.end),
            Event::End(TagEnd::Strong) => self.close_emphasis(range.end - 2..range.end),
            Event::Start(_) | Event::End(_) | Event::Rule => self.flush(),
            _ => {}
        }
    }

    /// A mark that stands within an address is a part of it: `https://a.example/__init__.py`.
    fn open_emphasis(&mut self, mark: Range<usize>) {
        let next = self.source.get(mark.end..).unwrap_or_default();
        let goes_on = next.starts_with(|c: char| c.is_ascii_graphic());
        let is_literal = goes_on && is_in_address(&self.text);
        if is_literal {
            self.literal(mark);
        }
        self.emphases.push(is_literal);
    }

    fn close_emphasis(&mut self, mark: Range<usize>) {
        if self.emphases.pop() == Some(true) && is_in_address(&self.text) {
            self.literal(mark);
        }
    }

    /// Takes characters of the source as they are.
    fn literal(&mut self, range: Range<usize>) {
        if let Some(text) = self.source.get(range.clone()) {
            self.stretches.push((self.text.len(), range));
            self.text.push_str(text);
        }
    }

    fn open_link(&mut self, target: String, link_type: LinkType, range: Range<usize>) {
        self.begin(range.start);
        let kind = self.kind(link_type);
        let source = LinkSource { range, kind };
        self.open.push((self.text.len(), target, source));
    }

    /// Notes the line in which a block begins.
    fn begin(&mut self, start: usize) {
        if self.text.is_empty() && self.links.is_empty() && self.open.is_empty() {
            self.began = self.line_of(start);
        }
    }

    fn line_of(&mut self, start: usize) -> u32 {
        let between = self.source.get(self.at..start).unwrap_or_default();
        if start > self.at {
            let lines = between.bytes().filter(|b| *b == b'\n').count();
            self.line = self
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.at = start;
        }
        self.line
    }

    fn kind(&self, link_type: LinkType) -> LinkMarkup {
        match link_type {
            _ if !self.open.is_empty() => LinkMarkup::Nested,
            LinkType::Inline => LinkMarkup::Inline,
            LinkType::Autolink | LinkType::Email => LinkMarkup::Auto,
            _ => LinkMarkup::Reference,
        }
    }

    /// Links of HTML within the text: `<a href="…">`.
    fn markup(&mut self, markup: &str, range: Range<usize>) {
        for link in html::blocks(markup)
            .into_iter()
            .flat_map(|block| block.links)
        {
            self.begin(range.start);
            let at = self.text.len();
            let shown = Hyperlink {
                range: at..at,
                target: link.target,
            };
            self.links.push((shown, html_source(&range)));
        }
    }

    /// A block of HTML: its links and its text.
    fn block_markup(&mut self, markup: &str, range: Range<usize>) {
        for block in html::blocks(markup) {
            self.begin(range.start);
            let at = self.text.len();
            let links = block.links.into_iter().map(|link| {
                let shown = Hyperlink {
                    range: link.range.start + at..link.range.end + at,
                    target: link.target,
                };
                (shown, html_source(&range))
            });
            self.links.extend(links);
            self.text.push_str(&block.text);
            self.text.push('\n');
        }
    }

    fn close_link(&mut self) {
        if let Some((start, target, source)) = self.open.pop()
            && !target.is_empty()
            && !target.starts_with('#')
            && (target.contains(':') || target.starts_with("//"))
        {
            let target = if target.starts_with("//") {
                format!("https:{target}")
            } else {
                target
            };
            let shown = Hyperlink {
                range: start.min(self.text.len())..self.text.len(),
                target,
            };
            self.links.push((shown, source));
        }
    }

    /// `title:` and `date:` of the header.
    fn metadata(&mut self, yaml: &str) {
        for line in yaml.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'']);
            match name.trim() {
                "title" if !value.is_empty() => self.document.title = Some(value.to_owned()),
                "date" => self.document.date = dates::of_field(value),
                _ => {}
            }
        }
    }

    fn flush(&mut self) {
        while !self.open.is_empty() {
            self.close_link();
        }
        let text = std::mem::take(&mut self.text);
        let mut links = std::mem::take(&mut self.links);
        let stretches = std::mem::take(&mut self.stretches);
        links.sort_by_key(|(link, _)| link.range.start);
        let (links, sources): (Vec<Hyperlink>, Vec<LinkSource>) = links.into_iter().unzip();
        if !text.trim().is_empty() || !links.is_empty() {
            self.sources.push(MarkdownSource {
                text: stretches,
                links: sources,
            });
            self.document.blocks.push(Block {
                place: Place::Line(self.began),
                text,
                links,
                title: None,
                accessed: None,
            });
        }
    }
}

/// Whether a text ends within an address: only its characters follow a scheme or `www.`.
fn is_in_address(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"');
    let begin = text.rfind(|c| !is_part(c));
    let word = begin.map_or(text, |at| &text[at..]);
    word.contains("://") || word.contains("www.")
}

fn html_source(range: &Range<usize>) -> LinkSource {
    LinkSource {
        range: range.clone(),
        kind: LinkMarkup::Html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<String> {
        let document = read(text);
        crate::links::read::citing::citations(&document)
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
    fn links_are_read_as_markup_shows_them() {
        for (text, want) in [
            (
                "[x](https://a.example/x_y_z) and **https://a.example/b**",
                vec![
                    "line 1: https://a.example/x_y_z -",
                    "line 1: https://a.example/b -",
                ],
            ),
            (
                "[x](<https://a.example/a b>)",
                vec!["line 1: https://a.example/a b -"],
            ),
            (
                "[x](https://en.wikipedia.org/wiki/Rot_(link))",
                vec!["line 1: https://en.wikipedia.org/wiki/Rot_(link) -"],
            ),
            (
                "<https://a.example/路>",
                vec!["line 1: https://a.example/路 -"],
            ),
            (
                "[x][1]\n\n[1]: https://a.example/ref \"t\"",
                vec!["line 1: https://a.example/ref -"],
            ),
            (
                "text[^1]\n\n[^1]: See https://a.example/n, accessed May 8, 2023.",
                vec!["line 3: https://a.example/n 2023-05-08"],
            ),
            (
                "`https://a.example/code`\n\n    https://a.example/block\n",
                vec![],
            ),
            (
                "a\nhttps://a.example/2\nb",
                vec!["line 2: https://a.example/2 -"],
            ),
            (
                "- [x](https://a.example/1) (2023年5月8日访问)\n- [y](https://a.example/2)",
                vec![
                    "line 1: https://a.example/1 2023-05-08",
                    "line 2: https://a.example/2 -",
                ],
            ),
            (
                "| a | b |\n|---|---|\n| x | https://a.example/t |",
                vec!["line 3: https://a.example/t -"],
            ),
            (
                "<a href=\"https://a.example/h\">h</a>",
                vec!["line 1: https://a.example/h -"],
            ),
            (
                "[a](#x) [b](other.md) [c](mailto:x@y.z)",
                vec!["line 1: mailto:x@y.z -"],
            ),
            (
                "![p](https://a.example/p.png)",
                vec!["line 1: https://a.example/p.png -"],
            ),
            (
                "https://a.example/a_b_c*d",
                vec!["line 1: https://a.example/a_b_c*d -"],
            ),
            (
                "Plain https://a.example/p/__init__.py here",
                vec!["line 1: https://a.example/p/__init__.py -"],
            ),
            (
                "https://urldefense.com/v3/__https://w.example/8?a=b__;Iw!!abc$ x",
                vec!["line 1: https://urldefense.com/v3/__https://w.example/8?a=b__;Iw!!abc$ -"],
            ),
            (
                "https://web.archive.org/web/*/http://a.example/* and *https://b.example/x*",
                vec![
                    "line 1: https://web.archive.org/web/*/http://a.example/* -",
                    "line 1: https://b.example/x -",
                ],
            ),
            (
                "见https://a.example/b**说明**，__https://b.example/c__",
                vec![
                    "line 1: https://a.example/b -",
                    "line 1: https://b.example/c -",
                ],
            ),
            (
                "https://a.example/_x y_ z",
                vec!["line 1: https://a.example/_x -"],
            ),
        ] {
            assert_eq!(cited(text), want, "{text}");
        }
    }

    #[test]
    fn the_header_gives_title_and_date() {
        let document = read("---\ntitle: \"T\"\ndate: 2023-05-08\n---\n\nhttps://a.example/\n");
        assert_eq!(document.title.as_deref(), Some("T"));
        assert_eq!(document.date.unwrap().to_string(), "2023-05-08");
        assert_eq!(document.blocks.len(), 1);
    }
}
