//! `judge --strict`: the form of a record, value by value; our records and OONI's have that form.

use accesswatch::judge::strict::faults;
use serde_json::{Value, json};

use crate::support::cli_fixture::CliFixture;

fn ooni(name: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/ooni");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A record of OONI's with our own keys and every kind of step.
fn whole() -> Value {
    let mut record = ooni("ok");
    record["test_name"] = json!("accesswatch");
    record["measurement_uid"] = json!("0195547b-aaaa-7bbb-8ccc-1234567890ab");
    let keys = record["test_keys"].as_object_mut().unwrap();
    keys.retain(|key, _| {
        ["queries", "tcp_connect", "tls_handshakes", "requests"].contains(&key.as_str())
    });
    record["test_keys"]["x_accesswatch"] = json!({
        "source": "papers", "probe": "list", "vantage": "here", "round": "r1", "attempt": 0,
        "started_us": 1_772_414_045_123_456_i64, "phases": {"dns": 20.0, "total": 400.0},
        "via": "direct", "body_sha256": "0".repeat(64), "body_bytes": 12,
        "expect": [{"expectation": "contains: 摘要", "held": true}],
    });
    record
}

/// The check of a cited link.
fn of_a_link() -> Value {
    let mut record = whole();
    let extra = record["test_keys"]["x_accesswatch"]
        .as_object_mut()
        .unwrap();
    extra.remove("source");
    extra.remove("probe");
    extra.insert("link".to_owned(), json!("L7"));
    record
}

#[test]
fn well_formed_records_have_no_fault() {
    assert_eq!(faults(&whole()), []);
    assert_eq!(faults(&of_a_link()), []);
    // Records of older probes and records with missing parts are readable, but not well formed.
    let lenient = ["legacy_ok", "body_missing"];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/ooni");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let name = file.file_name().into_string().unwrap();
        let name = name.trim_end_matches(".json");
        let found = faults(&ooni(name));
        let expected = lenient.contains(&name);
        assert_eq!(!found.is_empty(), expected, "{name}: {found:#?}");
        seen += 1;
    }
    assert!(seen > 12);
}

/// The place where a record is changed, its new value, and words that the fault must contain.
type Case = (&'static str, Value, &'static str);

/// The top level and our own keys.
#[rustfmt::skip] // a table, one row a line
fn of_the_whole() -> Vec<Case> {
    vec![
        ("/data_format_version", json!("0.3"), "not known"),
        ("/test_name", json!("web"), "not known"),
        ("/input", json!("no url"), "no URL"),
        ("/input", json!(null), "no text"),
        ("/measurement_start_time", json!("2026-03-02T01:14:05Z"), "not YYYY"),
        ("/measurement_start_time", json!("2026-3-2 1:14:05"), "not YYYY"),
        ("/test_start_time", json!("2026-03-02 01:14:06"), "later"),
        ("/measurement_uid", json!(""), "empty"),
        ("/measurement_uid", json!("a b"), "an id"),
        ("/probe_cc", json!("de"), "capital"),
        ("/probe_cc", json!(null), "no text"),
        ("/probe_asn", json!("3320"), "AS and a number"),
        ("/probe_asn", json!("AS03320"), "AS and a number"),
        ("/test_runtime", json!(-1), "from 0 on"),
        ("/annotations/platform", json!(1), "no text"),
        ("/test_keys/x_accesswatch", json!(null), "missing"),
        ("/test_keys/x_accesswatch/source", json!("../x"), "an id"),
        ("/test_keys/x_accesswatch/attempt", json!(-1), "whole number"),
        ("/test_keys/x_accesswatch/started_us", json!(1), "within the second"),
        ("/test_keys/x_accesswatch/body_sha256", json!("ABC"), "no SHA-256"),
        ("/test_keys/x_accesswatch/phases/dns", json!("1 ms"), "from 0 on"),
        ("/test_keys/x_accesswatch/expect/0/held", json!("yes"), "neither true"),
    ]
}

/// Look-ups, connects, handshakes and requests.
#[rustfmt::skip] // a table, one row a line
fn of_the_steps() -> Vec<Case> {
    vec![
        ("/test_keys/queries/0/engine", json!("dns"), "not known"),
        ("/test_keys/queries/0/query_type", json!("X"), "not known"),
        ("/test_keys/queries/0/failure", json!("geoblock"), "df-007"),
        ("/test_keys/queries/0/failure", json!("unknown_failure: "), "df-007"),
        ("/test_keys/queries/0/failure", json!(false), "no text"),
        ("/test_keys/queries/0/answers", json!([]), "neither answers"),
        ("/test_keys/queries/0/answers", json!({}), "no list"),
        ("/test_keys/queries/0/answers/0/ipv4", json!("1.2.3"), "no IP"),
        ("/test_keys/queries/0/answers/0/asn", json!("AS1"), "whole number"),
        ("/test_keys/queries/0/t", json!(0.0), "before t0"),
        ("/test_keys/queries/0/t", json!("x"), "from 0 on"),
        ("/test_keys/queries/0/t0", json!(-0.1), "from 0 on"),
        ("/test_keys/tcp_connect/0/port", json!("abc"), "whole number"),
        ("/test_keys/tcp_connect/0/port", json!(70_000), "no port"),
        ("/test_keys/tcp_connect/0/ip", json!("papers.example"), "no IP"),
        ("/test_keys/tcp_connect/0/status/success", json!(false), "contradict"),
        ("/test_keys/tcp_connect/0/transaction_id", json!(7), "no connection with this id"),
        ("/test_keys/tls_handshakes/0/address", json!("203.0.113.10"), "with a port"),
        ("/test_keys/tls_handshakes/0/tls_version", json!("1.3"), "not known"),
        ("/test_keys/tls_handshakes/0/tls_version", json!(""), "without a version"),
        ("/test_keys/tls_handshakes/0/failure", json!("eof_error"), "no handshake with this id"),
        ("/test_keys/tls_handshakes/0/peer_certificates/0/data", json!("@@"), "broken base64"),
        ("/test_keys/tls_handshakes/0/peer_certificates/0/data", json!("AAAA"), "in DER"),
        ("/test_keys/tls_handshakes/0/peer_certificates/0", json!("text"), "base64"),
        ("/test_keys/requests/0/request/url", json!("/list"), "no URL"),
        ("/test_keys/requests/0/request/method", json!("get"), "no method"),
        ("/test_keys/requests/0/response/code", json!(20), "no status"),
        ("/test_keys/requests/0/response/code", json!(0), "neither an answer"),
        ("/test_keys/requests/0/response/body", json!({"format": "hex", "data": ""}), "base64"),
        ("/test_keys/requests/0/response/body", json!(null), "base64"),
        ("/test_keys/requests/0/response/headers_list/0", json!(["a"]), "a name and a value"),
        ("/test_keys/requests/0/transaction_id", json!(7), "no connection with this id"),
    ]
}

#[test]
fn each_value_is_checked_against_the_format() {
    for (path, value, why) in of_the_whole().into_iter().chain(of_the_steps()) {
        let mut record = whole();
        let place = record.pointer_mut(path).unwrap_or_else(|| panic!("{path}"));
        *place = value.clone();
        let found = faults(&record);
        assert!(
            found.iter().any(|f| f.why.contains(why)),
            "{path} = {value}: {found:#?}"
        );
    }
}

#[test]
fn unknown_keys_and_wrong_order_are_reported_and_additions_are_allowed() {
    let mut record = whole();
    record["x_more"] = json!(1);
    record["test_keys"]["x_more"] = json!(1);
    assert_eq!(faults(&record), []);
    record["colour"] = json!("red");
    record["test_keys"]["blocking"] = json!(false);
    let places: Vec<String> = faults(&record).into_iter().map(|f| f.place).collect();
    assert_eq!(places, ["colour", "test_keys.blocking"]);

    let mut record = whole();
    let mut newest = record["test_keys"]["requests"][0].clone();
    newest["t0"] = json!(5.0);
    newest["t"] = json!(6.0);
    record["test_keys"]["requests"]
        .as_array_mut()
        .unwrap()
        .push(newest);
    let found = faults(&record);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].why.contains("newest first"), "{found:#?}");
    assert_eq!(faults(&json!([])).len(), 1);
}

#[test]
fn judge_strict_reports_faults_by_line_and_still_judges_every_record() {
    let fixture = CliFixture::observed();
    let records = fixture.records();
    fixture.watch.write("good.jsonl", &records);
    let good = fixture.watch.file("good.jsonl");
    let good = good.to_str().unwrap();
    fixture.watch.run(&["judge", "--strict", good]).ends(0);

    let bad = records.replace("\"failure\":null", "\"failure\":\"geoblock\"");
    fixture.watch.write("bad.jsonl", &bad);
    let bad = fixture.watch.file("bad.jsonl");
    let bad = bad.to_str().unwrap();
    let ran = fixture.watch.run(&["judge", "--strict", bad]).ends(3);
    assert!(
        ran.err.contains("bad.jsonl:1: test_keys.")
            && ran.err.contains("no failure of df-007")
            && ran.err.contains("2 records are not well formed"),
        "{}",
        ran.err
    );
    assert_eq!(ran.out.lines().count(), records.lines().count());
    fixture.watch.run(&["judge", bad]).ends(0);
}
