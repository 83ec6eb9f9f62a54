//! The link from a record to its full text: buttons, by their ids or labels.

use super::markers::{hook, is_framed, stands_in_frame, text_around};
use crate::text::normalise::nfkc;
use crate::text::outline::Element;
use crate::text::tree::Tree;

/// How many selectors are proposed.
const MOST: usize = 4;
/// More buttons with the same label belong to a list, each to another record.
const SAME: usize = 2;
/// Ids that platforms give to such buttons.
const IDS: &[&str] = &["pdfDown", "cajDown"];
/// Labels of such buttons: NFKC, lower case, no white space, in simplified characters.
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
    "pdf",
    "pdf全文",
    "全文pdf",
    "caj",
    "epub",
    "articlepdf",
];
/// Labels of buttons that open a text in place, or a part of it. They count when nothing leads to
/// the whole text.
const READING: &[&str] = &[
    "在线阅读",
    "阅读全文",
    "查看全文",
    "全文阅读",
    "html阅读",
    "原版阅读",
    "试读",
    "文献传递",
    "图书馆文献传递",
    "readonline",
    "fulltext",
    "viewfulltext",
    "viewpdf",
];
/// Endings of full-text files.
const FILES: [&str; 5] = [".pdf", ".caj", ".epub", ".djvu", ".nh"];
/// Headings of an abstract, as regular expressions.
const ABSTRACT: &[&str] = &["摘\\s*要", "内容提要", "(?i)\\babstract\\b"];

/// The heading of the abstract in a text.
pub(super) fn abstract_in(text: &str) -> Option<&'static str> {
    let stands = |pattern: &&&str| regex::Regex::new(pattern).is_ok_and(|r| r.is_match(text));
    ABSTRACT.iter().find(stands).copied()
}

/// Selectors of the buttons, ids first; none on a page with the buttons of many records. Buttons
/// that open the text in place count on a page with an abstract, when no other leads to the whole
/// text.
pub(super) fn selectors(elements: &[Element], tree: &Tree, has_abstract: bool) -> Vec<String> {
    let has_id = |id: &&&str| elements.iter().any(|e| e.id.as_deref() == Some(**id));
    let ids = IDS.iter().filter(has_id).map(|id| format!("#{id}"));
    let whole = chosen(elements, tree, ids.collect(), leads_to_text);
    if whole.is_empty() && has_abstract {
        return chosen(elements, tree, Vec::new(), |e| says(e, READING));
    }
    whole
}

fn chosen(
    elements: &[Element],
    tree: &Tree,
    known: Vec<String>,
    is_way: fn(&Element) -> bool,
) -> Vec<String> {
    let buttons: Vec<usize> = (0..elements.len())
        .filter(|at| is_way(&elements[*at]) && !is_outside(elements, *at))
        .collect();
    let labels: Vec<&str> = buttons.iter().map(|at| &*elements[*at].label).collect();
    let same = |label: &str| labels.iter().filter(|other| **other == label).count();
    let few = buttons.len() <= SAME * MOST;
    if !few || labels.iter().any(|label| same(label) > SAME) {
        return Vec::new();
    }
    let mut found = known;
    found.extend(
        buttons
            .iter()
            .filter_map(|at| selector(elements, *at, tree)),
    );
    found.sort_by_key(|css| !css.starts_with('#') || css.contains(' '));
    let mut seen = std::collections::BTreeSet::new();
    let ids: Vec<String> = IDS.iter().map(|id| format!("#{id} ")).collect();
    // What is in a known button is that button.
    found.retain(|css| !ids.iter().any(|id| css.starts_with(id)) && seen.insert(css.clone()));
    found.truncate(MOST);
    found
}

/// Whether the element is in the frame of the page. A link to a file may be among links.
fn is_outside(elements: &[Element], at: usize) -> bool {
    match file(&elements[at]) {
        Some(_) => stands_in_frame(elements, at),
        None => is_framed(elements, at),
    }
}

/// A button with such a label, or a link to such a file.
fn leads_to_text(element: &Element) -> bool {
    says(element, WORDS) || file(element).is_some()
}

fn says(element: &Element, words: &[&str]) -> bool {
    is_label(&element.label, words) && matches!(element.name.as_str(), "a" | "button" | "input")
}

/// The file ending of a link's target.
fn file(element: &Element) -> Option<&'static str> {
    let path = element.href.split(['?', '#']).next()?.to_ascii_lowercase();
    FILES.into_iter().find(|ending| path.ends_with(ending))
}

/// Whether a label is one of the words, ignoring a size or similar text in brackets after it.
fn is_label(label: &str, words: &[&str]) -> bool {
    let label = nfkc(label).to_lowercase().replace('載', "载");
    let label = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    let label = label.split(['(', '[', '【']).next().unwrap_or_default();
    let label = label.trim_end_matches(|c: char| !c.is_alphanumeric());
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    words.contains(&label.as_str())
}

/// A selector that matches the button and no element with another label.
fn selector(elements: &[Element], at: usize, tree: &Tree) -> Option<String> {
    let element = &elements[at];
    let name = element.name.as_str();
    let own = hook(element).map(|hook| {
        let name = if hook.starts_with('#') { "" } else { name };
        format!("{name}{hook}")
    });
    let parent = element.parent.and_then(|at| hook(&elements[at]));
    let around = text_around(elements, at);
    let to_file = file(element).map(|ending| {
        let place = around
            .as_ref()
            .map_or_else(String::new, |hook| format!("{hook} "));
        format!("{place}a[href*=\"{ending}\"]")
    });
    let candidates = [
        own,
        parent.map(|hook| format!("{hook} > {name}")),
        around.map(|hook| format!("{hook} {name}")),
    ];
    let named = candidates.into_iter().flatten().find(|css| {
        let Ok(parsed) = scraper::Selector::parse(css) else {
            return false;
        };
        let texts = tree.texts(&parsed, SAME * WORDS.len());
        let clean = |text: &String| text.split_whitespace().collect::<String>();
        let is_way = |text: &String| [WORDS, READING].iter().any(|w| is_label(&clean(text), w));
        !texts.is_empty() && texts.iter().all(is_way)
    });
    let few = |css: &String| {
        scraper::Selector::parse(css).is_ok_and(|s| (1..=MOST).contains(&tree.count(&s)))
    };
    let by_value = || input(element).filter(few);
    named.or_else(|| to_file.filter(few)).or_else(by_value)
}

/// An input by the text on it; it has no text of its own.
fn input(element: &Element) -> Option<String> {
    let is_plain = |c: char| c.is_alphanumeric();
    let is_input = element.name == "input" && element.label.chars().all(is_plain);
    is_input.then(|| format!("input[value=\"{}\"]", element.label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::outline::outline;

    fn found(html: &str) -> Vec<String> {
        let tree = Tree::parse(html);
        selectors(&outline(&tree, 1000), &tree, true)
    }

    #[test]
    fn by_id_by_class_and_by_what_is_around() {
        let html = "<a class=download>下載全文（2.1MB）</a><div class=btn-dlpdf><a>PDF 下载</a></div><li id=cajDown><a>CAJ</a></li>\
                    <p class=intro><a>Download PDF</a><a>About</a></p><nav><a class=helper>PDF下载</a></nav>";
        assert_eq!(found(html), ["#cajDown", "a.download", ".btn-dlpdf > a"]);
        assert_eq!(found("<a id=pdfDown>x</a>"), ["#pdfDown"]);
        let inputs = "<div class=czan><input type=button value=在线全文 onclick=a()><input type=button value=下载全文 onclick=b()></div>";
        assert_eq!(found(inputs), ["input[value=\"下载全文\"]"]);
        assert!(found("<a class=download>下载客户端</a>").is_empty());
        let galley =
            "<div class=galleys><a class='galley-link pdf' href=/article/view/7/3>PDF</a></div>";
        assert_eq!(found(galley), ["a.galley-link"]);
    }

    #[test]
    fn files_by_where_they_lie_and_reading_only_where_nothing_else_leads_on() {
        let html = "<p class=pub-links><a class='btn btn-primary' href=/f/wp14.pdf?x=1>Read the paper (PDF, 1.2 MB)</a></p>";
        assert_eq!(found(html), ["a[href*=\".pdf\"]"]);
        let read = "<a class=read href=/r>在线阅读</a>";
        assert_eq!(found(read), ["a.read"]);
        let both = format!("{read}<a class=down href=/d>下载PDF</a>");
        assert_eq!(found(&both), ["a.down"]);
    }

    #[test]
    fn a_list_has_no_button_of_its_own() {
        let html = "<li><a class=download>PDF下载</a></li>".repeat(3);
        assert!(found(&html).is_empty());
    }
}
