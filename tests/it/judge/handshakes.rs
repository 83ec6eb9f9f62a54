//! Handshakes that failed, and what the presented chain shows.

use crate::support::english::English as _;
use accesswatch::model::Failure;
use accesswatch::model::measurement::{BinaryData, Measurement, TlsHandshake};

use super::record::{bare, connect, expect_code, request, verdict};

const URL: &str = "https://kns.cnki.net/x";

fn failed(failure: &str) -> Measurement {
    let mut m = bare(URL);
    let mut last = request(URL);
    last.failure = Some(Failure::from(failure));
    m.test_keys.requests.push(last);
    m
}

pub fn handshake(failure: &str, detail: Option<&str>, chain: Vec<BinaryData>) -> Measurement {
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
pub fn leaf(years: std::ops::Range<i32>, aia: bool) -> BinaryData {
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
        facts[1].english().contains("Some Authority,"),
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
