//! The forms that dates are written in: one ordered table. What an earlier form has claimed no later one reads.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use regex::{Captures, Regex};

use super::{absolute, barren, english, last_of_months, loose, period};

/// How firm a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole date.
    Day,
    /// A month, a quarter, a week: `first` to `last`.
    Period,
    /// So many hours or days before now.
    Ago,
    /// A day without a year.
    NoYear,
    /// A word: yesterday.
    Word,
    /// What is one only where nothing else is.
    Whole,
}

/// A piece of the text that is read as a date.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub kind: Kind,
    /// The second date of a range.
    pub ends_range: bool,
}

/// What is read: from when to when, how firm, and the second date of a range.
pub(super) struct Found {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub kind: Kind,
    pub until: Option<NaiveDate>,
    /// How much of what stands behind the match belongs to it.
    pub more: usize,
}

impl Found {
    pub(super) fn day(date: NaiveDate) -> Self {
        Self {
            first: date,
            last: date,
            kind: Kind::Day,
            until: None,
            more: 0,
        }
    }

    pub(super) fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(super) fn period(first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            last,
            kind: Kind::Period,
            ..Self::day(first)
        }
    }

    /// So many months that end with this one.
    pub(super) fn months(year: i32, from: u32, to: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, from, 1)?;
        let last = NaiveDate::from_ymd_opt(year, to, 1)?;
        (first <= last).then(|| Some(Self::period(first, last_of_months(last, 1)?)))?
    }
}

/// What a form is given beside its captures.
pub(super) struct Around<'t> {
    pub before: &'t str,
    pub after: &'t str,
    pub now: NaiveDateTime,
}

/// What a form makes of a match.
pub(super) enum Made {
    Date(Found),
    /// It is no date, and nothing in it is.
    None,
    /// This form does not fit; later ones may.
    Pass,
}

impl From<Option<Found>> for Made {
    fn from(found: Option<Found>) -> Self {
        found.map_or(Made::Pass, Made::Date)
    }
}

/// One form.
pub(super) struct Form {
    pub pattern: &'static str,
    pub read: fn(&Captures<'_>, &Around<'_>) -> Made,
}

static FORMS: LazyLock<Vec<(Regex, &'static Form)>> = LazyLock::new(|| {
    [
        barren::FORMS,
        absolute::FORMS,
        english::FORMS,
        period::FORMS,
        loose::FORMS,
    ]
    .into_iter()
    .flatten()
    .filter_map(|form| Some((Regex::new(form.pattern).ok()?, form)))
    .collect()
});

/// How many forms there are and how many of them compile; the same, or a test fails.
#[cfg(test)]
pub(super) fn compiled() -> (usize, usize) {
    let all = barren::FORMS.len()
        + absolute::FORMS.len()
        + english::FORMS.len()
        + period::FORMS.len()
        + loose::FORMS.len();
    (all, FORMS.len())
}

/// Every date of a text, in the order of the text.
pub(super) fn find(text: &str, now: NaiveDateTime) -> Vec<Piece> {
    let mut claimed = Claimed::default();
    let mut pieces = Vec::new();
    for (regex, form) in FORMS.iter() {
        let mut from = 0;
        while let Some(captures) = regex.captures_at(text, from) {
            let Some(all) = captures.get(0) else { break };
            let step = text[all.start()..].chars().next().map_or(1, char::len_utf8);
            from = all.start() + step;
            if let Some(end) = claimed.overlap(all.start(), all.end()) {
                from = from.max(end);
                continue;
            }
            let around = Around {
                before: &text[..all.start()],
                after: &text[all.end()..],
                now,
            };
            let end = match (form.read)(&captures, &around) {
                Made::Pass => {
                    // What does not fit here may fit further on, but not within the same digits.
                    from += text[from..].bytes().take_while(u8::is_ascii_digit).count();
                    continue;
                }
                Made::None => all.end(),
                Made::Date(found) => {
                    let end = all.end() + found.more;
                    push(&mut pieces, all.start(), end, &found);
                    end
                }
            };
            claimed.add(all.start(), end);
            from = end.max(from);
        }
    }
    pieces.sort_by_key(|piece| piece.start);
    pieces
}

fn push(pieces: &mut Vec<Piece>, start: usize, end: usize, found: &Found) {
    let piece = Piece {
        start,
        end,
        first: found.first,
        last: found.last,
        kind: found.kind,
        ends_range: false,
    };
    if let Some(until) = found.until {
        pieces.push(Piece {
            first: until,
            last: until,
            ends_range: true,
            ..piece.clone()
        });
    }
    pieces.push(piece);
}

/// The parts of a text that are taken, without overlaps.
#[derive(Default)]
struct Claimed(std::collections::BTreeMap<usize, usize>);

impl Claimed {
    /// Where the claimed part ends that this one would overlap.
    fn overlap(&self, start: usize, end: usize) -> Option<usize> {
        let (_, &to) = self.0.range(..end).next_back()?;
        (to > start).then_some(to)
    }

    fn add(&mut self, start: usize, end: usize) {
        self.0.insert(start, end.max(start + 1));
    }
}
