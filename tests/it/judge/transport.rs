//! What stopped an exchange: connections, HTTP, our own end, pages that were not fetched.

use crate::support::english::English as _;
use accesswatch::model::Failure;
use accesswatch::model::measurement::{Measurement, ProxyFacts, TlsHandshake};
use accesswatch::model::probe::Expect;
use accesswatch::model::vantage::Control;

use super::handshakes::{handshake, leaf};
use super::record::{
    answer, answered, bare, connect, expect_code, extra, judge, now, probe, query, request, verdict,
};

const URL: &str = "https://kns.cnki.net/x";

fn failed(failure: &str) -> Measurement {
    let mut m = bare(URL);
    let mut last = request(URL);
    last.failure = Some(Failure::from(failure));
    m.test_keys.requests.push(last);
    m
}

#[test]
fn the_code_follows_from_the_failures_of_all_addresses() {
    for (failures, code) in [
        (vec!["connection_refused"], "tcp.refused"),
        (
            vec!["network_unreachable", "generic_timeout_error"],
            "tcp.timeout",
        ),
        (
            vec!["connection_reset", "generic_timeout_error"],
            "tcp.reset",
        ),
        (vec!["host_unreachable"], "tcp.unreachable"),
    ] {
        let mut m = failed("generic_timeout_error");
        m.test_keys.queries = vec![query("kns.cnki.net", "A", Ok(&["203.0.113.7"]))];
        m.test_keys.tcp_connect = failures
            .iter()
            .map(|f| connect("203.0.113.7", Some(f)))
            .collect();
        expect_code(&m, None, code);
        let text = verdict(&m, None).english();
        assert!(!text.contains("block"), "{text}");
    }
}

#[test]
fn a_failed_exchange_has_the_code_of_its_failure() {
    for (failure, code) in [
        ("eof_error", "http.no_reply"),
        ("connection_reset", "http.reset"),
        ("generic_timeout_error", "http.timeout"),
        ("http_malformed_response", "http.malformed"),
        ("http_bad_content_encoding", "http.malformed"),
        ("http_redirect_loop", "http.redirect_loop"),
        ("http_invalid_redirect_location_host", "http.bad_redirect"),
    ] {
        let mut m = failed(failure);
        m.test_keys.tcp_connect = vec![connect("203.0.113.7", None)];
        m.test_keys.tls_handshakes = vec![TlsHandshake::default()];
        expect_code(&m, None, code);
        // The same failure after the answer began.
        let mut m = answered(URL, answer(URL, 302, &[("Location", "/x")], ""));
        m.test_keys.requests[0].failure = Some(Failure::from(failure));
        // A reply began and broke off: this is not a missing reply.
        let code = if code == "http.no_reply" {
            "http.reset"
        } else {
            code
        };
        expect_code(&m, None, code);
    }
    expect_code(&failed("unknown_failure: moon phase"), None, "insufficient");
    expect_code(&bare(URL), None, "insufficient");
}

#[test]
fn the_last_hop_of_a_chain_counts() {
    let mut m = bare("http://cnki.net/x");
    let mut first = answer("http://cnki.net/x", 301, &[("Location", URL)], "");
    (first.t0, first.t) = (0.1, 0.2);
    let mut last = request(URL);
    last.failure = Some(Failure::from("connection_reset"));
    (last.t0, last.t) = (0.3, 0.4);
    m.test_keys.requests = vec![last, first];
    let mut early = connect("203.0.113.7", None);
    early.t0 = 0.05;
    let mut late = connect("203.0.113.8", Some("connection_refused"));
    late.t0 = 0.25;
    m.test_keys.tcp_connect = vec![early, late];
    expect_code(&m, None, "tcp.refused");
}

#[test]
fn a_timeout_states_the_wait_where_the_record_has_it() {
    let mut m = failed("generic_timeout_error");
    m.test_keys.requests[0].t = 20.0;
    assert_eq!(verdict(&m, None).english(), "No whole answer came in time.");
    let mut more = extra();
    more.phases.total = 20_003.2;
    m.test_keys.x_accesswatch = Some(more);
    assert_eq!(
        verdict(&m, None).english(),
        "No whole answer came within 20 s."
    );
}

#[test]
fn a_request_before_the_probes_own_is_another_exchange() {
    let mut m = bare(URL);
    let mut session = answer("https://kns.cnki.net/session", 200, &[], "");
    (session.t0, session.t) = (0.1, 0.2);
    session.tags.push("before".to_owned());
    let mut last = request(URL);
    last.failure = Some(Failure::from("generic_timeout_error"));
    (last.t0, last.t) = (0.3, 9.0);
    m.test_keys.requests = vec![last, session];
    m.test_keys.x_accesswatch = Some(extra());
    let mut late = connect("203.0.113.7", Some("generic_timeout_error"));
    late.t0 = 0.25;
    m.test_keys.tcp_connect = vec![connect("203.0.113.7", None), late];
    expect_code(&m, None, "tcp.timeout");
}

#[test]
fn our_own_end_wins_over_everything() {
    let mut m = failed("socks_auth_failed");
    m.test_keys.queries = vec![query("kns.cnki.net", "A", Err("dns_nxdomain_error"))];
    expect_code(&m, None, "vantage.proxy");
    let mut m = failed("generic_timeout_error");
    let mut x = extra();
    x.proxy = Some(ProxyFacts {
        failure: Some(Failure::from("socks_proxy_connect_failed")),
        ..ProxyFacts::default()
    });
    m.test_keys.x_accesswatch = Some(x);
    expect_code(&m, None, "vantage.proxy");
    assert_eq!(
        verdict(&m, None).failure.unwrap().as_str(),
        "socks_proxy_connect_failed"
    );
    // What the proxy says about the target is not a failure of the proxy.
    for (failure, status, code) in [
        ("socks_connection_refused", None, "tcp.refused"),
        ("socks_host_unreachable", None, "tcp.unreachable"),
        ("socks_ttl_expired", None, "tcp.timeout"),
        ("socks_http_proxy_refused", Some(502), "tcp.unreachable"),
        ("generic_timeout_error", Some(504), "tcp.timeout"),
        ("generic_timeout_error", Some(200), "http.timeout"),
        ("socks_http_proxy_refused", Some(403), "vantage.proxy"),
    ] {
        let mut m = failed(failure);
        let mut x = extra();
        x.proxy = Some(ProxyFacts {
            connect_status: status,
            ..ProxyFacts::default()
        });
        m.test_keys.x_accesswatch = Some(x);
        expect_code(&m, None, code);
    }
    let mut m = bare("file:wind/status.json");
    let mut last = request("file:wind/status.json");
    last.failure = Some(Failure::from("file_unreadable"));
    m.test_keys.requests.push(last);
    expect_code(&m, None, "vantage.offline");
    assert!(verdict(&m, None).english().contains("our own end"));
}

#[test]
fn a_page_that_was_not_fetched_is_skipped() {
    for (why, code) in [
        ("robots", "skipped.robots"),
        ("back_off", "skipped.back_off"),
    ] {
        let mut m = bare(URL);
        let mut x = extra();
        x.skipped = Some(why.to_owned());
        m.test_keys.x_accesswatch = Some(x);
        expect_code(&m, None, code);
    }
}

#[test]
fn an_explicit_text_wins_over_the_failure_that_broke_it_off() {
    let body = "<script>document.cookie='__jsl_clearance_s=1'</script>";
    let mut m = answered(URL, answer(URL, 521, &[("X-Via-JSL", "1")], body));
    m.test_keys.requests[0].failure = Some(Failure::from("eof_error"));
    expect_code(&m, None, "site.challenge");
}

#[test]
fn a_body_that_was_not_kept_is_not_judged_again() {
    let mut m = answered(URL, answer(URL, 200, &[], ""));
    let mut x = extra();
    x.body_bytes = 5000;
    m.test_keys.x_accesswatch = Some(x);
    let expect = Expect {
        contains: vec!["摘要".to_owned()],
        ..Expect::default()
    };
    let p = probe(URL, expect, Vec::new());
    expect_code(&m, Some(&p), "insufficient");
    m.test_keys.requests[0].response.code = 404;
    expect_code(&m, Some(&p), "http.not_found");
}

#[test]
fn a_control_passes_or_shows_what_is_wrong_with_the_vantage() {
    let url = "http://detect.example/success.txt";
    let control = |body: Option<&str>| Control {
        url: url.parse().unwrap(),
        body: body.map(str::to_owned),
        echo: false,
    };
    let passes = |m: &Measurement, body| judge().control_passes(m, &control(body)).unwrap().passed;
    let good = answered(url, answer(url, 200, &[], "success\n"));
    assert!(passes(&good, Some("success\n")) && passes(&good, None));
    let captive = answered(url, answer(url, 200, &[], "<html>log in</html>"));
    let result = judge()
        .control_passes(&captive, &control(Some("success\n")))
        .unwrap();
    assert!(!result.passed);
    let code = accesswatch::judge::control::vantage_code(&[result]);
    assert_eq!(code.unwrap().as_str(), "vantage.captive");
    assert!(passes(&answered(url, answer(url, 404, &[], "")), None));
    assert!(!passes(&answered(url, answer(url, 503, &[], "")), None));
    // A failing server is not a log-in page of the local network.
    let down = answered(url, answer(url, 503, &[], "down"));
    let down = judge()
        .control_passes(&down, &control(Some("success\n")))
        .unwrap();
    assert_eq!((down.passed, &down.failure), (false, &None));
    let limited = answered(url, answer(url, 429, &[], "too many"));
    let limited = judge()
        .control_passes(&limited, &control(Some("success\n")))
        .unwrap();
    assert_eq!((limited.passed, &limited.failure), (false, &None));
    let mut skipped = good.clone();
    skipped.test_keys.x_accesswatch = serde_json::from_value(serde_json::json!({
        "source": "control", "probe": "p", "vantage": "v", "round": "r", "attempt": 0, "started_us": 0,
        "skipped": "back_off",
    }))
    .unwrap();
    assert_eq!(
        judge().control_passes(&skipped, &control(None)),
        None,
        "it was not asked"
    );
    let expired = judge()
        .control_passes(
            &handshake(
                "ssl_invalid_certificate",
                None,
                vec![leaf(2027..2028, false)],
            ),
            &Control {
                url: URL.parse().unwrap(),
                body: None,
                echo: false,
            },
        )
        .unwrap();
    let code = accesswatch::judge::control::vantage_code(&[expired]);
    assert_eq!(code.unwrap().as_str(), "vantage.clock");
    assert!(
        now()
            < "2027-01-01T00:00:00Z"
                .parse::<accesswatch::model::Time>()
                .unwrap()
    );
}
