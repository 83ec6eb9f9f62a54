//! The links in the rows of a list: where each leads, and what it says.

use scraper::{ElementRef, Selector};

use super::click_target::is_empty_address;
use super::links::Link;
use super::tree::Tree;
use super::words::CollapsedText;

/// How many links of one row are read.
pub const MAX_LINKS: usize = 12;
/// How many elements of one row are searched for links.
const MAX_WITHIN: usize = 400;
/// How many elements around a row are searched for a link that holds the row.
const MAX_AROUND: usize = 2;
/// How many characters of a target and of a label are read.
const MAX_TARGET: usize = 300;
const MAX_LABEL: usize = 60;
/// How many pieces and characters of a row's text are read.
const MAX_TEXTS: usize = 60;
const MAX_TEXT: usize = 300;
/// How many characters of a row's name are read, and of a piece of its text.
const MAX_NAME: usize = 80;
const MAX_PIECE: usize = 24;
/// Attributes with an address for a script.
const FOR_SCRIPTS: [&str; 4] = ["onclick", "data-href", "data-url", "data-id"];

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListRow {
    pub links: Vec<Link>,
    /// Its first words.
    pub text: String,
    /// The words of its first cell; of a row without cells, its first words.
    pub name: String,
    /// The short pieces of its text.
    pub pieces: Vec<String>,
}

impl Tree {
    /// The matching rows, in the order of the page, at most `max`.
    #[must_use]
    pub fn rows(&self, selector: &Selector, max: usize) -> Vec<ListRow> {
        let rows = self.html().select(selector).take(max);
        let row = |row: ElementRef<'_>| ListRow {
            links: links_of_row(&row),
            text: first_words(&row, MAX_TEXT),
            name: name(&row),
            pieces: pieces(&row),
        };
        rows.map(row).collect()
    }
}

/// What a row is called.
fn name(row: &ElementRef<'_>) -> String {
    let mut cells = row.child_elements();
    match (cells.next(), cells.next()) {
        (Some(first), Some(_)) => first_words(&first, MAX_NAME),
        _ => first_words(row, MAX_NAME),
    }
}

/// The short texts within a row, each without white space around it.
fn pieces(row: &ElementRef<'_>) -> Vec<String> {
    let texts = row.text().take(MAX_TEXTS).map(str::trim);
    let is_short = |text: &&str| !text.is_empty() && text.chars().nth(MAX_PIECE).is_none();
    texts.filter(is_short).map(str::to_owned).collect()
}

/// The first characters of an element's text, at most `most`. Rows may lie within each other around
/// one long text, so no more of it is read than is kept.
fn first_words(element: &ElementRef<'_>, most: usize) -> String {
    let mut words = CollapsedText::default();
    for whole in element.text().take(MAX_TEXTS) {
        let text = whole.trim_start();
        if text.len() < whole.len() {
            words.push_words(" ");
        }
        let end = text.char_indices().nth(2 * most);
        words.push_words(end.map_or(text, |(end, _)| &text[..end]));
        if words.out.chars().nth(most).is_some() {
            break;
        }
    }
    words.out.chars().take(most).collect()
}

/// The links inside a row, or the one that holds it. A link that leads nowhere does not count.
fn links_of_row(row: &ElementRef<'_>) -> Vec<Link> {
    let within = row.descendent_elements().take(MAX_WITHIN);
    let found: Vec<Link> = within
        .filter_map(|element| link(&element))
        .take(MAX_LINKS)
        .collect();
    if !found.is_empty() {
        return found;
    }
    let mut around = row
        .ancestors()
        .filter_map(ElementRef::wrap)
        .take(MAX_AROUND);
    around
        .find_map(|element| link(&element))
        .into_iter()
        .collect()
}

fn link(element: &ElementRef<'_>) -> Option<Link> {
    if !matches!(element.value().name(), "a" | "area") {
        return None;
    }
    let href = element.attr("href").map(str::trim);
    let href = href.filter(|href| !is_empty_address(href));
    let for_scripts = || FOR_SCRIPTS.iter().find_map(|name| element.attr(name));
    let target = href.or_else(for_scripts)?;
    let target = target.split('#').next().unwrap_or_default();
    let label = first_words(element, MAX_LABEL);
    let is_blank = label.trim().is_empty();
    let named = element.attr("aria-label").or_else(|| element.attr("title"));
    let text = named.filter(|_| is_blank).unwrap_or(&label);
    (!target.is_empty()).then(|| Link {
        href: target.chars().take(MAX_TARGET).collect(),
        text: text.chars().take(MAX_LABEL).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_somewhere_row_by_row() {
        let html = "<ul><li><a href=/1#top>一</a> <a href=# onclick=get(1)>下载</a></li>\
                    <li><a href='javascript:;'>二</a></li><li>三</li></ul>\
                    <a href=/4><li>四</li></a>";
        let selector = Selector::parse("li").unwrap();
        let rows = Tree::parse(html).rows(&selector, 9);
        let targets: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.links.iter().map(|link| link.href.as_str()).collect())
            .collect();
        assert_eq!(rows[0].text, "一 下载");
        let none: Vec<&str> = Vec::new();
        assert_eq!(
            targets,
            [vec!["/1", "get(1)"], none.clone(), none, vec!["/4"]]
        );
        assert_eq!(rows[0].links[1].text, "下载");
    }
    #[test]
    fn rows_within_rows_read_no_more_of_a_long_text_than_is_kept() {
        let deep = 400;
        let long = format!(" {}长", "文 字".repeat(500_000));
        let html = format!(
            "{}{long}{}",
            "<div class=r>".repeat(deep),
            "</div>".repeat(deep)
        );
        let selector = Selector::parse(".r").unwrap();
        let rows = Tree::parse(&html).rows(&selector, deep);
        assert!(rows.len() > 100);
        for row in &rows {
            assert_eq!(row.text.chars().count(), MAX_TEXT);
            assert!(row.text.starts_with("文 字文"));
        }
    }
}
