//! What a form of dates is: a pattern, and how its match is read.

use chrono::{NaiveDate, NaiveDateTime};
use regex::Captures;

use super::days::last_of_months;

/// How certain a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateConfidence {
    /// A whole date.
    Day,
    /// A month, a quarter, a week: `first` to `last`.
    Period,
    /// A number of hours or days before now.
    Ago,
    /// A day without a year.
    NoYear,
    /// A word: yesterday.
    Word,
    /// A date only if there is no other.
    Whole,
}

/// A piece of the text that is read as a date.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DatePiece {
    pub start: usize,
    pub end: usize,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub kind: DateConfidence,
    /// The second date of a range.
    pub ends_range: bool,
}

/// The result: first and last day, certainty, and whether it is the second date of a range.
pub(super) struct DateMatch {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub kind: DateConfidence,
    pub until: Option<NaiveDate>,
    /// How much of the text after the match belongs to it.
    pub more: usize,
}

impl DateMatch {
    pub(super) fn day(date: NaiveDate) -> Self {
        Self {
            first: date,
            last: date,
            kind: DateConfidence::Day,
            until: None,
            more: 0,
        }
    }

    pub(super) fn with_kind(self, kind: DateConfidence) -> Self {
        Self { kind, ..self }
    }

    pub(super) fn period(first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            last,
            kind: DateConfidence::Period,
            ..Self::day(first)
        }
    }

    /// A period of several months that ends with this one.
    pub(super) fn months(year: i32, from: u32, to: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, from, 1)?;
        let last = NaiveDate::from_ymd_opt(year, to, 1)?;
        (first <= last).then(|| Some(Self::period(first, last_of_months(last, 1)?)))?
    }
}

/// What a form gets in addition to its captures.
pub(super) struct FormContext<'t> {
    pub before: &'t str,
    pub after: &'t str,
    pub now: NaiveDateTime,
}

/// How a form reads a match.
pub(super) enum FormMatch {
    Date(DateMatch),
    /// It is not a date, and contains none.
    None,
    /// This form does not match; later ones may.
    Pass,
}

impl From<Option<DateMatch>> for FormMatch {
    fn from(found: Option<DateMatch>) -> Self {
        found.map_or(FormMatch::Pass, FormMatch::Date)
    }
}

/// One form.
pub(super) struct DateForm {
    pub pattern: &'static str,
    pub read: fn(&Captures<'_>, &FormContext<'_>) -> FormMatch,
}
