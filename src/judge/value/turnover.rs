//! Lists that turn over little by little: when all rows are others than ever before, another list
//! is shown in place of the known one.
//!
//! A list that changes as a whole (the contents of the current issue, a random selection) never
//! qualifies: every change in its past must have left a part of its rows in place.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::date::{self, local};
use super::past_answers::PastAnswers;
use crate::model::page::{PastValue, RowSeries, Value};
use crate::model::{Code, Fact};
use crate::text::row_links::ListRow;

/// How many rows of a list are kept.
const MAX_KEPT: usize = 48;
/// A list with fewer rows says too little.
const MIN_ROWS: usize = 8;
/// How often the list must have changed in part.
const CHANGES: usize = 8;
/// The share of its rows that stayed at each of these changes.
const STAYED: f64 = 0.3;
/// Nearly every row has a date at this share or more.
const DATED: f64 = 0.8;
/// The pause before this answer is at most this many times the longest one before.
const PAUSE: i32 = 2;

/// Digests of what each row says and of where it leads.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct RowDigests {
    texts: Vec<String>,
    targets: Vec<String>,
    /// The words of each row, in which dates are read when they matter.
    words: Vec<String>,
}

impl RowDigests {
    /// The rows by the words and the targets of their links; rows that say the same count once.
    pub(super) fn of_rows(rows: &[ListRow]) -> Self {
        let said = |row: &ListRow| {
            let texts = row.links.iter().map(|link| link.text.trim());
            texts.into_iter().find(|text| !text.is_empty()).map(digest)
        };
        let leads = |row: &ListRow| row.links.first().map(|link| digest(&link.href));
        let mut targets = distinct(rows.iter().filter_map(leads));
        if targets.len() < MIN_ROWS {
            targets.clear(); // The rows share their targets, which tell nothing.
        }
        let words = rows.iter().take(MAX_KEPT).map(|row| row.text.clone());
        Self {
            texts: distinct(rows.iter().filter_map(said)),
            targets,
            words: words.collect(),
        }
    }

    /// The oldest of the rows' dates, when nearly every row has one; `now` is the time of the
    /// fetch, in Beijing.
    fn oldest(&self, now: NaiveDateTime) -> Option<NaiveDate> {
        let read = |words: &String| date::read(words, None, now).map(|read| read.date);
        let days: Vec<NaiveDate> = self.words.iter().filter_map(read).collect();
        let are_dated = share(days.len(), self.words.len()) >= DATED;
        days.into_iter().min().filter(|_| are_dated)
    }

    /// The digests as they are kept.
    pub(super) fn text(&self) -> Option<String> {
        let all = self.texts.concat() + &self.targets.concat();
        (self.texts.len() >= MIN_ROWS).then_some(all)
    }
}

/// The first ones, each once.
fn distinct(digests: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let once = digests.filter(|digest| seen.insert(digest.clone()));
    once.take(MAX_KEPT).collect()
}

/// Eight hexadecimal digits.
pub(super) const DIGITS: usize = 8;

pub(super) fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    data_encoding::HEXLOWER.encode(&hash[..DIGITS / 2])
}

fn rows(past: &PastValue) -> HashSet<&str> {
    let Value::Text(text) = &past.value else {
        return HashSet::new();
    };
    let cuts = (0..text.len() / DIGITS).filter_map(|n| text.get(n * DIGITS..(n + 1) * DIGITS));
    cuts.collect()
}

/// None of the rows was seen in any earlier good answer, although the list changed in part only.
pub(super) fn all_other(
    name: &str,
    now: &RowDigests,
    answers: &PastAnswers<'_>,
) -> Option<(Code, Fact)> {
    let past = answers.past(&RowSeries::Rows.series(name));
    if now.texts.len() < MIN_ROWS {
        return None;
    }
    let holds_any = |past: &PastValue| {
        let rows = rows(past);
        let mut own = now.texts.iter().chain(&now.targets);
        own.any(|row| rows.contains(row.as_str()))
    };
    // The newest answer knows most rows: the older ones are seldom looked at.
    if past.iter().rev().any(holds_any) {
        return None;
    }
    let seen: Vec<HashSet<&str>> = past.iter().map(rows).collect();
    let last = past.last()?.at;
    let mut changes = 0;
    for pair in seen.windows(2).filter(|pair| pair[0] != pair[1]) {
        let stayed = pair[1].intersection(&pair[0]).count();
        if share(stayed, pair[1].len()) < STAYED {
            return None;
        }
        changes += 1;
    }
    let pauses = past.windows(2).map(|pair| pair[1].at - pair[0].at);
    let longest = pauses.max()?;
    let pause = answers.now - last;
    if changes < CHANGES || pause > longest * PAUSE {
        return None;
    }
    // Rows that are all newer than the last answer are the same list, which grew fast.
    let day_before = local(last).date() - TimeDelta::days(1);
    let oldest = now.oldest(local(answers.now));
    oldest.is_none_or(|oldest| oldest < day_before).then(|| {
        let fact = Fact::RowsAllOther {
            value: name.to_owned(),
            rows: now.texts.len() as u64,
            answers: past.len() as u64,
        };
        (Code::ContentReplaced, fact)
    })
}

#[allow(clippy::cast_precision_loss)] // at most MAX_KEPT
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;
    use crate::model::time::from_micros;
    use crate::text::links::Link;

    const DAY: i64 = 86_400_000_000;

    fn day(n: i64) -> Time {
        from_micros(n * DAY)
    }

    /// Rows with these numbers; a number makes its address, and with `dates` its day.
    fn rows(numbers: impl Iterator<Item = usize>, says: &str, dates: bool) -> RowDigests {
        let row = |n: usize| ListRow {
            links: vec![Link {
                href: format!("/{n}"),
                text: format!("{says}{n}条消息"),
            }],
            text: if dates {
                let day = local(day(i64::try_from(n).unwrap() / 30)).date();
                format!("第{n}条消息 {day}")
            } else {
                String::new()
            },
            ..ListRow::default()
        };
        let rows: Vec<ListRow> = numbers.map(row).collect();
        RowDigests::of_rows(&rows)
    }

    fn list(first: usize) -> RowDigests {
        rows(first..first + 20, "第", false)
    }

    fn is_other(past: &[usize], now: usize, at: i64) -> bool {
        is_another(past, &list(now), at)
    }

    /// Whether a list is another than those of the days before, which began at these rows.
    fn is_another(past: &[usize], now: &RowDigests, at: i64) -> bool {
        let seen = past.iter().enumerate().map(|(n, first)| PastValue {
            at: day(i64::try_from(n).unwrap()),
            value: Value::Text(list(*first).text().unwrap()),
        });
        let history = [("items.rows".to_owned(), seen.collect())].into();
        let answers = PastAnswers {
            history: &history,
            now: day(at),
        };
        all_other("items", now, &answers).is_some()
    }

    #[test]
    fn rows_that_are_worded_anew_or_all_new_are_the_same_list() {
        let daily: Vec<usize> = (0..12).map(|n| n * 3).collect();
        let reworded = rows(36..56, "某某", false);
        assert!(!is_another(&daily, &reworded, 12), "the targets are known");
        let days = |numbers: std::ops::Range<usize>| rows(numbers, "第", true);
        assert!(
            !is_another(&daily, &days(900..920), 12),
            "later than the last answer"
        );
        let older = rows(900..920, "第", true);
        assert!(older.oldest(local(day(400))).is_some());
        let mixed = rows((0..20).map(|n| 2_000 - n * 100), "旧", true);
        assert!(
            is_another(&daily, &mixed, 12),
            "some are older and were never seen"
        );
    }

    #[test]
    fn a_target_that_all_rows_share_makes_no_row_known() {
        let daily: Vec<usize> = (0..12).map(|n| n * 3).collect();
        let link = |n: usize| Link {
            href: "/35".to_owned(),
            text: format!("另一目录{n}"),
        };
        let row = |n: usize| ListRow {
            links: vec![link(n)],
            ..ListRow::default()
        };
        let all: Vec<ListRow> = (0..20).map(row).collect();
        let shared = RowDigests::of_rows(&all);
        assert!(is_another(&daily, &shared, 12));
    }

    #[test]
    fn another_list_in_place_of_one_that_changes_in_part() {
        let daily: Vec<usize> = (0..12).map(|n| n * 3).collect();
        assert!(is_other(&daily, 900, 12));
        assert!(!is_other(&daily, 36, 12), "the next day");
        assert!(!is_other(&daily, 52, 12), "many new ones");
        assert!(
            !is_other(&daily, 900, 30),
            "after a pause anything may be new"
        );
        assert!(!is_other(&daily[..6], 900, 6), "too little is known");
    }

    #[test]
    fn lists_that_change_as_a_whole() {
        let issues = [vec![0; 10], vec![100; 10], vec![200; 10]].concat();
        assert!(!is_other(&issues, 900, 30));
        let fast: Vec<usize> = (0..12).map(|n| n * 18).collect();
        assert!(!is_other(&fast, 900, 12));
        assert!(!is_other(&[0; 12], 900, 12), "a list that never changed");
    }
}
