//! The texts of cells that are figures: numbers with their units, ranks, and words in place of the
//! newest figures.

use std::collections::HashSet;

/// Fewer cells are not a column.
pub(super) const MIN_CELLS: usize = 8;
/// So many cells in a row at an end of the column hold no value any more.
pub(super) const MIN_RUN: usize = 4;
/// A figure has at most this many letters, those of its unit.
const MOST_LETTERS: usize = 4;
/// At least this share of ranks is distinct: two may share a place.
const DISTINCT_RANKS: f64 = 0.5;

/// One word in several cells in a row at an end of a column of figures stands for no value.
pub(super) fn mark_words_at_ends(texts: &[&str], empty: &mut [bool]) {
    let ends = [word_run(texts.iter()), word_run(texts.iter().rev())];
    for (at, run) in ends.into_iter().enumerate() {
        let cells = if at == 0 {
            0..run
        } else {
            texts.len() - run..texts.len()
        };
        let others = texts.iter().enumerate().filter(|(n, _)| !cells.contains(n));
        let others: Vec<&&str> = others.map(|(_, text)| text).collect();
        let figures = others.iter().filter(|text| is_figure(text)).count();
        let is_of_figures = !others.is_empty() && figures * 5 >= others.len() * 4;
        if run >= MIN_RUN && is_of_figures {
            empty[cells].fill(true);
        }
    }
}

/// How many cells hold the first one's word.
fn word_run<'a>(mut cells: impl Iterator<Item = &'a &'a str>) -> usize {
    let Some(first) = cells.next().map(|text| text.trim()) else {
        return 0;
    };
    let is_word = !first.is_empty() && !first.chars().any(char::is_numeric);
    let same = cells.take_while(|text| text.trim() == first).count();
    if is_word { 1 + same } else { 0 }
}

/// A point with digits on both sides.
pub(super) fn has_decimals(text: &str) -> bool {
    let mut parts = text.splitn(2, ['.', '．']);
    let (whole, rest) = (parts.next().unwrap_or_default(), parts.next());
    let begins = |part: &str| part.starts_with(is_digit);
    whole.ends_with(is_digit) && rest.is_some_and(begins)
}

/// A number with its signs and at most a short unit; a range of numbers is not one.
pub(super) fn is_figure(text: &str) -> bool {
    let mut letters = 0;
    let mut first = None;
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        first.get_or_insert(c);
        letters += usize::from(!is_digit(c));
    }
    let begins = first.is_some_and(is_digit);
    let after_words = text.chars().any(is_digit) && letters < MOST_LETTERS;
    (begins || after_words) && letters <= MOST_LETTERS && !is_range(text)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Two numbers with a dash or a word for "to" between them. A negative number in brackets and an
/// exponent are none.
fn is_range(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '–', '—', '~', '～', '至', '〜']).collect();
    let [from, to] = parts[..] else {
        return false;
    };
    let joins = !from.trim_end().ends_with(['(', '（', '[', 'e', 'E']);
    joins && from.contains(is_digit) && to.trim_start().starts_with(is_digit)
}

/// The whole numbers from one to about the number of cells, some of them perhaps twice.
#[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
pub(super) fn are_ranks(texts: &[&str]) -> bool {
    let ranks = texts.iter().map(|text| text.parse::<usize>().ok());
    let Some(ranks) = ranks.collect::<Option<Vec<usize>>>() else {
        return false;
    };
    let count = ranks.len();
    let distinct: HashSet<usize> = ranks.iter().copied().collect();
    let is_within = ranks.iter().all(|rank| (1..=count).contains(rank));
    let many = distinct.len() as f64 >= DISTINCT_RANKS * count as f64;
    count >= MIN_CELLS && is_within && many && distinct.contains(&1)
}
