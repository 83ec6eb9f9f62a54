//! Records made elsewhere, and our own read back: the same verdicts, in any order of lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const URL: &str = "http://papers.example/list";

/// A workspace whose probe watches a count, on a site that need not exist.
fn watching() -> TestWorkspace {
    let watch = TestWorkspace::new("http://control.example/");
    watch.write(
        "probes/test/papers.toml",
        &format!(
            r#"
[source]
id = "papers"
name = "Papers"
name_zh = "论文"
group = "test"
access = "public"

[[probe]]
id = "list"
name = "List"
level = "search"
url = "{URL}"
[probe.value.hits]
json = "/total"
as = "number"
max_drop = "30%"
"#
        ),
    );
    watch
}

/// One record of the list, `hour` hours after midnight, with this many hits.
fn record(hour: i64, round: &str, attempt: u32, hits: u64) -> Value {
    let started = 1_772_409_600_i64 + hour * 3600 + i64::from(attempt) * 30;
    let time = chrono::DateTime::from_timestamp(started, 0).unwrap();
    let time = time.format("%Y-%m-%d %H:%M:%S").to_string();
    json!({
        "data_format_version": "0.2.0", "input": URL, "measurement_start_time": time,
        "test_start_time": time, "measurement_uid": format!("{round}-{attempt}"),
        "probe_cc": "DE", "probe_asn": "AS0", "test_name": "accesswatch", "test_runtime": 0.1,
        "test_keys": {
            "queries": [], "tcp_connect": [], "tls_handshakes": [],
            "requests": [{
                "request": {"method": "GET", "url": URL, "headers_list": []},
                "response": {"code": 200, "headers_list": [["Content-Type", "application/json"]],
                             "body": format!("{{\"total\": {hits}}}"), "body_is_truncated": false},
                "failure": null, "t0": 0.0, "t": 0.1,
            }],
            "x_accesswatch": {"source": "papers", "probe": "list", "vantage": "far", "round": round,
                              "attempt": attempt, "started_us": started * 1_000_000},
        },
    })
}

/// A control of vantage `far` in a round; it passes or does not answer.
fn control(hour: i64, round: &str, works: bool) -> Value {
    let mut record = record(hour, round, 0, 0);
    record["measurement_uid"] = json!(format!("control-{round}"));
    record["input"] = json!("http://control.example/");
    let keys = &mut record["test_keys"];
    keys["x_accesswatch"]["control"] = json!(true);
    keys["x_accesswatch"]["probe"] = json!("control");
    let request = &mut keys["requests"][0];
    request["request"]["url"] = json!("http://control.example/");
    if !works {
        request["response"] = json!({"code": 0, "headers_list": [], "body": ""});
        request["failure"] = json!("generic_timeout_error");
    }
    record
}

fn lines<'a>(records: impl Iterator<Item = &'a Value>) -> String {
    let mut text = String::new();
    for record in records {
        let _ = writeln!(text, "{record}");
    }
    text
}

fn status(watch: &TestWorkspace) -> Value {
    let told = watch.run(&["status", "--format", "json"]).ends(0);
    let all: Vec<Value> = serde_json::from_str(&told.out).unwrap();
    all.into_iter().find(|s| s["vantage"] == "far").unwrap()
}

/// Twelve good rounds, then one in which the count fell to a tenth, confirmed.
fn fallen() -> Vec<Value> {
    let good = (0..12).map(|n| record(n, &format!("r{n}"), 0, 1000 + n.unsigned_abs()));
    let fell = (0..4).map(|attempt| record(12, "r12", attempt, 100));
    good.chain(fell).collect()
}

#[test]
fn a_fall_is_seen_in_records_of_one_file_whatever_their_order() {
    for newest_first in [false, true] {
        let watch = watching();
        let mut records = fallen();
        if newest_first {
            records.reverse();
        }
        watch.write("far.jsonl", &lines(records.iter()));
        let file = watch.file("far.jsonl");
        watch.run(&["ingest", file.to_str().unwrap()]).ends(0);
        let code = status(&watch)["code"].clone();
        assert_eq!(code, "content.shrunk", "{newest_first}");
    }
}

#[test]
fn judge_holds_a_value_against_the_records_before_it() {
    let watch = watching();
    watch.write("far.jsonl", &lines(fallen().iter()));
    let told = watch
        .run(&["judge", watch.file("far.jsonl").to_str().unwrap()])
        .ends(0);
    let codes: Vec<String> = told
        .out
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap()["code"].to_string())
        .collect();
    assert!(codes[..12].iter().all(|c| c == "\"ok\""), "{codes:?}");
    assert!(
        codes[12..].iter().all(|c| c == "\"content.shrunk\""),
        "{codes:?}"
    );
}

#[test]
fn rejudging_the_last_day_alone_knows_what_was_before() {
    let watch = watching();
    let mut records = fallen();
    // The fall comes two days later.
    for (attempt, fell) in (0..).zip(&mut records[12..]) {
        *fell = record(60, "r12", attempt, 100);
    }
    watch.write("far.jsonl", &lines(records.iter()));
    let file = watch.file("far.jsonl");
    watch.run(&["ingest", file.to_str().unwrap()]).ends(0);
    let told = watch.run(&["rejudge", "--since", "2026-03-04"]).ends(0);
    assert!(
        told.err.contains("nothing changes"),
        "{}{}",
        told.out,
        told.err
    );
    let code = status(&watch)["code"].clone();
    assert_eq!(code, "content.shrunk");
}

#[test]
fn rounds_of_a_vantage_elsewhere_whose_control_fails_say_nothing() {
    let watch = watching();
    let mut records = vec![control(0, "r0", true), record(0, "r0", 0, 1000)];
    records.push(control(1, "r1", false));
    for attempt in 0..4 {
        let mut failed = record(1, "r1", attempt, 0);
        let request = &mut failed["test_keys"]["requests"][0];
        request["response"] = json!({"code": 0, "headers_list": [], "body": ""});
        request["failure"] = json!("generic_timeout_error");
        records.push(failed);
    }
    watch.write("far.jsonl", &lines(records.iter()));
    let file = watch.file("far.jsonl");
    watch.run(&["ingest", file.to_str().unwrap()]).ends(0);
    let code = status(&watch)["code"].clone();
    assert_eq!(code, "ok");
    let uptime = watch
        .run(&["export", "uptime", "--format", "jsonl"])
        .ends(0);
    let day: Value = serde_json::from_str(uptime.out.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&day["ok"], &day["failed"]),
        (&json!(1), &json!(0)),
        "{day}"
    );
    assert_eq!(day["vantage_offline"], json!(1), "{day}");
}

/// The answers of pages, each with its code.
fn pages() -> Vec<(&'static str, Answer, &'static str)> {
    let html = Answer::html;
    let with = |mut answer: Answer, name: &str, value: &str| {
        answer.headers.push((name.into(), value.into()));
        answer
    };
    vec![
        ("/well", html("<title>论文</title><p>摘要</p>"), "ok"),
        (
            "/changed",
            html("<title>论文</title><p>改版</p>"),
            "content.replaced",
        ),
        ("/gone", html("<p>gone</p>").with_status(410), "http.gone"),
        (
            "/geo",
            html("<title>提示</title><p>因版权原因,您所在的国家/地区无法访问</p>").with_status(404),
            "site.geo_block",
        ),
        (
            "/legal",
            html("<p>451</p>").with_status(451),
            "site.legal_block",
        ),
        (
            "/forbidden",
            html("<p>no</p>").with_status(403),
            "http.forbidden",
        ),
        (
            "/broken",
            html("<p>oops</p>").with_status(503),
            "http.server_error",
        ),
        ("/empty", html(""), "content.empty"),
        (
            "/loop",
            with(html("").with_status(302), "Location", "/loop"),
            "http.redirect_loop",
        ),
        (
            "/slow",
            html("<p>摘要</p>").after(Duration::from_secs(4)),
            "http.timeout",
        ),
        (
            "/gbk",
            Answer {
                headers: vec![("Content-Type".into(), "text/html; charset=gbk".into())],
                body: vec![0xd5, 0xaa, 0xd2, 0xaa],
                ..html("")
            },
            "ok",
        ),
    ]
}

#[test]
fn our_own_records_read_back_have_the_verdict_they_had_when_they_were_made() {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    let watch = TestWorkspace::new(&site.url("/control"));
    let signatures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("probes/signatures");
    for file in std::fs::read_dir(signatures).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let name = file.file_name().into_string().unwrap();
        watch.write(&format!("probes/signatures/{name}"), &text);
    }
    let mut urls = Vec::new();
    for (path, answer, _) in pages() {
        site.set(path, answer);
        urls.push(site.url(path));
    }
    urls.push("http://127.0.0.1:1/refused".to_owned());
    watch.source("papers", &urls, "contains = [\"摘要\"]");
    let config = watch.file("probes/test/papers.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("[probe.expect]", "timeout = \"1s\"\n[probe.expect]");
    std::fs::write(&config, text).unwrap();
    watch
        .run(&[
            "run",
            "--all",
            "--jsonl",
            watch.file("run.jsonl").to_str().unwrap(),
        ])
        .ends(0);
    let live: BTreeMap<String, Value> = watch
        .run(&["export", "measurements", "--format", "csv"])
        .ends(0)
        .out
        .trim_start_matches('\u{feff}')
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let facts = json!([cells[10], cells[11], cells[12], cells[13], cells[14]]);
            (cells[0].to_owned(), facts)
        })
        .collect();
    let again = watch.run(&["judge", watch.file("run.jsonl").to_str().unwrap()]);
    let mut seen = BTreeMap::new();
    for line in again.ends(0).out.lines() {
        let told: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| told[key].as_str().unwrap_or("").to_owned();
        let Some(live) = live.get(&text("measurement_uid")) else {
            continue; // a control's
        };
        let facts = json!([
            text("code"),
            text("locus"),
            text("rule"),
            text("signature"),
            text("failure")
        ]);
        assert_eq!(&facts, live, "{told}");
        let path = text("input").rsplit('/').next().unwrap_or("").to_owned();
        seen.insert(format!("/{path}"), text("code"));
    }
    for (path, _, code) in pages() {
        assert_eq!(seen[path], code, "{path}");
    }
    assert_eq!(seen["/refused"], "tcp.refused");
}
