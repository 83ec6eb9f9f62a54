//! Clients that are slow, half open, huge, or many.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use accesswatch::web::WebLimits;

use crate::client::{connect, get, post, raw, read_answer};
use crate::site::{self, TOKENS, small};

fn quick() -> WebLimits {
    WebLimits {
        header: Duration::from_millis(300),
        idle: Duration::from_millis(600),
        body: Duration::from_millis(900),
        body_grace: Duration::from_millis(300),
        stalled_write: Duration::from_millis(300),
        ..WebLimits::default()
    }
}

/// How long the server lets the connection stand.
fn closed_after(stream: &mut TcpStream) -> Duration {
    let start = Instant::now();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    start.elapsed()
}

#[test]
fn a_header_that_does_not_end_is_cut_off() {
    let served = small("", quick());
    for begun in ["", "GET / HTTP/1.1\r\nHost: "] {
        let mut stream = connect(served.at);
        stream.write_all(begun.as_bytes()).unwrap();
        let lasted = closed_after(&mut stream);
        let range = Duration::from_millis(200)..Duration::from_secs(5);
        assert!(range.contains(&lasted), "{begun:?}: {lasted:?}");
    }
}

#[test]
fn a_trickled_header_is_cut_off_too() {
    let served = small("", quick());
    let mut stream = connect(served.at);
    let start = Instant::now();
    // Each byte is in time; the header is not.
    while start.elapsed() < Duration::from_secs(5) {
        if stream.write_all(b"X").is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "it may go on for ever"
    );
}

#[test]
fn a_connection_without_a_request_is_closed() {
    let served = small("", quick());
    let mut stream = connect(served.at);
    let text = format!("GET /livez HTTP/1.1\r\nHost: {}\r\n\r\n", served.at);
    stream.write_all(text.as_bytes()).unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let lasted = closed_after(&mut stream);
    assert!(
        lasted > Duration::from_millis(400),
        "kept alive: {lasted:?}"
    );
    assert!(lasted < Duration::from_secs(5), "{lasted:?}");
}

#[test]
fn what_is_too_long_is_refused() {
    let served = small(TOKENS, WebLimits::default());
    let at = served.at;
    let long = format!("X-Long: {}", "a".repeat(40 * 1024));
    assert_eq!(get(at, "/", &[&long]).status, 431);
    let form = format!("token={}", "a".repeat(17 * 1024));
    assert_eq!(post(at, "/sign-in", &[], &form).status, 413);
    let short = format!("token={}", "a".repeat(15 * 1024));
    assert_eq!(post(at, "/sign-in", &[], &short).status, 403);
}

#[test]
fn a_body_that_trickles_is_given_up() {
    let served = small(TOKENS, quick());
    let mut stream = connect(served.at);
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nContent-Length: 100\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\ntoken=",
        at = served.at
    );
    stream.write_all(head.as_bytes()).unwrap();
    let start = Instant::now();
    let answer = read_answer(&mut stream).unwrap();
    assert_eq!(answer.status, 408);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn requests_that_are_smuggled_are_refused() {
    let served = small(TOKENS, WebLimits::default());
    let at = served.at;
    for lines in [
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length: -1\r\n",
        " folded: x\r\n",
    ] {
        let text = format!("POST /sign-in HTTP/1.1\r\nHost: {at}\r\n{lines}\r\nabcd");
        let mut stream = connect(at);
        stream.write_all(text.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let status = read_answer(&mut stream).map_or(400, |a| a.status);
        assert!((400..500).contains(&status), "{lines:?}: {status}");
    }
    assert_eq!(
        raw(at, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").status,
        421
    );
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let served = small("", WebLimits::default());
    let one = format!("GET /livez HTTP/1.1\r\nHost: {}\r\n\r\n", served.at);
    let last = format!(
        "GET /nope HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        served.at
    );
    let mut stream = connect(served.at);
    stream
        .write_all(format!("{one}{one}{last}").as_bytes())
        .unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert_eq!(all.matches("HTTP/1.1 200 OK").count(), 2);
    assert_eq!(all.matches("HTTP/1.1 404").count(), 1);
}

#[test]
fn clients_that_hang_delay_nobody() {
    let limits = WebLimits {
        connections: 50,
        ..WebLimits::default()
    };
    let served = small("", limits);
    let mut hanging = Vec::new();
    for _ in 0..49 {
        let mut stream = connect(served.at);
        stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
        hanging.push(stream);
    }
    let start = Instant::now();
    assert_eq!(get(served.at, "/", &[]).status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
    // One more than is let in is closed at once.
    hanging.push(connect(served.at));
    let mut refused = connect(served.at);
    let _ = refused.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(read_answer(&mut refused).is_none());
}

#[test]
fn a_client_that_takes_nothing_is_cut_off() {
    let at = site::demonstration_folder();
    let served = site::serve(at, quick());
    let mut stream = connect(served.at);
    // Far more than the buffers of both ends hold.
    let one = format!(
        "GET /sources/papers HTTP/1.1\r\nHost: {}\r\n\r\n",
        served.at
    );
    let start = Instant::now();
    let mut is_cut = false;
    while start.elapsed() < Duration::from_secs(9) && !is_cut {
        is_cut = stream.write_all(one.as_bytes()).is_err();
    }
    assert!(is_cut, "it may hang for ever");
    assert_eq!(get(served.at, "/livez", &[]).status, 200);
}
