//! The words that nearly all rows of a list share: labels of links, and what is said where no link
//! is.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::past_answers::PastAnswers;
use super::turnover::{DIGITS, digest};
use crate::model::page::{RowSeries, Value};
use crate::text::row_links::ListRow;

/// At this share of the rows or more, all of them say it.
const MOST: f64 = 0.8;
/// How many words are kept.
const MAX_KEPT: usize = 24;

/// Words of nearly all rows, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct SharedWords(Vec<String>);

impl SharedWords {
    #[allow(clippy::cast_precision_loss)] // counts of rows stay far below 2^53
    pub(super) fn of_rows(rows: &[ListRow]) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for row in rows {
            let pieces: HashSet<&str> = row.pieces.iter().map(String::as_str).collect();
            for piece in pieces {
                *counts.entry(piece).or_default() += 1;
            }
        }
        let says = |text: &str| text.chars().any(char::is_alphabetic);
        let enough = MOST * rows.len() as f64;
        let shared = counts
            .into_iter()
            .filter(|(text, count)| *count as f64 >= enough && says(text))
            .map(|(text, _)| text.to_owned());
        let mut shared: Vec<String> = shared.collect();
        shared.sort_unstable();
        shared.truncate(MAX_KEPT);
        Self(shared)
    }

    /// What is kept with the value.
    pub(super) fn series(&self, name: &str) -> (String, Value) {
        let digests: String = self.0.iter().map(|text| digest(text)).collect();
        (RowSeries::SharedWords.series(name), Value::Text(digests))
    }

    /// The first words that the rows of no earlier answer shared.
    pub(super) fn new_words(&self, name: &str, answers: &PastAnswers<'_>) -> Option<&str> {
        let past = answers.past(&RowSeries::SharedWords.series(name));
        let texts = past.iter().filter_map(|past| match &past.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let cut = |text: &str| -> Vec<String> {
            let cuts = (0..text.len() / DIGITS).map(|n| n * DIGITS..(n + 1) * DIGITS);
            cuts.filter_map(|range| text.get(range).map(str::to_owned))
                .collect()
        };
        let known: HashSet<String> = texts.flat_map(cut).collect();
        let is_new = |text: &&String| !known.contains(&digest(text));
        let first = self.0.iter().find(is_new).filter(|_| !past.is_empty())?;
        Some(first)
    }
}
