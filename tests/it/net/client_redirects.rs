//! Pages that only lead elsewhere: each is a hop like a redirect, within the same limits. A check
//! for people, or a page with content, is not a hop.

use accesswatch::model::Failure;
use accesswatch::model::measurement::{CLIENT_REDIRECT, Measurement};
use accesswatch::model::probe::Target;
use accesswatch::probe::Prober;

use crate::support::http::{Server, answer, page, redirect};
use crate::support::probes::{politeness, probe, settings, vantage};
use crate::support::{system_clock, well_formed};

use super::http::{body, failure, measured, newest};

fn html(body: &str) -> crate::support::http::Act {
    answer(
        "200 OK",
        &[("Content-Type", "text/html; charset=utf-8")],
        body.as_bytes(),
    )
}

fn script(to: &str) -> crate::support::http::Act {
    html(&format!(
        "<script>alert(\"请先登录！\");location.href=\"{to}\"</script>"
    ))
}

fn tagged(m: &Measurement) -> Vec<bool> {
    let tag = |t: &String| t == CLIENT_REDIRECT;
    let requests = m.test_keys.requests.iter();
    requests.map(|r| r.tags.iter().any(tag)).collect()
}

#[tokio::test]
async fn every_way_is_a_hop_of_its_own() {
    let server = Server::start(|heard| match heard.path() {
        "/" => script("/a?x=1"),
        "/a?x=1" => html("<META content=\"0; URL='b&amp;c.html'\" http-equiv=Refresh>"),
        "/b&c.html" => redirect("/d"),
        "/d" => answer("200 OK", &[("Refresh", "1;url=/e")], b""),
        "/e" => html("<frameset rows='100%,*'><frame src=/f></frameset>"),
        "/f" => html("<form action=/g><input type=hidden name=q value=1></form><script>document.forms[0].submit()</script>"),
        "/g?q=1" => html("<iframe src=/h width=100% height=100%></iframe>"),
        _ => page("there"),
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/")))).await;
    let asked = ["/", "/a?x=1", "/b&c.html", "/d", "/e", "/f", "/g?q=1", "/h"];
    assert_eq!(server.paths(), asked);
    assert_eq!((body(&m).as_str(), failure(&m)), ("there", None));
    let led = [false, true, true, true, true, false, true, true];
    assert_eq!(
        tagged(&m),
        led,
        "newest first; an HTTP redirect carries no tag"
    );
    assert!(
        m.test_keys.tcp_connect.len() == 8,
        "each hop has a connection of its own"
    );
    let first = m.test_keys.requests.last().unwrap();
    assert!(String::from_utf8_lossy(&first.response.body.0).contains("请先登录"));
}

#[tokio::test]
async fn hops_of_both_kinds_count_together() {
    let server = Server::start(|heard| {
        let n: u32 = heard.path()[1..].parse().unwrap_or(0);
        let next = format!("/{}", n + 1);
        if n.is_multiple_of(2) {
            script(&next)
        } else {
            redirect(&next)
        }
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/0")))).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_REDIRECT_LOOP));
    assert_eq!(server.paths().len(), 11, "ten hops, and no more");
}

#[tokio::test]
async fn a_page_that_asks_again_for_itself_is_no_hop() {
    for body in [
        "<script>location.reload()</script>",
        "<script>location.href=location.href</script>",
        "<script>document.cookie='__jsl_clearance=1;path=/';location.href=location.pathname+location.search</script>",
        "<script>document.cookie='acw_sc__v2=1';location.href='/x?y'</script>",
        "<meta http-equiv=refresh content='0;url=/x'>",
        "<meta http-equiv=refresh content='5'>",
        "<script>location='/x#top'</script>",
    ] {
        let server = Server::start(move |_| {
            answer(
                "200 OK",
                &[("Content-Type", "text/html"), ("Set-Cookie", "a=12345678")],
                body.as_bytes(),
            )
        })
        .await;
        let m = measured(probe(Target::Url(server.url("/x")))).await;
        assert_eq!(server.paths(), ["/x"], "{body}");
        assert_eq!((tagged(&m), failure(&m)), (vec![false], None), "{body}");
    }
    // Two pages that lead to each other end where the first comes again, without a failure.
    let server = Server::start(|heard| match heard.path() {
        "/a" => script("/b"),
        _ => script("/a"),
    })
    .await;
    let m = measured(probe(Target::Url(server.url("/a")))).await;
    assert_eq!(server.paths(), ["/a", "/b"]);
    assert_eq!(failure(&m), None);
}

#[tokio::test]
async fn what_is_no_page_of_its_own_kind_stays() {
    let go = "<script>location.href='/go'</script>";
    let long = format!("{go}<p>{}</p>", "本页介绍本馆所藏学术期刊。".repeat(60));
    let posted = "<body onload='document.forms[0].submit()'><form method=post action=/go><input type=hidden name=SAMLRequest></form>";
    for (status, media, body) in [
        ("403 Forbidden", "text/html", go),
        ("503 Busy", "text/html", go),
        ("200 OK", "application/json", go),
        ("200 OK", "text/html", long.as_str()),
        ("200 OK", "text/html", posted),
        (
            "200 OK",
            "text/html",
            "<meta http-equiv=refresh content='9;url=/go'>",
        ),
        (
            "200 OK",
            "text/html",
            "<script>location.href='ftp://127.0.0.1/go'</script>",
        ),
    ] {
        let act = answer(status, &[("Content-Type", media)], body.as_bytes());
        let server = Server::start(move |_| act.clone()).await;
        let m = measured(probe(Target::Url(server.url("/x")))).await;
        assert_eq!(server.paths(), ["/x"], "{status} {media} {body}");
        assert_eq!((tagged(&m), failure(&m)), (vec![false], None));
    }
    let server = Server::start(|_| script("/go")).await;
    let mut stay = probe(Target::Url(server.url("/x")));
    stay.follow = false;
    measured(stay).await;
    assert_eq!(
        server.paths(),
        ["/x"],
        "`follow = false` holds for pages too"
    );
}

#[tokio::test]
async fn another_host_is_asked_without_cookies_and_in_its_own_turn() {
    let other = Server::start_on("127.0.0.2:0", |_| page("other")).await;
    let to = other.url("/cas/login?service=x").to_string();
    let server = Server::start(move |_| {
        answer(
            "200 OK",
            &[
                ("Content-Type", "text/html"),
                ("Set-Cookie", "sid=12345678"),
            ],
            format!("<script>top.location='{to}'</script>").as_bytes(),
        )
    })
    .await;
    let mut with_login = probe(Target::Url(server.url("/")));
    with_login.headers = vec![("Authorization".to_owned(), "Basic eDp5".to_owned())];
    let m = measured(with_login).await;
    assert_eq!(body(&m), "other");
    let heard = &other.heard()[0];
    assert_eq!(
        (heard.header("authorization"), heard.header("cookie")),
        (None, None)
    );
    assert!(
        newest(&m)
            .request
            .url
            .starts_with(&other.url("/").to_string())
    );
}

#[tokio::test]
async fn where_robots_forbid_the_page_speaks_for_itself() {
    let server = Server::start(|heard| match heard.path() {
        "/robots.txt" => answer(
            "200 OK",
            &[("Content-Type", "text/plain")],
            b"User-agent: *\nDisallow: /login\n",
        ),
        _ => script("/login"),
    })
    .await;
    let mut politeness = politeness();
    politeness.robots = true;
    let prober = Prober::new(
        &settings(politeness),
        std::path::Path::new("."),
        system_clock(),
    )
    .unwrap();
    let probe = probe(Target::Url(server.url("/x")));
    let m = well_formed(prober.measure(&probe, &vantage(), &"r1".into(), 0).await);
    assert_eq!(server.paths(), ["/robots.txt", "/x"]);
    assert_eq!(m.extra().unwrap().skipped, None, "the page was seen");
    assert_eq!(tagged(&m), [false]);
}
