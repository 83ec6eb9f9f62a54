//! robots.txt, back-offs and the pace, as records and servers show them.

use std::path::Path;
use std::time::Duration;

use accesswatch::model::measurement::{Measurement, RobotsFact};
use accesswatch::model::probe::Target;
use accesswatch::model::settings::Politeness;
use accesswatch::model::{Code, VantageId};
use accesswatch::probe::Prober;
use chrono::{TimeDelta, Utc};

use crate::support::http::{Act, ReceivedRequest, Server, answer, page, redirect};
use crate::support::probes::{politeness, probe, settings, vantage};
use crate::support::{system_clock, well_formed};

fn polite() -> Politeness {
    Politeness {
        robots: true,
        per_host_connections: 1,
        ..politeness()
    }
}

fn prober(politeness: Politeness) -> Prober {
    Prober::new(&settings(politeness), Path::new("."), system_clock()).unwrap()
}

async fn get(prober: &Prober, url: url::Url) -> Measurement {
    let probe = probe(Target::Url(url));
    well_formed(prober.measure(&probe, &vantage(), &"r".into(), 0).await)
}

fn robots(m: &Measurement) -> RobotsFact {
    m.extra().unwrap().robots.clone().unwrap()
}

fn fact(allowed: bool, state: &str) -> RobotsFact {
    RobotsFact {
        allowed,
        state: state.to_owned(),
    }
}

/// A server whose robots.txt is `act`, and whose other pages are good.
async fn with_robots(act: Act) -> Server {
    Server::start(move |heard: &ReceivedRequest| match heard.path() {
        "/robots.txt" => act.clone(),
        _ => page("well"),
    })
    .await
}

#[tokio::test]
async fn a_disallowed_page_is_not_fetched() {
    let server = with_robots(page("User-agent: *\nDisallow: /private\n")).await;
    let prober = prober(polite());
    let m = get(&prober, server.url("/private/1")).await;
    assert_eq!(robots(&m), fact(false, "fetched"));
    assert_eq!(m.extra().unwrap().skipped.as_deref(), Some("robots"));
    assert!(m.test_keys.requests.is_empty() && m.test_keys.tcp_connect.is_empty());
    let m = get(&prober, server.url("/public")).await;
    assert_eq!(robots(&m), fact(true, "cached"));
    assert_eq!(
        m.test_keys.requests.len(),
        1,
        "robots.txt is no part of the record"
    );
    assert_eq!(server.paths(), ["/robots.txt", "/public"]);
}

#[tokio::test]
async fn a_file_that_is_not_there_allows() {
    let server = with_robots(answer("404 Not Found", &[], b"Disallow: /")).await;
    let m = get(&prober(polite()), server.url("/x")).await;
    assert_eq!(robots(&m), fact(true, "absent"));
    assert_eq!(m.last_request().unwrap().response.code, 200);
}

#[tokio::test]
async fn an_unfetchable_file_lets_the_one_page_through() {
    for act in [
        answer("503 Service Unavailable", &[], b""),
        Act::Say(Vec::new()),
        Act::Say(b"garbage\r\n\r\n".to_vec()),
        redirect("/robots.txt"),
    ] {
        let server = with_robots(act).await;
        let prober = prober(polite());
        for _ in 0..2 {
            let m = get(&prober, server.url("/x")).await;
            assert_eq!(robots(&m), fact(true, "unfetchable"));
            assert_eq!(m.last_request().unwrap().response.code, 200);
        }
        assert_eq!(
            server.paths(),
            ["/robots.txt", "/x", "/x"],
            "not asked again at once"
        );
    }
}

#[tokio::test]
async fn a_huge_file_is_read_up_to_its_bound() {
    let start = b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n".to_vec();
    let server = with_robots(Act::Endless(start, b"# padding\n".repeat(1000))).await;
    let m = get(&prober(polite()), server.url("/private")).await;
    assert_eq!(robots(&m), fact(false, "fetched"));
}

#[tokio::test]
async fn copies_survive_a_restart() {
    let server = with_robots(page("User-agent: accesswatch\nDisallow: /private\n")).await;
    let before = prober(polite());
    get(&before, server.url("/private")).await;
    let (back_offs, copies) = before.politeness();
    let after = prober(polite());
    after.restore(back_offs, copies);
    let m = get(&after, server.url("/private")).await;
    assert_eq!(robots(&m), fact(false, "cached"));
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[tokio::test]
async fn an_old_copy_stands_in_while_the_file_cannot_be_fetched() {
    let server = with_robots(answer("500 Oops", &[], b"")).await;
    let prober = prober(polite());
    let url = server.url("/private");
    let origin = format!("http://127.0.0.1:{}", server.address.port());
    prober.restore(
        Vec::new(),
        vec![accesswatch::model::politeness::RobotsCopy {
            vantage: "here".into(),
            origin,
            fetched: Utc::now() - TimeDelta::days(20),
            status: 200,
            body: "User-agent: accesswatch\nDisallow: /private\n".to_owned(),
        }],
    );
    let m = get(&prober, url).await;
    assert_eq!(robots(&m), fact(false, "cached"));
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[tokio::test]
async fn a_redirect_to_a_disallowed_page_is_not_followed() {
    let server = Server::start(|heard: &ReceivedRequest| match heard.path() {
        "/robots.txt" => page("User-agent: *\nDisallow: /login\n"),
        "/" => redirect("/login"),
        _ => page("never"),
    })
    .await;
    let m = get(&prober(polite()), server.url("/")).await;
    assert_eq!(m.extra().unwrap().skipped.as_deref(), Some("robots"));
    assert_eq!(robots(&m), fact(false, "cached"));
    assert_eq!(m.last_request().unwrap().response.code, 302);
    assert_eq!(server.paths(), ["/robots.txt", "/"]);
}

#[tokio::test]
async fn a_redirect_to_another_host_asks_its_robots_too() {
    let other = Server::start_on("127.0.0.2:0", |heard: &ReceivedRequest| {
        match heard.path() {
            "/robots.txt" => page("User-agent: *\nDisallow: /no\n"),
            _ => page("other"),
        }
    })
    .await;
    let base = other.url("").to_string();
    let server = Server::start(move |heard: &ReceivedRequest| match heard.path() {
        "/robots.txt" => answer("404 Not Found", &[], b""),
        path => redirect(&format!("{}{}", base.trim_end_matches('/'), path)),
    })
    .await;
    let prober = prober(polite());
    let m = get(&prober, server.url("/yes")).await;
    assert_eq!(m.last_request().unwrap().response.body.0, "other");
    assert_eq!(
        robots(&m),
        fact(true, "absent"),
        "of the URL that was asked for"
    );
    let m = get(&prober, server.url("/no")).await;
    assert_eq!(m.extra().unwrap().skipped.as_deref(), Some("robots"));
    assert_eq!(other.paths(), ["/robots.txt", "/yes"]);
}

#[tokio::test]
async fn a_back_off_keeps_us_away_also_after_a_restart() {
    let server =
        Server::start(|_| answer("429 Too Many Requests", &[("Retry-After", "108000")], b"")).await;
    let before = prober(politeness());
    let m = get(&before, server.url("/")).await;
    assert_eq!(m.last_request().unwrap().response.code, 429);
    let (here, now) = (VantageId::from("here"), Utc::now());
    before.back_off(&here, "127.0.0.1", Code::SiteRateLimited, now, false);
    let (back_offs, copies) = before.politeness();
    assert_eq!(back_offs[0].reason, "site.rate_limited");
    let held = back_offs[0].until - now;
    assert!(
        held > TimeDelta::minutes(29 * 60 + 59) && held <= TimeDelta::hours(30),
        "as Retry-After asked"
    );
    let after = prober(politeness());
    after.restore(back_offs, copies);
    let m = get(&after, server.url("/")).await;
    assert_eq!(m.extra().unwrap().skipped.as_deref(), Some("back_off"));
    assert!(m.test_keys.requests.is_empty());
    assert_eq!(server.paths().len(), 1);
    let mut elsewhere = vantage();
    elsewhere.id = "there".into();
    let m = after
        .measure(
            &probe(Target::Url(server.url("/"))),
            &elsewhere,
            &"r".into(),
            0,
        )
        .await;
    assert_eq!(
        m.last_request().unwrap().response.code,
        429,
        "each vantage for itself"
    );
}

#[tokio::test]
async fn a_host_is_asked_by_one_connection_with_a_gap() {
    let server = with_robots(page("")).await;
    let gap = Duration::from_millis(500);
    let prober = prober(Politeness {
        per_host_interval: gap,
        ..polite()
    });
    let (a, b, c) = tokio::join!(
        get(&prober, server.url("/a")),
        get(&prober, server.url("/b")),
        get(&prober, server.url("/c")),
    );
    let heard = server.heard();
    assert_eq!(heard.len(), 4, "robots.txt once, and three pages");
    assert_eq!(heard[0].path(), "/robots.txt");
    for pair in heard.windows(2) {
        assert!(pair[1].at - pair[0].at >= gap);
    }
    for m in [a, b, c] {
        assert!(
            m.extra().unwrap().phases.total < 500.0,
            "waiting is in no phase"
        );
    }
}

#[tokio::test]
async fn crossing_redirects_do_not_wait_for_each_other() {
    let (a, b) = (
        std::net::TcpListener::bind("127.0.0.1:0").unwrap(),
        std::net::TcpListener::bind("127.0.0.2:0").unwrap(),
    );
    let (a_at, b_at) = (a.local_addr().unwrap(), b.local_addr().unwrap());
    drop((a, b));
    let to = |address: std::net::SocketAddr| {
        move |heard: &ReceivedRequest| match heard.path() {
            "/start" => redirect(&format!("http://{address}/end")),
            _ => page("end"),
        }
    };
    let first = Server::start_on(&a_at.to_string(), to(b_at)).await;
    let second = Server::start_on(&b_at.to_string(), to(a_at)).await;
    let prober = prober(Politeness {
        per_host_connections: 1,
        per_host_interval: Duration::from_millis(50),
        concurrency: 1,
        ..politeness()
    });
    let both = async {
        tokio::join!(
            get(&prober, first.url("/start")),
            get(&prober, second.url("/start")),
        )
    };
    let (one, two) = tokio::time::timeout(Duration::from_secs(5), both)
        .await
        .unwrap();
    for m in [one, two] {
        assert_eq!(m.last_request().unwrap().response.body.0, "end");
    }
}

#[tokio::test]
async fn waiting_for_another_hosts_turn_costs_no_time_of_ours() {
    let busy = Server::start_on("127.0.0.2:0", |_| page("end")).await;
    let to = busy.url("/end").to_string();
    let server = Server::start(move |_| redirect(&to)).await;
    let prober = prober(Politeness {
        per_host_connections: 1,
        per_host_interval: Duration::from_secs(2),
        timeout: Duration::from_millis(1500),
        ..politeness()
    });
    get(&prober, busy.url("/first")).await;
    let m = get(&prober, server.url("/")).await;
    let heard = busy.heard();
    assert!(heard[1].at - heard[0].at >= Duration::from_secs(2));
    let last = m.last_request().unwrap();
    assert_eq!((last.response.code, last.failure.as_ref()), (200, None));
    assert!(m.extra().unwrap().phases.total < 1500.0 && m.test_runtime < 1.5);
}

#[tokio::test]
async fn robots_files_that_hang_are_waited_for_side_by_side() {
    let mut servers = Vec::new();
    for n in 1..=10 {
        let script = |heard: &ReceivedRequest| match heard.path() {
            "/robots.txt" => Act::Hang(Vec::new()),
            _ => page("well"),
        };
        servers.push(Server::start_on(&format!("127.0.0.{n}:0"), script).await);
    }
    // Only one page is fetched at a time, so each would wait for all before it.
    let prober = std::sync::Arc::new(prober(Politeness {
        concurrency: 1,
        timeout: Duration::from_secs(1),
        ..polite()
    }));
    let begun = std::time::Instant::now();
    let mut all = tokio::task::JoinSet::new();
    for server in &servers {
        let (prober, url) = (std::sync::Arc::clone(&prober), server.url("/"));
        all.spawn(async move { get(&prober, url).await });
    }
    while let Some(m) = all.join_next().await {
        assert_eq!(robots(&m.unwrap()), fact(true, "unfetchable"));
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}
