//! Tests of what the record of a discriminator holds.

use super::*;
use crate::model::measurement::{BinaryData, DnsAnswer, HeaderText, Request, TlsHandshake};
use crate::net::http::Exchange;

/// A block page tells the address of its reader in its redirect, and so may names and certificates.
#[test]
fn the_exit_address_is_in_no_part_of_a_step() {
    let mut request = Request::default();
    request.response.code = 302;
    request.response.headers_list = vec![(
        HeaderText("Location".to_owned()),
        HeaderText("http://block.example/?ip=203.0.113.9&why=1".to_owned()),
    )];
    request.response.body.0 = "your request from 203.0.113.9 was refused".into();
    let clean_body = "your request from [redacted] was refused";
    let asked = DiscriminatorReply {
        queries: vec![DnsQuery {
            hostname: "site.example".to_owned(),
            answers: vec![DnsAnswer {
                hostname: Some("203-0-113-9.block.example".to_owned()),
                ..DnsAnswer::default()
            }],
            ..DnsQuery::default()
        }],
        addresses: Vec::new(),
        tcp_connect: None,
        tls_handshake: Some(TlsHandshake {
            peer_certificates: vec![BinaryData(b"CN=203.0.113.9".to_vec())],
            ..TlsHandshake::default()
        }),
        exchange: Some(Exchange {
            request,
            local: None,
            ip: None,
            location: None,
            retry_after: None,
            first_byte_ms: None,
            body_bytes: 40,
            retry: None,
        }),
        failure: None,
        ms: 1.0,
    };
    let mut redactor = RecordRedactor::default();
    redactor.exit_addresses(["203.0.113.9".parse().unwrap()]);
    let step = filled(
        Discriminator::new(DiscriminatorStep::SiteWatched, "site.example", 0),
        asked,
        redactor,
    );
    let json = serde_json::to_string(&step).unwrap();
    assert!(
        !json.contains("203.0.113.9") && !json.contains("203-0-113-9"),
        "{json}"
    );
    let answer = step.answer.unwrap();
    assert_eq!(
        answer.location.as_deref(),
        Some("http://block.example/?ip=[redacted]&why=1")
    );
    assert_eq!(answer.body_sha256, record::sha256(clean_body.as_bytes()));
    let handshake = step.tls_handshake.unwrap();
    assert_eq!(handshake.peer_certificates[0].0, b"CN=xxxxxxxxxxx");
}
