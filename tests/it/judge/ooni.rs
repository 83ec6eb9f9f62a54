//! Records in OONI's format (`tests/testdata/ooni`, `web_connectivity` as versions 0.5 and 0.1
//! write it, made for these tests): what each means, how they are matched, how they settle, what
//! their control is used for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::cli_fixture::json;
use crate::support::workspace::{Ran, TestWorkspace};

const URL: &str = "https://papers.example/list";

/// The record in a file, as one line holds it.
fn fixture(name: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/ooni");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The same record, this many hours later.
fn later(name: &str, hours: i64) -> Value {
    let mut record = fixture(name);
    let start = chrono::DateTime::from_timestamp(1_772_414_045, 0).unwrap()
        + chrono::TimeDelta::hours(hours);
    record["measurement_start_time"] = start.format("%Y-%m-%d %H:%M:%S").to_string().into();
    record
}

/// A workspace that watches the list of papers at this address.
fn watching(url: &str) -> TestWorkspace {
    let watch = TestWorkspace::new("http://control.example/");
    watch.source("papers", &[url.to_owned()], "contains = [\"摘要\"]");
    watch
}

fn give(watch: &TestWorkspace, command: &str, records: &[Value]) -> Ran {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    watch.write("in.jsonl", &(lines.join("\n") + "\n"));
    watch.run(&[command, watch.file("in.jsonl").to_str().unwrap()])
}

/// The verdicts of these records, as `judge` prints them.
fn judged(watch: &TestWorkspace, records: &[Value]) -> Vec<Value> {
    let ran = give(watch, "judge", records).ends(0);
    let line = |line: &str| serde_json::from_str(line).unwrap();
    ran.out.lines().map(line).collect()
}

#[test]
fn what_each_record_means() {
    let expected = [
        ("ok", "ok", None),
        ("legacy_ok", "ok", None),
        ("body_base64", "ok", None),
        ("dns_nxdomain", "dns.nxdomain", Some("dns_nxdomain_error")),
        ("dns_bogon", "dns.bogon", None),
        ("tcp_timeout", "tcp.timeout", Some("generic_timeout_error")),
        ("tls_reset", "tls.reset", Some("connection_reset")),
        (
            "expired_certificate",
            "tls.expired",
            Some("ssl_invalid_certificate"),
        ),
        ("http_eof", "http.no_reply", Some("eof_error")),
        (
            "http_reset_beside_tls",
            "http.reset",
            Some("connection_reset"),
        ),
        ("http_diff", "http.forbidden", None),
        ("legal_block", "site.legal_block", None),
        (
            "control_failure",
            "http.timeout",
            Some("generic_timeout_error"),
        ),
        ("down_for_both", "tcp.refused", Some("connection_refused")),
        ("body_empty", "content.empty", None),
        // What the file does not hold does not count against the source.
        ("body_stripped", "insufficient", None),
        ("body_missing", "insufficient", None),
        ("keys_null", "insufficient", None),
    ];
    let watch = watching(URL);
    let records: Vec<Value> = expected.iter().map(|(name, ..)| fixture(name)).collect();
    let told = judged(&watch, &records);
    assert_eq!(told.len(), expected.len());
    for ((name, code, failure), verdict) in expected.iter().zip(&told) {
        assert_eq!(
            (&verdict["code"], &verdict["failure"], &verdict["probe"]),
            (&json!(code), &json!(failure), &json!("page0")),
            "{name}: {verdict}"
        );
        assert_eq!(verdict["vantage"], "ooni:DE:AS3320", "{name}");
    }
    let rule = |name: &str| {
        let at = expected.iter().position(|(n, ..)| *n == name).unwrap();
        told[at]["rule"].clone()
    };
    assert_eq!(rule("body_stripped"), "record.body_not_kept");
    assert_eq!(rule("keys_null"), "record.nothing_tried");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/ooni");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(files, expected.len(), "every file is in the table");
}

/// The control's answer is a row of evidence, and nothing more.
#[test]
fn the_control_is_told_beside_what_failed() {
    let watch = watching(URL);
    let names = ["tls_reset", "down_for_both", "control_failure", "ok"];
    let told = judged(&watch, &names.map(fixture));
    let said: Vec<Option<&str>> = told
        .iter()
        .map(|verdict| {
            let rows = verdict["evidence"].as_array().unwrap();
            rows.iter()
                .filter_map(|e| e["fact"].as_str())
                .find(|fact| fact.contains("control server"))
        })
        .collect();
    assert!(
        said[0].unwrap().ends_with("answered with HTTP 200"),
        "{said:?}"
    );
    assert!(
        said[1].unwrap().ends_with("failed too, tcp.refused"),
        "{said:?}"
    );
    assert_eq!(&said[2..], &[None, None]);
    assert_eq!(
        told[0]["locus"], "unknown",
        "it does not say whose doing it is"
    );
}

/// Scheme, trailing slash, fragment and the host's case do not matter; path, query and port do.
#[test]
fn records_are_matched_by_address() {
    let inputs = [
        ("https://papers.example/list", true),
        ("http://papers.example/list", true),
        ("https://PAPERS.example/list/", true),
        ("https://papers.example:443/list#top", true),
        ("https://papers.example/List", false),
        ("https://papers.example/list?page=2", false),
        ("https://papers.example:8443/list", false),
        ("https://www.papers.example/list", false),
        ("papers.example/list", false),
        ("", false),
    ];
    let watch = watching(URL);
    let records = inputs.map(|(input, _)| {
        let mut record = fixture("ok");
        record["input"] = json!(input);
        record
    });
    for (told, (input, ours)) in judged(&watch, &records).iter().zip(inputs) {
        assert_eq!(told["probe"].is_string(), ours, "{input}: {told}");
    }
}

#[test]
fn the_probe_of_the_same_scheme_comes_first_and_what_others_cannot_ask_never() {
    let watch = TestWorkspace::new("http://control.example/");
    let urls = ["http://papers.example/list", URL].map(str::to_owned);
    watch.source("papers", &urls, "contains = [\"摘要\"]");
    let mut cleartext = fixture("ok");
    cleartext["input"] = json!(urls[0]);
    let told = judged(&watch, &[fixture("ok"), cleartext]);
    assert_eq!(told[0]["probe"], "page1");
    assert_eq!(told[1]["probe"], "page0");

    let posting = watching(URL);
    posting.edit(
        "probes/test/papers.toml",
        "[probe.expect]",
        "method = \"POST\"\nbody = \"q=1\"\n[probe.expect]",
    );
    assert_eq!(judged(&posting, &[fixture("ok")])[0]["probe"], json!(null));
}

#[test]
fn countries_and_networks_that_are_none_are_unknown() {
    let watch = watching(URL);
    let with = |cc: Value, asn: Value| {
        let mut record = fixture("ok");
        record["probe_cc"] = cc;
        record["probe_asn"] = asn;
        record
    };
    let told = judged(
        &watch,
        &[
            with(json!("KR"), json!("AS4766")),
            with(json!(null), json!(null)),
            with(json!("\u{1b}[31m"), json!("AS99999999999")),
        ],
    );
    let vantages: Vec<&str> = told
        .iter()
        .map(|t| t["vantage"].as_str().unwrap())
        .collect();
    assert_eq!(vantages, ["ooni:KR:AS4766", "ooni:ZZ:AS0", "ooni:ZZ:AS0"]);
}

#[test]
fn lines_that_are_no_record_are_told_and_other_tests_of_ooni_are_not_ours() {
    let watch = watching(URL);
    let other = json!({
        "test_name": "telegram", "input": null, "measurement_start_time": "2026-03-02 01:14:05",
        "test_keys": {"queries": "of another form", "telegram_web_status": "ok"},
    });
    let mut broken = fixture("body_base64");
    broken["test_keys"]["requests"][0]["response"]["body"]["data"] = json!("@@@");
    let mut undated = fixture("ok");
    undated["measurement_start_time"] = json!("yesterday");
    let ran = give(
        &watch,
        "ingest",
        &[
            other,
            fixture("ok"),
            broken,
            undated,
            json!("text"),
            later("ok", 1),
        ],
    )
    .ends(3);
    for said in [
        "in.jsonl:3: not a measurement record: `test_keys.requests[0].response.body`: broken base64",
        "in.jsonl:4: not a measurement record: `measurement_start_time`: `yesterday` is not YYYY-MM-DD HH:MM:SS",
        "in.jsonl:5: not a measurement record",
        "2 records taken, 0 known already, 1 of no probe here",
        "3 lines are no measurement record; the others were taken",
    ] {
        assert!(ran.err.contains(said), "{said}:\n{}", ran.err);
    }
}

#[test]
fn a_huge_record_is_taken_and_one_beyond_all_measure_is_told() {
    let watch = watching(URL);
    let with_body = |bytes: usize| {
        let mut record = fixture("ok");
        let page = format!("<title>论文</title><p>摘要</p>{}", "x".repeat(bytes));
        record["test_keys"]["requests"][0]["response"]["body"] = json!(page);
        record
    };
    let ran = give(
        &watch,
        "ingest",
        &[with_body(8 << 20), with_body(33 << 20), later("ok", 1)],
    )
    .ends(3);
    assert!(
        ran.err.contains("in.jsonl:2: longer than 32 MiB"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("2 records taken"), "{}", ran.err);
}

fn status(watch: &TestWorkspace, vantage: &str) -> Option<Value> {
    let all = json(watch, &["status"]);
    let mut found = all.as_array().unwrap().iter();
    found.find(|row| row["vantage"] == vantage).cloned()
}

/// Statuses settle over three hours in a row; hours without a page between them do not count.
#[test]
fn three_hours_in_a_row_make_an_incident_and_its_finding_heeds_the_control() {
    for (name, finding) in [
        // Another place got an answer at the same time: this is no outage, and the cause is
        // unknown.
        ("tls_reset", "divided"),
        // The fetch failed from OONI's control server too.
        ("down_for_both", "unreachable"),
        // Without a control, one vantage alone proves nothing.
        ("control_failure", "insufficient"),
        // The control has no page, so it cannot contradict a refusal that names the law.
        ("legal_block", "geo_restricted"),
    ] {
        let watch = watching(URL);
        let failing = |hour| later(name, hour);
        give(&watch, "ingest", &[later("ok", 0), failing(1), failing(2)]).ends(0);
        let vantage = "ooni:DE:AS3320";
        assert_eq!(status(&watch, vantage).unwrap()["code"], "ok", "{name}");
        give(&watch, "ingest", &[later("body_stripped", 3), failing(4)]).ends(0);
        let code = status(&watch, vantage).unwrap()["code"].clone();
        assert_ne!(code, "ok", "{name}");
        let incidents = json(&watch, &["incidents"]);
        assert_eq!(incidents[0]["finding"], finding, "{name}: {incidents}");
        assert_eq!(incidents[0]["vantages"], vantage, "{name}");
        assert_eq!(status(&watch, "ooni:control"), None, "it is no vantage");
        let again = watch.run(&["rejudge", "--since", "2026-01-01"]).ends(0);
        assert!(
            again.err.contains("nothing changes"),
            "{name}: {}",
            again.err
        );
    }
}

#[test]
fn what_was_taken_comes_out_as_it_came_in() {
    let watch = watching(URL);
    give(&watch, "ingest", &[fixture("expired_certificate")]).ends(0);
    let args = ["export", "measurements", "--format", "jsonl"];
    let out: Value = serde_json::from_str(&watch.run(&args).ends(0).out).unwrap();
    let given = fixture("expired_certificate");
    for key in [
        "input",
        "measurement_start_time",
        "probe_cc",
        "probe_asn",
        "report_id",
        "test_name",
    ] {
        assert_eq!(out[key], given[key], "{key}");
    }
    let keys: BTreeMap<&str, &str> = [
        ("control", ""),
        ("queries", "/0/answers/0/asn"),
        ("tls_handshakes", "/0/peer_certificates"),
        ("requests", "/0/failure"),
    ]
    .into();
    for (key, path) in keys {
        let (ours, theirs) = (&out["test_keys"][key], &given["test_keys"][key]);
        assert_eq!(ours.pointer(path), theirs.pointer(path), "{key}");
    }
}

/// A redirect from http to `location`, with or without a body, and the recorded steps of the next
/// hop.
fn redirected(location: &str, body: Option<&str>, steps: &Value, ended_by: &Value) -> Value {
    let mut record = fixture("tls_reset");
    record["input"] = "http://papers.example/list".into();
    let mut headers = vec![json!(["Location", location])];
    if let Some(body) = body {
        headers.push(json!(["Content-Length", body.len().to_string()]));
    }
    let query = json!({
        "hostname": "papers.example", "query_type": "A", "engine": "getaddrinfo", "failure": null,
        "answers": [{"answer_type": "A", "ipv4": "203.0.113.10"}], "t0": 0.0, "t": 0.02,
    });
    let connect = json!({
        "ip": "203.0.113.10", "port": 80, "t0": 0.02, "t": 0.04,
        "status": {"failure": null, "success": true},
    });
    let keys = &mut record["test_keys"];
    keys["queries"] = json!([query]);
    keys["tcp_connect"] = json!([connect]);
    keys["tls_handshakes"] = json!([]);
    keys["requests"] = json!([{
        "failure": null, "t0": 0.04, "t": 0.1,
        "request": {"method": "GET", "url": "http://papers.example/list", "headers_list": []},
        "response": {"code": 301, "headers_list": headers, "body": body, "body_is_truncated": false},
    }]);
    for (key, more) in steps.as_object().into_iter().flatten() {
        let list = keys[key].as_array_mut().unwrap();
        list.extend(more.as_array().unwrap().iter().cloned());
    }
    keys["http_experiment_failure"] = ended_by.clone();
    record
}

/// A connect or a handshake of the next hop.
fn dialled(port: u16, failure: &Value) -> Value {
    json!([{
        "ip": "203.0.113.10", "port": port, "t0": 0.12, "t": 0.14,
        "status": {"failure": failure, "success": failure.is_null()},
    }])
}

fn shaken(name: &str, failure: &str) -> Value {
    json!([{
        "address": "203.0.113.10:443", "server_name": name, "failure": failure, "t0": 0.14, "t": 0.2,
        "no_tls_verify": false, "peer_certificates": [], "tls_version": "", "cipher_suite": "",
        "negotiated_protocol": "", "tags": [],
    }])
}

fn looked_up(name: &str, failure: &str) -> Value {
    json!([{
        "hostname": name, "query_type": "A", "engine": "getaddrinfo", "failure": failure,
        "answers": [], "t0": 0.11, "t": 0.12,
    }])
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn a_redirect_whose_target_fails_is_judged_by_the_target() {
    let own = "https://papers.example/list";
    let other = "https://www.papers.example/list";
    let tls = |failure: &str| json!({"tcp_connect": dialled(443, &Value::Null), "tls_handshakes": shaken("papers.example", failure)});
    let none = json!({});
    let cases = [
        (
            own,
            tls("connection_reset"),
            json!("connection_reset"),
            "tls.reset",
        ),
        (
            own,
            tls("generic_timeout_error"),
            json!("generic_timeout_error"),
            "tls.timeout",
        ),
        (own, tls("eof_error"), json!("eof_error"), "tls.closed"),
        (
            own,
            tls("ssl_unknown_authority"),
            json!("ssl_unknown_authority"),
            "tls.untrusted",
        ),
        (own, tls("connection_reset"), Value::Null, "tls.reset"),
        (
            own,
            json!({"tcp_connect": dialled(443, &json!("connection_refused"))}),
            json!("connection_refused"),
            "tcp.refused",
        ),
        (
            own,
            json!({"tcp_connect": dialled(443, &json!("generic_timeout_error"))}),
            Value::Null,
            "tcp.timeout",
        ),
        (
            other,
            json!({"queries": looked_up("www.papers.example", "dns_nxdomain_error")}),
            json!("dns_nxdomain_error"),
            "dns.nxdomain",
        ),
        (
            other,
            json!({"queries": looked_up("www.papers.example", "dns_nxdomain_error")}),
            Value::Null,
            "dns.nxdomain",
        ),
        (
            "http://www.papers.example/",
            json!({"queries": looked_up("www.papers.example", "dns_servfail_error")}),
            Value::Null,
            "dns.servfail",
        ),
        (own, none.clone(), json!("connection_reset"), "http.reset"),
        (own, none.clone(), json!("eof_error"), "http.no_reply"),
        (
            own,
            none.clone(),
            json!("generic_timeout_error"),
            "http.timeout",
        ),
        (
            own,
            none.clone(),
            json!("dns_nxdomain_error"),
            "dns.nxdomain",
        ),
        (
            own,
            none.clone(),
            json!("unknown_failure: stopped after too many redirects"),
            "http.redirect_loop",
        ),
        (
            own,
            none.clone(),
            json!("unknown_failure: Get \"/x\": stopped after 10 redirects"),
            "http.redirect_loop",
        ),
        (
            "http://[::1",
            none.clone(),
            json!("http_invalid_redirect_url"),
            "http.bad_redirect",
        ),
        (
            own,
            none,
            json!("unknown_failure: something new"),
            "http.no_reply",
        ),
    ];
    let watch = watching(URL);
    for body in [None, Some(""), Some("<title>Moved</title>")] {
        let record = |(location, steps, ended_by, _): &(&str, Value, Value, &str)| {
            redirected(location, body, steps, ended_by)
        };
        let records: Vec<Value> = cases.iter().map(record).collect();
        for (told, (location, _, ended_by, code)) in judged(&watch, &records).iter().zip(&cases) {
            assert_eq!(
                &told["code"], code,
                "{location} {ended_by} {body:?}: {told}"
            );
        }
    }
}

#[test]
fn redirects_that_ended_by_themselves_are_named() {
    let watch = watching(URL);
    let by_request = |failure: &str| {
        let mut record = redirected("/again", Some(""), &json!({}), &Value::Null);
        record["test_keys"]["requests"][0]["failure"] = failure.into();
        record
    };
    let told = judged(
        &watch,
        &[
            by_request("unknown_failure: stopped after too many redirects"),
            by_request("http_invalid_redirect_url"),
            // Nothing failed, but the redirect was not followed.
            redirected(
                "https://papers.example/list",
                Some("moved"),
                &json!({}),
                &Value::Null,
            ),
        ],
    );
    let codes: Vec<&str> = told.iter().map(|t| t["code"].as_str().unwrap()).collect();
    assert_eq!(codes[..2], ["http.redirect_loop", "http.bad_redirect"]);
    assert!(codes[2].starts_with("content."), "{codes:?}");
}

#[test]
fn hours_whose_target_fails_open_an_incident() {
    let watch = watching(URL);
    let at = |hours: i64, record: &Value| {
        let mut record = record.clone();
        record["measurement_start_time"] = later("ok", hours)["measurement_start_time"].clone();
        record
    };
    let well = fixture("ok");
    let steps = json!({"tcp_connect": dialled(443, &Value::Null), "tls_handshakes": shaken("papers.example", "connection_reset")});
    let reset = redirected(URL, None, &steps, &json!("connection_reset"));
    let mut records: Vec<Value> = (0..4).map(|h| at(h, &well)).collect();
    records.extend((4..12).map(|h| at(h, &reset)));
    give(&watch, "ingest", &records).ends(0);
    let ran = watch.run(&["incidents", "--format", "json"]);
    assert!(ran.out.contains("tls.reset"), "{}", ran.out);
}

#[test]
fn a_compressed_file_is_read_as_it_is() {
    use std::io::Write as _;
    let watch = watching(URL);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let (first, second) = (
        fixture("ok").to_string(),
        later("dns_nxdomain", 1).to_string(),
    );
    writeln!(packed, "{first}").unwrap();
    let mut bytes = packed.finish().unwrap();
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writeln!(member, "{second}").unwrap();
    bytes.extend(member.finish().unwrap());
    std::fs::write(watch.file("in.jsonl.gz"), &bytes).unwrap();
    for command in ["judge", "ingest"] {
        let ran = watch
            .run(&[command, watch.file("in.jsonl.gz").to_str().unwrap()])
            .ends(0);
        let told = format!("{}{}", ran.out, ran.err);
        assert!(
            told.contains("dns.nxdomain") || told.contains("2 records"),
            "{told}"
        );
    }
}

#[test]
fn a_record_without_its_microseconds_has_its_seconds() {
    let watch = watching(URL);
    let mut record = fixture("ok");
    record["test_name"] = "accesswatch".into();
    record["test_keys"]["x_accesswatch"] = json!({
        "source": "papers", "probe": "page0", "vantage": "elsewhere", "round": "r1", "attempt": 0,
    });
    let told = judged(&watch, &[record]);
    assert_eq!(told[0]["code"], "ok", "{told:?}");
}
