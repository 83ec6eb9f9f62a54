//! Measurements over TLS, with HTTP/2 where the server agrees to it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::model::probe::Target;
use accesswatch::model::{Failure, Measurement, Vantage};
use accesswatch::probe::Prober;
use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::authority::Authority;
use crate::support::h2::{Act, H2Server};
use crate::support::http::{Server, page};
use crate::support::probes::{politeness, probe, settings, vantage};
use crate::support::tcp;
use crate::support::tls::{acceptor, replying};
use crate::support::{system_clock, well_formed};

/// A workspace that trusts `authority`, and a probe of `url` made in it.
async fn measured(authority: &Authority, url: url::Url) -> Measurement {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("ca.pem"), authority.pem()).unwrap();
    let trusting = Vantage {
        ca: Some("ca.pem".into()),
        ..vantage()
    };
    let mut settings = settings(politeness());
    settings.vantages = vec![trusting.clone()];
    let prober = Prober::new(&settings, dir.path(), system_clock()).unwrap();
    let mut probe = probe(Target::Url(url));
    probe.timeout = Some(Duration::from_secs(2));
    well_formed(Box::pin(prober.measure(&probe, &trusting, &"r".into(), 0)).await)
}

async fn seen(act: Act) -> Measurement {
    let authority = Authority::new();
    let identity = authority.good(&["127.0.0.1"]);
    let server = H2Server::start(acceptor(&identity, &[b"h2"]), move |_| act.clone()).await;
    measured(&authority, server.url("/")).await
}

fn failure(m: &Measurement) -> Option<&str> {
    m.last_request()?.failure.as_ref().map(Failure::as_str)
}

fn body(m: &Measurement) -> &Bytes {
    &m.last_request().unwrap().response.body.0
}

#[tokio::test]
async fn an_answer_over_http2_is_a_whole_record() {
    let headers = vec![
        ("content-type", "text/html".to_owned()),
        ("set-cookie", "sid=0123456789".to_owned()),
        ("set-cookie", "b=2".to_owned()),
    ];
    let m = seen(Act::Answer(
        200,
        headers,
        Bytes::from_static(b"page 0123456789"),
    ))
    .await;
    assert_eq!(failure(&m), None);
    let keys = &m.test_keys;
    assert_eq!(keys.tls_handshakes[0].negotiated_protocol, "h2");
    let last = m.last_request().unwrap();
    assert_eq!(last.response.code, 200);
    let cookies: Vec<&str> = last.response.headers("set-cookie").collect();
    assert_eq!(cookies, ["sid=[redacted]", "b=[redacted]"]);
    assert_eq!(body(&m), "page [redacted]");
    assert_eq!(last.transaction_id, keys.tls_handshakes[0].transaction_id);
    let sent = &last.request.headers_list;
    assert!(
        sent.iter()
            .all(|(name, _)| name.0 == name.0.to_ascii_lowercase())
    );
    let extra = m.extra().unwrap();
    assert_eq!(extra.tls_client, "rustls 0.23 ring");
    let phases = extra.phases;
    assert!(phases.tls.unwrap() > 0.0 && phases.first_byte.unwrap() > 0.0);
    assert!(
        phases.total >= phases.connect.unwrap() + phases.tls.unwrap() + phases.first_byte.unwrap()
    );
}

#[tokio::test]
async fn an_endless_body_over_http2_is_cut() {
    let m = seen(Act::Endless).await;
    assert_eq!(failure(&m), None);
    assert!(m.last_request().unwrap().response.body_is_truncated);
    assert_eq!(body(&m).len(), 2 << 20);
}

#[tokio::test]
async fn a_stream_that_breaks_keeps_what_came() {
    let m = seen(Act::Break).await;
    assert_eq!(body(&m), "half");
    assert!(m.last_request().unwrap().failure.is_some());
}

#[tokio::test]
async fn a_refused_stream_and_a_silent_one_are_failures() {
    let m = seen(Act::Refuse).await;
    assert_eq!(failure(&m), Some(Failure::EOF));
    let requests = &m.test_keys.requests;
    assert_eq!(requests.len(), 2, "asked once more, and then no more");
    assert_eq!(
        (requests[0].tags.len(), requests[1].tags.as_slice()),
        (0, &["asked_again".to_owned()][..])
    );
    let m = seen(Act::Hang).await;
    assert_eq!(failure(&m), Some(Failure::TIMEOUT));
    assert_eq!(m.extra().unwrap().phases.first_byte, None);
    assert_eq!(m.last_request().unwrap().response.code, 0);
}

/// A frame (RFC 9113 section 4.1).
fn frame(kind: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0, 0, length, kind, 0, 0, 0, 0, stream][..], payload].concat()
}

const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;

/// A server of which each connection over HTTP/2 ends as `frames` say, but from the one numbered `well` on; over
/// HTTP/1.1 it serves a page. Tells how it was asked.
async fn refusing(
    authority: &Authority,
    frames: Vec<u8>,
    well: usize,
) -> (tcp::Server, Arc<Mutex<Vec<&'static str>>>) {
    let identity = authority.good(&["127.0.0.1"]);
    let acceptor = acceptor(&identity, &[b"h2", b"http/1.1"]);
    let asked: Arc<Mutex<Vec<&'static str>>> = Arc::default();
    let list = Arc::clone(&asked);
    let server = tcp::Server::start(move |stream| {
        let (acceptor, frames, list) = (acceptor.clone(), frames.clone(), Arc::clone(&list));
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            let h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            let before = {
                let mut list = list.lock().unwrap();
                list.push(if h2 { "h2" } else { "http/1.1" });
                list.len() - 1
            };
            if !h2 {
                assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
                let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nover 11";
                stream.write_all(reply).await.unwrap();
                return;
            }
            if before >= well {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                let (_, mut respond) = connection.accept().await.unwrap().unwrap();
                let mut body = respond
                    .send_response(hyper::Response::new(()), false)
                    .unwrap();
                body.send_data(Bytes::from_static(b"over 2"), true).unwrap();
                let _ = std::future::poll_fn(|cx| connection.poll_closed(cx)).await;
                return;
            }
            let mut seen = Vec::new();
            // The preface, settings, and the request's head: HEADERS is frame type 1.
            while !seen.windows(5).any(|w| w[0] == 1 && w[1..] == [5, 0, 0, 0]) {
                let mut some = [0; 4096];
                let n = stream.read(&mut some).await.unwrap();
                assert!(n > 0);
                seen.extend_from_slice(&some[..n]);
            }
            let settings = frame(4, 0, &[]);
            stream
                .write_all(&[settings, frames].concat())
                .await
                .unwrap();
            stream.flush().await.unwrap();
            // The client ends it.
            while stream.read(&mut [0; 4096]).await.is_ok_and(|n| n > 0) {}
        }
    })
    .await;
    (server, asked)
}

#[tokio::test]
async fn who_did_not_look_at_the_request_is_asked_once_more() {
    let goaway = |last: u8, code: u8| frame(GOAWAY, 0, &[0, 0, 0, last, 0, 0, 0, code]);
    let reset = |code: u8| frame(RST_STREAM, 1, &[0, 0, 0, code]);
    for (name, frames, how, page) in [
        (
            "RST_STREAM HTTP_1_1_REQUIRED",
            reset(0xd),
            &["h2", "http/1.1"][..],
            Some("over 11"),
        ),
        (
            "GOAWAY HTTP_1_1_REQUIRED",
            goaway(0, 0xd),
            &["h2", "http/1.1"],
            Some("over 11"),
        ),
        ("REFUSED_STREAM", reset(0x7), &["h2", "h2"], Some("over 2")),
        (
            "GOAWAY NO_ERROR",
            goaway(0, 0),
            &["h2", "h2"],
            Some("over 2"),
        ),
        (
            "GOAWAY INTERNAL_ERROR",
            goaway(0, 2),
            &["h2", "h2"],
            Some("over 2"),
        ),
        ("ENHANCE_YOUR_CALM", goaway(0, 0xb), &["h2"], None),
        ("CANCEL", reset(0x8), &["h2"], None),
        ("INTERNAL_ERROR", reset(0x2), &["h2"], None),
    ] {
        let authority = Authority::new();
        let (server, asked) = refusing(&authority, frames, 1).await;
        let url = format!("https://{}/", server.addr).parse().unwrap();
        let m = measured(&authority, url).await;
        assert_eq!(*asked.lock().unwrap(), how, "{name}");
        match page {
            Some(page) => assert_eq!(
                (body(&m).as_ref(), failure(&m)),
                (page.as_bytes(), None),
                "{name}"
            ),
            None => assert!(failure(&m).is_some(), "{name}"),
        }
    }
}

#[tokio::test]
async fn huge_heads_over_http2_are_malformed() {
    let headers = vec![("x-pad", "x".repeat(300 * 1024))];
    let m = seen(Act::Answer(200, headers, Bytes::new())).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_MALFORMED));
}

#[tokio::test]
async fn http1_over_tls_and_a_downgrade_are_recorded() {
    let authority = Authority::new();
    let identity = authority.good(&["127.0.0.1"]);
    let plain = Server::start(|_| page("plain")).await;
    let reply = format!(
        "HTTP/1.1 301 Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        plain.url("/p")
    );
    let secure = replying(
        acceptor(&identity, &[b"http/1.1"]),
        Vec::leak(reply.into_bytes()),
    )
    .await;
    let url = format!("https://{}/", secure.addr).parse().unwrap();
    let m = measured(&authority, url).await;
    let requests = &m.test_keys.requests;
    assert_eq!(requests[0].tags, ["downgrade"]);
    assert_eq!(
        (requests[1].response.code, requests[1].tags.len()),
        (301, 0)
    );
    assert_eq!(
        m.test_keys.tls_handshakes[0].negotiated_protocol,
        "http/1.1"
    );
    assert_eq!(body(&m), "plain");
}

#[tokio::test]
async fn a_server_that_ends_tls_without_farewell_is_forgiven_where_nothing_is_missing() {
    let authority = Authority::new();
    let identity = authority.good(&["127.0.0.1"]);
    for (head, expected) in [("", None), ("Content-Length: 100\r\n", Some(Failure::EOF))] {
        let acceptor = acceptor(&identity, &[b"http/1.1"]);
        let reply = format!("HTTP/1.1 200 OK\r\n{head}\r\nto the end");
        let server = tcp::Server::start(move |stream| {
            let (acceptor, reply) = (acceptor.clone(), reply.clone());
            async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                let n = stream.read(&mut [0; 4096]).await.unwrap();
                assert!(n > 0);
                stream.write_all(reply.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
                // The socket ends, and TLS is not told.
                let (mut socket, _) = stream.into_inner();
                socket.shutdown().await.unwrap();
            }
        })
        .await;
        let url = format!("https://{}/", server.addr).parse().unwrap();
        let m = measured(&authority, url).await;
        assert_eq!(body(&m), "to the end");
        assert_eq!(failure(&m), expected);
    }
}

#[tokio::test]
async fn a_chain_that_does_not_verify_is_a_whole_record() {
    let other = Authority::named("Other");
    let identity = other.good(&["127.0.0.1"]);
    let server = H2Server::start(acceptor(&identity, &[b"h2"]), |_| Act::Hang).await;
    let dir = Path::new(".");
    let prober = Prober::new(&settings(politeness()), dir, system_clock()).unwrap();
    let m = Box::pin(prober.fetch_url(&server.url("/"), &vantage())).await;
    assert_eq!(failure(&m), Some(Failure::TLS_UNKNOWN_AUTHORITY));
    assert_eq!(m.test_keys.tls_handshakes[0].peer_certificates.len(), 1);
    assert_eq!(m.extra().unwrap().phases.first_byte, None);
    assert!(m.extra().unwrap().phases.tls.is_some());
}
