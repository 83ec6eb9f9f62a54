//! Redirects: each hop is a record, loops and long chains end, and no header follows to another
//! host.

use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::probe::Target;
use accesswatch::model::settings::Politeness;
use accesswatch::model::{Catalogue, Code, Failure, Measurement, Vantage};
use accesswatch::probe::Prober;

use crate::support::english::English as _;
use crate::support::http::{Act, Server, answer, page, redirect};
use crate::support::probes::{politeness, probe, settings, vantage};
use crate::support::socks::{self, SocksProxyMode};
use crate::support::system_clock;

use super::http::{body, failure, measured, newest, seen};

#[tokio::test]
async fn redirects_are_followed_hop_by_hop() {
    let server = Server::start(|heard| match heard.path() {
        "/" => redirect("a/b?q=1"),
        "/a/b?q=1" => redirect("/c#top"),
        _ => page("there"),
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/")))).await;
    assert_eq!(server.paths(), ["/", "/a/b?q=1", "/c"]);
    let keys = &m.test_keys;
    let codes: Vec<u16> = keys.requests.iter().map(|r| r.response.code).collect();
    assert_eq!(codes, [200, 302, 302], "newest first");
    assert_eq!(
        keys.tcp_connect.len(),
        3,
        "each hop has a connection of its own"
    );
    let ids: Vec<u64> = keys.requests.iter().map(|r| r.transaction_id).collect();
    assert_eq!(ids, [3, 2, 1]);
    assert_eq!(newest(&m).request.url, server.url("/c#top").as_str());
    assert!(keys.requests[2].t <= keys.requests[1].t0);
}

#[tokio::test]
async fn a_loop_and_too_long_a_chain_end() {
    let server = Server::start(|heard| match heard.path() {
        "/loop" => redirect("/pool"),
        "/pool" => redirect("/loop"),
        path => {
            let n: u32 = path[1..].parse().unwrap();
            redirect(&format!("/{}", n + 1))
        }
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/loop")))).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_REDIRECT_LOOP));
    assert_eq!(m.test_keys.requests.len(), 2);
    let m = measured(probe(Target::Url(server.url("/0")))).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_REDIRECT_LOOP));
    assert_eq!(
        m.test_keys.requests.len(),
        11,
        "ten redirects are followed, the eleventh is not"
    );
    assert_eq!(newest(&m).response.code, 302);
}

#[tokio::test]
async fn a_page_that_sets_a_cookie_and_asks_again_is_no_loop() {
    let server = Server::start(|heard| match heard.header("cookie") {
        None => answer(
            "302 Found",
            &[("Location", "/"), ("Set-Cookie", "gate=open1234; Path=/")],
            b"",
        ),
        Some(_) => page("in"),
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/")))).await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("in", None));
    assert_eq!(server.heard()[1].header("cookie"), Some("gate=open1234"));
}

#[tokio::test]
async fn bad_locations_are_told_and_gbk_ones_are_followed() {
    for location in [
        "http://",
        "https:///x",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:99999/",
    ] {
        let m = seen(redirect(location)).await;
        assert_eq!(failure(&m), Some(Failure::HTTP_BAD_REDIRECT), "{location}");
        assert_eq!(newest(&m).response.code, 302);
    }
    let server = Server::start(|heard| match heard.path() {
        "/" => Act::Say(
            b"HTTP/1.1 302 Found\r\nLocation: /\xd5\xaa\xd2\xaa\r\nContent-Length: 0\r\n\r\n"
                .to_vec(),
        ),
        _ => page("there"),
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/")))).await;
    assert_eq!(server.paths(), ["/", "/%D5%AA%D2%AA"]);
    assert_eq!(body(&m), "there");
}

#[tokio::test]
async fn another_host_gets_neither_cookies_nor_login() {
    let other = Server::start_on("127.0.0.2:0", |_| page("other")).await;
    let to = other.url("/x").to_string();
    let server = Server::start(move |_| {
        answer(
            "302 Found",
            &[("Location", &to), ("Set-Cookie", "sid=12345678")],
            b"",
        )
    })
    .await;
    let mut with_login = probe(Target::Url(server.url("/")));
    with_login.headers = vec![("Authorization".to_owned(), "Basic eDp5".to_owned())];
    let m = measured(with_login).await;
    assert_eq!(body(&m), "other");
    assert_eq!(
        server.heard()[0].header("authorization"),
        Some("Basic eDp5")
    );
    let heard = &other.heard()[0];
    assert_eq!(
        (heard.header("authorization"), heard.header("cookie")),
        (None, None)
    );
    assert!(heard.header("host").unwrap().starts_with("127.0.0.2:"));
}

#[tokio::test]
async fn follow_false_stops_at_the_first_answer() {
    let server = Server::start(|_| redirect("/next")).await;
    let mut stay = probe(Target::Url(server.url("/")));
    stay.follow = false;
    let m = measured(stay).await;
    assert_eq!((newest(&m).response.code, failure(&m)), (302, None));
    assert_eq!(server.paths(), ["/"]);
}

#[tokio::test]
async fn of_a_redirects_body_little_is_kept() {
    let server = Server::start(|heard| match heard.path() {
        "/" => answer("302 Found", &[("Location", "/next")], &vec![b'x'; 1 << 20]),
        _ => page("there"),
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/")))).await;
    assert_eq!(body(&m), "there");
    let first = &m.test_keys.requests[1];
    assert_eq!(first.response.body.0.len(), 64 * 1024);
    assert!(first.response.body_is_truncated && first.failure.is_none());
}

/// Measures a page with a public name, which only a proxy knows, that redirects to `location`.
async fn led(location: &str, robots: bool) -> Measurement {
    let to = location.to_owned();
    let outside = Server::start(move |heard| match heard.path() {
        "/" => redirect(&to),
        _ => answer("404 Not Found", &[], b""),
    })
    .await;
    let proxy = socks::start(SocksProxyMode::Loopback).await;
    let mut settings = settings(Politeness {
        robots,
        ..politeness()
    });
    let behind = Vantage {
        via: proxy.via(None),
        ..vantage()
    };
    settings.vantages = vec![behind.clone()];
    let prober = Prober::new(&settings, std::path::Path::new("."), system_clock()).unwrap();
    let url = format!("http://public.example:{}/", outside.address.port());
    let probe = probe(Target::Url(url.parse().unwrap()));
    prober.measure(&probe, &behind, &"r".into(), 0).await
}

#[tokio::test]
async fn a_public_site_leads_nobody_into_the_operators_network() {
    let inside = Server::start(|_| page("from inside")).await;
    let port = inside.address.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "localhost",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "printer.local",
    ] {
        for robots in [false, true] {
            let m = led(&format!("http://{host}:{port}/secret"), robots).await;
            assert_eq!(failure(&m), Some(Failure::HTTP_BAD_REDIRECT), "{host}");
            assert_eq!(newest(&m).tags, ["inside"], "{host}");
            let judge = Judge::new(&Catalogue::default(), &[]);
            let reading = judge.read(&m, None);
            let verdict = judge.decide(&reading, &m, None, &History::default(), m.started());
            assert_eq!(verdict.code, Code::HttpBadRedirect, "{host}");
            let fact = verdict.evidence[0].english();
            assert!(fact.contains("this computer's own network"), "{fact}");
        }
    }
    assert!(inside.paths().is_empty(), "{:?}", inside.paths());
    // From one public name to another.
    let m = led(&format!("http://other.example:{port}/open"), true).await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("from inside", None));
}

#[tokio::test]
async fn who_begins_inside_may_go_on_inside() {
    let other = Server::start_on("127.0.0.3:0", |_| page("there")).await;
    let to = other.url("/x").to_string();
    let server = Server::start(move |_| redirect(&to)).await;
    let m = measured(probe(Target::Url(server.url("/")))).await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("there", None));
}

#[tokio::test]
async fn a_redirect_to_what_can_be_no_name_asks_no_resolver() {
    let label = format!("http://{}.example/", "a".repeat(64));
    let name = format!("http://{}/", ["a".repeat(60).as_str(); 5].join("."));
    for location in [label, name, "http://a..example/".to_owned()] {
        let m = seen(redirect(&location)).await;
        assert_eq!(failure(&m), Some(Failure::HTTP_BAD_REDIRECT), "{location}");
        assert!(m.test_keys.queries.is_empty(), "{location}");
    }
}
