//! A value that is proposed, as the file has it, and the kinds of values that all pages share.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

/// Items that make a list.
pub(super) const MIN_ITEMS: usize = 5;
/// Dates looked at.
pub(super) const MOST_DATES: usize = 2000;

/// A value that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProposedValue {
    pub name: String,
    /// Its keys and what they are, as TOML has them.
    pub lines: Vec<(&'static str, String)>,
    /// Regular enough to be left switched on.
    pub safe: bool,
    /// What was seen, in words.
    pub seen: String,
}

/// A key that a JSON path takes as it is.
pub(super) fn is_plain(key: &str) -> bool {
    let first = key
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && key.len() <= 60 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A count, to be no less than a third of what it is today.
pub(super) fn count_of(
    name: String,
    from: &'static str,
    how: String,
    count: usize,
) -> ProposedValue {
    let min = (count / 3).max(1);
    ProposedValue {
        name,
        lines: vec![
            (from, how),
            ("as", quoted("count")),
            ("min", min.to_string()),
        ],
        safe: count >= MIN_ITEMS,
        seen: format!("{count} today; below `min` it is content.shrunk, and none is content.empty"),
    }
}

/// The newest date, with an age three times the longest pause between the last of them, two weeks at least. Safe where
/// there are three and more, none lies ahead, and the newest is young by that measure.
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
    let ahead = newest > today + TimeDelta::days(1);
    let mut lines = how;
    lines.push(("max_age", quoted(&format!("{max_age}d"))));
    Some(ProposedValue {
        name: "newest".to_owned(),
        lines,
        safe: dates.len() >= 3 && !ahead && 2 * age <= max_age,
        seen: format!(
            "{newest} today, {} dates, at most {longest} {} between the last; older than `max_age` it is content.stale",
            dates.len(),
            if longest == 1 { "day" } else { "days" }
        ),
    })
}

pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
