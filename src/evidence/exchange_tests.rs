//! Tests of the records of an exchange.

use bytes::Bytes;

use super::*;
use crate::model::MeasurementUid;
use crate::model::measurement::{Body, RequestSent, Response, TestKeys};

fn header(name: &str, value: &str) -> (HeaderText, HeaderText) {
    (HeaderText(name.to_owned()), HeaderText(value.to_owned()))
}

fn request(url: &str, code: u16, body: &str) -> Request {
    Request {
        request: RequestSent {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers_list: vec![
                header("Host", "example.org"),
                header("User-Agent", "a\r\nX: b"),
            ],
        },
        response: Response {
            code,
            headers_list: vec![
                header("Content-Type", "text/html"),
                header("Content-Encoding", "gzip"),
                header("Transfer-Encoding", "chunked"),
            ],
            body: Body(Bytes::copy_from_slice(body.as_bytes())),
            body_is_truncated: false,
        },
        t0: 0.25,
        ..Request::default()
    }
}

fn measurement(requests: Vec<Request>) -> Measurement {
    let line = r#"{"input":"https://example.org/","measurement_start_time":"2026-11-29 14:04:26","test_name":"accesswatch","test_keys":{}}"#;
    let mut measurement: Measurement = serde_json::from_str(line).unwrap();
    measurement.measurement_uid = Some(MeasurementUid("uid-1".into()));
    measurement.test_keys = TestKeys {
        requests,
        ..TestKeys::default()
    };
    measurement
}

fn made(measurement: &Measurement) -> Vec<Record> {
    made_without(measurement, None)
}

fn made_without(measurement: &Measurement, without_body: Option<&'static str>) -> Vec<Record> {
    let kept = Kept {
        measurement,
        observed: None,
        without_body,
        vantage: None,
    };
    records(&kept, |_| None)
}

fn text(record: &Record) -> String {
    String::from_utf8_lossy(record.block()).into_owned()
}

#[test]
fn every_hop_has_its_three_records_oldest_first() {
    let hops = vec![
        request("https://example.org/b", 200, "page"),
        request("https://example.org/a", 302, ""),
    ];
    let records = made(&measurement(hops));
    let kinds: Vec<&str> = records.iter().map(|r| r.kind().as_str()).collect();
    assert_eq!(
        kinds,
        [
            "response", "metadata", "request", "response", "metadata", "request"
        ]
    );
    assert_eq!(
        records[0].field("WARC-Target-URI"),
        Some("https://example.org/a")
    );
    // With the address of the page pywb would replay the metadata in its place.
    assert_eq!(
        records[1].field("WARC-Target-URI"),
        Some("urn:accesswatch:metadata:https://example.org/a")
    );
    assert_eq!(
        records[3].field("WARC-Target-URI"),
        Some("https://example.org/b")
    );
    assert_eq!(
        records[3].date().to_rfc3339(),
        "2026-11-29T14:04:26.250+00:00"
    );
    let response = records[3].id();
    assert_eq!(
        records[5].field("WARC-Concurrent-To"),
        Some(format!("<{response}>").as_str())
    );
}

#[test]
fn the_encoded_body_keeps_its_coding_and_a_decoded_one_loses_it() {
    let encoded = WireForm {
        reason: "OK".to_owned(),
        encoded_body: Some(Bytes::from_static(b"\x1f\x8bzip")),
        ..WireForm::default()
    };
    let mut measurement = measurement(vec![request("https://example.org/", 200, "page")]);
    measurement.test_keys.requests[0].wire = encoded;
    let answer = text(&made(&measurement)[0]);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"), "{answer}");
    measurement.test_keys.requests[0].wire = WireForm::default();
    let answer = text(&made(&measurement)[0]);
    assert_eq!(
        answer,
        "HTTP/1.1 200 \r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage"
    );
}

#[test]
fn a_value_from_the_network_cannot_add_a_header() {
    let url = "https://example.org/\u{85}\r\nX: y";
    let records = made(&measurement(vec![request(url, 200, "")]));
    for record in &records {
        let member = record.member().unwrap();
        let mut plain = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&member[..]), &mut plain)
            .unwrap();
        assert!(!plain.contains("\nX: "), "{plain}");
    }
    assert!(text(&records[2]).contains("User-Agent: a  X: b\r\n"));
}

#[test]
fn a_payload_that_is_kept_already_is_a_revisit() {
    let measurement = measurement(vec![request("https://example.org/", 200, "page")]);
    let kept = Kept {
        measurement: &measurement,
        observed: None,
        without_body: None,
        vantage: None,
    };
    let earlier = EarlierPayload {
        record: RecordId::derived("uid-0", 0, RecordKind::Response),
        url: "https://example.org/".to_owned(),
        date: measurement.started(),
    };
    let records = records(&kept, |wanted| {
        (wanted == digest(b"page")).then(|| earlier.clone())
    });
    assert_eq!(records[0].kind(), RecordKind::Revisit);
    assert!(text(&records[0]).ends_with("\r\n\r\n"));
    let refers = records[0].field("WARC-Refers-To").map(str::to_owned);
    assert_eq!(refers, Some(format!("<{}>", earlier.record)));
}

#[test]
fn an_attempt_without_a_request_leaves_what_the_layers_below_saw() {
    let records = made(&measurement(vec![]));
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].kind(), RecordKind::Metadata);
}

#[test]
fn a_body_that_may_not_be_kept_leaves_its_head_and_says_why() {
    let measurement = measurement(vec![request("https://example.org/", 200, "secret page")]);
    let records = made_without(&measurement, Some("store_body"));
    assert!(text(&records[0]).ends_with("Content-Length: 0\r\n\r\n"));
    assert_eq!(records[0].field("WARC-Truncated"), Some("unspecified"));
    assert!(text(&records[1]).contains(r#""body_left_out":"store_body""#));
    assert!(records.iter().all(|r| !text(r).contains("secret page")));
}

#[test]
fn answer_and_request_say_that_they_went_over_http_2() {
    let mut hop = request("https://example.org/", 200, "page");
    hop.wire.h2 = true;
    for record in made(&measurement(vec![hop])) {
        let wanted = (record.kind() != RecordKind::Metadata).then_some("h2");
        assert_eq!(record.field("WARC-Protocol"), wanted, "{:?}", record.kind());
    }
}
