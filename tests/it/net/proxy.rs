//! Proxies: a proxy's own failure is not the target's, and names are resolved at the proxy.

use accesswatch::model::measurement::ProxyFacts;
use accesswatch::model::vantage::{ProxyAddress, Secret, Via};
use accesswatch::model::{Failure, Vantage};
use accesswatch::net::{Connection, FetchLog, NetError, Route, failure};
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use crate::support::authority::Authority;
use crate::support::connect::{self, ConnectProxyMode};
use crate::support::socks::{self, SocksProxyMode};
use crate::support::tcp::{Server, refusing};
use crate::support::tls;
use crate::support::vantage::{direct, politeness, route, trusting, within};

/// A name that only the proxy knows.
const TARGET: &str = "http://only-there.example/";

/// The time limit in milliseconds for a connection that ends by itself.
const LONG: u64 = 10_000;
/// The time limit in milliseconds for a connection that hangs.
const SHORT: u64 = 150;

fn through(via: Via) -> Vantage {
    Vantage { via, ..direct() }
}

/// One hop through a proxy; returns its facts and the connection or failure.
async fn go(route: &Route, url: &str, ms: u64) -> (ProxyFacts, Result<Connection, Failure>) {
    let mut log = FetchLog::new();
    let result = route
        .connect(&Url::parse(url).unwrap(), &mut log, within(ms))
        .await;
    assert!(log.queries.is_empty(), "no name is asked for here");
    assert!(log.tcp_connect.is_empty(), "the proxy is not the source");
    assert!(log.connect_ms.is_some());
    (log.proxy.unwrap(), result)
}

async fn through_socks(
    play: SocksProxyMode,
    login: Option<(&str, &str)>,
) -> (ProxyFacts, Option<Failure>) {
    let proxy = socks::start(play).await;
    let ms = if matches!(
        play,
        SocksProxyMode::HangAtGreeting | SocksProxyMode::HangAtRequest
    ) {
        SHORT
    } else {
        LONG
    };
    let (facts, result) = go(&route(&through(proxy.via(login))), TARGET, ms).await;
    (facts, result.err())
}

async fn through_http(
    play: ConnectProxyMode,
    login: Option<(&str, &str)>,
) -> (ProxyFacts, Option<Failure>) {
    let ms = if matches!(play, ConnectProxyMode::Hang) {
        SHORT
    } else {
        LONG
    };
    let proxy = connect::start(play).await;
    let (facts, result) = go(&route(&through(proxy.via(login))), TARGET, ms).await;
    (facts, result.err())
}

async fn says_hello(connection: &mut Connection) {
    connection.io.write_all(b"hi").await.unwrap();
    connection.io.flush().await.unwrap();
    let mut answer = [0; 5];
    connection.io.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"hello");
}

#[tokio::test]
async fn socks_carries_names_and_addresses() {
    let target = Server::replying(b"hello").await;
    let proxy = socks::start(SocksProxyMode::Tunnel(target.addr)).await;
    let route = route(&through(proxy.via(None)));
    assert!(route.via().starts_with("socks5://127.0.0.1:"));
    for url in [TARGET, "http://192.0.2.7/", "http://[2001:db8::7]/"] {
        let (facts, result) = go(&route, url, LONG).await;
        let mut connection = result.unwrap();
        assert_eq!((connection.ip, facts.socks_reply), (None, Some(0)));
        assert_eq!(facts.failure, None);
        says_hello(&mut connection).await;
    }
    let asked = proxy.asked.lock().unwrap().clone();
    assert_eq!(asked[0], (3, b"only-there.example".to_vec()));
    assert_eq!(asked[1], (1, vec![192, 0, 2, 7]));
    assert_eq!(asked[2].0, 4);
}

#[tokio::test]
async fn tls_goes_through_both_kinds() {
    let authority = Authority::new();
    let identity = authority.good(&["only-there.example"]);
    let target = tls::replying(tls::acceptor(&identity, &[]), b"hello").await;
    let by_socks = socks::start(SocksProxyMode::Tunnel(target.addr)).await;
    let by_http = connect::start(ConnectProxyMode::Tunnel(target.addr)).await;
    for via in [by_socks.via(None), by_http.via(None)] {
        let route = trusting(through(via), &authority);
        let mut log = FetchLog::new();
        let url = Url::parse("https://only-there.example/").unwrap();
        let mut connection = route.connect(&url, &mut log, within(LONG)).await.unwrap();
        says_hello(&mut connection).await;
        assert_eq!(log.tls_handshakes[0].address, "only-there.example:443");
        assert_eq!(log.tls_handshakes[0].tls_version, "TLSv1.3");
    }
}

#[tokio::test]
async fn socks_reply_codes_tell_whose_failure_it_is() {
    for (code, expected, is_the_proxys) in [
        (1, Failure::SOCKS_GENERAL, true),
        (2, Failure::SOCKS_NOT_ALLOWED, true),
        (3, Failure::SOCKS_NETWORK_UNREACHABLE, false),
        (4, Failure::SOCKS_HOST_UNREACHABLE, false),
        (5, Failure::SOCKS_REFUSED, false),
        (6, Failure::SOCKS_TTL, false),
        (7, Failure::SOCKS_COMMAND, true),
        (8, Failure::SOCKS_ADDRESS, true),
        (200, Failure::SOCKS_PROTOCOL, true),
    ] {
        let (facts, failure) = through_socks(SocksProxyMode::Reply(code), None).await;
        assert_eq!(failure, Some(expected.into()));
        assert_eq!(facts.socks_reply, Some(code));
        assert_eq!(facts.failure.is_some(), is_the_proxys, "{code}");
    }
}

#[tokio::test]
async fn socks_logins() {
    let target = Server::replying(b"hello").await;
    let guarded = SocksProxyMode::Login("reader", "secret", target.addr);
    let (facts, failure) = through_socks(guarded, Some(("reader", "secret"))).await;
    assert_eq!((facts.failure, failure), (None, None));
    for login in [None, Some(("reader", "wrong"))] {
        let (facts, failure) = through_socks(guarded, login).await;
        assert_eq!(failure, Some(Failure::SOCKS_AUTH.into()));
        assert_eq!(facts.failure, failure);
        assert_eq!(facts.socks_reply, None);
    }
    let (facts, failure) =
        through_socks(SocksProxyMode::NoMethod, Some(("reader", "secret"))).await;
    assert_eq!(failure, Some(Failure::SOCKS_AUTH.into()));
    assert_eq!(facts.failure, failure);
}

#[tokio::test]
async fn a_socks_proxy_that_breaks_the_protocol() {
    for play in [
        SocksProxyMode::Greet(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        SocksProxyMode::Greet(b""),
        SocksProxyMode::Greet(&[5, 2]),
        SocksProxyMode::Answer(b""),
        SocksProxyMode::Answer(b"garbage"),
        SocksProxyMode::Answer(&[5, 0, 0, 9, 0, 0]),
        SocksProxyMode::HangAtGreeting,
    ] {
        let (facts, failure) = through_socks(play, None).await;
        assert_eq!(failure, Some(Failure::SOCKS_PROTOCOL.into()));
        assert_eq!(facts.failure, failure);
    }
}

#[tokio::test]
async fn silence_for_the_target_is_the_targets() {
    let (facts, failure) = through_socks(SocksProxyMode::HangAtRequest, None).await;
    assert_eq!(failure, Some(failure::timeout()));
    assert_eq!(facts, ProxyFacts::default());
    let (facts, failure) = through_http(ConnectProxyMode::Hang, None).await;
    assert_eq!(failure, Some(failure::timeout()));
    assert_eq!(facts, ProxyFacts::default());
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let closed = refusing();
    let address = |host: &str| ProxyAddress {
        host: host.to_owned(),
        port: closed.addr.port(),
        user: None,
        password: None,
    };
    for (via, expected) in [
        (Via::Socks5(address("127.0.0.1")), Failure::SOCKS_CONNECT),
        (
            Via::HttpConnect(address("localhost")),
            Failure::PROXY_CONNECT,
        ),
    ] {
        let (facts, result) = go(&route(&through(via)), TARGET, LONG).await;
        assert!(result.err().unwrap().equals(expected));
        assert_eq!(facts.failure, Some(expected.into()));
    }
}

#[tokio::test]
async fn http_carries_names_and_a_login() {
    let target = Server::replying(b"hello").await;
    let proxy = connect::start(ConnectProxyMode::Tunnel(target.addr)).await;
    let route = route(&through(proxy.via(Some(("Aladdin", "open sesame")))));
    let (facts, result) = go(&route, "http://only-there.example:8080/", LONG).await;
    assert_eq!((facts.connect_status, facts.failure), (Some(200), None));
    says_hello(&mut result.unwrap()).await;
    go(&route, "http://[2001:db8::7]/", LONG).await.1.unwrap();
    let asked = proxy.asked.lock().unwrap().clone();
    assert_eq!(
        asked[0],
        "CONNECT only-there.example:8080 HTTP/1.1\r\nHost: only-there.example:8080\r\n\
         Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"
    );
    assert!(asked[1].starts_with("CONNECT [2001:db8::7]:80 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn what_follows_the_head_is_the_targets() {
    let answer = b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec();
    let proxy = connect::start(ConnectProxyMode::Answer(answer)).await;
    let (_, result) = go(&route(&through(proxy.via(None))), TARGET, LONG).await;
    says_hello(&mut result.unwrap()).await;
}

#[tokio::test]
async fn connect_statuses_tell_whose_failure_it_is() {
    for (status, more, expected, is_the_proxys) in [
        (407, "", Failure::PROXY_AUTH, true),
        (403, "", Failure::PROXY_REFUSED, true),
        (500, "", Failure::PROXY_REFUSED, true),
        (503, "", Failure::PROXY_REFUSED, true),
        (302, "", Failure::PROXY_REFUSED, true),
        (502, "", Failure::SOCKS_HOST_UNREACHABLE, false),
        (504, "", Failure::TIMEOUT, false),
        (
            503,
            "X-Squid-Error: ERR_CONNECT_FAIL 111\r\n",
            Failure::SOCKS_HOST_UNREACHABLE,
            false,
        ),
    ] {
        let answer = format!("HTTP/1.1 {status} No\r\n{more}\r\n").into_bytes();
        let (facts, failure) = through_http(ConnectProxyMode::Answer(answer), None).await;
        assert_eq!(failure, Some(expected.into()), "{status}");
        assert_eq!(facts.connect_status, Some(status));
        assert_eq!(facts.failure.is_some(), is_the_proxys, "{status}");
    }
}

#[tokio::test]
async fn an_http_proxy_that_breaks_the_protocol() {
    let huge = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    for bytes in [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\n".to_vec(),
        Vec::new(),
        huge.into_bytes(),
    ] {
        let (facts, failure) = through_http(ConnectProxyMode::Answer(bytes), None).await;
        assert_eq!(failure, Some(Failure::PROXY_CONNECT.into()));
        assert_eq!(facts.failure, failure);
        assert_eq!(facts.connect_status, None);
    }
}

#[test]
fn logins_that_cannot_be_sent_are_refused_at_once() {
    let address = |user: &str| ProxyAddress {
        host: "127.0.0.1".to_owned(),
        port: 1,
        user: Some(user.to_owned()),
        password: Some(Secret("p".repeat(300))),
    };
    for via in [Via::Socks5(address("u")), Via::HttpConnect(address("a:b"))] {
        let error = Route::new(&through(via), Path::new("."), &politeness()).unwrap_err();
        assert!(matches!(error, NetError::ProxyLogin { .. }), "{error}");
        assert!(!error.to_string().contains("ppp"), "no secret is shown");
    }
    let error = Route::new(&through(Via::Agent), Path::new("."), &politeness()).unwrap_err();
    assert!(matches!(error, NetError::Agent { .. }));
}

#[test]
fn faulty_roots_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let vantage = Vantage {
        ca: Some("ca.pem".into()),
        ..direct()
    };
    let build = || Route::new(&vantage, dir.path(), &politeness()).unwrap_err();
    assert!(matches!(build(), NetError::RootsUnreadable { .. }));
    for text in [
        "",
        "nothing here",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!\n",
    ] {
        std::fs::write(dir.path().join("ca.pem"), text).unwrap();
        let error = build();
        assert!(matches!(error, NetError::RootsFaulty { .. }), "{error}");
        assert!(error.to_string().contains("ca.pem"));
    }
}
