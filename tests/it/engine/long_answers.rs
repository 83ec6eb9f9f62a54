//! Answers that are longer than `max_body`: judged as far as they are read, and reported on the
//! first day.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::http::{Act, Server, answer};
use crate::support::workspace::TestWorkspace;

/// Table rows of about 240 bytes each.
fn rows(count: usize) -> String {
    let row = |n| format!("<tr><td class=d>2026-01-01</td><td>{n:0>200}</td></tr>\n");
    (0..count).map(row).collect()
}

fn html(count: usize, foot: &str) -> Act {
    let page = format!(
        "<html><title>Prices</title><h1>Table</h1><table>{}</table>{foot}</html>",
        rows(count)
    );
    answer("200 OK", &[("Content-Type", "text/html")], page.as_bytes())
}

fn json(count: usize) -> Act {
    let list: Vec<String> = (0..count)
        .map(|n| format!("{{\"d\":\"2026-01-01\",\"v\":\"{n:0>200}\"}}"))
        .collect();
    let body = format!("{{\"data\":{{\"list\":[{}]}}}}", list.join(","));
    answer(
        "200 OK",
        &[("Content-Type", "application/json")],
        body.as_bytes(),
    )
}

/// A workspace that watches a page of `server` with the expectations `expects`; it reads 100 KiB.
fn watching(server: &Server, control: &Server, expects: &str) -> TestWorkspace {
    let watch = TestWorkspace::new(control.url("/").as_str());
    watch.source("prices", &[server.url("/table").to_string()], expects);
    let config = std::fs::read_to_string(watch.file("config/accesswatch.toml")).unwrap();
    let bounded = if config.contains("[politeness]") {
        config.replacen("[politeness]", "[politeness]\nmax_body = \"100KiB\"", 1)
    } else {
        format!("{config}\n[politeness]\nmax_body = \"100KiB\"\n")
    };
    watch.write("config/accesswatch.toml", &bounded);
    watch
}

struct Case {
    expects: &'static str,
    act: fn(usize) -> Act,
}

const CASES: [Case; 3] = [
    Case {
        expects: "title = [\"Prices\"]\nselect = [\"a.download\"]",
        act: |n| html(n, "<a class=download href=/x>Full</a>"),
    },
    Case {
        expects: "title = [\"Prices\"]\n[probe.expect.level]\nfulltext = [\"a.download\"]",
        act: |n| html(n, "<a class=download href=/x>Full</a>"),
    },
    Case {
        expects: "status = [200]\n[probe.value.rows]\njson_path = \"$.data.list[*].v\"\nas = \"count\"\nmin = 10",
        act: json,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_grew_over_the_limit_is_said_and_is_no_loss() {
    for case in CASES {
        let long = Arc::new(AtomicBool::new(false));
        let (grown, act) = (Arc::clone(&long), case.act);
        let server = Server::start(move |heard| match heard.path() {
            "/robots.txt" => answer("404 Not Found", &[], b""),
            _ => act(if grown.load(Ordering::SeqCst) {
                2_000
            } else {
                20
            }),
        })
        .await;
        let control = Server::start(|_| answer("200 OK", &[], b"a page")).await;
        let watch = watching(&server, &control, case.expects);
        let run = |all: &[&str]| watch.run(all);
        let first = run(&["run", "--all"]);
        assert!(!first.out.contains("max_body"), "{}", first.out);
        long.store(true, Ordering::SeqCst);
        for command in [&["run", "--all"][..], &["status"], &["doctor", "--offline"]] {
            let told = run(command);
            let all = format!("{}{}", told.out, told.err);
            assert!(
                all.contains("raise `max_body` under [politeness]"),
                "{command:?}: {all}"
            );
            assert!(all.contains("102400 bytes are read"), "{command:?}: {all}");
        }
        let incidents = run(&["incidents"]);
        assert!(!incidents.out.contains("page0"), "{}", incidents.out);
        let status = run(&["status", "--format", "json"]);
        assert!(status.out.contains("\"ok\""), "{}", status.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_the_limit_is_enough() {
    let server = Server::start(|_| html(2_000, "")).await;
    let control = Server::start(|_| answer("200 OK", &[], b"a page")).await;
    let watch = watching(&server, &control, "title = [\"Prices\"]\nselect = [\"h1\"]");
    let ran = watch.run(&["run", "--all"]);
    assert!(!ran.out.contains("max_body"), "{}", ran.out);
    let status = watch.run(&["status", "--format", "json"]);
    assert!(status.out.contains("\"ok\""), "{}", status.out);
    let doctor = watch.run(&["doctor", "--offline"]);
    assert!(
        doctor.out.contains("what is looked for stands before that"),
        "{}",
        doctor.out
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_page_is_another_page_however_long() {
    let long = Arc::new(AtomicBool::new(false));
    let grown = Arc::clone(&long);
    let server = Server::start(move |_| {
        if grown.load(Ordering::SeqCst) {
            let page = format!("<html><title>Welcome</title>{}</html>", rows(2_000));
            answer("200 OK", &[("Content-Type", "text/html")], page.as_bytes())
        } else {
            html(20, "")
        }
    })
    .await;
    let control = Server::start(|_| answer("200 OK", &[], b"a page")).await;
    let watch = watching(&server, &control, "title = [\"Prices\"]\nselect = [\"h1\"]");
    watch.run(&["run", "--all"]);
    long.store(true, Ordering::SeqCst);
    let ran = watch.run(&["run", "--all"]);
    assert!(!ran.out.contains("max_body"), "{}", ran.out);
    let status = watch.run(&["status", "--format", "json"]);
    assert!(status.out.contains("content."), "{}", status.out);
}
