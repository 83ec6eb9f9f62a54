//! An interface that answers in JSON and stops doing so: its data is gone, whatever came instead.

use accesswatch::model::measurement::Measurement;
use accesswatch::model::probe::{Expect, ValueFrom, ValueKind, ValueSpec};
use accesswatch::model::{Code, Locus};

use super::record::{answer, answered, expect_code, probe, verdict};

const URL: &str = "https://data.example.cn/api";

fn came(kind: &str, body: &str) -> Measurement {
    answered(URL, answer(URL, 200, &[("Content-Type", kind)], body))
}

fn rows() -> ValueSpec {
    ValueSpec {
        name: "rows".to_owned(),
        from: ValueFrom::JsonPointer("/data/0/v".to_owned()),
        regex: None,
        kind: ValueKind::Number,
        format: None,
        min: None,
        max: None,
        max_drop: None,
        max_age: None,
        calendar: None,
        changes_with: None,
        must_change: None,
    }
}

#[test]
fn whatever_is_no_json_is_no_data() {
    let p = probe(URL, Expect::default(), vec![rows()]);
    for (kind, body, rule) in [
        (
            "application/json",
            r#"{"data":[{"v":1},{"v":"#,
            "content.empty.no_json",
        ),
        (
            "application/json",
            "<html><title>Welcome</title><p>Hello</p></html>",
            "content.replaced",
        ),
        (
            "text/html",
            "<html><title>Welcome</title><p>Hello</p></html>",
            "content.replaced",
        ),
        ("text/plain", "system busy", "content.replaced"),
        (
            "application/json",
            "\u{0}\u{1b}[31m\u{202e}",
            "content.empty.no_json",
        ),
    ] {
        let got = verdict(&came(kind, body), Some(&p));
        assert_eq!(got.rule, rule, "{body}: {got:#?}");
        assert_eq!(got.locus, Locus::Site);
        assert!(got.code.severity() >= Some(3), "mailed at once");
        let fact = &got.evidence[0].fact;
        assert!(
            !fact.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{fact:?}"
        );
    }
    expect_code(
        &came("application/json", r#"{"data":[{"v":1}]}"#),
        Some(&p),
        "ok",
    );
    // Padded JSON is JSON; a short answer of another shape is another answer.
    expect_code(
        &came("text/javascript", r#"cb({"data":[{"v":1}]});"#),
        Some(&p),
        "ok",
    );
    expect_code(
        &came("application/json", r#"{"rows":[1]}"#),
        Some(&p),
        "content.replaced",
    );
    expect_code(&came("application/json", ""), Some(&p), "content.empty");
}

#[test]
fn the_type_that_is_expected_says_so_too() {
    let expect = Expect {
        content_type: Some("application/json".to_owned()),
        ..Expect::default()
    };
    let p = probe(URL, expect, Vec::new());
    expect_code(
        &came("application/json", "{\"a\":"),
        Some(&p),
        "content.empty",
    );
    expect_code(&came("application/json", "{\"a\":1}"), Some(&p), "ok");
    // A page for readers may hold braces.
    let page = probe(URL, Expect::default(), Vec::new());
    expect_code(&came("text/html", "{{ title }} <p>x"), Some(&page), "ok");
}

#[test]
fn what_was_cut_at_our_own_limit_shows_nothing() {
    let p = probe(URL, Expect::default(), vec![rows()]);
    let mut cut = came("application/json", r#"{"data":[{"v":1},{"v":"#);
    cut.test_keys.requests[0].response.body_is_truncated = true;
    let got = verdict(&cut, Some(&p));
    assert_eq!(
        (got.code, got.rule.as_str()),
        (Code::Insufficient, "record.json_cut")
    );
    assert!(got.text.contains("max_body"), "{}", got.text);
}

#[test]
fn a_file_of_our_own_job_that_is_half_written_is_our_own_end() {
    let url = "file:wind/status.json";
    let p = probe(url, Expect::default(), vec![rows()]);
    let mut m = answered(url, answer(url, 0, &[], r#"{"data":[{"v":"#));
    m.test_keys.queries.clear();
    m.test_keys.tcp_connect.clear();
    m.test_keys.tls_handshakes.clear();
    let got = verdict(&m, Some(&p));
    assert_eq!(
        (got.code, got.rule.as_str()),
        (Code::VantageOffline, "vantage.file")
    );
}
