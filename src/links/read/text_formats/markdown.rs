//! Markdown, as `CommonMark` with footnotes, tables and a header of metadata reads it.

use pulldown_cmark::{Event, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::{html, plain};
use crate::links::read::block::{Block, Hyperlink, RawDocument};
use crate::links::read::dates;
use crate::model::citation::Place;

/// Characters of markup in one text. A book has some ten thousand; the parser keeps a hundred bytes
/// or more of each.
const MAX_MARKUP: usize = 500_000;

/// Reads a text with its markup; as plain text, where there is more markup than people write.
pub fn read(text: &str) -> RawDocument {
    let is_markup = |b: &u8| b"[]*_`<>!&\\|~".contains(b);
    if text.bytes().filter(is_markup).count() > MAX_MARKUP {
        return plain::read(text);
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut scan = Scan {
        source: text,
        line: 1,
        at: 0,
        began: 1,
        ..Scan::default()
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        scan.event(event, range.start);
    }
    scan.flush();
    scan.document
}

#[derive(Default)]
struct Scan<'a> {
    document: RawDocument,
    source: &'a str,
    /// The line of the byte `at` of the source.
    line: u32,
    at: usize,
    text: String,
    links: Vec<Hyperlink>,
    open: Vec<(usize, String)>,
    began: u32,
    /// Within code, or within the header.
    unread: bool,
    header: bool,
}

impl Scan<'_> {
    fn event(&mut self, event: Event<'_>, start: usize) {
        match event {
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle)) => self.header = true,
            Event::End(TagEnd::MetadataBlock(_)) => self.header = false,
            Event::Text(text) if self.header => self.metadata(&text),
            Event::Start(Tag::CodeBlock(_)) => self.unread = true,
            Event::End(TagEnd::CodeBlock) => self.unread = false,
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.begin(start);
                self.open.push((self.text.len(), dest_url.into_string()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.close_link(),
            Event::Text(text) if !self.unread => {
                self.begin(start);
                self.text.push_str(&text);
            }
            Event::Code(text) => {
                self.begin(start);
                // What stands in code is an example: no link is looked for in it.
                self.text.extend(text.chars().map(|_| ' '));
            }
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::InlineHtml(markup) => self.markup(&markup, start),
            Event::Html(markup) => self.block_markup(&markup, start),
            Event::Start(
                Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript,
            )
            | Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Superscript
                | TagEnd::Subscript,
            )
            | Event::FootnoteReference(_) => {}
            Event::Start(_) | Event::End(_) | Event::Rule => self.flush(),
            _ => {}
        }
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

    /// Links of HTML within the text: `<a href="…">`.
    fn markup(&mut self, markup: &str, start: usize) {
        for link in html::blocks(markup)
            .into_iter()
            .flat_map(|block| block.links)
        {
            self.begin(start);
            let at = self.text.len();
            self.links.push(Hyperlink {
                range: at..at,
                target: link.target,
            });
        }
    }

    /// A block of HTML: its links and its text.
    fn block_markup(&mut self, markup: &str, start: usize) {
        for block in html::blocks(markup) {
            self.begin(start);
            let at = self.text.len();
            let links = block.links.into_iter().map(|link| Hyperlink {
                range: link.range.start + at..link.range.end + at,
                target: link.target,
            });
            self.links.extend(links);
            self.text.push_str(&block.text);
            self.text.push('\n');
        }
    }

    fn close_link(&mut self) {
        if let Some((start, target)) = self.open.pop()
            && !target.is_empty()
            && !target.starts_with('#')
            && (target.contains(':') || target.starts_with("//"))
        {
            let target = if target.starts_with("//") {
                format!("https:{target}")
            } else {
                target
            };
            self.links.push(Hyperlink {
                range: start.min(self.text.len())..self.text.len(),
                target,
            });
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
        links.sort_by_key(|link| link.range.start);
        if !text.trim().is_empty() || !links.is_empty() {
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
