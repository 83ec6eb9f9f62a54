//! Single values of a page: its date, and standalone figures.

use chrono::{NaiveDate, TimeDelta};

use super::found::{MOST_DATES, ProposedValue, quoted};
use super::markers::{hook, is_framed, text_around};
use crate::judge::value::date::newest_on;
use crate::judge::value::number;
use crate::text::outline::Element;
use crate::text::tree::Tree;

/// A date of at most this many days belongs to a page that is updated, not to an old text.
const FRESH: i64 = 3;
/// The limit for its age.
const MAX_AGE: &str = "14d";
/// Longer texts are neither dates nor figures.
const MAX_DATED: usize = 39;
const MAX_FIGURE: usize = 12;
/// A longer text does not only state a total.
const MAX_TOTAL: usize = 24;
/// A smaller number is not the total of a list.
const FEWEST_LISTED: usize = 10;
/// Words that follow the number of hits or records.
const COUNT_WORDS: [&str; 14] = [
    "条", "條", "筆", "笔", "件", "项", "項", "篇", "건", "results", "records", "hits", "items",
    "entries",
];
/// Words of classes and ids of such numbers.
const COUNT_NAMES: [&str; 5] = ["total", "hits", "results", "found", "totalcount"];
/// A heading that is a year.
const HEADING_OF_YEAR: &str = r"^\s*((?:19|20)\d\d)\s*年?\s*$";
/// Fewer years are no table of years.
const FEWEST_YEARS: usize = 3;
/// A table whose newest year ended this many days ago is not continued.
const OLDEST_TABLE: i64 = 1_200;
/// How many days after the end of a year the next one may come.
const ROOM_FOR_A_YEAR: i64 = 450;
/// How many figures are proposed.
const MOST: usize = 3;

/// The date that the page states for itself.
pub(super) fn day(elements: &[Element], tree: &Tree, today: NaiveDate) -> Option<ProposedValue> {
    day_of_element(elements, tree, today).or_else(|| day_of_title(tree, today))
}

/// The day of an edition, in the title.
fn day_of_title(tree: &Tree, today: NaiveDate) -> Option<ProposedValue> {
    let selector = scraper::Selector::parse("title").ok()?;
    let title = tree.texts(&selector, 1).pop()?;
    let date = newest_on(&title, None, today)?;
    // A title that only names a month or a year is read as its first day.
    let figures = title.split(|c: char| !c.is_ascii_digit());
    let names_a_day = figures.filter(|part| !part.is_empty()).count() >= 3;
    let fresh = is_fresh(date, today) && names_a_day;
    fresh.then(|| stated(quoted("title"), date))
}

fn is_fresh(date: NaiveDate, today: NaiveDate) -> bool {
    let age = today - date;
    age <= TimeDelta::days(FRESH) && age >= TimeDelta::days(-1)
}

fn stated(css: String, date: NaiveDate) -> ProposedValue {
    ProposedValue {
        name: "day".to_owned(),
        lines: vec![
            ("select", css),
            ("as", quoted("date")),
            ("max_age", quoted(MAX_AGE)),
        ],
        safe: true,
        seen: format!("{date} today; older than `max_age` it is content.stale"),
    }
}

fn day_of_element(elements: &[Element], tree: &Tree, today: NaiveDate) -> Option<ProposedValue> {
    let dated = elements.iter().enumerate().filter_map(|(at, element)| {
        let short = (4..=MAX_DATED).contains(&element.chars) && !is_framed(elements, at);
        let date = newest_on(&element.label, None, today).filter(|_| short)?;
        is_fresh(date, today).then_some((at, date))
    });
    let (at, date) = dated.min_by_key(|(at, _)| (elements[*at].chars, std::cmp::Reverse(*at)))?;
    let css = place(elements, at)?;
    let selector = scraper::Selector::parse(&css).ok()?;
    let texts = tree.texts(&selector, MOST_DATES);
    let newest = texts.iter().filter_map(|t| newest_on(t, None, today)).max();
    (newest == Some(date)).then(|| stated(quoted(&css), date))
}

/// Standalone figures with a decimal point, in elements with names: a dash instead of one is
/// `content.nulls`.
pub(super) fn figures(elements: &[Element], tree: &Tree) -> Vec<ProposedValue> {
    let mut found: Vec<ProposedValue> = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        let is_figure = element.chars <= MAX_FIGURE && is_decimal(&element.label);
        if found.len() >= MOST || !is_figure || is_framed(elements, at) {
            continue;
        }
        let Some(css) = hook(element) else { continue };
        let alone = scraper::Selector::parse(&css).is_ok_and(|s| tree.count(&s) == 1);
        if alone {
            found.push(ProposedValue {
                name: format!("figure_{}", css[1..].replace('-', "_")),
                lines: vec![("select", quoted(&css)), ("as", quoted("number"))],
                safe: true,
                seen: format!(
                    "`{}` today; a dash in its place is content.nulls",
                    element.label
                ),
            });
        }
    }
    found
}

/// The number of hits or records that the page states for its list.
pub(super) fn total(elements: &[Element], tree: &Tree, listed: usize) -> Option<ProposedValue> {
    let stated = elements.iter().enumerate().filter_map(|(at, element)| {
        let is_short = element.chars <= MAX_TOTAL && !is_framed(elements, at);
        let counts = counts(element) && is_short;
        let number = number::first(&element.label).filter(|n| counts && n.fract() == 0.0)?;
        #[allow(clippy::cast_precision_loss)] // rows of one page
        let least = listed.max(FEWEST_LISTED) as f64;
        (number >= least).then_some((at, number))
    });
    let (at, number) =
        stated.min_by_key(|(at, _)| (elements[*at].chars, std::cmp::Reverse(*at)))?;
    let css = place(elements, at)?;
    let selector = scraper::Selector::parse(&css).ok()?;
    let texts = tree.texts(&selector, 2);
    let is_it = texts.len() == 1 && number::first(&texts[0]) == Some(number);
    is_it.then(|| ProposedValue {
        name: "total".to_owned(),
        lines: vec![
            ("select", quoted(&css)),
            ("as", quoted("number")),
            ("min", (number / 3.0).floor().to_string()),
        ],
        safe: true,
        seen: format!("{number} in all today; below `min` it is content.shrunk"),
    })
}

/// Whether an element says that it counts: by the word after its number, or by its name.
fn counts(element: &Element) -> bool {
    let label = element.label.to_lowercase();
    let is_named = |name: &String| {
        let name = name.to_ascii_lowercase();
        name.split(['-', '_'])
            .any(|word| COUNT_NAMES.contains(&word))
    };
    COUNT_WORDS.iter().any(|word| label.contains(word))
        || element.classes.iter().chain(&element.id).any(is_named)
}

/// The year of an edition, when the title of a list or else its heading holds exactly one.
pub(super) fn edition(tree: &Tree) -> Option<ProposedValue> {
    ["title", "h1", "h2", "caption"]
        .into_iter()
        .find_map(|place| edition_in(tree, place))
}

fn edition_in(tree: &Tree, place: &'static str) -> Option<ProposedValue> {
    let selector = scraper::Selector::parse(place).ok()?;
    let texts = tree.texts(&selector, 2);
    let [title] = &texts[..] else { return None };
    let figures: Vec<&str> = title
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| part.len() >= 3)
        .collect();
    let [year] = figures[..] else { return None };
    let is_year = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
    is_year.then(|| ProposedValue {
        name: "edition".to_owned(),
        lines: vec![
            ("select", quoted(place)),
            ("regex", quoted(r"((?:19|20)\d\d)")),
            ("as", quoted("number")),
            ("min", year.to_owned()),
        ],
        safe: true,
        seen: format!(
            "{year} in the {}; an older edition in its place is content.shrunk",
            if place == "title" { "title" } else { "heading" }
        ),
    })
}

/// The newest year among the headings of columns, where these are years.
pub(super) fn years(tree: &Tree, today: NaiveDate) -> Option<ProposedValue> {
    let selector = scraper::Selector::parse("th").ok()?;
    let regex = regex::Regex::new(HEADING_OF_YEAR).ok()?;
    let texts = tree.texts(&selector, MOST_DATES);
    let years = texts.iter().filter_map(|text| {
        let year = regex.captures(text)?.get(1)?;
        year.as_str().parse::<i32>().ok()
    });
    let years: std::collections::BTreeSet<i32> = years.collect();
    let newest = *years.last().filter(|_| years.len() >= FEWEST_YEARS)?;
    let last_day = NaiveDate::from_ymd_opt(newest, 12, 31)?;
    let age = (today - last_day).num_days().max(0);
    (age <= OLDEST_TABLE).then(|| ProposedValue {
        name: "newest_year".to_owned(),
        lines: vec![
            ("select", quoted("th")),
            ("regex", quoted(HEADING_OF_YEAR)),
            ("as", quoted("date")),
            ("format", quoted("%Y")),
            ("max_age", quoted(&format!("{}d", age + ROOM_FOR_A_YEAR))),
        ],
        safe: true,
        seen: format!(
            "{newest} is the newest of {} years in the headings; when its columns are gone it is content.stale",
            years.len()
        ),
    })
}

fn is_decimal(text: &str) -> bool {
    let figure = text.trim_end_matches('%').replace(',', "");
    figure.contains('.') && figure.parse::<f64>().is_ok()
}

/// The element, by its own name or that of an ancestor.
fn place(elements: &[Element], at: usize) -> Option<String> {
    let element = &elements[at];
    let around = || text_around(elements, at).map(|hook| format!("{hook} {}", element.name));
    hook(element).or_else(around)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::outline::outline;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    #[test]
    fn the_day_of_a_page_and_no_other() {
        let day = |html: &str| {
            let tree = Tree::parse(html);
            day(&outline(&tree, 100), &tree, TODAY).map(|f| f.lines[0].1.clone())
        };
        let html =
            "<div class=fund><dl><dt>净值 (2026-11-25)</dt></dl><p>成立日：2010-08-20</p></div>";
        assert_eq!(day(html).as_deref(), Some("\".fund dt\""));
        assert_eq!(day("<p class=date>2026-10-01</p>"), None);
        assert_eq!(day("<div class=footer><p>2026-11-25</p></div>"), None);
    }

    #[test]
    fn the_total_of_a_list_and_the_year_of_an_edition() {
        let total = |html: &str| {
            let tree = Tree::parse(html);
            total(&outline(&tree, 100), &tree, 20).map(|f| f.lines[2].1.clone())
        };
        assert_eq!(
            total("<p class=info>共找到 18,230 条</p>").as_deref(),
            Some("6076")
        );
        assert_eq!(total("<b class=total>1488</b>").as_deref(), Some("496"));
        assert_eq!(total("<p class=info>第 3 条</p>"), None);
        assert_eq!(total("<p class=views>1488</p>"), None);
        let edition = |title: &str| {
            let tree = Tree::parse(&format!("<title>{title}</title>"));
            edition(&tree).map(|f| f.lines[3].1.clone())
        };
        assert_eq!(edition("某省年鉴 2026 - 年鉴库").as_deref(), Some("2026"));
        assert_eq!(edition("2008—2024年的变化"), None);
        assert_eq!(edition("第120期"), None);
    }

    #[test]
    fn the_years_of_a_table() {
        let years = |heads: &str| {
            let cells: Vec<String> = heads.split(' ').map(|h| format!("<th>{h}</th>")).collect();
            let cells = cells.concat();
            let tree = Tree::parse(&format!("<table><tr>{cells}</tr></table>"));
            years(&tree, TODAY).map(|f| f.lines[4].1.clone())
        };
        assert_eq!(
            years("指标 2023年 2024年 2025年").as_deref(),
            Some("\"779d\"")
        );
        assert_eq!(years("Year 2025 2024 2023").as_deref(), Some("\"779d\""));
        assert_eq!(years("指标 2001 2002 2003"), None);
        assert_eq!(years("指标 2025 单位"), None);
    }

    #[test]
    fn figures_that_stand_alone() {
        let html = "<b class=price>3.4182</b><b class=count>128</b><i class=rate>0.4%</i><i class=rate>0.5%</i>";
        let tree = Tree::parse(html);
        let found = figures(&outline(&tree, 100), &tree);
        let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["figure_price"]);
    }
}
