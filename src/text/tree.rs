//! A page as a tree, for CSS selectors.
//!
//! html5ever's tree builder gets its tokens from our tokenizer, because the limits must hold while
//! it builds: its scope checks walk all open elements (quadratic on 100,000 nested tags), its own
//! tokenizer compares every attribute with all earlier ones, and unclosed formatting elements are
//! cloned into each paragraph. After a limit the rest of the page is not read; the tree so far is
//! valid. `Html` is not `Send`: results are returned as plain data.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token as Fed, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, ns};
use scraper::{ElementRef, Html, HtmlTreeSink, Node, Selector};

use super::entity;
use super::same_address::leads_where;
use super::selector::PageShape;
use super::token::{self, Token, Tokens};

/// How deep elements may nest. Browsers stop at 512 too (Blink's `kMaximumHTMLParserDOMTreeDepth`).
pub const MAX_DEPTH: usize = 512;
/// How many nodes a tree may have: ten times a large portal's front page.
pub const MAX_NODES: usize = 200_000;
/// How many attributes of one tag are kept.
const MAX_ATTRIBUTES: usize = 128;
/// How many tokens are fed between two checks of the limits.
const STRIDE: usize = 16;

/// A parsed page.
pub struct Tree {
    html: Html,
    /// A limit was reached: the tree ends there.
    pub cut: bool,
}

impl Tree {
    /// Parses a page.
    #[must_use]
    pub fn parse(html: &str) -> Self {
        let mut growing = GrowingTree::new(html);
        for token in Tokens::new(html) {
            match token {
                Token::Text(text) => growing.characters(&entity::decode(text, false)),
                other => growing.token(&other),
            }
            if growing.cut {
                break;
            }
        }
        growing.end()
    }

    /// The tree itself, for [`super::outline`].
    pub(super) fn html(&self) -> &Html {
        &self.html
    }

    /// The measures that the cost of selectors depends on.
    #[must_use]
    pub fn shape(&self) -> PageShape {
        let mut shape = PageShape::default();
        let (mut depth, mut sum) = (0_u64, 0_u64);
        // How many children each open node has so far, on the way down.
        let mut children: Vec<u64> = Vec::new();
        for edge in self.html.tree.root().traverse() {
            match edge {
                Edge::Open(_) => {
                    if let Some(count) = children.last_mut() {
                        *count += 1;
                    }
                    children.push(0);
                    depth += 1;
                    sum += depth;
                    shape.nodes += 1;
                    shape.deepest = shape.deepest.max(depth);
                }
                Edge::Close(_) => {
                    let count = children.pop().unwrap_or_default();
                    shape.siblings = shape.siblings.saturating_add(count * count);
                    depth -= 1;
                }
            }
        }
        shape.depth = sum.div_ceil(shape.nodes.max(1));
        shape
    }

    /// The text of each matching element, in the order of the page, at most `max`.
    #[must_use]
    pub fn texts(&self, selector: &Selector, max: usize) -> Vec<String> {
        self.html
            .select(selector)
            .take(max)
            .map(|element| text_of(&element))
            .collect()
    }

    /// The number of matching elements.
    #[must_use]
    pub fn count(&self, selector: &Selector) -> usize {
        self.html.select(selector).count()
    }

    /// Where the matching elements lead, or the links inside or around them: the values of `href`,
    /// `onclick` and similar attributes, at most `max`.
    #[must_use]
    pub fn ways(&self, selector: &Selector, max: usize) -> Vec<String> {
        let mut ways = Vec::new();
        for element in self.html.select(selector).take(max) {
            let around = element.ancestors().filter_map(ElementRef::wrap).take(2);
            let within = element.descendent_elements().take(MAX_WITHIN);
            ways.extend(within.chain(around).flat_map(leads_to).map(str::to_owned));
        }
        ways.truncate(max);
        ways
    }

    /// Whether a usable link or button leads to any of these targets, as written.
    #[must_use]
    pub fn leads_to_any(&self, ways: &[String]) -> bool {
        !ways.is_empty()
            && self
                .html
                .root_element()
                .descendent_elements()
                .filter(|element| is_usable(element) && element.attr("hidden").is_none())
                .any(|element| {
                    leads_to(element).any(|to| ways.iter().any(|way| leads_where(way, to)))
                })
    }

    /// Whether any matching element is usable: a disabled button leads nowhere.
    #[must_use]
    pub fn has_usable(&self, selector: &Selector) -> bool {
        self.html
            .select(selector)
            .any(|element| is_usable(&element))
    }

    /// Whether any element matches.
    #[must_use]
    pub fn has(&self, selector: &Selector) -> bool {
        self.html.select(selector).next().is_some()
    }
}

fn is_usable(element: &ElementRef<'_>) -> bool {
    let disabled = |value: &str| value.eq_ignore_ascii_case("true");
    element.attr("disabled").is_none() && !element.attr("aria-disabled").is_some_and(disabled)
}

/// How many elements inside a button are searched for its link.
const MAX_WITHIN: usize = 16;
/// Attributes that state where an element leads.
const LEADS: [&str; 5] = ["href", "onclick", "data-href", "data-url", "formaction"];
/// A shorter address leads nowhere by itself (`#`, `/`).
const SHORTEST_WAY: usize = 4;

fn leads_to(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    LEADS
        .iter()
        .filter_map(move |name| element.value().attr(name))
        .filter(|to| {
            let to = to.trim();
            to.len() >= SHORTEST_WAY && !to.starts_with('#') && !to.starts_with("javascript:void")
        })
}

/// A tree while it is built, token by token.
pub(super) struct GrowingTree {
    builder: TreeBuilder<NodeId, HtmlTreeSink>,
    fed: usize,
    /// The number of nodes at the last check of the limits.
    seen: usize,
    /// A limit was reached; nothing more is added.
    cut: bool,
}

impl GrowingTree {
    /// An empty tree for the page that is fed next; the page's length is a hint.
    pub(super) fn new(html: &str) -> Self {
        let sink = HtmlTreeSink::new(with_room(html));
        Self {
            builder: TreeBuilder::new(sink, TreeBuilderOpts::default()),
            fed: 0,
            seen: 0,
            cut: false,
        }
    }

    /// Adds text with decoded references.
    pub(super) fn characters(&mut self, text: &str) {
        if !self.cut {
            self.take(characters(text));
        }
    }

    /// Adds a token that is not [`Token::Text`].
    pub(super) fn token(&mut self, token: &Token<'_>) {
        if !self.cut {
            self.take(translate(token));
        }
    }

    fn take(&mut self, token: Option<Fed>) {
        if let Some(token) = token {
            feed(&self.builder, token);
        }
        if self.fed.is_multiple_of(STRIDE) {
            self.cut = beyond_bounds(&self.builder.sink.0.borrow(), &mut self.seen);
        }
        self.fed += 1;
    }

    pub(super) fn end(self) -> Tree {
        feed(&self.builder, Fed::EOFToken);
        self.builder.end();
        let mut html = self.builder.sink.0.into_inner();
        leave_templates(&mut html);
        Tree {
            html,
            cut: self.cut,
        }
    }
}

/// Takes what templates hold out of the tree: a browser shows it only when a script uses it.
fn leave_templates(html: &mut Html) {
    for id in held_by_templates(html) {
        if let Some(mut node) = html.tree.get_mut(id) {
            // Selectors look at every node of the tree, also at those that hang nowhere.
            *node.value() = Node::Fragment;
            node.detach();
        }
    }
}

/// What templates hold, each node once, however deep templates nest.
fn held_by_templates(html: &Html) -> Vec<NodeId> {
    let is_template = |node: &Node| {
        node.as_element()
            .is_some_and(|e| e.name() == "template" && e.attr("shadowrootmode").is_none())
    };
    let nodes = html.tree.nodes().filter(|node| is_template(node.value()));
    let outermost = nodes.filter(|node| !node.ancestors().any(|above| is_template(above.value())));
    outermost
        .flat_map(|node| node.descendants().skip(1).map(|held| held.id()))
        .collect()
}

/// An empty document with capacity for the page's nodes, about one per tag.
fn with_room(html: &str) -> Html {
    let tags = memchr::memchr_iter(b'<', html.as_bytes()).count();
    let mut document = Html::new_document();
    let mut tree = ego_tree::Tree::with_capacity(Node::Document, tags.min(MAX_NODES) + 8);
    std::mem::swap(&mut document.tree, &mut tree);
    document
}

/// An element's text; for a field its value, for a meta its content.
fn text_of(element: &ElementRef<'_>) -> String {
    let attribute = match element.value().name() {
        "input" => element.attr("value"),
        "meta" => element.attr("content"),
        _ => None,
    };
    let text: String = attribute.map_or_else(|| element.text().collect(), str::to_owned);
    let is_blank = text.chars().all(char::is_whitespace);
    icon_label(element).filter(|_| is_blank).unwrap_or(text)
}

/// The name of a link or button that shows only an icon.
fn icon_label(element: &ElementRef<'_>) -> Option<String> {
    let mut within = element.descendent_elements().take(MAX_WITHIN);
    within
        .find_map(|inner| {
            let is_control = matches!(inner.value().name(), "a" | "button" | "svg");
            let name = inner.attr("aria-label").or_else(|| inner.attr("title"));
            name.filter(|_| is_control).map(str::to_owned)
        })
        .or_else(|| icon_of_link(element))
}

/// What stands for the words of a link that shows only a picture: its name, or the link's target.
fn icon_of_link(element: &ElementRef<'_>) -> Option<String> {
    let within = || element.descendent_elements().take(MAX_WITHIN);
    let link = within().find(|inner| inner.value().name() == "a")?;
    let target = link
        .attr("href")
        .filter(|href| href.len() >= SHORTEST_WAY)?;
    let picture = within().find(|inner| inner.value().name() == "img")?;
    let name = picture.attr("alt").filter(|alt| !alt.trim().is_empty());
    Some(name.unwrap_or(target).to_owned())
}

fn feed(builder: &impl TokenSink, token: Fed) {
    // The tokenizer recognises raw text by the element's name, and no script ever runs.
    let _: TokenSinkResult<_> = builder.process_token(token, 1);
}

/// Checks the nodes made since the last check.
fn beyond_bounds(html: &Html, seen: &mut usize) -> bool {
    let nodes = html.tree.nodes();
    let total = nodes.len();
    if total > MAX_NODES {
        return true;
    }
    let fresh = total - *seen;
    *seen = total;
    html.tree
        .nodes()
        .rev()
        .take(fresh)
        .filter(|node| matches!(node.value(), Node::Element(_)))
        .any(|node| node.ancestors().nth(MAX_DEPTH).is_some())
}

/// The token for the tree builder; text has decoded references.
fn translate(token: &Token<'_>) -> Option<Fed> {
    match token {
        Token::Text(text) | Token::Raw(text) | Token::Cdata(text) => characters(text),
        Token::Start(tag) => Some(Fed::TagToken(start(tag))),
        Token::End(name) => Some(Fed::TagToken(Tag {
            kind: TagKind::EndTag,
            name: local(name),
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        })),
        Token::Doctype => Some(Fed::DoctypeToken(Doctype {
            name: Some(StrTendril::from_slice("html")),
            ..Doctype::default()
        })),
        Token::Comment => None,
    }
}

fn characters(text: &str) -> Option<Fed> {
    if text.is_empty() {
        return None;
    }
    // The tree builder expects NUL as a separate token; nothing here needs it.
    let text = if text.contains('\0') {
        StrTendril::from(text.replace('\0', "\u{fffd}"))
    } else {
        StrTendril::from_slice(text)
    };
    Some(Fed::CharacterTokens(text))
}

fn local(name: &str) -> LocalName {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        LocalName::from(name.to_ascii_lowercase())
    } else {
        LocalName::from(name)
    }
}

fn start(tag: &token::Tag<'_>) -> Tag {
    let mut attrs: Vec<Attribute> = Vec::new();
    for (name, value) in tag.attributes().take(MAX_ATTRIBUTES) {
        let name = QualName::new(None, ns!(), local(name));
        if attrs.iter().all(|a| a.name != name) {
            let value = StrTendril::from_slice(&entity::decode(value, true));
            attrs.push(Attribute { name, value });
        }
    }
    Tag {
        kind: TagKind::StartTag,
        name: local(tag.name),
        self_closing: tag.self_closing,
        attrs,
        had_duplicate_attributes: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector(css: &str) -> Selector {
        Selector::parse(css).unwrap()
    }

    #[test]
    fn selectors_find_text() {
        let tree = Tree::parse(
            "<div class=wx-tit><h1>论<b>文</b>&amp;</h1></div><input id=i value=7><p id=pdfDown>",
        );
        assert_eq!(tree.texts(&selector(".wx-tit > h1"), 9), ["论文&"]);
        assert_eq!(tree.texts(&selector("#i"), 9), ["7"]);
        let icons = Tree::parse("<td><a href=/1 aria-label=CSV><svg></svg></a></td>");
        assert_eq!(icons.texts(&selector("a"), 9), ["CSV"]);
        assert!(tree.has(&selector("#pdfDown")) && !tree.has(&selector("#cajDown")));
        assert!(!tree.cut);
    }

    #[test]
    fn the_tree_is_that_of_the_reference_parser() {
        let html = "<!doctype html><title>t&lt;</title><body class=a><table><tr><td>1<td>2</table><p>a<p>b<script>1<2</script>\
                    <ul><li>x<li>y</ul><b><i>mis</b>nested</i><svg><path d='M0'/></svg><select><option>1<option>2</select>";
        assert_eq!(
            Tree::parse(html).html.html(),
            Html::parse_document(html).html()
        );
    }

    #[test]
    fn nested_templates_hold_each_node_once() {
        let html = "<template>".repeat(20) + &"<p>".repeat(50);
        let html = Html::parse_document(&html);
        // 20 fragments, 19 templates within others, and the paragraphs.
        assert_eq!(held_by_templates(&html).len(), 20 + 19 + 50);
    }

    /// Each of these takes minutes or gigabytes without the limits.
    #[test]
    fn hostile_pages_are_bounded() {
        let attributes: String = (0..200_000).fold("<p".to_owned(), |s, i| s + &format!(" a{i:x}"));
        let fonts: String =
            (0..20_000).fold(String::new(), |s, i| s + &format!("<p><font a={i}></p>"));
        for html in [
            "<div>".repeat(100_000),
            "<table><td>".repeat(100_000),
            "<svg><style><g>".repeat(60_000),
            "<b><p>".repeat(100_000),
            format!("{attributes}>"),
            format!("{fonts}{}", "<p>x".repeat(200_000)),
            "<a><table>".repeat(60_000),
        ] {
            let tree = Tree::parse(&html);
            assert!(tree.html.tree.nodes().len() < 2 * MAX_NODES);
            assert!(!tree.has(&selector("#none div > .x")));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_page_can_be_parsed(html in "(</?(p|b|a|table|td|tr|select|option|svg|title|style|script|template|textarea|frameset|noscript|plaintext|math|form|body|html|head|button|li|h1|br|caption|col|image|object)( x=1)?/?>|x|&amp;|<!--|-->|<!doctype html>|\0| ){0,50}") {
            proptest::prop_assert!(!Tree::parse(&html).cut);
        }
    }
}
