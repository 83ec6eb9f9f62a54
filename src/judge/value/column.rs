//! A column of an answer: how much its rows differ, and when they no longer do.
//!
//! A page that hides its values may write in each row whatever it likes, a word or a figure. That they were
//! mostly different and are one and the same tells it all the same. How much they differed is kept with the series.

use std::collections::HashSet;

use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::text::clean;

/// Fewer rows are no column.
const MIN_ROWS: usize = 8;
/// Rows mostly differ from this share of different values on.
pub(super) const MOSTLY: f64 = 0.5;
/// Characters shown of the value that all rows hold.
const MAX_SHOWN: usize = 60;

/// What the rows of a column have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    pub rows: usize,
    /// Different values to a row, 0 to 1.
    pub distinct: f64,
    /// A digest of rows that mostly differ and hold figures.
    pub digest: Option<String>,
    /// What all rows hold, in words, when it is one and the same.
    pub only: Option<String>,
}

impl ColumnSummary {
    /// Of the texts of its rows.
    pub(super) fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let texts: Vec<&str> = texts.map(str::trim).collect();
        let mut column = Self::of(&texts)?;
        let varies = column.distinct >= MOSTLY && has_figures(&texts);
        column.digest = varies.then(|| digest(&texts));
        column.only = one(&texts).map(|text| format!("`{}`", clean::line(text, MAX_SHOWN)));
        Some(column)
    }

    /// Of the days of its rows; what is no date counts as one of its own.
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
            digest: None,
            only: None,
        })
    }
}

/// Most rows hold a figure: a column of names stands still by nature.
fn has_figures(texts: &[&str]) -> bool {
    let figures = texts.iter().filter(|t| t.chars().any(char::is_numeric));
    figures.count() * 2 > texts.len()
}

/// White space is layout, not content.
fn digest(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        for word in text.split_whitespace() {
            hasher.update(word);
            hasher.update(b" ");
        }
        hasher.update(b"\n");
    }
    HEXLOWER.encode(&hasher.finalize()[..8])
}

/// The value of all rows; of a table whose head is written like a row, of all rows behind it.
fn one<'t>(texts: &[&'t str]) -> Option<&'t str> {
    let same = |texts: &[&'t str]| texts.windows(2).all(|pair| pair[0] == pair[1]);
    let (head, rows) = texts.split_first()?;
    if same(texts) {
        return Some(head);
    }
    let is_head = rows.len() >= MIN_ROWS && !head.is_empty() && !head.chars().any(char::is_numeric);
    (is_head && same(rows)).then(|| rows[0])
}
