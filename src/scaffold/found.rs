//! A proposed value as in the file, and the kinds of values that all pages share.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use regex::Regex;

use crate::judge::value::date::newest_on;

/// A short list, of which only the presence is watched, has at least this many items.
pub(super) const FEWEST_ITEMS: usize = 3;
/// A list has at least this many items.
pub(super) const MIN_ITEMS: usize = 5;
/// Fewer rows may be gone tomorrow.
const FEWEST_ROWS: usize = 2;
/// How many dates are read.
pub(super) const MOST_DATES: usize = 2000;

/// A proposed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProposedValue {
    pub name: String,
    /// Its keys and their TOML values.
    pub lines: Vec<(&'static str, String)>,
    /// Regular enough to be enabled.
    pub safe: bool,
    /// The observation, in words.
    pub seen: String,
}

/// Whether a JSON path can contain the key unchanged.
pub(super) fn is_plain(key: &str) -> bool {
    let first = key
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && key.len() <= 60 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// How far a count may fall below its usual value: a list on pages of half the size is the same
/// list.
const MAX_DROP: &str = "55%";

/// A count, which must be at least a third of today's; of a few rows, at least one.
pub(super) fn count_of(
    name: String,
    from: &'static str,
    how: String,
    count: usize,
) -> ProposedValue {
    let min = (count / 3).max(1);
    let is_short = count < MIN_ITEMS;
    let mut lines = vec![
        (from, how),
        ("as", quoted("count")),
        ("min", min.to_string()),
    ];
    // One row more or less of a few is no loss.
    if !is_short {
        lines.push(("max_drop", quoted(MAX_DROP)));
    }
    ProposedValue {
        name,
        lines,
        safe: count >= FEWEST_ROWS,
        seen: format!("{count} today; below `min` it is content.shrunk, and none is content.empty"),
    }
}

/// The newest date, with a maximum age of three times the longest gap between the last dates, at
/// least two weeks. Safe when there are at least three dates or only that of today, none is in the
/// future, and the newest is within that age.
pub(super) fn date_of(
    how: Vec<(&'static str, String)>,
    dates: &BTreeSet<NaiveDate>,
    today: NaiveDate,
) -> Option<ProposedValue> {
    let newest = *dates.last()?;
    let last: Vec<NaiveDate> = dates.iter().rev().take(10).copied().collect();
    let pauses = last.windows(2).map(|w| (w[0] - w[1]).num_days());
    let longest = pauses.max().unwrap_or_default();
    let age = (today - newest).num_days();
    let max_age = (3 * longest).max(2 * age).clamp(14, 400);
    // The latest readings all have the date of the visit.
    let is_snapshot = dates.len() == 1 && (0..=1).contains(&age);
    let ahead = newest > today + TimeDelta::days(1);
    let mut lines = how;
    lines.push(("max_age", quoted(&format!("{max_age}d"))));
    Some(ProposedValue {
        name: "newest".to_owned(),
        lines,
        safe: (dates.len() >= 3 || is_snapshot) && !ahead && 2 * age <= max_age,
        seen: format!(
            "{newest} today, {} dates, at most {longest} {} between the last; older than `max_age` it is content.stale",
            dates.len(),
            if longest == 1 { "day" } else { "days" }
        ),
    })
}

/// The dates that a regular expression finds in a text.
pub(super) fn dates(
    source: &str,
    pattern: &str,
    format: Option<&str>,
    today: NaiveDate,
) -> BTreeSet<NaiveDate> {
    let Ok(regex) = Regex::new(pattern) else {
        return BTreeSet::new();
    };
    let texts = regex.captures_iter(source).take(MOST_DATES);
    texts
        .filter_map(|c| newest_on(c.get(1)?.as_str(), format, today))
        .collect()
}

pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
