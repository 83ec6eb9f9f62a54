//! Names that fail, and answers for them that cannot be true.

use accesswatch::model::measurement::Measurement;
use accesswatch::model::{Failure, Locus};

use super::record::{answer, answered, bare, connect, expect_code, query, request, verdict};

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
fn addresses_that_cannot_be() {
    let mut m = answered(
        "http://kns.cnki.net/x",
        answer("http://kns.cnki.net/x", 403, &[], "<title>no</title>"),
    );
    m.test_keys.queries = vec![query("kns.cnki.net", "A", Ok(&["10.10.34.35"]))];
    expect_code(&m, None, "dns.bogon");
    // A healthy page followed: a campus that answers from its own cache.
    m.test_keys.requests[0].response.code = 200;
    expect_code(&m, None, "ok");
    // Documentation addresses count as ordinary, and addresses in the URL were not resolved.
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
    // Two CDN nodes or an empty second answer prove nothing.
    expect_code(
        &stopped(&[&["203.0.113.7"], &["203.0.113.8"]]),
        None,
        "tcp.timeout",
    );
    expect_code(&stopped(&[&["203.0.113.7"], &[]]), None, "tcp.timeout");
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
fn a_failed_look_up_is_no_verdict_beside_an_address_that_was_given() {
    let with = |a: Result<&[&str], &str>, ways: &[(&str, &str)]| {
        let mut m = failed("network_unreachable");
        m.test_keys.queries = vec![
            query("kns.cnki.net", "A", a),
            query("kns.cnki.net", "AAAA", Ok(&["2001:db8::1"])),
        ];
        m.test_keys.tcp_connect = ways.iter().map(|(ip, f)| connect(ip, Some(f))).collect();
        m
    };
    let no_way = [("2001:db8::1", "network_unreachable")];
    for (a, code) in [
        // One failed query gives no verdict while the other has an answer.
        (Err("dns_servfail_error"), "tcp.unreachable"),
        (Err("generic_timeout_error"), "tcp.unreachable"),
        (Err("dns_refused_error"), "tcp.unreachable"),
        // The name has no IPv4 address. That is an answer, and only the route is missing.
        (Err("dns_no_answer"), "tcp.unreachable"),
        (Ok(&[][..]), "tcp.unreachable"),
    ] {
        let got = verdict(&with(a, &no_way), None);
        assert_eq!(got.code.as_str(), code, "{a:?} {got:#?}");
    }
    // The address answered or timed out, so that decides.
    for failure in ["connection_refused", "generic_timeout_error"] {
        let tried = [("2001:db8::1", failure)];
        let got = verdict(&with(Err("dns_servfail_error"), &tried), None);
        assert!(got.code.as_str().starts_with("tcp."), "{got:#?}");
    }
    let both = [
        ("203.0.113.7", "network_unreachable"),
        ("2001:db8::1", "network_unreachable"),
    ];
    let got = verdict(&with(Ok(&["203.0.113.7"]), &both), None);
    assert_eq!(got.code.as_str(), "tcp.unreachable");
}
