//! Archives that lead astray: what they say is data from the network.

use std::time::Instant;

use crate::desk::{Desk, LINK, article, question};
use crate::http::{Act, Server, answer, page};

fn settings(server: &Server) -> String {
    format!(
        "\n[[links.archive]]\nname = \"Odd\"\ntimegate = \"{}\"\n",
        server.url("/timegate/")
    )
}

#[tokio::test]
async fn no_address_of_our_own_network_is_asked_for_an_archive() {
    let inner = Server::start(|_| page("<h1>router</h1>")).await;
    let router = inner
        .url("/web/20230508000000/http://a.example/")
        .to_string();
    for way in ["location", "link", "redirect", "timemap"] {
        let to = router.clone();
        let odd = Server::start(move |request| {
            let memento = "Mon, 08 May 2023 00:00:00 GMT";
            let link = format!("<{to}>; rel=\"memento\"; datetime=\"{memento}\"");
            let map = format!("<{to}>; rel=\"timemap\"");
            match way {
                "location" => answer("302 Found", &[("Location", &to)], b""),
                "link" => answer("200 OK", &[("Link", &link)], b""),
                "timemap" => answer("200 OK", &[("Link", &map)], b""),
                _ if request.path().starts_with("/timegate") => {
                    let own = "/web/20230508000000/http://a.example/";
                    answer("302 Found", &[("Location", own)], b"")
                }
                _ => answer("302 Found", &[("Location", &to)], b""),
            }
        })
        .await;
        let desk = Desk::new(&settings(&odd));
        let found = desk.find(&question(None)).await;
        assert_eq!(found.chosen(None), None, "{way}");
        assert!(!odd.heard().is_empty(), "{way}");
    }
    assert_eq!(inner.heard().len(), 0, "{:?}", inner.paths());
}

#[tokio::test]
async fn addresses_that_are_none_are_left_out() {
    for to in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "https://archive.ph/20230508000000/https://a.example/",
        "\u{7f}",
        "http://user:secret@a.example/web/20230508000000/http://b.example/",
    ] {
        let odd = Server::start(move |_| answer("302 Found", &[("Location", to)], b"")).await;
        let found = Desk::new(&settings(&odd)).find(&question(None)).await;
        assert_eq!(found.copies, [], "{to}");
    }
}

#[tokio::test]
async fn answers_without_end_are_cut() {
    let began = Instant::now();
    let odd = Server::start(|request| {
        if request.path().starts_with("/timegate") {
            let map = format!("</map>; rel=timemap, </web/20230508000000/{LINK}>; rel=memento; datetime=\"Mon, 08 May 2023 00:00:00 GMT\"");
            return answer("200 OK", &[("Link", &map)], b"");
        }
        let head = "HTTP/1.1 200 OK\r\nMemento-Datetime: Mon, 08 May 2023 00:00:00 GMT\r\nContent-Type: text/html\r\n\r\n";
        let line = format!("<{}>; rel=memento; datetime=\"soon\",\n", "x".repeat(2_000));
        Act::Endless(head.as_bytes().to_vec(), line.into_bytes())
    })
    .await;
    let found = Desk::new(&settings(&odd)).find(&question(None)).await;
    assert!(found.copies.len() <= 8);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_page_without_the_time_of_its_capture_is_the_archives_own() {
    let odd = Server::start(|request| {
        if request.path().starts_with("/timegate") {
            let own = format!("/web/20230508000000/{LINK}");
            return answer("302 Found", &[("Location", &own)], b"");
        }
        page(&article("our archive"))
    })
    .await;
    let found = Desk::new(&settings(&odd)).find(&question(None)).await;
    assert_eq!(found.chosen(None), None);
}
