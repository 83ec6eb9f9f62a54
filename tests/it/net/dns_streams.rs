//! Resolvers over TCP, TLS and HTTPS give the same records as over UDP, and misbehave in the same
//! ways.

use std::net::SocketAddr;

use accesswatch::model::Failure;
use accesswatch::model::vantage::Resolver;
use hickory_proto::op::ResponseCode;
use url::Url;

use crate::support::authority::Authority;
use crate::support::dns::{self, Script};
use crate::support::tcp::{Server, refusing};
use crate::support::vantage::{asking, trusting};

use super::dns::{failure, find, home, refused_by_code, visit};

/// Checks the same answers on each transport that carries one reply per question.
async fn tells(resolver: Resolver, authority: &Authority, engine: &str) {
    let (log, result) = visit(&trusting(asking(resolver), authority)).await;
    assert_eq!(result.unwrap(), Some([127, 0, 0, 1].into()), "{engine}");
    let a = find(&log, "A");
    assert_eq!(a.engine, engine);
    assert_eq!(a.answers[0].ipv4.as_deref(), Some("127.0.0.1"));
    assert_eq!(failure(find(&log, "AAAA")), Some(Failure::DNS_NO_ANSWER));
}

async fn fails(resolver: Resolver, authority: &Authority, expected: &str) {
    let (log, result) = visit(&trusting(asking(resolver), authority)).await;
    assert_eq!(result.unwrap_err().as_str(), expected);
    assert_eq!(failure(find(&log, "A")), Some(expected));
}

/// Failures on any transport, each with its code.
fn misdeeds() -> Vec<(Script, &'static str)> {
    vec![
        (
            refused_by_code(ResponseCode::NXDomain),
            Failure::DNS_NXDOMAIN,
        ),
        (
            refused_by_code(ResponseCode::NoError),
            Failure::DNS_NO_ANSWER,
        ),
        (
            refused_by_code(ResponseCode::ServFail),
            Failure::DNS_SERVFAIL,
        ),
        (refused_by_code(ResponseCode::Refused), Failure::DNS_REFUSED),
        (
            dns::script(|_| vec![b"garbage".to_vec()]),
            Failure::DNS_MALFORMED,
        ),
    ]
}

#[tokio::test]
async fn tcp_tells_the_same() {
    let authority = Authority::new();
    let server = dns::tcp(dns::always(home)).await;
    tells(Resolver::Tcp(server.addr), &authority, "tcp").await;
    for (script, expected) in misdeeds() {
        let server = dns::tcp(script).await;
        fails(Resolver::Tcp(server.addr), &authority, expected).await;
    }
    let silent = dns::tcp(dns::script(|_| Vec::new())).await;
    fails(Resolver::Tcp(silent.addr), &authority, Failure::TIMEOUT).await;
    let closing = Server::replying(b"\x00").await;
    fails(Resolver::Tcp(closing.addr), &authority, Failure::EOF).await;
}

fn dot_at(addr: SocketAddr) -> Resolver {
    Resolver::Tls {
        host: "localhost".to_owned(),
        port: addr.port(),
    }
}

#[tokio::test]
async fn tls_tells_the_same() {
    let authority = Authority::new();
    let identity = authority.good(&["localhost"]);
    let server = dns::dot(&identity, dns::always(home)).await;
    tells(dot_at(server.addr), &authority, "dot").await;
    for (script, expected) in misdeeds() {
        let server = dns::dot(&identity, script).await;
        fails(dot_at(server.addr), &authority, expected).await;
    }
    let silent = Server::silent().await;
    fails(dot_at(silent.addr), &authority, Failure::TIMEOUT).await;
}

#[tokio::test]
async fn a_resolver_on_tls_must_be_the_one_named() {
    let authority = Authority::new();
    let other = dns::dot(&authority.good(&["other.example"]), dns::always(home)).await;
    fails(
        dot_at(other.addr),
        &authority,
        Failure::TLS_INVALID_HOSTNAME,
    )
    .await;
    let untrusted = Authority::named("Other Root").good(&["localhost"]);
    let untrusted = dns::dot(&untrusted, dns::always(home)).await;
    fails(
        dot_at(untrusted.addr),
        &authority,
        Failure::TLS_UNKNOWN_AUTHORITY,
    )
    .await;
}

fn doh_at(addr: SocketAddr) -> Resolver {
    let url = format!("https://localhost:{}/dns-query", addr.port());
    Resolver::Https(Url::parse(&url).unwrap())
}

#[tokio::test]
async fn https_tells_the_same() {
    let authority = Authority::new();
    let identity = authority.good(&["localhost"]);
    let server = dns::doh(&identity, dns::DOH_OK, dns::always(home)).await;
    tells(doh_at(server.addr), &authority, "doh").await;
    for (script, expected) in misdeeds() {
        let server = dns::doh(&identity, dns::DOH_OK, script).await;
        fails(doh_at(server.addr), &authority, expected).await;
    }
    let silent = Server::silent().await;
    fails(doh_at(silent.addr), &authority, Failure::TIMEOUT).await;
    let closed = refusing();
    fails(doh_at(closed.addr), &authority, Failure::REFUSED).await;
    let untrusted = Authority::named("Other Root").good(&["localhost"]);
    let untrusted = dns::doh(&untrusted, dns::DOH_OK, dns::always(home)).await;
    fails(
        doh_at(untrusted.addr),
        &authority,
        Failure::TLS_UNKNOWN_AUTHORITY,
    )
    .await;
}

#[tokio::test]
async fn https_that_sends_back_its_own_address_gives_no_secret_away() {
    let authority = Authority::new();
    let identity = authority.good(&["localhost"]);
    let echo = dns::always(|q| dns::alias(q, "hush-1234.tok-0123456789.a.example", [127, 0, 0, 1]));
    let server = dns::doh(&identity, dns::DOH_OK, echo).await;
    let url = format!(
        "https://reader:hush-1234@localhost:{}/dns-query?id=tok-0123456789&v=a",
        server.addr.port()
    );
    let resolver = Resolver::Https(Url::parse(&url).unwrap());
    let (log, result) = visit(&trusting(asking(resolver), &authority)).await;
    assert_eq!(result.unwrap(), Some([127, 0, 0, 1].into()));
    let names = find(&log, "A")
        .answers
        .iter()
        .filter_map(|a| a.hostname.as_deref());
    assert_eq!(names.collect::<Vec<_>>(), ["[hidden].[hidden].a.example"]);
}

#[tokio::test]
async fn https_that_is_no_resolver_misbehaves() {
    let authority = Authority::new();
    let identity = authority.good(&["localhost"]);
    for head in [
        "HTTP/1.1 503 Busy\r\nContent-Type: application/dns-message\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        "HTTP/1.1 302 Found\r\nLocation: https://localhost/\r\n",
    ] {
        let server = dns::doh(&identity, head, dns::always(home)).await;
        fails(doh_at(server.addr), &authority, Failure::DNS_MALFORMED).await;
    }
    let endless = dns::doh(
        &identity,
        dns::DOH_OK,
        dns::script(|_| vec![vec![0; 1 << 20]]),
    )
    .await;
    fails(doh_at(endless.addr), &authority, Failure::DNS_MALFORMED).await;
}
