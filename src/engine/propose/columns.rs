//! The columns of a JSON list: which holds its dates, which are filled and should stay so.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use super::markers::MIN_ITEMS;
use super::values::{Found, MOST_DATES, is_plain, quoted};
use crate::judge::value::date::newest_on;

/// Columns that are proposed.
const MOST: usize = 3;
/// Columns looked at.
const MOST_LOOKED_AT: usize = 200;
/// A longer key makes no name of a value.
const MAX_KEY: usize = 50;
/// Of a list in the order of its dates so many of the newest rows are looked at: among all, those that come empty from
/// today on would be few for long.
const NEWEST: usize = 3;
/// Names of columns that are filled whatever becomes of the data: numbers and names of rows, codes, states.
const KEYS: &[&str] = &[
    "id", "no", "num", "seq", "index", "code", "type", "status", "state", "flag", "sort", "order",
    "url", "link", "uuid", "guid", "key", "rank",
];

/// The first column with dates.
pub(super) struct Dated {
    pub key: String,
    pub dates: BTreeSet<NaiveDate>,
}

/// The first column of the rows that holds dates.
pub(super) fn dated(rows: &[Value], today: NaiveDate) -> Option<Dated> {
    let fields = rows.first().and_then(Value::as_object)?;
    let mut keys = fields.keys().filter(|key| is_plain(key));
    keys.find_map(|key| {
        let texts = rows
            .iter()
            .take(MOST_DATES)
            .filter_map(|row| row.get(key)?.as_str());
        let dates: BTreeSet<NaiveDate> = texts
            .filter_map(|text| newest_on(text, None, today))
            .collect();
        (!dates.is_empty()).then(|| Dated {
            key: key.clone(),
            dates,
        })
    })
}

/// Columns that are filled in every row, those with numbers first; `date`: the column that holds the dates.
pub(super) fn filled(
    rows: &[Value],
    path: &str,
    date: Option<&str>,
    today: NaiveDate,
) -> Vec<Found> {
    let Some(first) = rows.first().and_then(Value::as_object) else {
        return Vec::new();
    };
    let (part, looked_at) = newest_rows(rows, date, today);
    let max = if looked_at.is_empty() { "0.5" } else { "0.3" };
    let mut columns: Vec<(Rank, &String)> = first
        .keys()
        .filter(|key| is_plain(key) && key.len() <= MAX_KEY && date != Some(key.as_str()))
        .take(MOST_LOOKED_AT)
        .filter_map(|key| Some((rank(rows, key)?, key)))
        .collect();
    columns.sort_by_key(|(rank, _)| *rank);
    let columns = columns.into_iter().take(MOST);
    columns
        .map(|(_, key)| Found {
            name: format!("nulls_{key}"),
            lines: vec![
                ("json_path", quoted(&format!("{path}[{part}].{key}"))),
                ("as", quoted("null_share")),
                ("max", max.to_owned()),
            ],
            safe: rows.len() >= MIN_ITEMS,
            seen: format!(
                "None of {} is empty today{looked_at}; a greater share than `max` is content.nulls",
                rows.len()
            ),
        })
        .collect()
}

/// Which columns say most, the least first: numbers before texts, what differs before what is the same in all rows.
type Rank = (bool, bool, bool);

/// None of a column that is not filled in every row.
fn rank(rows: &[Value], key: &str) -> Option<Rank> {
    let values = rows.iter().map(|row| row.get(key));
    let is_filled = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.chars().any(char::is_alphanumeric) && text != "null",
        Some(Value::Number(_)) => true,
        _ => false,
    };
    if !values.clone().all(is_filled) {
        return None;
    }
    let is_number = |value: &Value| match value {
        Value::String(text) => text.trim().trim_end_matches('%').parse::<f64>().is_ok(),
        other => other.is_number(),
    };
    let numbers = values.clone().flatten().all(is_number);
    let differs = values
        .flatten()
        .any(|value| rows[0].get(key) != Some(value));
    Some((names_a_row(key), !numbers, !differs))
}

fn names_a_row(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let last = lower.rsplit('_').next().unwrap_or(&lower);
    KEYS.contains(&last) || key.ends_with("Id") || key.ends_with("Code")
}

/// The part of the list to look at, as a JSON path has it, and in words: the newest rows where they stand in the order of
/// their dates, else all.
fn newest_rows(rows: &[Value], date: Option<&str>, today: NaiveDate) -> (&'static str, String) {
    let of_row = |row: &Value| newest_on(row.get(date?)?.as_str()?, None, today);
    let dates: Option<Vec<NaiveDate>> = rows.iter().take(MOST_DATES).map(of_row).collect();
    let dates = dates.filter(|dates| dates.len() >= MIN_ITEMS && dates.len() == rows.len());
    let Some((first, last)) = dates.as_ref().and_then(|d| Some((d.first()?, d.last()?))) else {
        return ("*", String::new());
    };
    let sorted = |up: bool| {
        dates.iter().all(|dates| {
            dates
                .windows(2)
                .all(|w| if up { w[0] <= w[1] } else { w[0] >= w[1] })
        })
    };
    let words = format!("; the {NEWEST} newest rows are looked at");
    if first > last && sorted(false) {
        (":3", words)
    } else if first < last && sorted(true) {
        ("-3:", words)
    } else {
        ("*", String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    fn paths(rows: &[Value]) -> Vec<String> {
        let date = dated(rows, TODAY);
        let found = filled(rows, "$.d", date.as_ref().map(|d| d.key.as_str()), TODAY);
        found.iter().map(|f| f.lines[0].1.clone()).collect()
    }

    #[test]
    fn filled_columns_numbers_first_and_no_keys_of_rows() {
        let rows: Vec<Value> = (1..=6)
            .map(|n| json!({"id": n, "name": format!("甲{n}"), "day": "2026-11-20", "unit": 5, "buy": n, "hole": if n == 2 { Value::Null } else { json!(1) }, "dash": "-", "net": format!("{n}.5")}))
            .collect();
        assert_eq!(
            paths(&rows),
            ["\"$.d[*].buy\"", "\"$.d[*].net\"", "\"$.d[*].unit\""]
        );
    }

    #[test]
    fn of_rows_in_the_order_of_their_dates_the_newest() {
        let mut rows: Vec<Value> = (1..=6)
            .map(|n| json!({"day": format!("2026-11-0{n}"), "buy": n}))
            .collect();
        assert_eq!(paths(&rows), ["\"$.d[-3:].buy\""]);
        rows.reverse();
        assert_eq!(paths(&rows), ["\"$.d[:3].buy\""]);
        rows.swap(0, 3);
        assert_eq!(paths(&rows), ["\"$.d[*].buy\""]);
        assert!(paths(&[json!(1), json!(2)]).is_empty());
    }
}
