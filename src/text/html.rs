//! What a reader sees of a page: title, visible text, headings.
//!
//! One linear scan without tree or recursion, whatever the nesting. Scripts, styles, templates,
//! comments and text hidden by `hidden` or an inline `display:none` are left out (good CNKI pages
//! contain a hidden captcha). Style sheets are not read.

use super::blocks::{Collector, TextBlock};
use super::entity;
use super::normalise::{collapse, nfkc};
use super::token::{Tag, Token, Tokens};
use super::tree::{GrowingTree, Tree};
use super::words::CollapsedText;

/// What a reader sees of one page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisiblePage {
    /// The first title, decoded, with collapsed white space; `None` when missing or empty.
    pub title: Option<String>,
    /// The visible text in NFKC, white space collapsed.
    pub text: String,
    /// `h1` to `h6`, in the same form; at most 64.
    pub headings: Vec<String>,
}

const MAX_HEADINGS: usize = 64;

/// Inline elements: their borders do not separate words.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt",
    "u", "var", "wbr",
];

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
];

/// Whether the borders of an element do not separate words.
pub(in crate::text) fn is_inline(name: &str) -> bool {
    among(INLINE, name)
}

fn among(list: &[&str], name: &str) -> bool {
    list.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// Reads a page.
#[must_use]
pub fn read(html: &str) -> VisiblePage {
    let mut scan = Scan::default();
    for token in Tokens::new(html) {
        scan.token(&token);
    }
    scan.end()
}

/// The visible text of a page in its blocks.
#[must_use]
pub fn blocks(html: &str) -> Vec<TextBlock> {
    let mut scan = Scan {
        blocks: Some(Collector::default()),
        ..Scan::default()
    };
    for token in Tokens::new(html) {
        scan.token(&token);
    }
    scan.blocks.take().map_or_else(Vec::new, Collector::end)
}

/// Reads a page and builds its tree in one pass over its tokens.
#[must_use]
pub fn read_with_tree(html: &str) -> (VisiblePage, Tree) {
    let mut scan = Scan::default();
    let mut tree = GrowingTree::new(html);
    for token in Tokens::new(html) {
        if let Token::Text(text) = token {
            let text = entity::decode(text, false);
            scan.text(&text);
            tree.characters(&text);
        } else {
            scan.token(&token);
            tree.token(&token);
        }
    }
    (scan.end(), tree.end())
}

/// An element that is not shown, while the scan is inside it.
struct Hidden {
    name: String,
    /// Open elements with the same name inside, including itself.
    depth: u32,
    /// Open lists and tables inside, for elements whose end tag may be omitted.
    containers: u32,
}

/// Elements that end without an end tag, before a similar element or at the end of their container.
const IMPLIED: &[&str] = &["li", "dt", "dd", "tr", "td", "th", "option"];
const CONTAINERS: &[&str] = &["ul", "ol", "dl", "menu", "table", "select"];

#[derive(Default)]
pub(super) struct Scan {
    pub(super) body: CollapsedText,
    title: Option<CollapsedText>,
    title_done: bool,
    svg: u32,
    hidden: Option<Hidden>,
    heading: Option<usize>,
    headings: Vec<String>,
    /// The text in blocks, if requested.
    blocks: Option<Collector>,
}

impl Scan {
    pub(super) fn token(&mut self, token: &Token<'_>) {
        match token {
            Token::Text(text) => self.text(&entity::decode(text, false)),
            Token::Cdata(text) => self.text(text),
            Token::Start(tag) => self.start(tag),
            Token::End(name) => self.close(name),
            Token::Raw(_) | Token::Doctype | Token::Comment => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(title) = &mut self.title
            && !self.title_done
        {
            title.push_words(text);
        } else if self.hidden.is_none() {
            self.body.push_words(text);
            if let Some(blocks) = &mut self.blocks {
                blocks.text(text);
            }
        }
    }

    /// The border of a block separates words.
    fn border(&mut self) {
        self.body.gap = true;
        if let Some(blocks) = &mut self.blocks {
            blocks.border();
        }
    }

    /// Words of an attribute.
    fn shown(&mut self, words: &str) {
        self.body.push(words);
        if let Some(blocks) = &mut self.blocks {
            blocks.text(&entity::decode(words, true));
        }
    }

    fn link(&mut self, name: &str, begins: bool) {
        if let Some(blocks) = &mut self.blocks
            && ["a", "button"].iter().any(|n| n.eq_ignore_ascii_case(name))
        {
            blocks.link(begins);
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if self.hidden.is_some() {
            self.start_within_hidden(tag);
            if self.hidden.is_some() {
                return;
            }
        }
        if tag.is("title") && self.svg == 0 && self.title.is_none() {
            self.title = Some(CollapsedText::default());
            return;
        }
        if tag.is("svg") && !tag.self_closing {
            self.svg += 1;
        }
        let void = among(VOID, tag.name);
        if !void && is_hidden(tag) {
            self.hidden = Some(Hidden {
                name: tag.name.to_owned(),
                depth: 1,
                containers: 0,
            });
            return;
        }
        if !among(INLINE, tag.name) {
            self.border();
        }
        self.link(tag.name, true);
        if void {
            self.shown_attributes(tag);
        } else if heading_level(tag.name) {
            self.end_heading();
            self.heading = Some(self.body.out.len());
        }
    }

    /// Words that browsers show from attributes: a button's label, a field's hint, an image `alt`.
    fn shown_attributes(&mut self, tag: &Tag<'_>) {
        if tag.is("img") {
            if let Some(alt) = tag.attribute("alt") {
                self.shown(alt);
            }
        } else if tag.is("input") && !is_hidden(tag) {
            let kind = tag.attribute("type").unwrap_or("text");
            let shown = if among(&["submit", "button", "reset"], kind) {
                tag.attribute("value")
            } else if kind.eq_ignore_ascii_case("hidden") {
                None
            } else {
                tag.attribute("placeholder")
            };
            if let Some(shown) = shown {
                self.shown(shown);
                self.border();
            }
        }
    }

    fn start_within_hidden(&mut self, tag: &Tag<'_>) {
        let Some(hidden) = &mut self.hidden else {
            return;
        };
        let same = tag.is(&hidden.name);
        let ended = if among(IMPLIED, &hidden.name) {
            same && hidden.containers == 0
        } else {
            hidden.name.eq_ignore_ascii_case("p")
                && hidden.containers == 0
                && ends_paragraph(tag.name)
        };
        if ended {
            self.hidden = None;
            return;
        }
        if among(CONTAINERS, tag.name) {
            hidden.containers += 1;
        }
        if same && !among(IMPLIED, &hidden.name) {
            hidden.depth += 1;
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(hidden) = &mut self.hidden {
            let same = name.eq_ignore_ascii_case(&hidden.name);
            if among(CONTAINERS, name) && !same {
                if hidden.containers > 0 {
                    hidden.containers -= 1;
                } else if among(IMPLIED, &hidden.name) {
                    self.hidden = None;
                }
            } else if same && (hidden.containers == 0 || !among(IMPLIED, &hidden.name)) {
                hidden.depth -= 1;
                if hidden.depth == 0 {
                    self.hidden = None;
                }
            }
            return;
        }
        if name.eq_ignore_ascii_case("title") && self.title.is_some() {
            self.title_done = true;
        } else if name.eq_ignore_ascii_case("svg") {
            self.svg = self.svg.saturating_sub(1);
        } else if !among(INLINE, name) {
            if heading_level(name) {
                self.end_heading();
            }
            self.border();
        }
        self.link(name, false);
    }

    fn end_heading(&mut self) {
        if let Some(from) = self.heading.take()
            && self.headings.len() < MAX_HEADINGS
        {
            let text = self.body.out[from..].trim();
            if !text.is_empty() {
                self.headings.push(nfkc(text).into_owned());
            }
        }
    }

    pub(super) fn end(mut self) -> VisiblePage {
        self.end_heading();
        VisiblePage {
            title: self.title.map(|t| t.out).filter(|t| !t.is_empty()),
            text: match nfkc(&self.body.out) {
                std::borrow::Cow::Borrowed(_) => self.body.out,
                // Some characters (a standalone acute accent) expand into two, the first a space.
                std::borrow::Cow::Owned(text) if text.contains("  ") || text.starts_with(' ') => {
                    collapse(&text)
                }
                std::borrow::Cow::Owned(text) => text,
            },
            headings: self.headings,
        }
    }
}

fn heading_level(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

/// Elements that end an open paragraph (WHATWG, the p element).
fn ends_paragraph(name: &str) -> bool {
    heading_level(name)
        || among(
            &[
                "address",
                "article",
                "aside",
                "blockquote",
                "center",
                "details",
                "dir",
                "div",
                "dl",
                "fieldset",
                "figure",
                "footer",
                "form",
                "header",
                "hr",
                "main",
                "menu",
                "nav",
                "ol",
                "p",
                "pre",
                "section",
                "table",
                "ul",
            ],
            name,
        )
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    let (mut hidden, mut style) = (tag.is("template"), None);
    for (name, value) in tag.attributes() {
        hidden |= name.eq_ignore_ascii_case("hidden");
        if name.eq_ignore_ascii_case("style") {
            style.get_or_insert(value);
        }
    }
    hidden || style.is_some_and(hides)
}

/// Whether an inline style hides the element.
fn hides(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else {
            return false;
        };
        let value = value.split('!').next().unwrap_or("").trim();
        let property = property.trim();
        (property.eq_ignore_ascii_case("display") && value.eq_ignore_ascii_case("none"))
            || (property.eq_ignore_ascii_case("visibility") && value.eq_ignore_ascii_case("hidden"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        read(html).text
    }

    #[test]
    fn title_text_headings() {
        let page = read(
            "<html><head><title>\n 检索-\t中国知网&nbsp;&amp; </title><style>p{}</style></head>\
             <body><h1>中<em>国</em>知网</h1><p>ＣＮＫＩ，摘<span>要</span><p>b<script>x()</script><br>c</body>",
        );
        assert_eq!(page.title.as_deref(), Some("检索- 中国知网 &"));
        assert_eq!(page.text, "中国知网 CNKI,摘要 b c");
        assert_eq!(page.headings, ["中国知网"]);
    }

    #[test]
    fn only_the_first_title_counts_and_none_of_a_drawing() {
        let page = read("<svg><title>icon</title></svg><title>A</title><title>B</title>");
        assert_eq!(page.title.as_deref(), Some("A"));
        assert_eq!(read("<title> </title>").title, None);
    }

    #[test]
    fn hidden_captcha_markup_is_not_seen() {
        let html =
            "<div style='DISPLAY : none !important'><div>请完成安全验证</div>拖动</div><p>摘要";
        assert_eq!(text(html), "摘要");
        assert_eq!(text("<div hidden>a<div>b</div>c</div>d"), "d");
        assert_eq!(
            text("<template><p>a</p></template><noscript>b</noscript>c"),
            "c"
        );
        assert_eq!(text("<div style='display:block'>a</div>"), "a");
    }

    #[test]
    fn a_hidden_element_ends_where_browsers_end_it() {
        assert_eq!(text("<p hidden>a<p>b"), "b");
        assert_eq!(text("<ul><li hidden>a<ul><li>b</ul><li>c</ul>d"), "c d");
        assert_eq!(text("<ul><li hidden>a</ul>d"), "d");
        assert_eq!(text("<input hidden><b>d</b>"), "d");
        assert_eq!(text("<ul hidden><li>a<ul><li>b</ul></ul>d"), "d");
    }

    #[test]
    fn buttons_and_hints_are_seen() {
        let html = "<input type=submit value='登 录'><input type=hidden value=x><input placeholder=手机号><img alt=图>";
        assert_eq!(text(html), "登 录 手机号 图");
    }

    #[test]
    fn reading_with_the_tree_is_reading_and_the_tree() {
        let html = "<title>a&amp;b</title><p hidden>x</p><p>摘要&lt;<script>1&lt;2</script><textarea>&lt;</textarea>";
        let (page, tree) = read_with_tree(html);
        assert_eq!(page, read(html));
        assert_eq!(tree.html().html(), Tree::parse(html).html().html());
    }

    #[test]
    fn deep_nesting_is_read_in_one_pass() {
        let html = format!("{}x", "<div>".repeat(100_000));
        assert_eq!(text(&html), "x");
    }

    proptest::proptest! {
        #[test]
        fn any_page_can_be_read(html in "(<div hidden>|</div>|<li>|<ul>|</ul>|<title>|</title>|<p style=display:none>|&amp;|<h1>|</h1>|\\PC| ){0,40}") {
            let page = read(&html);
            proptest::prop_assert!(!page.text.starts_with(' '));
        }
    }
}
