//! The elements of a page with their amounts of text: which are the site's frame, and which holds
//! the main text.

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use crate::text::normalise::collapse;

/// Elements whose text nobody reads.
const UNSEEN: [&str; 11] = [
    "script", "style", "noscript", "template", "head", "select", "textarea", "iframe", "svg",
    "button", "object",
];
/// Elements of the site's frame.
const FRAME: [&str; 5] = ["nav", "header", "footer", "aside", "form"];
/// Words that mark the frame in ids and classes, wherever they occur in a name.
const MARKS: [&str; 24] = [
    "foot",
    "copyright",
    "breadcrumb",
    "sidebar",
    "side-bar",
    "related",
    "recommend",
    "comment",
    "pagination",
    "pagebar",
    "toolbar",
    "advert",
    "banner",
    "cookie",
    "subscribe",
    "friendlink",
    "youqing",
    "dangqian",
    "qrcode",
    "ewm",
    "share",
    "print",
    "hotnews",
    "counter",
];
/// Words that mark the frame as a whole part of a name.
const PARTS: [&str; 24] = [
    "nav", "menu", "crumb", "crumbs", "position", "location", "rank", "hot", "ad", "ads", "pager",
    "page", "prev", "next", "login", "search", "tags", "tool", "tools", "links", "aside", "top",
    "meta", "info",
];
/// Names of ids and classes by which content systems mark the text of an article, in lower case.
const BODIES: [&str; 22] = [
    "trs_editor",
    "trs_uediter",
    "ucap-content",
    "pages_content",
    "article-content",
    "article_content",
    "articlecontent",
    "article-body",
    "articlebody",
    "article_body",
    "post-content",
    "entry-content",
    "rich_media_content",
    "js_content",
    "zoom",
    "vsb_content",
    "wp_articlecontent",
    "rm_txt_con",
    "detail-content",
    "news_content",
    "content-body",
    "artibody",
];
/// Elements that may hold the main text alone.
const HOLDERS: [&str; 14] = [
    "html", "body", "div", "main", "section", "article", "table", "tbody", "tr", "td", "center",
    "form", "font", "span",
];
/// The share of its parent's text, in per cent, that a child has when the rest is frame.
const MOST: usize = 80;
/// The share of the page's text, in per cent, that an element marked as the article has.
const MARKED: usize = 30;

/// An element, or the root.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // facts that have nothing to do with one another
struct Place {
    parent: usize,
    holds: bool,
    is_marked_frame: bool,
    is_marked_body: bool,
    is_unseen: bool,
    /// Characters of its own text outside links, and the same with all below it.
    own: usize,
    chars: usize,
}

/// The elements of a page in the order of their start tags; the root is the first.
#[derive(Debug)]
pub(super) struct Layout {
    places: Vec<Place>,
    frame: Vec<bool>,
    title: Option<String>,
}

impl Layout {
    pub(super) fn read(html: &Html) -> Self {
        let mut layout = Self {
            places: Vec::new(),
            frame: Vec::new(),
            title: None,
        };
        let mut open: Vec<usize> = Vec::new();
        let (mut links, mut unseen, mut in_title) = (0_usize, 0_usize, false);
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) if in_title => layout.add_title(text),
                    Node::Text(text) if unseen == 0 && links == 0 => {
                        layout.add_text(open.last().copied(), text);
                    }
                    Node::Element(element) => {
                        in_title |= element.name() == "title" && layout.title.is_none();
                        let place = Place::new(open.last().copied(), element);
                        unseen += usize::from(place.is_unseen);
                        links += usize::from(element.name() == "a");
                        open.push(layout.places.len());
                        layout.places.push(place);
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else {
                        continue;
                    };
                    in_title &= element.name() != "title";
                    links -= usize::from(element.name() == "a");
                    if let Some(at) = open.pop() {
                        unseen -= usize::from(layout.places[at].is_unseen);
                        layout.add_to_parent(at);
                    }
                }
            }
        }
        layout.find_frame();
        layout
    }

    pub(super) fn title(&self) -> Option<String> {
        let title = collapse(self.title.as_deref()?);
        (!title.is_empty()).then_some(title)
    }

    pub(super) fn is_unseen(&self, at: usize) -> bool {
        self.places.get(at).is_none_or(|place| place.is_unseen)
    }

    /// Whether an element is the frame; elements within a frame are not marked themselves.
    pub(super) fn is_frame(&self, at: usize) -> bool {
        self.frame.get(at).copied().unwrap_or_default()
    }

    fn add_title(&mut self, text: &str) {
        let title = self.title.get_or_insert_default();
        if title.len() < 4_096 {
            title.push_str(&text.chars().take(1_024).collect::<String>());
        }
    }

    fn add_text(&mut self, place: Option<usize>, text: &str) {
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
        if let Some(place) = place.and_then(|at| self.places.get_mut(at)) {
            place.own += chars;
            place.chars += chars;
        }
    }

    fn add_to_parent(&mut self, at: usize) {
        let (parent, chars) = (self.places[at].parent, self.places[at].chars);
        if parent != at {
            self.places[parent].chars += chars;
        }
    }

    /// An element with half of the page's text is not a frame, whatever its name.
    fn find_frame(&mut self) {
        let total = self.places.first().map_or(0, |root| root.chars);
        let is_frame = |place: &Place| place.is_marked_frame && place.chars * 2 < total.max(1);
        self.frame = self.places.iter().map(is_frame).collect();
    }

    /// The element that holds the main text: the one that is marked as the article, else the
    /// smallest that holds nearly all text outside links and frame.
    pub(super) fn main(&self) -> usize {
        let weights = self.weights();
        let total = weights.first().copied().unwrap_or(0);
        let is_marked = |at: &usize| {
            self.places[*at].is_marked_body && weights[*at] * 100 >= total * MARKED && total > 0
        };
        let marked = (0..self.places.len()).filter(is_marked);
        if let Some(best) = marked.max_by_key(|at| weights[*at]) {
            return best;
        }
        let mut heaviest: Vec<Option<usize>> = vec![None; self.places.len()];
        for (at, place) in self.places.iter().enumerate().skip(1) {
            let heavier = |other: usize| weights[at] > weights[other];
            if place.holds && !self.frame[at] && heaviest[place.parent].is_none_or(heavier) {
                heaviest[place.parent] = Some(at);
            }
        }
        let mut main = 0;
        while let Some(child) = heaviest.get(main).copied().flatten()
            && weights[child] * 100 >= weights[main] * MOST
        {
            main = child;
        }
        main
    }

    /// The characters outside links and frame of each element with all below it.
    fn weights(&self) -> Vec<usize> {
        let mut weights: Vec<usize> = self.places.iter().map(|place| place.own).collect();
        for (at, place) in self.places.iter().enumerate().skip(1).rev() {
            if !self.frame[at] {
                weights[place.parent] += weights[at];
            }
        }
        weights
    }
}

impl Place {
    fn new(parent: Option<usize>, element: &Element) -> Self {
        let name = element.name();
        let mut names: Vec<String> = element.classes().map(str::to_ascii_lowercase).collect();
        names.extend(element.id().map(str::to_ascii_lowercase));
        names.truncate(8);
        let is_page = matches!(name, "html" | "body");
        let is_article = name == "article" || element.attr("itemprop") == Some("articleBody");
        Self {
            parent: parent.unwrap_or(0),
            holds: HOLDERS.contains(&name),
            is_marked_frame: !is_page
                && (FRAME.contains(&name) || names.iter().any(|name| marks_frame(name))),
            is_marked_body: is_article || names.iter().any(|n| BODIES.contains(&n.as_str())),
            is_unseen: UNSEEN.contains(&name) || is_hidden(element),
            own: 0,
            chars: 0,
        }
    }
}

fn marks_frame(name: &str) -> bool {
    MARKS.iter().any(|mark| name.contains(mark))
        || name
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|part| PARTS.contains(&part))
}

fn is_hidden(element: &Element) -> bool {
    let hides = |style: &str| {
        let style: String = style
            .chars()
            .take(400)
            .filter(|c| !c.is_whitespace())
            .collect();
        style.to_ascii_lowercase().contains("display:none")
    };
    element.attr("hidden").is_some() || element.attr("style").is_some_and(hides)
}
