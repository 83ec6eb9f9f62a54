//! What stopped an exchange, layer by layer.

use accesswatch::model::measurement::{BinaryData, Measurement, ProxyFacts, TlsHandshake};
use accesswatch::model::probe::Expect;
use accesswatch::model::vantage::Control;
use accesswatch::model::{Failure, Locus};

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
fn a_name_that_fails() {
    for (a, aaaa, code) in [
        ("dns_nxdomain_error", "dns_nxdomain_error", "dns.nxdomain"),
        ("dns_no_answer", "dns_no_answer", "dns.no_answer"),
        ("dns_no_answer", "dns_servfail_error", "dns.servfail"),
        ("dns_refused_error", "generic_timeout_error", "dns.refused"),
        ("generic_timeout_error", "dns_no_answer", "dns.timeout"),
        ("dns_server_misbehaving", "dns_no_answer", "dns.servfail"),
    ] {
        let mut m = failed(a);
        m.test_keys.queries = vec![
            query("kns.cnki.net", "A", Err(a)),
            query("kns.cnki.net", "AAAA", Err(aaaa)),
        ];
        expect_code(&m, None, code);
        let got = verdict(&m, None);
        assert_eq!(got.locus, Locus::Unknown);
        assert!(got.failure.is_some() && got.evidence[0].place.starts_with("queries["));
    }
}

#[test]
fn one_family_that_fails_is_no_verdict() {
    let mut m = answered(URL, answer(URL, 200, &[], "<p>x"));
    m.test_keys.queries = vec![
        query("kns.cnki.net", "A", Ok(&["203.0.113.7"])),
        query("kns.cnki.net", "AAAA", Err("dns_servfail_error")),
    ];
    m.test_keys
        .tcp_connect
        .insert(0, connect("2001:db8::1", Some("network_unreachable")));
    expect_code(&m, None, "ok");
}

#[test]
fn every_address_failed() {
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
        let text = verdict(&m, None).text;
        assert!(!text.contains("block"), "{text}");
    }
}

fn handshake(failure: &str, detail: Option<&str>, chain: Vec<BinaryData>) -> Measurement {
    let mut m = failed(failure);
    m.test_keys.tcp_connect = vec![connect("203.0.113.7", None)];
    m.test_keys.tls_handshakes = vec![TlsHandshake {
        server_name: "kns.cnki.net".to_owned(),
        failure: Some(Failure::from(failure)),
        x_detail: detail.map(str::to_owned),
        peer_certificates: chain,
        ..TlsHandshake::default()
    }];
    m
}

#[test]
fn a_handshake_that_failed() {
    for (failure, detail, code) in [
        ("connection_reset", None, "tls.reset"),
        ("eof_error", Some("no byte came"), "tls.closed"),
        ("generic_timeout_error", None, "tls.timeout"),
        (
            "ssl_invalid_hostname",
            Some("certificate is for *.cdn.example"),
            "tls.wrong_host",
        ),
        (
            "ssl_unknown_authority",
            Some("self-signed certificate"),
            "tls.untrusted",
        ),
        ("ssl_invalid_certificate", None, "tls.invalid"),
        (
            "ssl_invalid_certificate",
            Some("certificate expired 2026-11-01"),
            "tls.expired",
        ),
        (
            "ssl_failed_handshake",
            Some("alert: handshake_failure"),
            "tls.incompatible",
        ),
        (
            "ssl_failed_handshake",
            Some("alert: protocol_version"),
            "tls.incompatible",
        ),
        (
            "ssl_failed_handshake",
            Some("peer incompatible: no_cipher_suites_in_common"),
            "tls.incompatible",
        ),
        (
            "ssl_failed_handshake",
            Some("alert: unrecognized_name"),
            "tls.alert",
        ),
        (
            "ssl_failed_handshake",
            Some("not TLS: invalid_content_type"),
            "tls.invalid",
        ),
        ("ssl_failed_handshake", None, "tls.alert"),
        (
            "unknown_failure: remote error: tls: handshake failure",
            None,
            "tls.incompatible",
        ),
    ] {
        expect_code(&handshake(failure, detail, Vec::new()), None, code);
    }
}

/// A certificate for a name, signed by an authority, valid over a span of years.
fn leaf(years: std::ops::Range<i32>, aia: bool) -> BinaryData {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority
        .distinguished_name
        .push(rcgen::DnType::CommonName, "Some Authority\u{202e}");
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let mut params = rcgen::CertificateParams::new(vec!["kns.cnki.net".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(years.start, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.end, 1, 1);
    if aia {
        // Authority information access: caIssuers, URI http://a/ (RFC 5280 section 4.2.2.1).
        let der = [
            0x30, 0x17, 0x30, 0x15, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02,
            0x86, 0x09, b'h', b't', b't', b'p', b':', b'/', b'/', b'a', b'/',
        ];
        let extension =
            rcgen::CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], der.to_vec());
        params.custom_extensions.push(extension);
    }
    let key = rcgen::KeyPair::generate().unwrap();
    BinaryData(params.signed_by(&key, &issuer).unwrap().der().to_vec())
}

#[test]
fn the_chain_as_presented_tells_more() {
    let expired = handshake(
        "ssl_invalid_certificate",
        None,
        vec![leaf(2020..2025, false)],
    );
    expect_code(&expired, None, "tls.expired");
    let facts = verdict(&expired, None).evidence;
    assert!(
        facts[1].fact.contains("Some Authority,"),
        "cleaned: {facts:?}"
    );
    expect_code(
        &handshake(
            "ssl_invalid_certificate",
            None,
            vec![leaf(2020..2030, false)],
        ),
        None,
        "tls.invalid",
    );
    let unknown = |chain| handshake("ssl_unknown_authority", None, chain);
    expect_code(
        &unknown(vec![leaf(2020..2030, true)]),
        None,
        "tls.incomplete_chain",
    );
    expect_code(
        &unknown(vec![leaf(2020..2030, false)]),
        None,
        "tls.untrusted",
    );
    expect_code(
        &unknown(vec![leaf(2020..2030, true), leaf(2020..2030, true)]),
        None,
        "tls.untrusted",
    );
    expect_code(
        &unknown(vec![BinaryData(b"no certificate".to_vec())]),
        None,
        "tls.untrusted",
    );
}

#[test]
fn an_exchange_that_failed() {
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
        // The same after the answer began.
        let mut m = answered(URL, answer(URL, 302, &[("Location", "/x")], ""));
        m.test_keys.requests[0].failure = Some(Failure::from(failure));
        expect_code(&m, None, code);
    }
    expect_code(&failed("unknown_failure: moon phase"), None, "insufficient");
    expect_code(&bare(URL), None, "insufficient");
}

#[test]
fn of_a_chain_the_last_hop_counts() {
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
fn what_a_probe_asks_first_is_another_exchange() {
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
fn addresses_that_cannot_be() {
    let mut m = answered(
        "http://kns.cnki.net/x",
        answer("http://kns.cnki.net/x", 403, &[], "<title>no</title>"),
    );
    m.test_keys.queries = vec![query("kns.cnki.net", "A", Ok(&["10.10.34.35"]))];
    expect_code(&m, None, "dns.bogon");
    // A healthy page followed: a campus that answers for its own cache.
    m.test_keys.requests[0].response.code = 200;
    expect_code(&m, None, "ok");
    // Documentation ranges are ordinary, and addresses in the URL were not resolved.
    m.test_keys.requests[0].response.code = 403;
    m.test_keys.queries = vec![query("kns.cnki.net", "A", Ok(&["192.0.2.1"]))];
    expect_code(&m, None, "http.forbidden");
    let mut m = answered(
        "http://127.0.0.1/x",
        answer("http://127.0.0.1/x", 403, &[], ""),
    );
    m.test_keys.queries = vec![query("127.0.0.1", "A", Ok(&["127.0.0.1"]))];
    expect_code(&m, None, "http.forbidden");
}

#[test]
fn forged_answers_need_proof() {
    let stopped = |answers: &[&[&str]]| {
        let mut m = failed("generic_timeout_error");
        m.test_keys.tcp_connect = vec![connect("203.0.113.7", Some("generic_timeout_error"))];
        for (i, list) in answers.iter().enumerate() {
            let mut q = query("kns.cnki.net", "A", Ok(list));
            q.transaction_id = 1;
            if i > 0 {
                q.tags.push("duplicate".to_owned());
            }
            m.test_keys.queries.push(q);
        }
        m
    };
    expect_code(&stopped(&[&["93.46.8.89"]]), None, "dns.forged");
    expect_code(
        &stopped(&[&["127.0.0.1"], &["203.0.113.7"]]),
        None,
        "dns.forged",
    );
    assert_eq!(
        verdict(&stopped(&[&["93.46.8.89"]]), None).locus,
        Locus::Network
    );
    // Two CDN nodes, or an empty second answer, prove nothing.
    expect_code(
        &stopped(&[&["203.0.113.7"], &["203.0.113.8"]]),
        None,
        "tcp.timeout",
    );
    expect_code(&stopped(&[&["203.0.113.7"], &[]]), None, "tcp.timeout");
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
    // What the proxy says of the target is no fault of the proxy's.
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
    assert!(verdict(&m, None).text.contains("our own end"));
}

#[test]
fn what_was_not_fetched() {
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
fn an_explicit_text_wins_over_what_broke_it_off() {
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
fn controls() {
    let url = "http://detect.example/success.txt";
    let control = |body: Option<&str>| Control {
        url: url.parse().unwrap(),
        body: body.map(str::to_owned),
    };
    let passes = |m: &Measurement, body| judge().control_passes(m, &control(body)).passed;
    let good = answered(url, answer(url, 200, &[], "success\n"));
    assert!(passes(&good, Some("success\n")) && passes(&good, None));
    let captive = answered(url, answer(url, 200, &[], "<html>log in</html>"));
    let result = judge().control_passes(&captive, &control(Some("success\n")));
    assert!(!result.passed);
    let code = accesswatch::judge::control::vantage_code(&[result]);
    assert_eq!(code.unwrap().as_str(), "vantage.captive");
    assert!(passes(&answered(url, answer(url, 404, &[], "")), None));
    assert!(!passes(&answered(url, answer(url, 503, &[], "")), None));
    let expired = judge().control_passes(
        &handshake(
            "ssl_invalid_certificate",
            None,
            vec![leaf(2027..2028, false)],
        ),
        &Control {
            url: URL.parse().unwrap(),
            body: None,
        },
    );
    let code = accesswatch::judge::control::vantage_code(&[expired]);
    assert_eq!(code.unwrap().as_str(), "vantage.clock");
    assert!(
        now()
            < "2027-01-01T00:00:00Z"
                .parse::<accesswatch::model::Time>()
                .unwrap()
    );
}
