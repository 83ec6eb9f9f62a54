//! Columns of rows in HTML: parts that most rows have. Those that are filled should stay so, and
//! one has the dates.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::found::{MOST_DATES, ProposedValue, quoted};
use crate::judge::value::date::newest_on;
use crate::text::tree::Tree;

/// How many columns are proposed.
const MOST_COLUMNS: usize = 12;
/// A column is filled when at least this share of the rows has content.
const FILLED: f64 = 0.9;
/// Most rows share something when at least this share has it.
pub(super) const MOSTLY: f64 = 0.8;
/// How much the share of empty cells may grow from today's.
const ROOM: f64 = 0.3;
/// A standalone date has at most this many characters; a longer cell may begin with one.
const SHORT: usize = 24;

/// A part that most rows have, with its text in each.
#[derive(Debug, Clone)]
pub(super) struct RowColumn {
    pub css: String,
    name: String,
    texts: Vec<String>,
    empty: usize,
}

impl RowColumn {
    pub(super) fn read(css: String, name: String, rows: usize, tree: &Tree) -> Option<Self> {
        let selector = scraper::Selector::parse(&css).ok()?;
        let texts = tree.texts(&selector, MOST_DATES);
        let full = texts
            .iter()
            .filter(|t| t.chars().any(char::is_alphanumeric));
        let empty = texts.len() - full.count();
        (share(texts.len(), rows) >= MOSTLY).then_some(Self {
            css,
            name,
            texts,
            empty,
        })
    }

    /// Its dates, if most of its cells are dates or begin with one.
    pub(super) fn date(&self, today: NaiveDate) -> Option<(&Self, BTreeSet<NaiveDate>)> {
        let dates: Vec<NaiveDate> = self
            .texts
            .iter()
            .filter_map(|text| date_of_cell(text, today))
            .collect();
        (share(dates.len(), self.texts.len()) >= MOSTLY)
            .then(|| (self, dates.into_iter().collect()))
    }
}

/// The date of a short cell, or the one at the beginning of a longer cell, when no other date in it
/// is newer.
fn date_of_cell(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim();
    let all = newest_on(text, None, today)?;
    if text.chars().count() <= SHORT {
        return Some(all);
    }
    let beginning: String = text.chars().take(SHORT).collect();
    let first = beginning.chars().next()?;
    let opens = first.is_ascii_digit() || beginning.split_whitespace().take(3).any(is_day);
    (opens && newest_on(&beginning, None, today) == Some(all)).then_some(all)
}

/// One or two figures of a day, with an ending at most: `26`, `26th`, `26,`.
fn is_day(word: &str) -> bool {
    let figures = word.chars().take_while(char::is_ascii_digit).count();
    (1..=2).contains(&figures) && word.len() <= 4
}

/// Columns that are filled today and should stay so. The first column of a table names its rows.
pub(super) fn nulls(columns: &[&RowColumn], name: &impl Fn(&str) -> String) -> Vec<ProposedValue> {
    let filled: Vec<&&RowColumn> = columns
        .iter()
        .filter(|c| share(c.empty, c.texts.len()) <= 1.0 - FILLED)
        .collect();
    let names_rows = filled.len() > 2 && filled[0].name.starts_with("column1");
    let filled = filled.into_iter().skip(usize::from(names_rows));
    filled
        .take(MOST_COLUMNS)
        .map(|column| {
            let max = share(column.empty, column.texts.len()) + ROOM;
            let (short, shown) = column.name.split_once(' ').unwrap_or((&column.name, ""));
            ProposedValue {
                name: name(&format!("nulls_{}", short.replace('-', "_"))),
                lines: vec![
                    ("select", quoted(&column.css)),
                    ("as", quoted("null_share")),
                    ("max", format!("{max:.1}")),
                ],
                safe: true,
                seen: format!(
                    "{}{} of {} is empty today; a greater share than `max` is content.nulls",
                    if shown.is_empty() {
                        String::new()
                    } else {
                        format!("\"{shown}\": ")
                    },
                    if column.empty == 0 {
                        "none".to_owned()
                    } else {
                        column.empty.to_string()
                    },
                    column.texts.len()
                ),
            }
        })
        .collect()
}

pub(super) fn label(name: String, head: &str) -> String {
    let head = crate::text::clean::line(head.trim(), 30);
    if head.is_empty() {
        name
    } else {
        format!("{name} {head}")
    }
}

#[allow(clippy::cast_precision_loss)] // at most some thousand elements
pub(super) fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
