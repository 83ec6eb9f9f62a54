//! The steps of a record: lookups (df-002), connects (df-005), handshakes (df-006), requests
//! (df-001).

use std::collections::BTreeSet;

use serde_json::Value;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::found::Located;
use super::words;
use crate::model::Failure;

/// The clocks of a step and of the whole are read at slightly different moments.
const SLACK_S: f64 = 1.0;

/// Checks every step. `runtime` is in seconds; `ours` are records that this program made.
pub(super) fn check(keys: &Located<'_>, runtime: f64, ours: bool) {
    let limit = runtime + SLACK_S;
    // The clock of a step includes waiting for the turn of a host; the runtime does not.
    let limit = if ours { f64::MAX } else { limit };
    for query in keys.key("queries").items() {
        step(&query, limit);
        look_up(&query);
    }
    for connect in keys.key("tcp_connect").items() {
        step(&connect, limit);
        self::connect(&connect);
    }
    for handshake in keys.key("tls_handshakes").items() {
        step(&handshake, limit);
        self::handshake(&handshake);
    }
    let requests = keys.key("requests");
    let mut newer = f64::MAX;
    for request in requests.items() {
        step(&request, limit);
        self::request(&request);
        let began = request.value["t0"].as_f64().unwrap_or(newer);
        request.must(began <= newer, "older than the one after it: newest first");
        newer = began;
    }
    if ours {
        links(keys);
    }
}

/// The time of a step, and the other steps that belong to it.
fn step(at: &Located<'_>, limit: f64) {
    let (t0, t) = (at.key("t0").amount(), at.key("t").amount());
    if let (Some(t0), Some(t)) = (t0, t) {
        at.key("t").must(t0 <= t, "before t0");
        at.key("t").must(t <= limit, "after the measurement's end");
    }
    at.key("transaction_id").whole();
    for tag in at.key("tags").items() {
        tag.text();
    }
}

/// Null, or a failure string from ooni/spec or `docs/data-dictionary.md`. Returns whether there was
/// a failure.
fn failure(at: &Located<'_>) -> bool {
    if at.value.is_null() {
        return false;
    }
    if let Some(text) = at.text() {
        let known = Failure::ALL.contains(&text)
            || words::FAILURES.contains(&text)
            || text
                .strip_prefix(Failure::UNKNOWN)
                .is_some_and(|rest| !rest.is_empty());
        at.must(known, "no failure of df-007");
    }
    true
}

fn look_up(at: &Located<'_>) {
    at.key("hostname").words();
    at.key("query_type").one_of(words::QUERY_TYPES);
    at.key("engine").one_of(words::ENGINES);
    at.key("resolver_address").text();
    let failed = failure(&at.key("failure"));
    let answers = at.key("answers").items();
    at.must(
        failed || !answers.is_empty(),
        "neither answers nor a failure",
    );
    for answer in answers {
        match answer.key("answer_type").words() {
            Some("A") => answer.key("ipv4").address(),
            Some("AAAA") => answer.key("ipv6").address(),
            Some("CNAME") => {
                answer.key("hostname").words();
            }
            _ => {}
        }
        for key in ["ttl", "asn"] {
            let number = answer.key(key);
            if !number.value.is_null() {
                number.whole();
            }
        }
    }
}

fn connect(at: &Located<'_>) {
    at.key("ip").address();
    let port = at.key("port");
    port.must(
        port.whole().is_none_or(|n| (1..=65535).contains(&n)),
        "no port",
    );
    let status = at.key("status");
    let failed = failure(&status.key("failure"));
    if let Some(success) = status.key("success").flag() {
        status.must(
            success != failed,
            "success and failure contradict each other",
        );
    }
}

fn handshake(at: &Located<'_>) {
    let address = at.key("address");
    if let Some(text) = address.text() {
        let is_one = text.parse::<std::net::SocketAddr>().is_ok();
        address.must(is_one, "not an address with a port");
    }
    at.key("server_name").text();
    at.key("no_tls_verify").flag();
    for key in ["cipher_suite", "negotiated_protocol"] {
        at.key(key).text();
    }
    let version = at.key("tls_version");
    version.one_of(words::TLS_VERSIONS);
    if !failure(&at.key("failure")) {
        version.must(version.value != "", "a handshake without a version");
        at.key("cipher_suite").words();
    }
    for certificate in at.key("peer_certificates").items() {
        if let Some(der) = certificate.bytes() {
            let whole = X509Certificate::from_der(&der).is_ok_and(|(rest, _)| rest.is_empty());
            certificate.must(whole, "no certificate in DER");
        }
    }
}

fn request(at: &Located<'_>) {
    let sent = at.key("request");
    let url = sent.key("url");
    if let Some(text) = url.words() {
        url.must(url::Url::parse(text).is_ok(), "no URL");
    }
    let method = sent.key("method");
    if let Some(text) = method.words() {
        let token = text.bytes().all(|b| b.is_ascii_uppercase());
        method.must(token, "no method of HTTP");
    }
    headers(&sent.key("headers_list"));
    let response = at.key("response");
    headers(&response.key("headers_list"));
    response.key("body").text_or_bytes();
    response.key("body_is_truncated").flag();
    let code = response.key("code");
    let number = code.whole();
    code.must(
        number.is_none_or(|n| n == 0 || (100..=999).contains(&n)),
        "no status of HTTP",
    );
    let failed = failure(&at.key("failure"));
    let is_file = url.value.as_str().is_some_and(|u| u.starts_with("file:"));
    at.must(
        failed || is_file || number != Some(0),
        "neither an answer nor a failure",
    );
}

fn headers(at: &Located<'_>) {
    for pair in at.items() {
        let both = pair.items();
        pair.must(both.len() == 2, "not a name and a value");
        for text in both {
            text.text_or_bytes();
        }
    }
}

/// An answer came over a connection, and over TLS where the address says so: `transaction_id` links
/// them.
fn links(keys: &Located<'_>) {
    let ids = |list: &str, went_well: fn(&Value) -> bool| -> BTreeSet<u64> {
        let steps = keys.value[list].as_array().into_iter().flatten();
        steps
            .filter(|step| went_well(step))
            .filter_map(|step| step["transaction_id"].as_u64())
            .collect()
    };
    let connected = ids("tcp_connect", |step| step["status"]["success"] == true);
    let secured = ids("tls_handshakes", |step| step["failure"].is_null());
    for handshake in keys.key("tls_handshakes").items() {
        let id = handshake.key("transaction_id");
        let known = id.value.as_u64().is_some_and(|n| connected.contains(&n));
        id.must(known, "no connection with this id succeeded");
    }
    for request in keys.key("requests").items() {
        let url = request.value["request"]["url"].as_str().unwrap_or_default();
        if request.value["response"]["code"] == 0 || url.starts_with("file:") {
            continue;
        }
        let id = request.key("transaction_id");
        let number = id.value.as_u64();
        let among = |ids: &BTreeSet<u64>| number.is_some_and(|n| ids.contains(&n));
        id.must(among(&connected), "no connection with this id succeeded");
        let fits = !url.starts_with("https:") || among(&secured);
        id.must(fits, "no handshake with this id succeeded");
    }
}
