//! A page's elements as plain data, for choosing selectors: names, ids, classes, and the amount of
//! text.

use std::collections::HashMap;

use scraper::Node;

use super::tree::Tree;

/// How many characters of a label are kept.
const LABEL: usize = 40;
/// How many characters of an address are kept.
const HREF: usize = 300;
/// Elements that show no text.
const UNSEEN: [&str; 5] = ["script", "style", "noscript", "template", "head"];

/// One element of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// The position of the parent element in the outline.
    pub parent: Option<usize>,
    /// In lower case.
    pub name: String,
    pub id: Option<String>,
    pub classes: Vec<String>,
    /// Characters of the text inside, without white space.
    pub chars: usize,
    /// The beginning of its text, without white space; for an `input`, its value.
    pub label: String,
    /// Where a link leads, as written; cut if it is long.
    pub href: String,
}

/// The first `max` elements of a page, in order.
#[must_use]
pub fn outline(tree: &Tree, max: usize) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut places = HashMap::new();
    for node in tree.html().tree.root().descendants() {
        let parent = node.parent().and_then(|p| places.get(&p.id()).copied());
        match node.value() {
            Node::Element(element) if elements.len() < max => {
                places.insert(node.id(), elements.len());
                elements.push(Element {
                    parent,
                    name: element.name().to_owned(),
                    id: element.id().map(str::to_owned),
                    classes: element.classes().map(str::to_owned).collect(),
                    chars: 0,
                    label: match element.name() {
                        "input" => shown(element.attr("value").unwrap_or_default()).collect(),
                        _ => String::new(),
                    },
                    href: match element.name() {
                        "a" => shortened(element.attr("href").unwrap_or_default()),
                        _ => String::new(),
                    },
                });
            }
            Node::Text(text) => {
                add(&mut elements, parent, text);
            }
            _ => {}
        }
    }
    elements
}

/// Text counts for its element and for all ancestors.
fn add(elements: &mut [Element], place: Option<usize>, text: &str) {
    let unseen = |at: usize| UNSEEN.contains(&elements[at].name.as_str());
    if place.is_none_or(unseen) {
        return;
    }
    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
    let mut next = place;
    while let Some(at) = next {
        let element = &mut elements[at];
        if element.chars < LABEL {
            element.label.extend(shown(text));
        }
        element.chars += chars;
        next = element.parent;
    }
}

fn shortened(text: &str) -> String {
    text.trim().chars().take(HREF).collect()
}

/// The beginning of a text, without white space.
fn shown(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).take(LABEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_in_order_with_their_text() {
        let tree = Tree::parse(
            "<title>t</title><div id=a class='x y'><h1>论文</h1><script>no()</script></div>",
        );
        let all = outline(&tree, 100);
        let div = all.iter().find(|e| e.name == "div").unwrap();
        assert_eq!((div.id.as_deref(), div.chars), (Some("a"), 2));
        assert_eq!(div.classes, ["x", "y"]);
        let h1 = all.iter().find(|e| e.name == "h1").unwrap();
        assert_eq!(all[h1.parent.unwrap()].id.as_deref(), Some("a"));
        assert_eq!(outline(&tree, 1).len(), 1);
    }

    #[test]
    fn what_elements_say_and_where_links_lead() {
        let html = "<p>x<a href=/a.pdf><i>PDF</i> 下载</a><input type=button value='CAJ 下载'>";
        let all = outline(&Tree::parse(html), 100);
        let named = |name: &str| all.iter().find(|e| e.name == name).unwrap();
        assert_eq!(named("a").label, "PDF下载");
        assert_eq!(named("a").href, "/a.pdf");
        assert_eq!(named("i").label, "PDF");
        assert_eq!(named("input").label, "CAJ下载");
    }
}
