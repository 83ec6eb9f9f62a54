//! Killed at any point of a pass that writes evidence: every change has its exchanges, each once,
//! and every reference leads to a whole record.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::kept::{changes, exchanges, hold_together};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><h1>目录</h1><p>正常页面，供读者查阅。</p>";
const PAGES: usize = 4;

fn set(site: &Site, round: u32) {
    for page in 0..PAGES {
        let good = format!("{GOOD}<p>{round} {page}</p>");
        let answer = if round.is_multiple_of(2) {
            Answer::html(&good)
        } else {
            Answer::html("<p>gone</p>").with_status(410)
        };
        site.set(&format!("/page{page}"), answer);
    }
}

#[test]
fn killed_fifty_times_every_change_has_its_evidence_once() {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    let watch = TestWorkspace::new(&site.url("/control"));
    let urls: Vec<String> = (0..PAGES).map(|n| site.url(&format!("/page{n}"))).collect();
    watch.source("papers", &urls, "contains = [\"正常页面\"]");
    set(&site, 0);
    watch.run(&["run", "--all"]).ends(0);
    set(&site, 1);
    let began = Instant::now();
    watch.run(&["run", "--all"]).ends(0);
    let whole = began.elapsed();
    for point in 0..50_u32 {
        set(&site, point);
        let mut child = watch
            .command(&["run", "--all"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Mostly near the end, where files and the store are written. Where exactly makes no
        // difference to what must hold.
        let at = whole * (20 + 2 * point) / 120;
        let until = Instant::now() + at;
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    set(&site, 2);
    watch.run(&["run", "--all"]).ends(0);
    watch.run(&["run", "--all"]).ends(0);
    hold_together(&watch);
    assert!(changes(&watch).len() >= 3 * PAGES, "{:?}", changes(&watch));
    assert!(exchanges(&watch).len() >= 3 * PAGES);
}
