//! An interface that answers in JSON and stops doing so: its data is gone, whatever it answers
//! instead.

use crate::support::english::English as _;
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
            "content.replaced",
        ),
    ] {
        let got = verdict(&came(kind, body), Some(&p));
        assert_eq!(got.rule, rule, "{body}: {got:#?}");
        assert_eq!(got.locus, Locus::Site);
        assert!(got.code.severity() >= Some(3), "mailed at once");
        let fact = got.evidence[0].english();
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
    // Padded JSON is JSON; a short answer in another format is another answer.
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
fn json_that_cannot_be_read_tells_where_and_nothing_of_the_data() {
    let p = probe(URL, Expect::default(), vec![rows()]);
    for (body, place) in [
        (r#"{"data":[{"v":1},{"v":"#, "line 1, column 23"),
        (
            "{\"data\":[{\"v\":1,\n\"t\":\"a\"b\"}]}",
            "line 2, column 8",
        ),
        (r#"cb({"data":[{"v":oops}]})"#, "line 1, column 18"),
        (
            &format!("{}1{}", "[".repeat(600), "]".repeat(600)),
            "column 513",
        ),
    ] {
        let got = verdict(&came("application/json", body), Some(&p));
        assert_eq!(got.code, Code::ContentChanged, "{body}: {got:#?}");
        assert_eq!(got.rule, "content.changed.json");
        let fact = got.evidence[0].english();
        assert!(fact.contains(place) && fact.contains('`'), "{fact}");
    }
}

#[test]
fn json_that_its_readers_read_is_read() {
    let p = probe(URL, Expect::default(), vec![rows()]);
    for (kind, body) in [
        ("application/json", r#"{"data":[{"v":1,"n":"\ud83d"}]}"#),
        (
            "application/json",
            "{\"data\":[{\"v\":1,\"n\":\"a\tb\u{0}\"}]}",
        ),
        (
            "application/json",
            r#"{"data":[{"v":+1.5,"x":NaN,"y":1e999,},]}"#,
        ),
        ("text/javascript", "/**/cb({'data':[{v:1}]});"),
        ("text/html", "try{cb({\"data\":[{\"v\":1}]})}catch(e){}"),
        ("text/html", "var hq={data:[{v:.5}]};"),
        ("text/plain", ")]}',\n{\"data\":[{\"v\":1}]}"),
        (
            "text/html",
            "<html><body><pre>{\"data\":[{\"v\":1}]}</pre></body></html>",
        ),
        (
            "text/xml",
            "<?xml version=\"1.0\"?><string>{\"data\":[{\"v\":1}]}</string>",
        ),
    ] {
        expect_code(&came(kind, body), Some(&p), "ok");
    }
}

#[test]
fn a_path_that_visits_too_much_is_the_probes_fault() {
    let heavy = |path: &str| ValueSpec {
        from: ValueFrom::JsonPath(path.to_owned()),
        ..rows()
    };
    let row = r#"{"a":1,"b":{"c":[1,2,3]},"d":{"e":{"f":1}}}"#;
    let body = format!(r#"{{"data":[{}]}}"#, vec![row; 2000].join(","));
    let m = came("application/json", &body);
    let started = std::time::Instant::now();
    let expect = Expect {
        contains: vec!["data".to_owned()],
        ..Expect::default()
    };
    let path = format!("${}.f", "..*".repeat(8));
    let p = probe(URL, expect.clone(), vec![heavy(&path)]);
    let got = verdict(&m, Some(&p));
    assert_eq!(got.code, Code::Insufficient, "{got:#?}");
    assert_eq!(got.rule, "record.value_not_evaluated");
    assert!(
        got.evidence[0].english().contains("100000 nodes"),
        "{got:#?}"
    );
    // A fault of the page is reported in addition.
    let gone = Expect {
        contains: vec!["gone".to_owned()],
        ..Expect::default()
    };
    let p = probe(URL, gone, vec![heavy(&path)]);
    assert_ne!(verdict(&m, Some(&p)).code, Code::Insufficient);
    let p = probe(URL, expect, vec![heavy("$..f")]);
    expect_code(&m, Some(&p), "ok");
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
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
        "content.changed",
    );
    expect_code(&came("application/json", "{\"a\":1}"), Some(&p), "ok");
    // A page for readers may contain braces.
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
    assert!(got.english().contains("max_body"), "{got:?}");
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
