//! A cell of a table, before formatting: exporters decide how a time or a number is written.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::model::Time;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Empty,
    /// Any text, even hostile: exporters clean and guard it.
    Text(Cow<'a, str>),
    Whole(i64),
    /// A number and its number of decimals.
    Number(f64, u8),
    Yes(bool),
    /// An instant, in UTC.
    Utc(Time),
    /// The same, in Beijing time.
    Beijing(Time),
    Day(NaiveDate),
    /// Separated by ` | `.
    List(Vec<String>),
}

impl<'a> Cell<'a> {
    /// A text, or an empty cell.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    /// The cell of a value, or an empty cell.
    pub fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell<'a>) -> Self {
        value.map_or(Cell::Empty, cell)
    }

    /// A whole number.
    pub fn whole(number: impl Into<i64>) -> Self {
        Cell::Whole(number.into())
    }

    /// A number of items.
    pub fn count(number: usize) -> Self {
        Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Milliseconds, rounded to a tenth.
    pub fn ms(value: Option<f64>) -> Self {
        Self::maybe(value, |ms| Cell::Number(ms, 1))
    }

    /// A share in percent, rounded to a hundredth.
    pub fn percent(value: Option<f64>) -> Self {
        Self::maybe(value, |percent| Cell::Number(percent, 2))
    }
}

/// `value` rounded to this many decimals.
pub(super) fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    (value * scale).round() / scale
}
