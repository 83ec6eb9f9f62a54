//! Killed at any point, nothing that was reported as done is lost: not a measurement, not a mail.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use crate::support::pages::{Answer, Site};
use crate::support::watch::Watch;

const GOOD: &str = "<title>目录</title><h1>目录</h1><p>正常页面，供读者查阅。</p>";
const PAGES: usize = 6;

fn uids(jsonl: &str) -> BTreeSet<String> {
    jsonl
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| Some(record.get("measurement_uid")?.as_str()?.to_owned()))
        .collect()
}

/// A site of several pages, each a little slow, so that a run has a middle to be killed in.
fn watched() -> (Site, Watch) {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    let watch = Watch::new(&site.url("/control"));
    let urls: Vec<String> = (0..PAGES)
        .map(|n| {
            let path = format!("/page{n}");
            site.set(&path, Answer::html(GOOD).after(Duration::from_millis(3)));
            site.url(&path)
        })
        .collect();
    watch.source("papers", &urls, "contains = [\"正常页面\"]");
    (site, watch)
}

#[test]
fn killed_fifty_times_nothing_reported_is_missing_and_no_alert_is_lost() {
    let (site, watch) = watched();
    watch.run(&["run", "--all"]).ends(0);
    site.set(
        "/page3",
        Answer::html("<title>Gone</title><p>404</p>").with_status(410),
    );
    let mut reported = BTreeSet::new();
    let mut killed = 0;
    for turn in 0..50_u64 {
        let jsonl = watch.file("run.jsonl");
        let mut child = watch
            .command(&["run", "--all", "--jsonl", "run.jsonl"])
            .current_dir(watch.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the whole life of a run: a number of its own for each turn.
        std::thread::sleep(Duration::from_millis(turn * 7919 % 131));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        }
        let _ = child.kill();
        child.wait().unwrap();
        reported.extend(uids(&std::fs::read_to_string(&jsonl).unwrap_or_default()));
    }
    assert!(
        killed >= 10,
        "only {killed} runs were killed before they ended"
    );
    watch.run(&["run", "--all"]).ends(0);
    watch.run(&["doctor", "--offline"]).ends(0);

    let stored = watch
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0);
    let stored = uids(&stored.out);
    let missing: Vec<_> = reported.difference(&stored).collect();
    assert!(missing.is_empty(), "reported but not stored: {missing:?}");

    let incidents = watch.run(&["incidents", "--format", "json"]).ends(0);
    let incidents: serde_json::Value = serde_json::from_str(&incidents.out).unwrap();
    assert_eq!(incidents.as_array().unwrap().len(), 1, "{incidents}");
    assert_eq!(incidents[0]["probe"], "papers/page3");
    let about: Vec<String> = watch
        .mails()
        .into_iter()
        .filter(|mail| mail.contains("report #1"))
        .collect();
    assert_eq!(about.len(), 1, "the opening is mailed once: {about:#?}");
}
