//! A cell of a table, before any format: exporters decide how a time or a number is written.

use chrono::NaiveDate;

use crate::model::Time;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    /// Anything, hostile text included: exporters clean and guard it.
    Text(String),
    Whole(i64),
    /// A number, shown with so many decimals.
    Number(f64, u8),
    Yes(bool),
    /// An instant, in UTC.
    Utc(Time),
    /// The same, as Beijing's clocks showed it.
    Beijing(Time),
    Day(NaiveDate),
    /// Parted by ` | `.
    List(Vec<String>),
}

impl Cell {
    /// A text, or nothing.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    /// What there is, or nothing.
    pub fn of<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Self {
        value.map_or(Cell::Empty, cell)
    }

    /// Milliseconds, to a tenth.
    pub fn ms(value: Option<f64>) -> Self {
        Self::of(value, |ms| Cell::Number(ms, 1))
    }
}

/// A column: its name, what it holds, and what that means. The data dictionary is made of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    /// `text`, `number`, `time`, `date`, `list`, `yes/no`.
    pub kind: &'static str,
    pub about: &'static str,
}

/// Short for a column, in the tables' lists.
pub(super) const fn column(name: &'static str, kind: &'static str, about: &'static str) -> Column {
    Column { name, kind, about }
}

/// `value` to so many decimals.
pub(super) fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    (value * scale).round() / scale
}
