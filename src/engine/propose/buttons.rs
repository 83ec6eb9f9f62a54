//! The way on from a record to its full text: buttons, by their ids or by what they say.

use super::markers::{around, hook, is_framed};
use crate::text::normalise::nfkc;
use crate::text::outline::Element;
use crate::text::tree::Tree;

/// Selectors that are proposed.
const MOST: usize = 4;
/// More that say the same are those of a list, each of another record.
const SAME: usize = 2;
/// Ids that platforms give to such buttons.
const IDS: &[&str] = &["pdfDown", "cajDown"];
/// What such buttons say: NFKC, lower case, no white space, in simplified characters.
const WORDS: &[&str] = &[
    "pdf下载",
    "caj下载",
    "下载pdf",
    "下载caj",
    "下载全文",
    "全文下载",
    "下载原文",
    "原文下载",
    "整本下载",
    "pdf全文下载",
    "下载pdf全文",
    "downloadpdf",
    "pdfdownload",
    "downloadfulltext",
    "fulltextpdf",
];
/// How an abstract is headed.
const ABSTRACT: &[&str] = &["摘要", "Abstract", "ABSTRACT"];

/// The heading of an abstract that stands in a text.
pub(super) fn abstract_in(text: &str) -> Option<&'static str> {
    ABSTRACT.iter().find(|word| text.contains(**word)).copied()
}

/// Selectors of the buttons, ids first; none on a page with the buttons of many records.
pub(super) fn selectors(elements: &[Element], tree: &Tree) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let buttons: Vec<usize> = (0..elements.len())
        .filter(|at| is_button(&elements[*at]) && !is_framed(elements, *at))
        .collect();
    let labels: Vec<&str> = buttons.iter().map(|at| &*elements[*at].label).collect();
    let same = |label: &str| labels.iter().filter(|other| **other == label).count();
    let few = buttons.len() <= SAME * WORDS.len();
    if !few || labels.iter().any(|label| same(label) > SAME) {
        return found;
    }
    let has_id = |id: &str| elements.iter().any(|e| e.id.as_deref() == Some(id));
    found.extend(
        IDS.iter()
            .filter(|id| has_id(id))
            .map(|id| format!("#{id}")),
    );
    found.extend(
        buttons
            .iter()
            .filter_map(|at| selector(elements, *at, tree)),
    );
    found.sort_by_key(|css| !css.starts_with('#') || css.contains(' '));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|css| seen.insert(css.clone()));
    found.truncate(MOST);
    found
}

fn is_button(element: &Element) -> bool {
    says_full_text(&element.label) && matches!(element.name.as_str(), "a" | "button" | "input")
}

/// Whether a label is one of the words; a size or the like in brackets after it is no part of it.
fn says_full_text(label: &str) -> bool {
    let label = nfkc(label).to_lowercase().replace('載', "载");
    let label = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    let label = label.split(['(', '[', '【']).next().unwrap_or_default();
    let label = label.trim_end_matches(|c: char| !c.is_alphanumeric());
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    WORDS.contains(&label.as_str())
}

/// A selector that matches the button, and nothing that says something else.
fn selector(elements: &[Element], at: usize, tree: &Tree) -> Option<String> {
    let element = &elements[at];
    let name = element.name.as_str();
    let own = hook(element).map(|hook| {
        let name = if hook.starts_with('#') { "" } else { name };
        format!("{name}{hook}")
    });
    let parent = element.parent.and_then(|at| hook(&elements[at]));
    let candidates = [
        own,
        parent.map(|hook| format!("{hook} > {name}")),
        around(elements, at).map(|hook| format!("{hook} {name}")),
    ];
    candidates.into_iter().flatten().find(|css| {
        let Ok(parsed) = scraper::Selector::parse(css) else {
            return false;
        };
        let texts = tree.texts(&parsed, SAME * WORDS.len());
        let clean = |text: &String| text.split_whitespace().collect::<String>();
        !texts.is_empty() && texts.iter().all(|text| says_full_text(&clean(text)))
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
    fn by_id_by_class_and_by_what_is_around() {
        let html = "<a class=download>下載全文（2.1MB）</a><div class=btn-dlpdf><a>PDF 下载</a></div><li id=cajDown><a>CAJ</a></li>\
                    <p class=intro><a>Download PDF</a><a>About</a></p><nav><a class=helper>PDF下载</a></nav>";
        assert_eq!(found(html), ["#cajDown", "a.download", ".btn-dlpdf > a"]);
        assert_eq!(found("<a id=pdfDown>x</a>"), ["#pdfDown"]);
        assert!(found("<a class=download>下载客户端</a>").is_empty());
    }

    #[test]
    fn a_list_has_no_button_of_its_own() {
        let html = "<li><a class=download>PDF下载</a></li>".repeat(3);
        assert!(found(&html).is_empty());
    }
}
