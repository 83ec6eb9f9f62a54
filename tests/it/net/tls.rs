//! TLS handshakes: chain, verdict, and the reason of a failure.

use accesswatch::model::Failure;
use accesswatch::model::measurement::TlsHandshake;
use accesswatch::net::{Connection, FetchLog, Route};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::version;
use url::Url;

use crate::support::authority::{Authority, Identity, self_signed};
use crate::support::tcp::Server;
use crate::support::tls::{self, BOTH};
use crate::support::vantage::{direct, route, trusting, within};

const NAMES: &[&str] = &["127.0.0.1", "localhost"];

async fn shake(route: &Route, server: &Server) -> (TlsHandshake, Result<Connection, Failure>) {
    let mut log = FetchLog::new();
    let url = Url::parse(&format!("https://{}/", server.addr)).unwrap();
    let result = route.connect(&url, &mut log, within(10_000)).await;
    assert!(log.tls_ms.is_some());
    assert_eq!(log.tls_handshakes.len(), 1);
    let record = log.tls_handshakes.remove(0);
    assert_eq!(record.failure.as_ref(), result.as_ref().err());
    assert_eq!(record.address, server.addr.to_string());
    assert_eq!(record.server_name, "127.0.0.1");
    assert_eq!(record.transaction_id, log.tcp_connect[0].transaction_id);
    (record, result)
}

/// The handshake of a client that trusts `authority` with a server that shows `identity`.
async fn shown(authority: &Authority, identity: &Identity) -> TlsHandshake {
    let server = tls::replying(tls::acceptor(identity, &[]), b"").await;
    let (record, _) = shake(&trusting(direct(), authority), &server).await;
    assert_eq!(
        record.peer_certificates.len(),
        identity.chain.len(),
        "the chain is kept"
    );
    assert_eq!(record.peer_certificates[0].0, identity.chain[0].to_vec());
    record
}

/// The failure and its detail when a server answers our hello with `bytes`.
async fn told(bytes: &'static [u8]) -> (String, String) {
    let server = Server::replying(bytes).await;
    let (record, _) = shake(&route(&direct()), &server).await;
    (
        record.failure.unwrap().0,
        record.x_detail.unwrap_or_default(),
    )
}

#[tokio::test]
async fn a_good_handshake_is_described() {
    let authority = Authority::new();
    let identity = authority.through_intermediate(NAMES);
    let acceptor = tls::acceptor(&identity, &[b"h2", b"http/1.1"]);
    let server = tls::replying(acceptor, b"ok").await;
    let (record, result) = shake(&trusting(direct(), &authority), &server).await;
    let mut connection = result.unwrap();
    assert!(connection.h2);
    assert_eq!(record.tls_version, "TLSv1.3");
    assert!(record.cipher_suite.starts_with("TLS_AES_"), "{record:?}");
    assert_eq!(record.negotiated_protocol, "h2");
    assert_eq!(record.peer_certificates.len(), 2);
    assert_eq!((record.failure, record.x_detail), (None, None));

    connection.io.write_all(b"x").await.unwrap();
    connection.io.flush().await.unwrap();
    let mut answer = String::new();
    connection.io.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "ok");
    assert_eq!(connection.traffic.received(), 2, "HTTP's bytes, not TLS's");
}

#[tokio::test]
async fn tls_12_without_alpn_is_described() {
    let authority = Authority::new();
    let acceptor = tls::acceptor_of(&authority.good(NAMES), &[], &[&version::TLS12]);
    let server = tls::replying(acceptor, b"").await;
    let (record, result) = shake(&trusting(direct(), &authority), &server).await;
    assert!(!result.unwrap().h2);
    assert_eq!(record.tls_version, "TLSv1.2");
    assert!(record.cipher_suite.starts_with("TLS_ECDHE_"), "{record:?}");
    assert_eq!(record.negotiated_protocol, "");
}

#[tokio::test]
async fn every_handshake_is_a_whole_one() {
    let authority = Authority::new();
    let server = tls::replying(tls::acceptor_of(&authority.good(NAMES), &[], BOTH), b"x").await;
    let route = trusting(direct(), &authority);
    for _ in 0..3 {
        let (record, result) = shake(&route, &server).await;
        let mut connection = result.unwrap();
        connection.io.write_all(b"x").await.unwrap();
        connection.io.read_to_end(&mut Vec::new()).await.unwrap();
        assert_eq!(record.peer_certificates.len(), 1, "no resumption");
    }
}

#[tokio::test]
async fn certificates_out_of_their_time() {
    let authority = Authority::new();
    let record = shown(&authority, &authority.expired(NAMES)).await;
    assert!(
        record
            .failure
            .unwrap()
            .equals(Failure::TLS_INVALID_CERTIFICATE)
    );
    assert_eq!(
        record.x_detail.as_deref(),
        Some("certificate expired 2025-01-01")
    );
    let record = shown(&authority, &authority.not_yet_valid(NAMES)).await;
    assert!(
        record
            .failure
            .unwrap()
            .equals(Failure::TLS_INVALID_CERTIFICATE)
    );
    assert_eq!(
        record.x_detail.as_deref(),
        Some("certificate not yet valid before 2999-01-01")
    );
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let authority = Authority::new();
    let record = shown(&authority, &authority.good(&["other.example"])).await;
    assert!(
        record
            .failure
            .unwrap()
            .equals(Failure::TLS_INVALID_HOSTNAME)
    );
    assert_eq!(
        record.x_detail.as_deref(),
        Some("certificate is for other.example")
    );
}

#[tokio::test]
async fn certificates_that_nobody_vouches_for() {
    let authority = Authority::new();
    let record = shown(
        &authority,
        &Authority::named("Other Root").through_intermediate(NAMES),
    )
    .await;
    assert_eq!(record.failure, Some(Failure::TLS_UNKNOWN_AUTHORITY.into()));
    assert_eq!(
        record.x_detail.as_deref(),
        Some("unable to find issuer; 2 certificates presented")
    );
    for ca in [false, true] {
        let record = shown(&authority, &self_signed(NAMES, ca)).await;
        assert_eq!(record.failure, Some(Failure::TLS_UNKNOWN_AUTHORITY.into()));
        assert_eq!(record.x_detail.as_deref(), Some("self-signed certificate"));
    }
}

#[tokio::test]
async fn an_authority_that_only_bears_a_known_name() {
    let authority = Authority::new();
    let record = shown(&authority, &Authority::new().good(NAMES)).await;
    assert_eq!(record.failure, Some(Failure::TLS_UNKNOWN_AUTHORITY.into()));
    assert_eq!(
        record.x_detail.as_deref(),
        Some("certificate not signed by the issuer it names")
    );
}

#[tokio::test]
async fn a_missing_intermediate() {
    let authority = Authority::new();
    let record = shown(&authority, &authority.incomplete(NAMES)).await;
    assert_eq!(record.failure, Some(Failure::TLS_UNKNOWN_AUTHORITY.into()));
    assert_eq!(
        record.x_detail.as_deref(),
        Some("unable to find issuer; one certificate presented")
    );
}

#[tokio::test]
async fn a_long_chain_is_bounded() {
    let authority = Authority::new();
    let mut identity = Authority::new().good(NAMES);
    let filler = identity.chain[0].clone();
    identity.chain.extend(std::iter::repeat_n(filler, 40));
    let server = tls::replying(tls::acceptor(&identity, &[]), b"").await;
    let (record, _) = shake(&trusting(direct(), &authority), &server).await;
    assert_eq!(record.peer_certificates.len(), 10);
    assert!(record.failure.is_some());
}

#[tokio::test]
async fn alerts_are_named() {
    let failed = Failure::TLS_FAILED_HANDSHAKE.to_owned();
    assert_eq!(
        told(tls::HANDSHAKE_FAILURE).await,
        (failed.clone(), "alert: handshake_failure".to_owned())
    );
    assert_eq!(
        told(tls::PROTOCOL_VERSION).await,
        (failed, "alert: protocol_version".to_owned())
    );
}

#[tokio::test]
async fn an_old_version_is_incompatible_not_blocked() {
    let (failure, detail) = told(Box::leak(tls::server_hello_tls10().into_boxed_slice())).await;
    assert_eq!(failure, Failure::TLS_FAILED_HANDSHAKE);
    assert!(detail.starts_with("peer incompatible: "), "{detail}");
}

#[tokio::test]
async fn what_is_not_tls_is_told() {
    let (failure, detail) = told(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(failure, Failure::TLS_FAILED_HANDSHAKE);
    assert!(detail.starts_with("not TLS: "), "{detail}");
}

#[tokio::test]
async fn a_reset_within_the_handshake() {
    let server = Server::resetting().await;
    let (record, _) = shake(&route(&direct()), &server).await;
    assert!(record.failure.unwrap().equals(Failure::RESET));
    assert_eq!(record.x_detail.as_deref(), Some("no byte came"));
}

#[tokio::test]
async fn an_end_within_the_handshake() {
    let eof = Failure::EOF.to_owned();
    assert_eq!(told(b"").await, (eof.clone(), "no byte came".to_owned()));
    // The first five bytes of a record that never arrives.
    assert_eq!(
        told(&[22, 3, 3, 0, 80]).await,
        (eof, "after 5 bytes".to_owned())
    );
}

#[tokio::test]
async fn silence_within_the_handshake() {
    let server = Server::silent().await;
    let mut log = FetchLog::new();
    let url = Url::parse(&format!("https://{}/", server.addr)).unwrap();
    let result = route(&direct()).connect(&url, &mut log, within(80)).await;
    assert!(result.err().unwrap().equals(Failure::TIMEOUT));
    let record = &log.tls_handshakes[0];
    assert!(record.failure.as_ref().unwrap().equals(Failure::TIMEOUT));
    assert_eq!(record.x_detail.as_deref(), Some("no byte came"));
    assert_eq!(record.tls_version, "");
}

#[test]
fn the_client_is_named_as_it_is_locked() {
    let lock = include_str!("../../../Cargo.lock");
    let label = accesswatch::net::tls::client_label();
    let version = label.split(' ').nth(1).unwrap();
    let locked = format!("name = \"rustls\"\nversion = \"{version}.");
    assert!(lock.contains(&locked), "{label}");
}
