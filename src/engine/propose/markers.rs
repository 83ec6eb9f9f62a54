//! What only the right page has: selectors of its content, words of its title.

use scraper::Selector;

use super::names::{is_furniture, is_stable};
use crate::text::outline::Element;
use crate::text::title;
use crate::text::tree::Tree;

/// Selectors that are proposed.
const MOST: usize = 3;
/// An element with less text than this is no content.
const MIN_CHARS: usize = 80;
/// Items that make a list.
pub(super) const MIN_ITEMS: usize = 5;

/// The part of a title that names the site or the page, to be expected of it: the last without a digit.
#[must_use]
pub(super) fn title(title: &str) -> Option<String> {
    let parts = title::parts(title);
    let fits = |part: &&&str| {
        (2..=30).contains(&part.chars().count()) && !part.chars().any(|c| c.is_ascii_digit())
    };
    parts
        .iter()
        .rev()
        .find(fits)
        .map(|part| (**part).to_owned())
}

/// Selectors that match, look stable, and stand in the content: its heading, its list, its longest parts.
#[must_use]
pub(super) fn selectors(elements: &[Element], tree: &Tree) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    found.extend(heading(elements));
    found.extend(list(elements).map(|(selector, _)| selector));
    let mut parts: Vec<&Element> = elements
        .iter()
        .enumerate()
        .filter(|(at, e)| e.chars >= MIN_CHARS && !is_framed(elements, *at))
        .map(|(_, e)| e)
        .filter(|e| e.id.as_deref().is_some_and(is_stable))
        .collect();
    // Of parts within one another the inner says more: shorter, where there is text enough.
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

/// The only `h1` with text, by what stands around it.
fn heading(elements: &[Element]) -> Option<String> {
    let mut all = elements.iter().enumerate().filter(|(_, e)| e.name == "h1");
    let (at, only) = all.next().filter(|(_, e)| e.chars > 0)?;
    if all.next().is_some() || is_framed(elements, at) {
        return None;
    }
    let own = hook(only).map(|hook| format!("h1{hook}"));
    own.or_else(|| around(elements, at).map(|hook| format!("{hook} h1")))
        .or_else(|| Some("h1".to_owned()))
}

/// The longest list in the content: a selector of its items, and how many there are.
#[must_use]
pub(super) fn list(elements: &[Element]) -> Option<(String, usize)> {
    let mut counts: std::collections::BTreeMap<(usize, &str), usize> =
        std::collections::BTreeMap::new();
    for element in elements {
        let Some(parent) = element.parent else {
            continue;
        };
        if matches!(element.name.as_str(), "li" | "tr" | "dd" | "dt" | "article")
            && element.chars >= 4
        {
            *counts.entry((parent, element.name.as_str())).or_default() += 1;
        }
    }
    let longest = counts
        .into_iter()
        .filter(|((at, _), n)| *n >= MIN_ITEMS && !is_framed(elements, *at))
        .filter_map(|((at, name), n)| {
            let own = hook(&elements[at]);
            let hook = own.or_else(|| around(elements, at))?;
            Some((elements[at].chars, format!("{hook} {name}"), n))
        })
        .max()?;
    Some((longest.1, longest.2))
}

/// `#id` or `.class`, when one of them is stable.
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

/// The nearest hook around an element.
pub(super) fn around(elements: &[Element], at: usize) -> Option<String> {
    above(elements, at).find_map(|at| hook(&elements[at]))
}

fn above(elements: &[Element], at: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(elements[at].parent, |at| elements[*at].parent)
}

/// Whether an element is, or stands in, what frames every page of a site.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::outline::outline;

    fn found(html: &str) -> Vec<String> {
        let tree = Tree::parse(html);
        selectors(&outline(&tree, 1000), &tree)
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

    #[test]
    fn the_words_of_a_title() {
        assert_eq!(
            title("最新发布 - 国家统计局").as_deref(),
            Some("国家统计局")
        );
        assert_eq!(title("Report 2026").as_deref(), None);
        assert_eq!(title("年鉴").as_deref(), Some("年鉴"));
    }
}
