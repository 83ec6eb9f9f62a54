//! The number of records that a JSON answer states for its list.

use serde_json::Value;

use super::found::{ProposedValue, is_plain, quoted};

/// A smaller number is not a total.
const FEWEST: u64 = 10;
/// A larger one is a time or an id.
const MOST: u64 = 1_000_000_000;
/// Words of keys with a total.
const WORDS: [&str; 8] = [
    "total", "count", "records", "hits", "found", "rows", "num", "sum",
];
/// Words of keys with the size or the number of a page.
const OF_PAGES: [&str; 6] = ["page", "size", "limit", "offset", "start", "index"];

/// The total that stands beside the rows, in an object beside them, or above them; `path` is that
/// of the rows.
pub(super) fn total(json: &Value, path: &str, rows: usize) -> Option<ProposedValue> {
    let mut value = json;
    let mut pointer = String::new();
    let mut found = near(value, &pointer, rows);
    for key in path.split('.').skip(1) {
        value = value.get(key)?;
        pointer = format!("{pointer}/{key}");
        // The nearest one counts.
        found = near(value, &pointer, rows).or(found);
    }
    let (pointer, number) = found?;
    Some(ProposedValue {
        name: "total".to_owned(),
        lines: vec![
            ("json", quoted(&pointer)),
            ("as", quoted("number")),
            ("min", (number / 3).to_string()),
        ],
        safe: true,
        seen: format!("{number} in all today; below `min` it is content.shrunk"),
    })
}

/// A total in an object, or else in an object within it.
fn near(value: &Value, pointer: &str, rows: usize) -> Option<(String, u64)> {
    let within = || {
        let fields = value.as_object()?.iter();
        let mut fields = fields.filter(|(key, _)| is_plain(key));
        fields.find_map(|(key, inner)| stated(inner, &format!("{pointer}/{key}"), rows))
    };
    stated(value, pointer, rows).or_else(within)
}

fn stated(value: &Value, pointer: &str, rows: usize) -> Option<(String, u64)> {
    let fields = value.as_object()?;
    let least = FEWEST.max(rows as u64);
    fields.iter().find_map(|(key, value)| {
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        let fits = is_plain(key) && is_total(key) && (least..MOST).contains(&number);
        fits.then(|| (format!("{pointer}/{key}"), number))
    })
}

fn is_total(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    has(&WORDS) && !has(&OF_PAGES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_total_beside_the_rows() {
        let total = |json: Value| total(&json, "$.d.rows", 15).map(|v| v.lines[0].1.clone());
        let beside =
            json!({"total": 99, "d": {"totalCount": "48213", "pageCount": 900, "rows": []}});
        assert_eq!(total(beside).as_deref(), Some("\"/d/totalCount\""));
        let above = json!({"numFound": 300, "d": {"rows": []}});
        assert_eq!(total(above).as_deref(), Some("\"/numFound\""));
        let paging = json!({"paging": {"total": 18240, "pageSize": 24}, "d": {"rows": []}});
        assert_eq!(total(paging).as_deref(), Some("\"/paging/total\""));
        let none = json!({"count": 15_000_000_000_u64, "code": 200, "d": {"total": 3, "pageTotal": 77, "rows": []}});
        assert_eq!(total(none), None);
    }
}
