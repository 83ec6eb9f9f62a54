//! Repeated elements of a page: rows of tables, items of lists, cards. What is proposed for them:
//! their number, their links, which columns are filled, and which column has the dates.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::found::{FEWEST_ITEMS, MIN_ITEMS, ProposedValue, count_of, date_of, quoted};
use super::markers::{above, hook, is_framed, text_around};
use super::names::{is_furniture, is_stable};
use super::row_columns::{MOSTLY, RowColumn, label, nulls, share};
use crate::text::outline::Element;
use crate::text::tree::Tree;

/// At most this many kinds of rows are read in a page, apart from the fields of a record.
const MOST_SETS: usize = 2;
/// At most this many columns are read.
const MOST_LOOKED_AT: usize = 14;
/// A paragraph has at least this many characters.
const PARAGRAPH: usize = 20;
/// A short list has at least this many characters.
const SHORT_LIST: usize = 20;
/// A paragraph is a row of a list when links are at least this share of its text.
const LINKED: f64 = 0.5;

/// The value after the label of a row.
const VALUE: &str = r"(?s)^[^:：]{1,16}[:：]\s*(.*)$";
/// A label has at most this many characters.
const MAX_LABEL: usize = 16;

/// Whether a text is a label, a colon and a value. Times and addresses have no label.
fn is_labelled(text: &str) -> bool {
    let Some((label, value)) = text.split_once([':', '：']) else {
        return false;
    };
    let is_name = label.chars().any(char::is_alphabetic) && !label.starts_with("http");
    is_name && label.chars().count() <= MAX_LABEL && !value.is_empty()
}

/// Rows of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowSet {
    /// The selector of all rows, including the head of a table.
    pub all: String,
    /// The selector of the rows with data.
    pub css: String,
    pub count: usize,
    /// Paragraphs of a text are only counted; they have no columns and no dates.
    pub is_text: bool,
    /// Each row is a label and its value: the fields of a record.
    pub is_of_fields: bool,
    members: Vec<usize>,
}

/// The rows of a page, those with the most text first.
pub(super) fn sets(elements: &[Element], tree: &Tree) -> Vec<RowSet> {
    let linked = linked_characters(elements);
    let mut groups: BTreeMap<(usize, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, element) in elements.iter().enumerate() {
        let is_link = share(linked[at], element.chars) >= LINKED;
        if let (Some(parent), Some(class)) = (element.parent, row_class(element, is_link)) {
            let key = (parent, element.name.as_str(), class);
            groups.entry(key).or_default().push(at);
        }
    }
    let mut groups: Vec<_> = groups
        .into_iter()
        .filter(|((at, ..), members)| members.len() >= FEWEST_ITEMS && !is_framed(elements, *at))
        .collect();
    let text = |members: &[usize]| members.iter().map(|at| elements[*at].chars).sum::<usize>();
    // Short lists come after all others.
    groups.sort_by_key(|(_, members)| {
        let is_short = members.len() < MIN_ITEMS;
        (is_short, std::cmp::Reverse(text(members)))
    });
    let mut found: Vec<RowSet> = Vec::new();
    for ((parent, name, class), members) in groups {
        let nested = |rows: &RowSet| {
            let is_in =
                |inner: usize, outer: &[usize]| above(elements, inner).any(|a| outer.contains(&a));
            is_in(members[0], &rows.members) || is_in(rows.members[0], &members)
        };
        let is_short = members.len() < MIN_ITEMS;
        let is_list = matches!(name, "tr" | "li" | "dd" | "dt") && text(&members) >= SHORT_LIST;
        let is_of_fields = name == "dd" && !found.iter().any(|rows| rows.is_of_fields);
        let has_room = found.len() < MOST_SETS || is_of_fields && found.len() == MOST_SETS;
        if has_room && (!is_short || is_list) && !found.iter().any(nested) {
            let made = rows(elements, tree, (parent, name, class), members);
            // Lists of one kind in several places are matched by one selector.
            found.extend(made.filter(|made| !found.iter().any(|known| known.css == made.css)));
        }
    }
    found
}

/// How many characters of each element are within links.
fn linked_characters(elements: &[Element]) -> Vec<usize> {
    let mut linked = vec![0; elements.len()];
    for (at, element) in elements.iter().enumerate() {
        if element.name == "a" && !element.href.is_empty() {
            for above in above(elements, at) {
                linked[above] += element.chars;
            }
        }
    }
    linked
}

/// The class that rows of this kind share, empty when the element's name is enough; `None` for an
/// element that is no row. `is_link`: most of the element's text is within links.
fn row_class(element: &Element, is_link: bool) -> Option<&str> {
    match element.name.as_str() {
        "li" | "tr" | "dd" | "dt" | "dl" | "article" => (element.chars >= 2).then_some(""),
        "p" if element.classes.is_empty() => {
            let counts = element.chars >= PARAGRAPH || is_link || is_labelled(&element.label);
            counts.then_some("")
        }
        "div" | "p" | "section" | "a" => {
            let own = element.classes.iter();
            let mut own = own.filter(|c| is_stable(c) && !is_furniture(c));
            own.next()
                .map(String::as_str)
                .filter(|_| element.chars >= 2)
        }
        _ => None,
    }
}

fn rows(
    elements: &[Element],
    tree: &Tree,
    (parent, name, class): (usize, &str, &str),
    members: Vec<usize>,
) -> Option<RowSet> {
    let place = hook(&elements[parent]).or_else(|| text_around(elements, parent));
    let all = match (place, name, class) {
        (_, _, class) if !class.is_empty() => format!("{name}.{class}"),
        (Some(place), ..) => format!("{place} {name}"),
        (None, "tr", _) => "table tr".to_owned(),
        (None, ..) => return None,
    };
    let (css, count) = data_rows(&all, tree);
    let of = |css: &str| scraper::Selector::parse(css).map_or(0, |s| tree.count(&s));
    let is_long = |at: &usize| elements[*at].chars >= PARAGRAPH;
    let leads = share(of(&format!("{all}:has(a[href])")), count) >= MOSTLY;
    let is_paragraph = (class.is_empty() || members.iter().all(is_long)) && !leads;
    let labelled = members
        .iter()
        .filter(|at| is_labelled(&elements[**at].label));
    let are_labelled = share(labelled.count(), members.len()) >= MOSTLY;
    let is_pair = of(&format!("{css} > :nth-child(2)")) == count
        && of(&format!("{css} > :nth-child(3)")) == 0;
    (count > 0).then_some(RowSet {
        is_text: name == "p" && is_paragraph && !are_labelled,
        is_of_fields: (matches!(name, "dd" | "dl") || name == "tr" && is_pair || are_labelled)
            && !leads,
        all,
        css,
        count,
        members,
    })
}

/// The selector of a table's data rows, and their number. The head of the table and a row that says
/// "no data" are not counted, because they remain when the data is gone. For other elements, all
/// items.
fn data_rows(selector: &str, tree: &Tree) -> (String, usize) {
    let count = |css: &str| scraper::Selector::parse(css).map_or(0, |s| tree.count(&s));
    let all = count(selector);
    let Some(table) = selector.strip_suffix(" tr") else {
        return (selector.to_owned(), all);
    };
    let of = |rows: &str| {
        let css = format!("{table} {rows}");
        let n = count(&css);
        (css, n)
    };
    let cells = [
        "tr:has(td + td)",
        "tr:has(td)",
        "tbody tr:has(td + td)",
        "tbody tr",
    ]
    .map(of);
    let fewer = cells.into_iter().find(|(_, n)| (1..all).contains(n));
    let (rows, n) = fewer.unwrap_or_else(|| (selector.to_owned(), all));
    // The only row without a link is a head in plain cells.
    match of("tr:has(td a)") {
        (linked, some) if some > 0 && some + 1 == n => (linked, some),
        _ => (rows, n),
    }
}

impl RowSet {
    /// The proposals for these rows; `number` distinguishes the values of several kinds of rows.
    pub(super) fn values(
        &self,
        elements: &[Element],
        tree: &Tree,
        today: NaiveDate,
        number: usize,
    ) -> Vec<ProposedValue> {
        let name = |name: &str| match number {
            0 => name.to_owned(),
            n => format!("{name}_{}", n + 1),
        };
        let mut found = vec![count_of(
            name("items"),
            "select",
            quoted(&self.css),
            self.count,
        )];
        if self.is_text || self.members.len() < MIN_ITEMS {
            return found;
        }
        found.extend(self.links(tree, &name));
        let columns = self.columns(elements, tree);
        found.extend(self.labelled(elements, &name));
        let dated = columns.iter().find_map(|column| column.date(today));
        let date = dated.as_ref().map(|(column, _)| column.css.clone());
        let others: Vec<&RowColumn> = columns
            .iter()
            .filter(|c| date.as_ref() != Some(&c.css))
            .collect();
        found.extend(nulls(&others, &name));
        if let Some((column, dates)) = dated {
            let how = vec![("select", quoted(&column.css)), ("as", quoted("date"))];
            let newest = date_of(how, &dates, today);
            found.extend(newest.map(|found| ProposedValue {
                name: name("newest"),
                ..found
            }));
        }
        found
    }

    /// The values after the labels, where most rows are `label: value`.
    fn labelled(
        &self,
        elements: &[Element],
        name: &impl Fn(&str) -> String,
    ) -> Option<ProposedValue> {
        let labels = self.members.iter().map(|at| elements[*at].label.as_str());
        let labelled = labels.filter(|label| is_labelled(label)).count();
        (share(labelled, self.members.len()) >= MOSTLY).then(|| ProposedValue {
            name: name("nulls_values"),
            lines: vec![
                ("select", quoted(&self.css)),
                ("regex", quoted(VALUE)),
                ("as", quoted("null_share")),
                ("max", "0.3".to_owned()),
            ],
            safe: true,
            seen:
                "The values after the labels; if more than the share `max` is empty: content.nulls"
                    .to_owned(),
        })
    }

    /// The links of the rows, where most rows have one.
    fn links(&self, tree: &Tree, name: &impl Fn(&str) -> String) -> Vec<ProposedValue> {
        let count = |css: &str| scraper::Selector::parse(css).map_or(0, |s| tree.count(&s));
        let leading = count(&format!("{}:has(a[href])", self.css));
        if share(leading, self.count) < MOSTLY {
            return Vec::new();
        }
        let links = format!("{} a[href]", self.css);
        let n = count(&links);
        let mut found = vec![count_of(name("links"), "select", quoted(&links), n)];
        // Rows that are selected by their links are no longer counted once the links are gone, so
        // all rows are counted too.
        if self.css.contains(":has(td a)") {
            let rows = count(&self.all);
            found.push(count_of(name("rows"), "select", quoted(&self.all), rows));
        }
        found
    }

    /// The parts that most rows have, as columns.
    fn columns(&self, elements: &[Element], tree: &Tree) -> Vec<RowColumn> {
        let mut candidates: Vec<(String, String)> = Vec::new();
        if elements[self.members[0]].name == "tr" {
            let heads = self.heads(tree);
            candidates.extend((1..=MOST_LOOKED_AT).map(|n| {
                let head = heads.get(n - 1).map_or("", String::as_str);
                let name = format!("column{n}");
                (
                    format!("{} > td:nth-child({n})", self.css),
                    label(name, head),
                )
            }));
        } else {
            candidates.extend(self.parts(elements));
            if elements[self.members[0]].name == "dl" {
                candidates.push((format!("{} dd", self.css), "dd".to_owned()));
            }
            candidates.push((self.css.clone(), "rows".to_owned()));
        }
        let column = |(css, name): (String, String)| RowColumn::read(css, name, self.count, tree);
        candidates.into_iter().filter_map(column).collect()
    }

    /// The headings of a table's columns.
    fn heads(&self, tree: &Tree) -> Vec<String> {
        let table = self.all.strip_suffix(" tr").unwrap_or(&self.all);
        let heads = scraper::Selector::parse(&format!("{table} th"));
        heads.map_or_else(|_| Vec::new(), |s| tree.texts(&s, MOST_LOOKED_AT))
    }

    /// The selectors and names of elements that are in most rows.
    fn parts(&self, elements: &[Element]) -> Vec<(String, String)> {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for at in 0..elements.len() {
            if !above(elements, at).any(|a| self.members.binary_search(&a).is_ok()) {
                continue;
            }
            let element = &elements[at];
            let class = element.classes.iter().find(|c| is_stable(c));
            let part = match (class, element.name.as_str()) {
                (Some(class), _) => (format!("{} .{class}", self.css), class.clone()),
                (None, name @ ("a" | "span" | "em" | "time" | "b" | "i")) => {
                    (format!("{} {name}", self.css), name.to_owned())
                }
                _ => continue,
            };
            *counts.entry(part).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .filter(|(_, n)| share(*n, self.members.len()) >= MOSTLY);
        most.map(|(part, _)| part).take(MOST_LOOKED_AT).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::outline::outline;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    fn values(html: &str) -> Vec<(String, String)> {
        let tree = Tree::parse(html);
        let elements = outline(&tree, 5000);
        let sets = sets(&elements, &tree);
        let found = sets
            .iter()
            .enumerate()
            .flat_map(|(n, rows)| rows.values(&elements, &tree, TODAY, n));
        found.map(|f| (f.name, f.lines[0].1.clone())).collect()
    }

    #[test]
    fn the_rows_of_a_table_and_its_filled_columns_are_proposed() {
        let rows: Vec<String> = (1..=9)
            .map(|n| format!("<tr><td>甲{n}</td><td>{n}.5</td><td>{n}</td><td></td></tr>"))
            .collect();
        let rows = rows.concat();
        let html = format!(
            "<table class=quotes><tr><th>名</th><th>价</th><th>量</th><th>注</th></tr>{rows}</table>"
        );
        let found = values(&html);
        let names: Vec<&str> = found.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["items", "nulls_column2", "nulls_column3"]);
        assert_eq!(found[1].1, "\".quotes tr:has(td + td) > td:nth-child(2)\"");
    }

    #[test]
    fn cards_are_rows_with_links_and_dates() {
        let cards: Vec<String> = (1..=8)
            .map(|n| format!("<div class=card><a href=/{n}>文书第{n}号</a><i class=day>2026-11-0{n}</i></div>"))
            .collect();
        let cards = cards.concat();
        let found = values(&format!("<div>{cards}</div>"));
        let has = |name: &str, css: &str| found.contains(&(name.to_owned(), format!("\"{css}\"")));
        assert!(
            has("items", "div.card") && has("links", "div.card a[href]"),
            "{found:?}"
        );
        assert!(has("newest", "div.card .day"), "{found:?}");
    }

    #[test]
    fn readings_that_all_are_of_today_are_to_go_on() {
        let page = |day: &str| {
            let rows: Vec<String> = (1..=8)
                .map(|n| format!("<div class=gauge><b>测站{n}号</b><i class=read>{day}</i></div>"))
                .collect();
            let rows = rows.concat();
            values(&format!("<div>{rows}</div>"))
        };
        let newest = ("newest".to_owned(), "\"div.gauge .read\"".to_owned());
        assert!(page("2026-11-25").contains(&newest));
    }

    #[test]
    fn labels_with_their_values_and_paragraphs_of_links_are_rows() {
        let fields = [
            "名称：甲公司",
            "法定代表人：沈某",
            "住所：某市某路8号",
            "状态：存续",
            "注册资本：90万元",
        ]
        .map(|field| format!("<p>{field}</p>"))
        .concat();
        let found = values(&format!("<div id=entry>{fields}</div>"));
        let has = |name: &str| found.iter().any(|(found, _)| found == name);
        assert!(has("items") && has("nulls_values"), "{found:?}");
        let links = [1, 2, 3, 4, 5, 6]
            .map(|n| format!("<p>　<a href=/{n}>第{n}号令</a>（{n}）</p>"))
            .concat();
        let found = values(&format!("<div id=issue>{links}</div>"));
        let links = ("links".to_owned(), "\"#issue p a[href]\"".to_owned());
        assert!(found.contains(&links), "{found:?}");
        let short = "<ul id=annexes><li>附件一 收录文献目录</li><li>附件二 馆藏清单</li><li>附件三 整理说明文字</li></ul>";
        assert_eq!(
            values(short),
            [("items".to_owned(), "\"#annexes li\"".to_owned())]
        );
    }

    #[test]
    fn paragraphs_are_only_counted() {
        let text: String = (1..=6)
            .map(|_| "<p>一段正文，说的是某地某事的来龙去脉与前因后果若干。</p>")
            .collect();
        let found = values(&format!("<div id=article>{text}</div>"));
        assert_eq!(found, [("items".to_owned(), "\"#article p\"".to_owned())]);
    }
}
