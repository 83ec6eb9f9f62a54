//! Values and expectations on answers that were served normally.

use crate::support::english::English as _;
use std::time::Duration;

use accesswatch::model::Time;
use accesswatch::model::measurement::Measurement;
use accesswatch::model::page::{History, PastValue, Value};
use accesswatch::model::probe::{Expect, ValueFrom, ValueKind, ValueSpec};

use super::record::{answer, answered, judge, now, probe, verdict, verdict_with};

pub(super) const URL: &str = "https://data.example.cn/x";
pub(super) const JSON: &[(&str, &str)] =
    &[("Content-Type", "application/json"), ("X-Rows", "1,234")];

pub(super) fn spec(from: ValueFrom, kind: ValueKind) -> ValueSpec {
    ValueSpec {
        name: "v".to_owned(),
        from,
        regex: None,
        kind,
        format: None,
        min: None,
        max: None,
        max_drop: None,
        max_age: None,
        calendar: None,
        must_change: None,
        changes_with: None,
    }
}

pub(super) fn days(n: u64) -> Duration {
    Duration::from_secs(n * 86_400)
}

pub(super) fn json(body: &str) -> Measurement {
    answered(URL, answer(URL, 200, JSON, body))
}

pub(super) fn html(body: &str) -> Measurement {
    answered(
        URL,
        answer(URL, 200, &[("Content-Type", "text/html")], body),
    )
}

pub(super) fn pointer(path: &str) -> ValueFrom {
    ValueFrom::JsonPointer(path.to_owned())
}

pub(super) fn path(path: &str) -> ValueFrom {
    ValueFrom::JsonPath(path.to_owned())
}

pub(super) fn css(selector: &str) -> ValueFrom {
    ValueFrom::Select(selector.to_owned())
}

/// The extracted value, as tables show it.
fn taken(m: &Measurement, value: ValueSpec) -> Option<String> {
    let p = probe(URL, Expect::default(), vec![value]);
    let reading = judge().read(m, Some(&p));
    reading.facts.values.get("v").map(Value::show)
}

#[track_caller]
pub(super) fn code(m: &Measurement, value: &ValueSpec, history: &[PastValue], want: &str) {
    let p = probe(URL, Expect::default(), vec![value.clone()]);
    let history = History::from([("v".to_owned(), history.to_vec())]);
    let got = verdict_with(m, Some(&p), &history);
    assert_eq!(got.code.as_str(), want, "{got:#?}");
}

#[test]
fn values_of_every_kind() {
    use ValueKind::{Count, Date, Hash, NullShare, Number, Text};
    let page = html(
        "<div class=n>共找到 <em>１，２３４</em> 条</div><ul><li>2026年11月3日<li>2026-11-20<li>--</ul><script>var total=77;</script>",
    );
    let data = json(
        r#"{"a":{"list":[{"v":1.5,"d":"2026-11-01"},{"v":null,"d":"2026-11-05"},{"v":"","d":null}]},"t":1795219200000}"#,
    );
    assert_eq!(
        taken(&page, spec(css(".n em"), Number)).as_deref(),
        Some("1234")
    );
    assert_eq!(
        taken(&page, spec(css("li"), Date)).as_deref(),
        Some("2026-11-20")
    );
    assert_eq!(taken(&page, spec(css("li"), Count)).as_deref(), Some("3"));
    assert_eq!(
        taken(&page, spec(css(".none"), Count)).as_deref(),
        Some("0")
    );
    assert_eq!(
        taken(&page, spec(css(".n"), Text)).as_deref(),
        Some("共找到 1,234 条").map(|_| "共找到 １，２３４ 条")
    );
    assert_eq!(
        taken(&page, spec(css("li"), Hash)).map(|h| h.len()),
        Some(32)
    );
    assert_eq!(
        taken(&data, spec(path("$.a.list[*].v"), NullShare)).as_deref(),
        Some("0.6666666666666666")
    );
    assert_eq!(
        taken(&data, spec(pointer("/a/list/0/v"), Number)).as_deref(),
        Some("1.5")
    );
    assert_eq!(
        taken(&data, spec(pointer("/a/list"), Count)).as_deref(),
        Some("3")
    );
    assert_eq!(
        taken(&data, spec(path("$.a.list[*].d"), Date)).as_deref(),
        Some("2026-11-05")
    );
    assert_eq!(
        taken(&data, spec(ValueFrom::Header("x-rows".to_owned()), Number)).as_deref(),
        Some("1234")
    );
    let mut epoch = spec(pointer("/t"), Date);
    epoch.format = Some("epoch_ms".to_owned());
    assert_eq!(taken(&data, epoch).as_deref(), Some("2026-11-21"));
    let mut regex = spec(ValueFrom::Text, Number);
    regex.regex = Some(r"total=(\d+)".to_owned());
    assert_eq!(taken(&page, regex.clone()).as_deref(), Some("77"));
    regex.regex = Some(r"共找到 (\S+) 条".to_owned());
    assert_eq!(taken(&page, regex).as_deref(), Some("1234"));
    let mut narrowed = spec(css(".n"), Number);
    narrowed.regex = Some("找到(.*)条".to_owned());
    assert_eq!(taken(&page, narrowed).as_deref(), Some("1234"));
}

#[test]
fn counts_and_numbers_below_their_least() {
    let mut count = spec(css("tr.row"), ValueKind::Count);
    count.min = Some(1.0);
    code(&html("<table></table>"), &count, &[], "content.empty");
    code(
        &html("<table><tr class=row><td>1</table>"),
        &count,
        &[],
        "ok",
    );
    let mut number = spec(css("em"), ValueKind::Number);
    number.min = Some(100.0);
    code(&html("<em>99</em>"), &number, &[], "content.shrunk");
    number.max = Some(200.0);
    code(&html("<em>201</em>"), &number, &[], "content.changed");
}

#[test]
fn an_empty_list_on_a_page_whose_markers_are_gone_is_another_page() {
    let mut count = spec(css("tr.row"), ValueKind::Count);
    count.min = Some(1.0);
    let expect = |select: &[&str]| Expect {
        select: select.iter().map(|s| (*s).to_owned()).collect(),
        ..Expect::default()
    };
    let m = html("<div id=frame></div>");
    let p = probe(URL, expect(&["#old"]), vec![count.clone()]);
    assert_eq!(verdict(&m, Some(&p)).code.as_str(), "content.replaced");
    let p = probe(URL, expect(&["#frame"]), vec![count]);
    assert_eq!(verdict(&m, Some(&p)).code.as_str(), "content.empty");
}

#[test]
fn empty_frozen_and_misdated_values() {
    let number = spec(pointer("/rows/0/v"), ValueKind::Number);
    code(
        &json(r#"{"rows":[{"v":null}]}"#),
        &number,
        &[],
        "content.nulls",
    );
    code(
        &json(r#"{"rows":[{"v":"--"}]}"#),
        &number,
        &[],
        "content.nulls",
    );
    code(&json(r#"{"rows":[]}"#), &number, &[], "content.empty");
    code(&json(r#"{"other":1}"#), &number, &[], "content.replaced");
    let mut share = spec(path("$.rows[*].v"), ValueKind::NullShare);
    share.max = Some(0.5);
    code(
        &json(r#"{"rows":[{"v":null},{"v":""},{"v":1}]}"#),
        &share,
        &[],
        "content.nulls",
    );
    code(
        &json(r#"{"rows":[{"v":2},{"v":""},{"v":1}]}"#),
        &share,
        &[],
        "ok",
    );
    let mut date = spec(pointer("/d"), ValueKind::Date);
    date.max_age = Some(days(12));
    code(&json(r#"{"d":"2027-06-01"}"#), &date, &[], "content.nulls");
}

fn past(list: &[(i64, f64)]) -> Vec<PastValue> {
    let at = |days_ago: i64| -> Time { now() - chrono::Duration::days(days_ago) };
    list.iter()
        .map(|(ago, v)| PastValue {
            at: at(*ago),
            value: Value::Number(*v),
        })
        .collect()
}

#[test]
fn a_fall_needs_eight_good_values() {
    let mut number = spec(css("em"), ValueKind::Number);
    number.max_drop = Some(0.3);
    let m = html("<em>69</em>");
    let list: Vec<(i64, f64)> = (1..=8).rev().map(|d| (d, 100.0)).collect();
    code(&m, &number, &past(&list[..7]), "ok");
    code(&m, &number, &past(&list), "content.shrunk");
    code(&html("<em>70</em>"), &number, &past(&list), "ok");
}

#[test]
fn what_must_change() {
    let mut number = spec(css("em"), ValueKind::Number);
    number.must_change = Some(days(7));
    let m = html("<em>5</em>");
    code(&m, &number, &past(&[(9, 5.0), (1, 5.0)]), "content.nulls");
    code(&m, &number, &past(&[(9, 4.0), (6, 5.0)]), "ok");
    code(&m, &number, &[], "ok");
}

#[test]
fn a_level_that_is_gone_is_worded_carefully() {
    let mut expect = Expect {
        contains: vec!["摘要".to_owned()],
        ..Expect::default()
    };
    expect.level.insert(
        accesswatch::model::Level::Fulltext,
        vec!["#pdfDown".to_owned(), "#cajDown".to_owned()],
    );
    let p = probe(URL, expect, Vec::new());
    let got = verdict(&html("<p>摘要</p>"), Some(&p));
    assert_eq!(
        (got.code.as_str(), got.english().as_str()),
        ("content.withdrawn", "The full-text button is not shown.")
    );
    assert_eq!(
        got.evidence[0].english(),
        "does not hold: level fulltext: #pdfDown | #cajDown"
    );
    let got = verdict(&html("<p>摘要</p><a id=cajDown>CAJ</a>"), Some(&p));
    assert_eq!(got.code.as_str(), "ok");
}

#[test]
fn type_and_size() {
    let expect = Expect {
        content_type: Some("text/html".to_owned()),
        min_bytes: Some(5),
        max_bytes: Some(10),
        ..Expect::default()
    };
    let p = probe(URL, expect, Vec::new());
    assert_eq!(verdict(&html("<p>123"), Some(&p)).code.as_str(), "ok");
    assert_eq!(
        verdict(&html("<p>"), Some(&p)).code.as_str(),
        "content.changed"
    );
    assert_eq!(
        verdict(&html("<p>12345678"), Some(&p)).code.as_str(),
        "content.changed"
    );
    let got = verdict(&json("[1,2,3]"), Some(&p));
    assert_eq!(got.evidence[0].english(), "does not hold: type: text/html");
}

#[test]
fn a_path_that_ends_in_an_empty_list_is_empty_not_redesigned() {
    for (body, want) in [
        (r#"{"returndata":{"datanodes":[]}}"#, "content.empty"),
        (r#"{"returndata":{"datanodes":null}}"#, "content.empty"),
        (
            r#"{"returndata":{"datanodes":[{"w":1}]}}"#,
            "content.replaced",
        ),
        (r#"{"other":1}"#, "content.replaced"),
        (r#"{"returndata":{"datanodes":[{"v":1}]}}"#, "ok"),
    ] {
        let value = spec(path("$.returndata.datanodes[*].v"), ValueKind::Number);
        code(&json(body), &value, &[], want);
    }
}

#[test]
fn a_marker_behind_the_cut_of_a_long_page_is_no_withdrawal() {
    let expect = Expect {
        contains: vec!["摘要".to_owned()],
        level: [(
            accesswatch::model::Level::Fulltext,
            vec!["#pdfDown".to_owned()],
        )]
        .into(),
        ..Expect::default()
    };
    let p = probe(URL, expect, Vec::new());
    let page = "<title>记录</title><h1>记录</h1><p>摘要：本文讨论制度。</p>";
    let whole = html(page);
    assert_eq!(verdict(&whole, Some(&p)).code.as_str(), "content.withdrawn");
    let mut cut = html(page);
    cut.test_keys.requests[0].response.body_is_truncated = true;
    assert_eq!(verdict(&cut, Some(&p)).code.as_str(), "insufficient");
}
