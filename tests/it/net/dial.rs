//! TCP connects: each address has its own record and its own failure.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use accesswatch::model::Failure;
use accesswatch::model::vantage::Resolver;
use accesswatch::net::{Connection, FetchLog, Route};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use crate::support::tcp::{Server, refusing, unanswered};
use crate::support::vantage::{asking, direct, leaving_from, patient, route, within};
use crate::support::{dns, tcp};

async fn connect(route: &Route, url: &str) -> (FetchLog, Result<Connection, Failure>) {
    let mut log = FetchLog::new();
    let url = Url::parse(url).unwrap();
    let result = route.connect(&url, &mut log, within(10_000)).await;
    (log, result)
}

fn failures(log: &FetchLog) -> Vec<(String, Option<&str>)> {
    log.tcp_connect
        .iter()
        .map(|c| (c.ip.clone(), c.status.failure.as_ref().map(Failure::as_str)))
        .collect()
}

#[tokio::test]
async fn an_address_in_the_url_is_connected_without_dns() {
    let server = Server::replying(b"hello").await;
    let (log, result) = connect(&route(&direct()), &format!("http://{}/", server.addr)).await;
    let mut connection = result.unwrap();
    assert_eq!(connection.ip, Some(server.addr.ip()));
    assert!(!connection.h2);
    assert!(log.queries.is_empty() && log.dns_ms.is_none() && log.tls_ms.is_none());
    assert_eq!(failures(&log), [("127.0.0.1".to_owned(), None)]);
    assert!(log.tcp_connect[0].status.success);
    assert_eq!(log.tcp_connect[0].transaction_id, connection.transaction_id);
    assert!(log.connect_ms.unwrap() > 0.0);

    connection.io.write_all(b"hi").await.unwrap();
    let mut answer = String::new();
    connection.io.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "hello");
    assert_eq!(
        (connection.traffic.sent(), connection.traffic.received()),
        (2, 5)
    );
}

#[tokio::test]
async fn a_refusal_is_recorded() {
    let port = refusing();
    let (log, result) = connect(&route(&direct()), &format!("http://{}/", port.addr)).await;
    assert!(result.err().unwrap().equals(Failure::REFUSED));
    assert_eq!(
        failures(&log),
        [("127.0.0.1".to_owned(), Some(Failure::REFUSED))]
    );
    assert!(!log.tcp_connect[0].status.success);
    assert_eq!(log.tcp_connect[0].port, port.addr.port());
}

#[tokio::test]
async fn an_unanswered_syn_ends_with_the_connect_time_out() {
    let port = unanswered();
    let begun = Instant::now();
    let (log, result) = connect(&route(&direct()), &format!("http://{}/", port.addr)).await;
    assert!(result.err().unwrap().equals(Failure::TIMEOUT));
    assert!(
        begun.elapsed() < Duration::from_millis(800),
        "not the deadline"
    );
    let record = &log.tcp_connect[0];
    assert!(record.t - record.t0 > 0.15, "{record:?}");
}

#[tokio::test]
async fn the_deadline_ends_a_connect_too() {
    let port = unanswered();
    let mut log = FetchLog::new();
    let url = Url::parse(&format!("http://{}/", port.addr)).unwrap();
    let result = patient(&direct()).connect(&url, &mut log, within(50)).await;
    assert!(result.err().unwrap().equals(Failure::TIMEOUT));
    assert!(log.tcp_connect[0].t < 8.0);
}

#[tokio::test]
async fn the_first_address_fails_and_the_second_answers() {
    // Nothing listens on ::1.
    let server = Server::replying(b"").await;
    let resolver = dns::udp(dns::script(|question| {
        let six = dns::asks(question, hickory_proto::rr::RecordType::AAAA);
        vec![dns::bytes(&if six {
            dns::v6_loopback(question)
        } else {
            dns::v4(question, [127, 0, 0, 1])
        })]
    }))
    .await;
    let route = route(&asking(Resolver::Udp(resolver.addr)));
    let url = format!("http://two.example:{}/", server.addr.port());
    let (log, result) = connect(&route, &url).await;
    assert_eq!(result.ok().unwrap().ip, Some(server.addr.ip()));
    let seen = failures(&log);
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].0, "::1");
    // The failure differs on a machine without IPv6.
    assert!(seen[0].1.is_some());
    assert_eq!(seen[1], ("127.0.0.1".to_owned(), None));
}

#[tokio::test]
async fn a_silent_address_leaves_time_for_the_next() {
    let port = unanswered();
    let listener = TcpListener::bind(("127.0.0.2", port.addr.port()))
        .await
        .unwrap();
    let server = Server::on(listener, |stream| async move { drop(stream) });
    let resolver = dns::udp(dns::always(|question| {
        let mut reply = dns::v4(question, [127, 0, 0, 1]);
        let second = dns::v4(question, [127, 0, 0, 2]);
        reply.add_answers(second.answers);
        reply
    }))
    .await;
    let route = patient(&asking(Resolver::Udp(resolver.addr)));
    let mut log = FetchLog::new();
    let url = Url::parse(&format!("http://two.example:{}/", port.addr.port())).unwrap();
    let result = route.connect(&url, &mut log, within(2000)).await;
    assert_eq!(result.ok().unwrap().ip, Some(server.addr.ip()));
    assert_eq!(
        failures(&log),
        [
            ("127.0.0.1".to_owned(), Some(Failure::TIMEOUT)),
            ("127.0.0.2".to_owned(), None)
        ]
    );
}

#[tokio::test]
async fn the_source_address_is_the_vantages() {
    let server = Server::start(|mut stream| async move {
        let peer = stream.peer_addr().unwrap().ip().to_string();
        let _ = stream.write_all(peer.as_bytes()).await;
    })
    .await;
    let from: IpAddr = "127.0.0.2".parse().unwrap();
    let (_, result) = connect(
        &route(&leaving_from(from)),
        &format!("http://{}/", server.addr),
    )
    .await;
    let mut seen = String::new();
    result.unwrap().io.read_to_string(&mut seen).await.unwrap();
    assert_eq!(seen, "127.0.0.2");
}

#[tokio::test]
async fn a_source_address_that_is_not_ours_is_our_own_failure() {
    let server = Server::silent().await;
    let from: IpAddr = "192.0.2.77".parse().unwrap();
    let url = format!("http://{}/", server.addr);
    let (log, result) = connect(&route(&leaving_from(from)), &url).await;
    let failure = result.err().unwrap();
    assert!(failure.as_str().starts_with(Failure::UNKNOWN), "{failure}");
    assert_eq!(log.tcp_connect.len(), 1);
}

#[tokio::test]
async fn an_address_of_the_other_family_is_left_out() {
    let from: IpAddr = "127.0.0.1".parse().unwrap();
    let (log, result) = connect(&route(&leaving_from(from)), "http://[::1]:9/").await;
    assert!(result.err().unwrap().equals(Failure::NETWORK_UNREACHABLE));
    assert!(log.tcp_connect.is_empty());
}

#[tokio::test]
async fn a_reset_before_any_byte_is_seen_as_such() {
    let server = tcp::Server::resetting().await;
    let (_, result) = connect(&route(&direct()), &format!("http://{}/", server.addr)).await;
    let mut connection = result.unwrap();
    connection.io.write_all(b"GET").await.unwrap();
    let error = connection.io.read(&mut [0; 8]).await.unwrap_err();
    assert!(accesswatch::net::failure::from_io(&error).equals(Failure::RESET));
    assert_eq!(connection.traffic.received(), 0);
}

#[tokio::test]
async fn a_url_without_a_host_is_refused() {
    let (log, result) = connect(&route(&direct()), "data:text/plain,x").await;
    let failure = result.err().unwrap();
    assert_eq!(failure.as_str(), "unknown_failure: the URL names no host");
    assert!(log.tcp_connect.is_empty());
}
