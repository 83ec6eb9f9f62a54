//! The figures of a page's tables, by the heads of their rows and columns.

use std::collections::BTreeMap;

use ego_tree::NodeRef;
use scraper::{ElementRef, Html, Node};
use serde::{Deserialize, Serialize};

use crate::text::figures::whole;
use crate::text::normalise::for_matching;

/// How many figures of a page are kept.
pub(super) const MAX_FIGURES: usize = 2_000;
const MAX_TABLES: usize = 60;
const MAX_ROWS: usize = 1_000;
const MAX_COLUMNS: usize = 64;
/// Characters of a head that are kept.
const MAX_HEAD: usize = 60;
/// Rows at the top that may be heads.
const HEAD_ROWS: usize = 3;
/// Heads of columns with figures that change by themselves.
const COUNTED: [&str; 16] = [
    "序号", "排名", "名次", "编号", "序號", "no.", "no", "#", "rank", "浏览", "点击", "阅读",
    "下载", "views", "hits", "조회",
];

/// A figure of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TableFigure {
    pub row: String,
    pub column: String,
    /// As [`crate::text::figures::whole`] spells it.
    pub value: String,
}

/// A row of cells; a cell that spans columns or rows is in each.
type Row = Vec<String>;

/// The figures, each with heads that no other has; sorted.
pub(super) fn figures(html: &Html) -> Vec<TableFigure> {
    let mut found: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    let mut tables = 0;
    for element in html.root_element().descendent_elements() {
        let is_table = element.value().name() == "table";
        if !is_table || tables >= MAX_TABLES || has_table(element) {
            continue;
        }
        tables += 1;
        for figure in of_rows(&grid(element)) {
            if found.len() >= MAX_FIGURES {
                break;
            }
            let known = found.entry((figure.row, figure.column));
            known
                .and_modify(|known| *known = None)
                .or_insert(Some(figure.value));
        }
    }
    found
        .into_iter()
        .filter_map(|((row, column), value)| {
            Some(TableFigure {
                row,
                column,
                value: value?,
            })
        })
        .collect()
}

fn has_table(element: ElementRef<'_>) -> bool {
    element
        .descendent_elements()
        .skip(1)
        .any(|inner| inner.value().name() == "table")
}

/// The cells of a table.
fn grid(table: ElementRef<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    // What cells of earlier rows still span: the text, and for how many rows, by column.
    let mut spans: Vec<(usize, String)> = vec![(0, String::new()); MAX_COLUMNS];
    let is_row = |element: &ElementRef<'_>| element.value().name() == "tr";
    for tr in table.descendent_elements().filter(is_row).take(MAX_ROWS) {
        let mut row: Row = Vec::new();
        let fill = |row: &mut Row, spans: &mut Vec<(usize, String)>| {
            while row.len() < MAX_COLUMNS && spans[row.len()].0 > 0 {
                let span = &mut spans[row.len()];
                span.0 -= 1;
                row.push(span.1.clone());
            }
        };
        for cell in tr.children().filter_map(ElementRef::wrap) {
            if !matches!(cell.value().name(), "td" | "th") {
                continue;
            }
            fill(&mut row, &mut spans);
            let text = text_of(cell);
            let (columns, more_rows) = (number(cell, "colspan"), number(cell, "rowspan") - 1);
            for _ in 0..columns {
                if row.len() >= MAX_COLUMNS {
                    break;
                }
                spans[row.len()] = (more_rows, text.clone());
                row.push(text.clone());
            }
        }
        fill(&mut row, &mut spans);
        rows.push(row);
    }
    rows
}

fn number(cell: ElementRef<'_>, name: &str) -> usize {
    let value = cell.attr(name).and_then(|v| v.trim().parse().ok());
    value.unwrap_or(1).clamp(1, MAX_COLUMNS)
}

fn text_of(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    let is_script = |node: NodeRef<'_, Node>| {
        let parent = node.parent().and_then(ElementRef::wrap);
        parent.is_some_and(|p| matches!(p.value().name(), "script" | "style"))
    };
    for node in cell.descendants() {
        if let Node::Text(piece) = node.value()
            && text.len() < 4 * MAX_HEAD
            && !is_script(node)
        {
            text.push_str(&piece.chars().take(4 * MAX_HEAD).collect::<String>());
        }
    }
    for_matching(&text)
}

/// The figures of one table.
fn of_rows(rows: &[Row]) -> Vec<TableFigure> {
    let heads = rows.iter().take(HEAD_ROWS).take_while(|row| is_head(row));
    let heads: Vec<&Row> = heads.collect();
    if heads.is_empty() {
        return Vec::new();
    }
    let column = |at: usize| head(heads.iter().filter_map(|row| row.get(at)));
    let mut found = Vec::new();
    for row in &rows[heads.len()..] {
        let Some((name_at, name)) = row_head(row) else {
            continue;
        };
        let name = head(std::iter::once(name));
        for (at, cell) in row.iter().enumerate() {
            let (true, Some(value)) = (at != name_at, whole(cell)) else {
                continue;
            };
            let column = column(at);
            let is_counted = COUNTED
                .iter()
                .any(|word| column == *word || !word.is_ascii() && column.contains(word));
            if !column.is_empty() && !is_counted {
                found.push(TableFigure {
                    row: name.clone(),
                    column,
                    value,
                });
            }
        }
    }
    found
}

/// A row of heads has at least two cells and no figures but years.
fn is_head(row: &Row) -> bool {
    let is_year =
        |value: &str| value.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
    let words = row.iter().filter(|cell| !cell.is_empty());
    words.count() >= 2
        && row
            .iter()
            .all(|c| whole(c).is_none_or(|value| is_year(&value)))
        && row.first().is_none_or(|first| whole(first).is_none())
}

/// The cell that names a row: the first with words, else the first.
fn row_head(row: &Row) -> Option<(usize, &String)> {
    let is_word = |cell: &String| cell.chars().any(char::is_alphabetic) && whole(cell).is_none();
    let words = row.iter().enumerate().find(|(_, cell)| is_word(cell));
    words.or_else(|| row.iter().enumerate().next().filter(|(_, c)| !c.is_empty()))
}

/// A head in the form in which heads are compared.
fn head<'c>(cells: impl Iterator<Item = &'c String>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cell in cells {
        let part: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
        let part: String = part.to_lowercase().chars().take(MAX_HEAD).collect();
        if !part.is_empty() && parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::TableFigure;
    use crate::text::tree::Tree;

    fn figures(html: &str) -> Vec<String> {
        let figures = super::figures(Tree::parse(html).html());
        let shown = |f: &TableFigure| format!("{} | {} = {}", f.row, f.column, f.value);
        figures.iter().map(shown).collect()
    }

    #[test]
    fn figures_are_named_by_their_heads() {
        let table = "<table><tr><th>序号<th>地区<th>2023年产值(亿元)<th>增速</tr>\
            <tr><td>1<td>北京<td>43,760.7<td>5.2%</tr><tr><td>2<td>上海<td>47218.66<td>—</tr></table>";
        assert_eq!(
            figures(table),
            [
                "上海 | 2023年产值(亿元) = 47218.66",
                "北京 | 2023年产值(亿元) = 43760.7",
                "北京 | 增速 = 5.2%"
            ]
        );
    }

    #[test]
    fn heads_over_several_rows_and_columns() {
        let table = "<table><tr><td rowspan=2>Year<td colspan=2>Trade</tr><tr><td>Exports<td>Imports</tr>\
            <tr><td>2021<td>10<td>20</tr><tr><td>2022<td>11<td>21</tr></table>";
        assert_eq!(
            figures(table),
            [
                "2021 | trade exports = 10",
                "2021 | trade imports = 20",
                "2022 | trade exports = 11",
                "2022 | trade imports = 21"
            ]
        );
    }

    #[test]
    fn what_is_ambiguous_or_no_data_is_left_out() {
        let twice = "<table><tr><td>a<td>b</tr><tr><td>x<td>1</tr><tr><td>x<td>2</tr></table>";
        assert_eq!(figures(twice), Vec::<String>::new());
        let layout = "<table><tr><td>1<td>2</tr><tr><td>3<td>4</tr></table>";
        assert_eq!(figures(layout), Vec::<String>::new());
        let counted = "<table><tr><td>题名<td>下载次数</tr><tr><td>某文<td>12</tr></table>";
        assert_eq!(figures(counted), Vec::<String>::new());
    }
}
