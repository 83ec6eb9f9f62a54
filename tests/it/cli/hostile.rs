//! Hostile servers, from the socket to what people read: bounded in time, judged, and never shown
//! raw in the terminal, in mails or in tables.

use std::io::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::support::http::{Act, ReceivedRequest, Server, answer, page, redirect};
use crate::support::workspace::TestWorkspace;

/// A title that would attack a terminal, a spreadsheet and a mail.
const TITLE: &str =
    "=cmd|' /C calc'!A0\u{1b}]0;owned\u{7}\u{1b}[31m\u{202e}\u{0}\r\nBcc: all@example.org";

/// A gzip member of 1 MiB, 64 times (RFC 1952 section 2.2).
fn bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    packed.finish().unwrap().repeat(64)
}

/// 64 MiB in about 64 KiB. Compressed only once, because that takes longer than a page may take.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(bomb);

fn plays(heard: &ReceivedRequest, turned: bool) -> Act {
    let html = |body: &str| page(body);
    if heard.path() == "/control" || !turned {
        return html("<title>Good</title><p>expected words</p>");
    }
    match heard.path() {
        "/title" => html(&format!("<title>{TITLE}</title><p>{TITLE}</p>")),
        "/bomb" => answer("200 OK", &[("Content-Encoding", "gzip")], &BOMB),
        "/endless" => Act::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec(),
            b"<p>and so on</p>".repeat(256),
        ),
        "/slow" => Act::Drip(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec(),
            b"expected words".to_vec(),
            Duration::from_secs(1),
        ),
        "/headers" => Act::Endless(
            b"HTTP/1.1 200 OK\r\n".to_vec(),
            b"X-Filler: abcdefghij\r\n".to_vec(),
        ),
        "/loop" => redirect("/loop"),
        "/charset" => answer(
            "200 OK",
            &[("Content-Type", "text/html; charset=no-such\u{7}-charset")],
            b"<title>\xff\xfe\x00\xd6\xd0\x1b[31m</title>\x00\x00",
        ),
        _ => Act::Say(b"\x00\x01\x02\x03not http at all\x1b[31m\r\n\r\n".to_vec()),
    }
}

const PATHS: [&str; 8] = [
    "/title", "/bomb", "/endless", "/slow", "/headers", "/loop", "/charset", "/garbage",
];

fn raw(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{202e}' | '\u{202d}')
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_servers_do_is_bounded_judged_and_shown_clean() {
    let turned = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let now = std::sync::Arc::clone(&turned);
    let server =
        Server::start(move |heard| plays(heard, now.load(std::sync::atomic::Ordering::SeqCst)))
            .await;
    let watch = TestWorkspace::new(server.url("/control").as_str());
    watch.edit(
        "config/accesswatch.toml",
        "timeout = \"5s\"",
        "timeout = \"5s\"\nmax_body = \"64 KiB\"",
    );
    let urls: Vec<String> = PATHS.iter().map(|p| server.url(p).to_string()).collect();
    watch.source("hostile", &urls, "title = [\"Good\"]");
    // A page that never ends costs its whole time limit in each of four attempts.
    let slow = format!("url = \"{}\"\n", server.url("/slow"));
    let soon = format!("{slow}timeout = \"1s\"\n");
    watch.edit("probes/test/hostile.toml", &slow, &soon);
    LazyLock::force(&BOMB);
    let (watch, said) = tokio::task::spawn_blocking(move || {
        watch.run(&["run", "--all"]).ends(0);
        turned.store(true, std::sync::atomic::Ordering::SeqCst);
        let begun = Instant::now();
        let jsonl = watch.file("run.jsonl");
        let jsonl = jsonl.to_str().unwrap();
        let ran = watch.run(&["run", "--all", "--jsonl", jsonl]).ends(0);
        // Each page has four attempts, one after another on one host. Those of `/slow` take at most
        // a second each. The others end by themselves, on a busy machine within the five seconds of
        // any page.
        let bound = Duration::from_secs(4 + 7 * 4 * 5 + 30);
        assert!(begun.elapsed() < bound, "{:?}", begun.elapsed());
        let mut said = vec![ran.out, ran.err];
        for args in [
            &["status"][..],
            &["status", "--format", "csv"],
            &["status", "--format", "json"],
            &["incidents"],
            &["incidents", "--format", "csv"],
            &["incidents", "show", "1"],
            &["export", "measurements"],
            &["export", "incidents"],
            &["export", "uptime"],
            &["mail", "queue"],
            &["judge", jsonl],
        ] {
            let ran = watch.run(args).ends(0);
            said.extend([ran.out, ran.err]);
        }
        (watch, said)
    })
    .await
    .unwrap();
    for text in said.iter().chain(&watch.mails()) {
        assert_eq!(raw(text), None, "{text:?}");
    }
    for mail in watch.mails() {
        let head = mail.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains("\nBcc"), "{head}");
    }
    let status = &said[4];
    for (number, _) in PATHS.iter().enumerate() {
        let line = status
            .lines()
            .find(|l| l.contains(&format!("hostile/page{number},")));
        assert!(
            line.is_some_and(|l| !l.contains(",ok,")),
            "page{number}: {status}"
        );
    }
    // These were read up to the size limit and judged by that; no time limit ended them.
    for page in ["page1,", "page2,"] {
        let line = status.lines().find(|l| l.contains(page)).unwrap();
        assert!(line.contains(",content."), "{line}");
    }
    let measurements = said
        .iter()
        .find(|t| t.contains("measurement_uid,time_utc"))
        .unwrap();
    let cells = measurements.split([',', '\n']);
    for cell in cells.map(|c| c.trim_matches('"')) {
        assert!(!cell.starts_with(['=', '@', '\t']), "a formula: {cell:?}");
    }
}
