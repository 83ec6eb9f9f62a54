//! The top level of a record (df-000), and our own keys.

use std::cell::RefCell;

use chrono::NaiveDateTime;
use serde_json::Value;

use super::found::{FormatViolation, Located};
use super::{steps, words};

/// Every violation in a record, in the order of its keys; empty when the record is well formed.
#[must_use]
pub fn faults(record: &Value) -> Vec<FormatViolation> {
    let found = RefCell::new(Vec::new());
    let top = Located::new(record, &found);
    if record.is_object() {
        envelope(&top);
        let keys = top.key("test_keys");
        steps::check(&keys, runtime(&top), is_ours(&top));
        if is_ours(&top) {
            keys.knows(&["queries", "tcp_connect", "tls_handshakes", "requests"]);
            extra(&keys.key("x_accesswatch"), start(&top));
        }
    } else {
        top.is("no object");
    }
    found.into_inner()
}

fn is_ours(top: &Located<'_>) -> bool {
    top.value["test_name"] == "accesswatch"
}

fn runtime(top: &Located<'_>) -> f64 {
    top.value["test_runtime"].as_f64().unwrap_or(f64::MAX)
}

/// Seconds since 1970.
fn start(top: &Located<'_>) -> Option<i64> {
    time(top.value["measurement_start_time"].as_str()?)
}

/// Exactly "YYYY-MM-DD HH:MM:SS".
fn time(text: &str) -> Option<i64> {
    const FORMAT: &str = "%Y-%m-%d %H:%M:%S";
    let time = NaiveDateTime::parse_from_str(text, FORMAT).ok()?;
    (time.format(FORMAT).to_string() == text).then(|| time.and_utc().timestamp())
}

fn envelope(top: &Located<'_>) {
    top.knows(words::TOP);
    top.key("data_format_version").one_of(&["0.2.0"]);
    top.key("test_name")
        .one_of(&["accesswatch", "web_connectivity"]);
    let input = top.key("input");
    if let Some(text) = input.words() {
        input.must(url::Url::parse(text).is_ok(), "no URL");
    }
    for key in ["measurement_start_time", "test_start_time"] {
        let at = top.key(key);
        if let Some(text) = at.text() {
            at.must(time(text).is_some(), "not YYYY-MM-DD HH:MM:SS");
        }
    }
    let test = top.value["test_start_time"].as_str().and_then(time);
    if let (Some(test), Some(start)) = (test, start(top)) {
        top.key("test_start_time")
            .must(test <= start, "later than the measurement");
    }
    let country = top.key("probe_cc");
    if let Some(text) = country.text() {
        let is_one = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        country.must(is_one, "not two capital letters");
    }
    let asn = top.key("probe_asn");
    if let Some(text) = asn.text() {
        let digits = text.strip_prefix("AS").unwrap_or_default();
        let number = digits.parse::<u32>().map(|n| n.to_string());
        asn.must(number.as_deref() == Ok(digits), "not AS and a number");
    }
    top.key("report_id").text();
    for key in ["software_name", "software_version", "test_version"] {
        top.key(key).words();
    }
    top.key("test_runtime").amount();
    if is_ours(top) || top.value.get("measurement_uid").is_some() {
        id(&top.key("measurement_uid"));
    }
    let annotations = top.key("annotations");
    for (name, value) in annotations.value.as_object().into_iter().flatten() {
        annotations.key(name).must(value.is_string(), "no text");
    }
}

/// An id: not empty, not too long, and only letters, digits and `.-_:`.
fn id(at: &Located<'_>) {
    let Some(text) = at.words() else { return };
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
    at.must(
        text.len() <= 200 && text.chars().all(|c| plain(c) || c.is_alphabetic()),
        "an id of at most 200 letters, digits and .-_: is expected",
    );
}

fn extra(extra: &Located<'_>, start: Option<i64>) {
    if !extra.value.is_object() {
        return extra.is("missing");
    }
    // A URL tried by hand, and a control, have their hosts as ids, which may be addresses. The
    // check of a cited link has the link's id in place of a source and a probe.
    for key in ["vantage", "round"] {
        id(&extra.key(key));
    }
    if extra.value.get("link").is_some() {
        id(&extra.key("link"));
    } else {
        id(&extra.key("source"));
        extra.key("probe").text();
    }
    if extra.value.get("pass").is_some() {
        id(&extra.key("pass"));
    }
    extra.key("attempt").whole();
    let began = extra.key("started_us");
    match began.value.as_i64() {
        None => began.is("no whole number"),
        Some(us) => began.must(
            start.is_none_or(|start| us.div_euclid(1_000_000) == start),
            "not within the second of measurement_start_time",
        ),
    }
    let phases = extra.key("phases");
    for (name, _) in phases.value.as_object().into_iter().flatten() {
        phases.key(name).amount();
    }
    extra.key("via").words();
    let hash = extra.key("body_sha256");
    if !hash.value.is_null()
        && let Some(text) = hash.text()
    {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        hash.must(text.len() == 64 && text.bytes().all(hex), "no SHA-256");
    }
    extra.key("body_bytes").whole();
    for fact in extra.key("expect").items() {
        fact.key("expectation").words();
        fact.key("held").flag();
    }
}
