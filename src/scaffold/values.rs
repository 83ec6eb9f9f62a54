//! Counts and dates of a page, as values of a probe.

use chrono::NaiveDate;
use serde_json::Value;

use super::feed::{is_feed, of_feed};
use super::found::{MIN_ITEMS, ProposedValue, count_of, date_of, dates, is_plain, quoted};
use super::rows::RowSet;
use super::{columns, fields, lines, totals};
use crate::text::json;
use crate::text::outline::Element;
use crate::text::tree::Tree;

/// How deep a list may be nested in JSON.
const DEPTH: usize = 4;

/// The forms of dates in pages: the regex and its format.
const WRITTEN: [(&str, &str); 5] = [
    (r"(20\d{2}-\d{1,2}-\d{1,2})", "%Y-%m-%d"),
    (r"(20\d{2}年\d{1,2}月\d{1,2}日)", "%Y年%m月%d日"),
    (r"(20\d{2}/\d{1,2}/\d{1,2})", "%Y/%m/%d"),
    (r"(20\d{2}\.\d{1,2}\.\d{1,2})", "%Y.%m.%d"),
    (r"/t(20\d{6})_\d+\.s?html?", "%Y%m%d"),
];

/// Proposals for an HTML page: its rows, standalone figures, and its dates. The dates of a record
/// never change.
pub(super) fn of_page(
    source: &str,
    elements: &[Element],
    tree: &Tree,
    rows: &[RowSet],
    frame: (NaiveDate, bool),
) -> Vec<ProposedValue> {
    let (today, is_record) = frame;
    if is_feed(source) {
        return of_feed(source, today);
    }
    if source.trim_start().starts_with("<?xml") && !source.contains("<html") {
        return lines::of_xml(source, today);
    }
    let sets = rows.iter().enumerate();
    let mut found: Vec<ProposedValue> = sets
        .flat_map(|(number, rows)| rows.values(elements, tree, today, number))
        .collect();
    let is_text = rows.first().is_some_and(|rows| rows.is_text);
    if is_record || is_text {
        found.retain(|value| !value.name.starts_with("newest"));
        return found;
    }
    found.extend(fields::figures(elements, tree));
    let listed = rows.first().map(|rows| rows.count);
    found.extend(listed.and_then(|listed| fields::total(elements, tree, listed)));
    found.extend(listed.and_then(|_| fields::edition(tree)));
    found.extend(fields::years(tree, today));
    if !found
        .iter()
        .any(|value| value.name == "newest" && value.safe)
    {
        let written = written(source, today).filter(|date| date.safe || rows.is_empty());
        let day = fields::day(elements, tree, today).filter(|_| !rows.is_empty());
        found.extend(day.or(written));
    }
    found
}

/// The heading of an abstract, whatever its element is called.
pub(super) fn heading(pattern: &str) -> ProposedValue {
    ProposedValue {
        name: "abstract".to_owned(),
        lines: vec![
            ("regex", quoted(pattern)),
            ("as", quoted("count")),
            ("min", "1".to_owned()),
        ],
        safe: true,
        seen: "The heading of the abstract; without it it is content.empty".to_owned(),
    }
}

/// The dates of a page in the most frequent form.
fn written(source: &str, today: NaiveDate) -> Option<ProposedValue> {
    let forms = WRITTEN.iter().filter_map(|(pattern, format)| {
        let dates = dates(source, pattern, Some(format), today);
        (dates.len() >= 2).then_some((dates, *pattern, *format))
    });
    let (dates, pattern, format) = forms.max_by_key(|(dates, _, _)| dates.len())?;
    let how = vec![
        ("regex", quoted(pattern)),
        ("as", quoted("date")),
        ("format", quoted(format)),
    ];
    date_of(how, &dates, today)
}

/// Proposals for a JSON answer: its longest list, the filled columns of that list, and the first
/// with dates.
pub(super) fn of_json(source: &str, today: NaiveDate) -> Vec<ProposedValue> {
    let read = json::parse(source).or_else(|| json::in_markup(source));
    let Some(json) = read else {
        return Vec::new();
    };
    let mut best = None;
    longest(&json, "$", DEPTH, &mut best);
    let Some((rows, path)) = best else {
        return columns::record(&json);
    };
    let mut items = count_of(
        "items".to_owned(),
        "json_path",
        quoted(&format!("{path}[*]")),
        rows.len(),
    );
    items.safe = rows.len() >= 2;
    let mut found = vec![items];
    if rows.len() < MIN_ITEMS {
        found.extend(columns::record(&json));
    }
    let dated = columns::dated(rows, today);
    found.extend(columns::filled(
        rows,
        &path,
        dated.as_ref().map(|d| &d.key),
        today,
    ));
    found.extend(columns::cells(rows, &path));
    found.extend(totals::total(&json, &path, rows.len()));
    if let Some(dated) = dated {
        let how = vec![
            (
                "json_path",
                quoted(&format!("{path}[*]{}", dated.key.path())),
            ),
            ("as", quoted("date")),
        ];
        found.extend(date_of(how, &dated.dates, today));
    }
    found
}

fn longest<'v>(
    value: &'v Value,
    path: &str,
    depth: usize,
    best: &mut Option<(&'v Vec<Value>, String)>,
) {
    match value {
        Value::Array(rows)
            if best
                .as_ref()
                .is_none_or(|(most, _)| rows.len() > most.len()) =>
        {
            *best = Some((rows, path.to_owned()));
        }
        Value::Object(fields) if depth > 0 => {
            for (key, value) in fields.iter().filter(|(key, _)| is_plain(key)) {
                longest(value, &format!("{path}.{key}"), depth - 1, best);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    #[test]
    fn dates_of_a_list_tell_how_old_they_may_get() {
        let source = "<li>2026-11-20<li>2026-11-10<li>2026-11-01<li>2026年1月1日";
        let found = of_page(source, &[], &Tree::parse(source), &[], (TODAY, false));
        assert!(found[0].safe, "{found:?}");
        assert!(found[0].lines.contains(&("max_age", "\"30d\"".to_owned())));
        assert!(
            found[0]
                .lines
                .contains(&("format", "\"%Y-%m-%d\"".to_owned()))
        );
        let old = "2019-01-01 2019-02-01 2019-03-01";
        assert!(!of_page(old, &[], &Tree::parse(old), &[], (TODAY, false))[0].safe);
        let ahead = "2026-11-20 2026-11-21 2027-01-01";
        assert!(!of_page(ahead, &[], &Tree::parse(ahead), &[], (TODAY, false))[0].safe);
    }

    #[test]
    fn the_longest_list_of_a_json_answer() {
        let json = r#"{"code":0,"result":{"pages":[1],"data":[{"n":1,"DAY":"2026-11-20 00:00:00"},{"n":2,"DAY":"2026-11-19"},{"n":3,"DAY":"2026-11-18"},{},{}]}}"#;
        let found = of_json(json, TODAY);
        assert!(
            found[0]
                .lines
                .contains(&("json_path", "\"$.result.data[*]\"".to_owned()))
        );
        assert!(
            found[1]
                .lines
                .contains(&("json_path", "\"$.result.data[*].DAY\"".to_owned()))
        );
        assert!(found.iter().all(|f| f.safe), "{found:?}");
    }

    #[test]
    fn json_as_its_readers_read_it() {
        let rows = "{data:[{n:1,DAY:'2026-11-20'},{n:2,DAY:'2026-11-19'},{n:3,DAY:'2026-11-18',}]}";
        for (before, after) in [
            ("", ""),
            ("/**/cb(", ");"),
            ("try{cb(", ")}catch(e){}"),
            ("var x=", ";"),
            ("<pre>", "</pre>"),
        ] {
            let found = of_json(&format!("{before}{rows}{after}"), TODAY);
            let dated = found.iter().any(|f| {
                f.lines
                    .contains(&("json_path", "\"$.data[*].DAY\"".to_owned()))
            });
            assert!(dated, "{before}");
        }
        assert!(of_json("<p>Hello</p>", TODAY).is_empty());
    }
}
