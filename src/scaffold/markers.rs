//! What only the right page has: selectors of its content, words in its title.

use scraper::Selector;

use super::names::{is_furniture, is_stable};
use crate::text::outline::Element;
use crate::text::tree::Tree;

/// How many selectors are proposed.
const MOST: usize = 3;
/// An element with less text is not content.
const MIN_CHARS: usize = 80;

/// Selectors that match, look stable, and are in the content: its heading, its list, its longest
/// parts.
#[must_use]
pub(super) fn selectors(elements: &[Element], tree: &Tree, rows: Option<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    found.extend(heading(elements));
    found.extend(rows.map(str::to_owned));
    let mut parts: Vec<&Element> = elements
        .iter()
        .enumerate()
        .filter(|(at, e)| e.chars >= MIN_CHARS && !is_framed(elements, *at))
        .map(|(_, e)| e)
        .filter(|e| e.id.as_deref().is_some_and(is_stable))
        .collect();
    // Of nested parts the inner one is better: it is shorter, if it has enough text.
    parts.sort_by_key(|e| e.chars);
    found.extend(
        parts
            .iter()
            .filter_map(|e| e.id.as_ref())
            .map(|id| format!("#{id}")),
    );
    let matches = |css: &String| Selector::parse(css).is_ok_and(|s| tree.has(&s));
    found.retain(matches);
    found.dedup();
    found.truncate(MOST);
    found
}

/// The only `h1` with text, by its ancestors.
pub(super) fn heading(elements: &[Element]) -> Option<String> {
    let mut all = elements.iter().enumerate().filter(|(_, e)| e.name == "h1");
    let (at, only) = all.next().filter(|(_, e)| e.chars > 0)?;
    if all.next().is_some() || is_framed(elements, at) {
        return None;
    }
    let own = hook(only).map(|hook| format!("h1{hook}"));
    own.or_else(|| text_around(elements, at).map(|hook| format!("{hook} h1")))
        .or_else(|| Some("h1".to_owned()))
}

/// `#id` or `.class`, if one of them is stable.
pub(super) fn hook(element: &Element) -> Option<String> {
    let fits = |name: &&String| is_stable(name) && !is_furniture(name);
    let id = element.id.as_ref().filter(fits).map(|id| format!("#{id}"));
    id.or_else(|| {
        element
            .classes
            .iter()
            .find(fits)
            .map(|class| format!(".{class}"))
    })
}

/// The nearest hook of an ancestor.
pub(super) fn text_around(elements: &[Element], at: usize) -> Option<String> {
    above(elements, at).find_map(|at| hook(&elements[at]))
}

pub(super) fn above(elements: &[Element], at: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(elements[at].parent, |at| elements[*at].parent)
}

/// Whether an element is in the frame of every page of a site, or is part of it.
pub(super) fn is_framed(elements: &[Element], at: usize) -> bool {
    std::iter::once(at).chain(above(elements, at)).any(|at| {
        let element = &elements[at];
        let names = element.id.iter().chain(&element.classes);
        matches!(
            element.name.as_str(),
            "nav" | "header" | "footer" | "aside" | "form" | "head"
        ) || element.name != "body"
            && element.name != "html"
            && names.into_iter().any(|n| is_furniture(n))
    })
}

/// Whether an element is in the header, the footer or the menu of a page, by element names and by
/// the first words of their ids and classes.
pub(super) fn stands_in_frame(elements: &[Element], at: usize) -> bool {
    const FRAME: [&str; 8] = [
        "nav", "menu", "foot", "footer", "header", "top", "sidebar", "related",
    ];
    std::iter::once(at).chain(above(elements, at)).any(|at| {
        let element = &elements[at];
        let called = |name: &String| {
            let lower = name.to_ascii_lowercase();
            lower.split(['-', '_']).any(|word| FRAME.contains(&word))
        };
        matches!(element.name.as_str(), "nav" | "header" | "footer" | "aside")
            || element.id.iter().chain(&element.classes).any(called)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::outline::outline;

    fn found(html: &str) -> Vec<String> {
        let tree = Tree::parse(html);
        let elements = outline(&tree, 1000);
        selectors(&elements, &tree, Some(".list-content li"))
    }

    #[test]
    fn the_heading_the_list_and_the_longest_parts() {
        let items: Vec<String> = (0..9).map(|n| format!("<li>第{n}条新闻</li>")).collect();
        let items = items.concat();
        let text = "正文".repeat(60);
        let html = format!(
            "<body class=home><nav id=menu><ul class=links>{items}{items}</ul></nav><div class='css-1ab2c detail-title'><h1>题名</h1></div>\
             <ul class='clearfix list-content'>{items}</ul><div id=ember123>{text}</div><div id=zoom><p>{text}</p></div><footer id=foot>{text}</footer>"
        );
        assert_eq!(
            found(&html),
            [".detail-title h1", ".list-content li", "#zoom"]
        );
    }

    #[test]
    fn a_page_of_made_names_gives_none_that_will_be_gone() {
        assert_eq!(found("<div class=css-x1y2z3><h1>t</h1></div>"), ["h1"]);
        assert!(found("<div id=app></div>").is_empty());
        assert!(found("<h1>a</h1><h1>b</h1>").is_empty());
    }
}
