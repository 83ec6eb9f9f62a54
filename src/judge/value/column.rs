//! A column of an answer: how much its rows differ, and whether they have all become equal.
//!
//! A page that hides its values may write anything into each row, a word or a figure. When rows
//! that mostly differed are all equal, the values are hidden. The series also keeps how much the
//! rows differed.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::text::clean;

/// Fewer rows are not a column.
const MIN_ROWS: usize = 8;
/// How many characters of the common value are shown.
const MAX_SHOWN: usize = 60;

/// What the rows of a column have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    pub rows: usize,
    /// Distinct values per row, 0 to 1.
    pub distinct: f64,
    /// The value of all rows, in words, when they are equal.
    pub only: Option<String>,
}

impl ColumnSummary {
    /// The summary of the texts of its rows.
    pub(super) fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let texts: Vec<&str> = texts.map(str::trim).collect();
        let mut column = Self::of(&texts)?;
        column.only = one(&texts).map(|text| format!("`{}`", clean::line(text, MAX_SHOWN)));
        Some(column)
    }

    /// The summary of the days of its rows; a row without a date counts as a distinct value.
    pub(super) fn of_days(days: impl Iterator<Item = Option<NaiveDate>>) -> Option<Self> {
        let days: Vec<Option<NaiveDate>> = days.collect();
        let mut column = Self::of(&days)?;
        let is_one = days.windows(2).all(|pair| pair[0] == pair[1]);
        column.only = days.first()?.filter(|_| is_one).map(|day| day.to_string());
        Some(column)
    }

    #[allow(clippy::cast_precision_loss)] // counts of matches stay far below 2^53
    fn of<T: Eq + std::hash::Hash>(rows: &[T]) -> Option<Self> {
        if rows.len() < MIN_ROWS {
            return None;
        }
        let different: HashSet<&T> = rows.iter().collect();
        let share = different.len() as f64 / rows.len() as f64;
        Some(Self {
            rows: rows.len(),
            distinct: (share * 1000.0).round() / 1000.0,
            only: None,
        })
    }
}

/// The common value of all rows; for a table whose head is written as a row, of all rows after it.
fn one<'t>(texts: &[&'t str]) -> Option<&'t str> {
    let same = |texts: &[&'t str]| texts.windows(2).all(|pair| pair[0] == pair[1]);
    let (head, rows) = texts.split_first()?;
    if same(texts) {
        return Some(head);
    }
    let is_head = rows.len() >= MIN_ROWS && !head.is_empty() && !head.chars().any(char::is_numeric);
    (is_head && same(rows)).then(|| rows[0])
}
