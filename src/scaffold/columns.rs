//! The columns of a JSON list: which has its dates, and which are filled and should stay so.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use super::found::{MIN_ITEMS, MOST_DATES, ProposedValue, is_plain, quoted};
use crate::judge::value::date::newest_on;

/// How many columns are proposed, …
const MOST: usize = 12;
/// … and of how many of these the newest rows are checked too.
const MOST_NEWEST: usize = 5;
/// How many fields of a single record are proposed.
const MOST_FIELDS: usize = 6;
/// A record has at least this many fields.
const MIN_FIELDS: usize = 4;
/// How many columns are read.
const MOST_LOOKED_AT: usize = 200;
/// A longer key cannot name a value.
const MAX_KEY: usize = 50;
/// How many of the newest rows are checked in a list that is ordered by date: among all rows, newly
/// empty ones would be few for a long time.
const NEWEST: usize = 3;
/// Names of columns that are always filled: numbers and names of rows, codes, states.
const KEYS: &[&str] = &[
    "id", "no", "num", "seq", "index", "code", "type", "status", "state", "flag", "sort", "order",
    "url", "link", "uuid", "guid", "key", "rank",
];

/// The place of a column in its rows: by name, or by number when rows are lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ColumnKey {
    Name(String),
    At(usize),
}

impl ColumnKey {
    /// The columns of a row that a JSON path can name.
    fn all(row: &Value) -> Vec<Self> {
        match row {
            Value::Object(fields) => {
                let plain = fields.keys().filter(|key| is_plain(key));
                plain.map(|key| ColumnKey::Name(key.clone())).collect()
            }
            Value::Array(cells) => (0..cells.len().min(MOST_LOOKED_AT))
                .map(ColumnKey::At)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn get<'v>(&self, row: &'v Value) -> Option<&'v Value> {
        match self {
            ColumnKey::Name(name) => row.get(name),
            ColumnKey::At(at) => row.get(at),
        }
    }

    /// The path, following that of the row.
    pub(super) fn path(&self) -> String {
        match self {
            ColumnKey::Name(name) => format!(".{name}"),
            ColumnKey::At(at) => format!("[{at}]"),
        }
    }

    fn name(&self) -> String {
        match self {
            ColumnKey::Name(name) => name.clone(),
            ColumnKey::At(at) => format!("column{}", at + 1),
        }
    }

    fn is_long(&self) -> bool {
        matches!(self, ColumnKey::Name(name) if name.len() > MAX_KEY)
    }

    /// Whether the column is always filled.
    fn names_a_row(&self) -> bool {
        matches!(self, ColumnKey::Name(name) if names_a_row(name))
    }
}

/// The first column with dates.
pub(super) struct DatedColumn {
    pub key: ColumnKey,
    pub dates: BTreeSet<NaiveDate>,
}

/// The first column of the rows with dates.
pub(super) fn dated(rows: &[Value], today: NaiveDate) -> Option<DatedColumn> {
    ColumnKey::all(rows.first()?).into_iter().find_map(|key| {
        let texts = rows
            .iter()
            .take(MOST_DATES)
            .filter_map(|row| key.get(row)?.as_str());
        let dates: BTreeSet<NaiveDate> = texts
            .filter_map(|text| newest_on(text, None, today))
            .collect();
        (!dates.is_empty()).then_some(DatedColumn { key, dates })
    })
}

/// Columns that are filled in every row, those with numbers first; `date`: the column with the
/// dates.
pub(super) fn filled(
    rows: &[Value],
    path: &str,
    date: Option<&ColumnKey>,
    today: NaiveDate,
) -> Vec<ProposedValue> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let mut columns: Vec<(Rank, ColumnKey)> = ColumnKey::all(first)
        .into_iter()
        .filter(|key| !key.is_long() && date != Some(key))
        .take(MOST_LOOKED_AT)
        .filter_map(|key| Some((rank(rows, &key)?, key)))
        .collect();
    columns.sort_by_key(|(rank, _)| *rank);
    let newest = newest_rows(rows, date, today);
    let safe = rows.len() >= MIN_ITEMS;
    let mut found = Vec::new();
    for (n, (_, key)) in columns.iter().take(MOST).enumerate() {
        let (name, key) = (key.name(), key.path());
        let nulls = |name: String, part: &str, max: &str, seen: String| ProposedValue {
            name,
            lines: vec![
                ("json_path", quoted(&format!("{path}[{part}]{key}"))),
                ("as", quoted("null_share")),
                ("max", max.to_owned()),
            ],
            safe,
            seen: format!("{seen}; a greater share than `max` is content.nulls"),
        };
        let all = format!("None of {} is empty today", rows.len());
        found.push(nulls(format!("nulls_{name}"), "*", "0.3", all));
        if let Some(part) = newest.filter(|_| n < MOST_NEWEST) {
            let seen = format!("The {NEWEST} newest of them; one or two may come late");
            found.push(nulls(format!("newest_{name}"), part, "0.7", seen));
        }
    }
    found
}

/// The fields of some rows together, when all rows have the same fields: the judge then notices a
/// field that is missing from every row.
pub(super) fn cells(rows: &[Value], path: &str) -> Option<ProposedValue> {
    let first = rows.first()?;
    let fields = |row: &Value| match row {
        Value::Object(fields) => Some(fields.len()),
        Value::Array(cells) => Some(cells.len()),
        _ => None,
    };
    let width = fields(first)?;
    let same = |row: &Value| fields(row) == Some(width) && row.is_array() == first.is_array();
    let cell = if first.is_array() { "[*]" } else { ".*" };
    let regular = rows.len() >= MIN_ITEMS && width >= 2 && rows.iter().all(same);
    regular.then(|| ProposedValue {
        name: "cells".to_owned(),
        lines: vec![
            ("json_path", quoted(&format!("{path}[:{NEWEST}]{cell}"))),
            ("as", quoted("count")),
            ("min", (NEWEST * (width - 1) + 1).to_string()),
        ],
        safe: true,
        seen: format!(
            "Each row has {width} fields; when one is left out of all rows it is content.shrunk"
        ),
    })
}

/// Proposes values for an answer about one thing: the fields that say something today.
pub(super) fn record(json: &Value) -> Vec<ProposedValue> {
    let mut best: Option<(usize, String, &serde_json::Map<String, Value>)> = None;
    widest(json, String::new(), 0, &mut best);
    let Some((_, path, fields)) = best else {
        return Vec::new();
    };
    let mut keys: Vec<(&String, &Value)> = fields
        .iter()
        .filter(|(key, value)| is_plain(key) && key.len() <= MAX_KEY && says(value))
        .collect();
    keys.sort_by_key(|(key, _)| names_a_row(key));
    let field = |(key, _): (&String, &Value)| ProposedValue {
        name: key.clone(),
        lines: vec![
            ("json", quoted(&format!("{path}/{key}"))),
            ("as", quoted("text")),
        ],
        safe: true,
        seen: "Filled today; null or a placeholder in its place is content.nulls".to_owned(),
    };
    keys.into_iter().take(MOST_FIELDS).map(field).collect()
}

/// The object with the most fields with content, outside lists.
fn widest<'v>(
    value: &'v Value,
    path: String,
    depth: usize,
    best: &mut Option<(usize, String, &'v serde_json::Map<String, Value>)>,
) {
    let Value::Object(fields) = value else { return };
    for (key, inner) in fields.iter().filter(|(key, _)| is_plain(key)) {
        if depth < MIN_FIELDS {
            widest(inner, format!("{path}/{key}"), depth + 1, best);
        }
    }
    let wide = fields.values().filter(|value| says(value)).count();
    if wide >= MIN_FIELDS && best.as_ref().is_none_or(|(most, ..)| wide > *most) {
        *best = Some((wide, path, fields));
    }
}

/// A text or a number with content.
fn says(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().filter(|c| c.is_alphanumeric()).count() >= 2,
        Value::Number(_) => true,
        _ => false,
    }
}

/// How informative a column is, the least first: numbers before texts, different values before
/// equal ones.
type Rank = (bool, bool, bool);

/// `None` for a column that is not filled in every row.
fn rank(rows: &[Value], key: &ColumnKey) -> Option<Rank> {
    let values = rows.iter().map(|row| key.get(row));
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
        .any(|value| key.get(&rows[0]) != Some(value));
    Some((key.names_a_row(), !numbers, !differs))
}

fn names_a_row(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let last = lower.rsplit('_').next().unwrap_or(&lower);
    KEYS.contains(&last) || key.ends_with("Id") || key.ends_with("Code")
}

/// A JSON path to the newest rows, if the rows are ordered by date.
fn newest_rows(rows: &[Value], date: Option<&ColumnKey>, today: NaiveDate) -> Option<&'static str> {
    let of_row = |row: &Value| newest_on(date?.get(row)?.as_str()?, None, today);
    let dates: Option<Vec<NaiveDate>> = rows.iter().take(MOST_DATES).map(of_row).collect();
    let dates = dates.filter(|dates| dates.len() > NEWEST && dates.len() == rows.len())?;
    let (first, last) = (dates.first()?, dates.last()?);
    if first > last && dates.is_sorted_by(|a, b| a >= b) {
        Some(":3")
    } else if first < last && dates.is_sorted() {
        Some("-3:")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    fn paths(rows: &[Value]) -> Vec<String> {
        let date = dated(rows, TODAY);
        let found = filled(rows, "$.d", date.as_ref().map(|d| &d.key), TODAY);
        let nulls = found.iter().filter(|f| f.lines[1].1 == "\"null_share\"");
        nulls.map(|f| f.lines[0].1.replace('"', "")).collect()
    }

    #[test]
    fn filled_columns_numbers_first_and_no_keys_of_rows() {
        let rows: Vec<Value> = (1..=6)
            .map(|n| json!({"id": n, "name": format!("甲{n}"), "day": "2026-11-20", "unit": 5, "buy": n, "hole": if n == 2 { Value::Null } else { json!(1) }, "dash": "-", "net": format!("{n}.5")}))
            .collect();
        assert_eq!(
            paths(&rows),
            [
                "$.d[*].buy",
                "$.d[*].net",
                "$.d[*].unit",
                "$.d[*].name",
                "$.d[*].id"
            ]
        );
    }

    #[test]
    fn of_rows_in_the_order_of_their_dates_the_newest_too() {
        let mut rows: Vec<Value> = (1..=6)
            .map(|n| json!({"day": format!("2026-11-0{n}"), "buy": n}))
            .collect();
        assert_eq!(paths(&rows), ["$.d[*].buy", "$.d[-3:].buy"]);
        rows.reverse();
        assert_eq!(paths(&rows), ["$.d[*].buy", "$.d[:3].buy"]);
        rows.swap(0, 3);
        assert_eq!(paths(&rows), ["$.d[*].buy"]);
        assert!(paths(&[json!(1), json!(2)]).is_empty());
        let lists: Vec<Value> = (1..=6)
            .map(|n| json!([format!("2026-11-0{n}"), n]))
            .collect();
        assert_eq!(paths(&lists), ["$.d[*][1]", "$.d[-3:][1]"]);
    }

    #[test]
    fn an_answer_about_one_thing_is_watched_by_its_fields() {
        let json = json!({"status": 200, "data": {"name": "某公司", "person": "钱某", "capital": "5000万元", "note": null, "state": "存续", "since": "2009-04-17"}});
        let found = record(&json);
        let first = &found[0].lines[0].1;
        assert!(
            first.starts_with("\"/data/") && found.len() == 5,
            "{found:?}"
        );
        assert!(record(&json!({"code": 0, "message": "ok"})).is_empty());
    }
}
