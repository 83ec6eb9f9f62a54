//! Lists that turn over little by little: when all rows are others than ever before, another list is
//! shown in place of the known one.
//!
//! A list that changes as a whole (the contents of the current issue, a random selection) never
//! qualifies: every change in its past must have left a part of its rows in place.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::past_answers::PastAnswers;
use crate::model::page::{PastValue, RowSeries, Value};
use crate::model::{Code, Fact};
use crate::text::links::Link;

/// How many rows of a list are kept.
const MAX_KEPT: usize = 48;
/// A list with fewer rows says too little.
const MIN_ROWS: usize = 8;
/// How often the list must have changed in part.
const CHANGES: usize = 8;
/// The share of its rows that stayed at each of these changes.
const STAYED: f64 = 0.3;
/// The pause before this answer is at most this many times the longest one before.
const PAUSE: i32 = 2;

/// A digest of what each row says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct RowDigests(Vec<String>);

impl RowDigests {
    /// The rows by the words of their links; rows that say the same count once.
    pub(super) fn of_rows(rows: &[Vec<Link>]) -> Self {
        let said = |row: &Vec<Link>| {
            let text = row
                .iter()
                .map(|link| link.text.trim())
                .find(|text| !text.is_empty());
            text.map(digest)
        };
        let mut seen = HashSet::new();
        let kept = rows
            .iter()
            .filter_map(said)
            .filter(|row| seen.insert(row.clone()));
        Self(kept.take(MAX_KEPT).collect())
    }

    /// The digests as they are kept.
    pub(super) fn text(&self) -> Option<String> {
        (self.0.len() >= MIN_ROWS).then(|| self.0.concat())
    }
}

/// Eight hexadecimal digits.
const DIGITS: usize = 8;

fn digest(text: &str) -> String {
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
    let seen: Vec<HashSet<&str>> = past.iter().map(rows).collect();
    let is_known = |row: &String| seen.iter().any(|rows| rows.contains(row.as_str()));
    if now.0.len() < MIN_ROWS || now.0.iter().any(is_known) {
        return None;
    }
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
    let pause = answers.now - past.last()?.at;
    (changes >= CHANGES && pause <= longest * PAUSE).then(|| {
        let fact = Fact::RowsAllOther {
            value: name.to_owned(),
            rows: now.0.len() as u64,
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

    const DAY: i64 = 86_400_000_000;

    fn day(n: i64) -> Time {
        from_micros(n * DAY)
    }

    fn list(first: usize) -> RowDigests {
        let row = |n: usize| {
            let text = format!("第{n}条消息");
            vec![Link {
                href: format!("/{n}"),
                text,
            }]
        };
        let rows: Vec<Vec<Link>> = (first..first + 20).map(row).collect();
        RowDigests::of_rows(&rows)
    }

    /// Whether a list is another than those of the days before, which began at these rows.
    fn is_other(past: &[usize], now: usize, at: i64) -> bool {
        let seen = past.iter().enumerate().map(|(n, first)| PastValue {
            at: day(i64::try_from(n).unwrap()),
            value: Value::Text(list(*first).text().unwrap()),
        });
        let history = [("items.rows".to_owned(), seen.collect())].into();
        let answers = PastAnswers {
            history: &history,
            now: day(at),
        };
        all_other("items", &list(now), &answers).is_some()
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
