//! Tests of what is taken out of records.

use bytes::Bytes;

use super::*;
use crate::model::measurement::{BinaryData, Body, RequestSent, Response};

fn record(body: &str, headers: &[(&str, &str)]) -> Request {
    let headers_list = headers
        .iter()
        .map(|(n, v)| (HeaderText((*n).to_owned()), HeaderText((*v).to_owned())))
        .collect();
    Request {
        request: RequestSent {
            url: "https://me:pw@a.example/x?q=1&captchaId=1f0c2ab34d5e6f708192&sid=1".to_owned(),
            headers_list: vec![
                (HeaderText("Cookie".into()), HeaderText("a=1; b=2".into())),
                (
                    HeaderText("Authorization".into()),
                    HeaderText("Basic eA".into()),
                ),
            ],
            ..RequestSent::default()
        },
        response: Response {
            headers_list,
            body: Body(body.to_owned().into()),
            ..Response::default()
        },
        ..Request::default()
    }
}

fn body(redactor: &mut RecordRedactor, text: &str) -> String {
    let mut requests = [record(text, &[])];
    redactor.clean(&mut requests);
    String::from_utf8(requests[0].response.body.0.to_vec()).unwrap()
}

#[test]
fn a_login_is_taken_out_in_every_form() {
    let mut redactor = RecordRedactor::default();
    redactor.login("ana", "s3cret pass+word");
    let page = "s3cret pass+word s3cret%20pass%2Bword s3cret+pass%2Bword \
                czNjcmV0IHBhc3Mrd29yZA== YW5hOnMzY3JldCBwYXNzK3dvcmQ=";
    let mut requests = [Request::default()];
    requests[0].response.body.0 = page.into();
    redactor.clean(&mut requests);
    let left = String::from_utf8_lossy(&requests[0].response.body.0).into_owned();
    assert_eq!(
        left.split(' ').filter(|w| *w == REDACTED).count(),
        5,
        "{left}"
    );
}

#[test]
fn headers_and_urls_keep_names_and_lose_values() {
    let mut requests = [record(
        "",
        &[
            (
                "Set-Cookie",
                "JSESSIONID=0123456789ABCDEF; Path=/; HttpOnly",
            ),
            ("Location", "https://b.example/v?token=abc&x=1#top"),
            ("Refresh", "3; url=/verify?ident=zz"),
            ("X-Echo", "you are 203.0.113.9, cookie 0123456789ABCDEF"),
            ("ETag", "\"v=1\""),
        ],
    )];
    let mut redactor = RecordRedactor::default();
    redactor.cookies(["0123456789ABCDEF", "231123203.0.113.9"]);
    redactor.clean(&mut requests);
    let request = &requests[0].request;
    assert_eq!(
        request.url,
        "https://a.example/x?q=1&captchaId=[redacted]&sid=[redacted]"
    );
    assert_eq!(request.headers_list[0].1.0, "a=[redacted]; b=[redacted]");
    assert_eq!(request.headers_list[1].1.0, "[redacted]");
    let response: Vec<&str> = requests[0]
        .response
        .headers_list
        .iter()
        .map(|(_, v)| v.0.as_str())
        .collect();
    assert_eq!(
        response,
        [
            "JSESSIONID=[redacted]; Path=/; HttpOnly",
            "https://b.example/v?token=[redacted]&x=1#top",
            "3; url=/verify?ident=[redacted]",
            "you are [redacted], cookie [redacted]",
            "\"v=1\"",
        ]
    );
}

#[test]
fn echoes_in_the_body_are_found() {
    let mut redactor = RecordRedactor::default();
    redactor.addresses(["203.0.113.9", "2001:db8::9", "127.0.0.1"].map(|ip| ip.parse().unwrap()));
    redactor.cookies(["ab%2Fcd%2Bef12", "short"]);
    assert_eq!(
        body(
            &mut redactor,
            "IP: 203.0.113.9. [2001:db8::9] ab/cd+ef12 ab%2Fcd%2Bef12 short 127.0.0.1 1203.0.113.9 \
             203.0.113.95 203.0.113.9.4 1f0c2ab34d5e6f708192"
        ),
        "IP: [redacted]. [[redacted]] [redacted] [redacted] short 127.0.0.1 1203.0.113.9 \
         203.0.113.95 203.0.113.9.4 [redacted]"
    );
}

#[test]
fn a_page_without_echoes_is_not_copied() {
    let mut redactor = RecordRedactor::default();
    redactor.cookies(["0123456789"]);
    let mut requests = [record("nothing here", &[])];
    let before = requests[0].response.body.0.as_ptr();
    redactor.clean(&mut requests);
    assert_eq!(requests[0].response.body.0.as_ptr(), before);
}

#[test]
fn names_of_dns_and_tls_and_certificates_lose_the_address() {
    let mut redactor = RecordRedactor::default();
    redactor.addresses(["203.0.113.9".parse().unwrap()]);
    let mut queries = [DnsQuery {
        hostname: "203-0-113-9.pool.example".to_owned(),
        ..DnsQuery::default()
    }];
    let certificate = b"\x30\x10CN=203.0.113.9\x05".to_vec();
    let mut handshakes = [TlsHandshake {
        server_name: "203.0.113.9.pool.example".to_owned(),
        peer_certificates: vec![BinaryData(certificate.clone())],
        ..TlsHandshake::default()
    }];
    redactor.clean_names(&mut queries, &mut handshakes);
    assert_eq!(queries[0].hostname, "[redacted].pool.example");
    assert_eq!(handshakes[0].server_name, "[redacted].pool.example");
    let left = &handshakes[0].peer_certificates[0].0;
    assert_eq!(left.len(), certificate.len());
    assert_eq!(left, b"\x30\x10CN=xxxxxxxxxxx\x05");
}

#[test]
fn a_coded_body_that_must_be_cleaned_is_kept_decoded() {
    let mut redactor = RecordRedactor::default();
    redactor.addresses(["203.0.113.9".parse().unwrap()]);
    let coded = |body: &str, encoded: &'static [u8]| {
        let mut request = record(body, &[]);
        request.wire.encoded_body = Some(Bytes::from_static(encoded));
        request
    };
    let mut requests = [
        coded("you are 203.0.113.9", b"zip"),
        coded("nothing", b"zip"),
        coded("nothing", b"zip, and 203.0.113.9 behind it"),
    ];
    redactor.clean(&mut requests);
    let kept = requests.map(|r| r.wire.encoded_body.is_some());
    assert_eq!(kept, [false, true, false]);
}

/// Whatever stands around it: the address goes, and every other character stays.
#[test]
fn a_page_in_utf_16_stays_readable_around_what_was_taken_out() {
    for around in ["中", "一", "㐀", "Ā", "é", " 7 ", "㄰", " "] {
        let page = |inner: &str| format!("{around}<b>{around}{inner}{around}</b>{around}");
        let little =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let big =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        for (written, inner) in [
            (&little as &dyn Fn(&str) -> Vec<u8>, "2001:db8::9"),
            (&big, "2001:db8::9"),
            (&little, "c00kie-value-1234"),
            (&big, "c00kie-value-1234"),
            (&big, "c00kie%2dvalue%2d1234"),
        ] {
            let mut redactor = RecordRedactor::default();
            redactor.addresses(["2001:db8::9".parse().unwrap()]);
            redactor.cookies(["c00kie-value-1234"]);
            let mut requests = [record("", &[])];
            requests[0].response.body.0 = written(&page(inner)).into();
            redactor.clean(&mut requests);
            let left = &requests[0].response.body.0;
            assert_eq!(left[..], written(&page(REDACTED)), "{around} {inner}");
        }
    }
}
