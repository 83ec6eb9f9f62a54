//! A column of an answer: how much its rows differ, and whether they have all become equal.
//!
//! A page that hides its values may write anything into each row, a word or a figure. When rows
//! that mostly differed are all equal, the values are hidden. The series also keeps how much the
//! rows differed.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::judge::exact;
use crate::text::clean;

/// Fewer rows are not a column.
const MIN_ROWS: usize = 8;
/// Rows mostly differ when at least this share of their values is distinct.
pub(super) const MOSTLY: f64 = 0.5;
/// At this share or more, nearly all rows are equal.
const NEARLY_ALL: f64 = 0.8;
/// How many characters of the common value are shown.
const MAX_SHOWN: usize = 60;

/// What the rows of a column have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// Distinct values per row, 0 to 1.
    #[serde(with = "exact::float")]
    pub distinct: f64,
    /// A digest of rows that mostly differ and contain figures.
    pub digest: Option<String>,
    /// The value of all or nearly all rows, in words, when these are equal, and how many hold it.
    pub only: Option<(String, usize)>,
    /// The most frequent text, in words, and how many rows hold it.
    pub(super) most: Option<(String, usize)>,
    /// The number of rows, and how many different texts they hold that are not empty.
    pub(super) rows: usize,
    pub(super) different: Option<usize>,
    /// The rows name days of the week.
    pub(super) of_weekdays: bool,
}

impl ColumnSummary {
    /// The summary of the texts of its rows.
    pub(super) fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let texts: Vec<&str> = texts.map(str::trim).collect();
        let mut column = Self::of(&texts)?;
        let varies = column.distinct >= MOSTLY && has_figures(&texts);
        column.digest = varies.then(|| digest(&texts));
        let shown = |(text, alike)| (format!("`{}`", clean::line(text, MAX_SHOWN)), alike);
        column.only = one(&texts).map(&shown);
        let counts = counts(&texts);
        column.different = Some(counts.len());
        column.of_weekdays = texts.iter().all(|text| is_weekday(text));
        column.most = most_frequent(&counts).map(shown);
        Some(column)
    }

    /// The summary of the days of its rows; a row without a date counts as a distinct value.
    pub(super) fn of_days(days: impl Iterator<Item = Option<NaiveDate>>) -> Option<Self> {
        let days: Vec<Option<NaiveDate>> = days.collect();
        let mut column = Self::of(&days)?;
        let is_one = days.windows(2).all(|pair| pair[0] == pair[1]);
        let day = days.first()?.filter(|_| is_one);
        column.only = day.map(|day| (day.to_string(), days.len()));
        Some(column)
    }

    /// The share of the rows that hold the most frequent text.
    #[allow(clippy::cast_precision_loss)] // counts of matches stay far below 2^53
    pub(in crate::judge) fn alike(&self) -> Option<f64> {
        let (_, count) = self.most.as_ref()?;
        let share = *count as f64 / self.rows.max(1) as f64;
        Some((share * 1000.0).round() / 1000.0)
    }

    #[allow(clippy::cast_precision_loss)] // counts of matches stay far below 2^53
    fn of<T: Eq + std::hash::Hash>(rows: &[T]) -> Option<Self> {
        if rows.len() < MIN_ROWS {
            return None;
        }
        let different: HashSet<&T> = rows.iter().collect();
        let share = different.len() as f64 / rows.len() as f64;
        Some(Self {
            distinct: (share * 1000.0).round() / 1000.0,
            digest: None,
            only: None,
            most: None,
            rows: rows.len(),
            different: None,
            of_weekdays: false,
        })
    }
}

/// Whether most rows contain a figure: a column of names does not change.
fn has_figures(texts: &[&str]) -> bool {
    let figures = texts.iter().filter(|t| t.chars().any(char::is_numeric));
    figures.count() * 2 > texts.len()
}

/// Whether a text names a day of the week, in Chinese, Japanese, Korean or English.
fn is_weekday(text: &str) -> bool {
    const ENGLISH: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = ["星期", "礼拜", "周", "週"]
        .iter()
        .find_map(|before| text.strip_prefix(before))
        .or_else(|| text.strip_suffix("曜日"))
        .or_else(|| text.strip_suffix("요일"))
        .unwrap_or(text);
    let lower = bare.to_lowercase();
    let mut letters = bare.chars();
    let is_letter = match (letters.next(), letters.next()) {
        (Some(one), None) => "月火水木金土日一二三四五六天월화수목금토일".contains(one),
        _ => false,
    };
    is_letter
        || ENGLISH.iter().any(|day| {
            let rest = lower.strip_prefix(day);
            rest.is_some_and(|rest| ["", "day", "sday", "nesday", "rsday", "urday"].contains(&rest))
        })
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

/// The common value of all rows or nearly all, and how many hold it; for a table whose head is
/// written as a row, of all rows after it.
#[allow(clippy::cast_precision_loss)] // counts of matches stay far below 2^53
fn one<'t>(texts: &[&'t str]) -> Option<(&'t str, usize)> {
    let same = |texts: &[&'t str]| texts.windows(2).all(|pair| pair[0] == pair[1]);
    let (head, rows) = texts.split_first()?;
    if same(texts) {
        return Some((head, texts.len()));
    }
    let is_head = rows.len() >= MIN_ROWS && !head.is_empty() && !head.chars().any(char::is_numeric);
    if is_head && same(rows) {
        return Some((rows[0], rows.len()));
    }
    let most = most_frequent(&counts(texts));
    most.filter(|(_, count)| *count as f64 >= NEARLY_ALL * texts.len() as f64)
}

/// How many rows hold each text that is not empty.
fn counts<'t>(texts: &[&'t str]) -> HashMap<&'t str, usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        *counts.entry(text).or_default() += 1;
    }
    counts
}

/// Of equally frequent texts the first in order, so that a record is always judged alike.
fn most_frequent<'t>(counts: &HashMap<&'t str, usize>) -> Option<(&'t str, usize)> {
    let all = counts.iter().map(|(text, count)| (*text, *count));
    all.max_by_key(|(text, count)| (*count, std::cmp::Reverse(*text)))
}
