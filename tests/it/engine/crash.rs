//! Killed at any point, nothing that was reported as done is lost: no measurement, no mail.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><h1>目录</h1><p>正常页面，供读者查阅。</p>";
const PAGES: usize = 6;

fn uids(jsonl: &str) -> BTreeSet<String> {
    jsonl
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| Some(record.get("measurement_uid")?.as_str()?.to_owned()))
        .collect()
}

/// A site of several slow pages, so that a run lasts long enough to be killed in the middle.
fn watched() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    let watch = TestWorkspace::new(&site.url("/control"));
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

const RECORDS: &str = "run.jsonl";
/// The number of requests: one of the control and one of each page. There are as many records.
const ALL: usize = PAGES + 1;

/// When a run is killed. It depends on what the run was seen to do, so that a busy machine does not
/// change it.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// After this many requests, each of which the site answers a little later.
    Asked(usize),
    /// After this many records.
    Reported(usize),
    /// After all records and this many sixths of the remaining time; only this moment depends on
    /// time.
    Ending(u32),
}

/// Fifty moments: each step of a run three times, and the rest of the run, in which verdicts are
/// stored and mails are sent.
fn moments() -> Vec<Moment> {
    let asked = (0..=ALL).map(Moment::Asked);
    let steps: Vec<Moment> = asked.chain((1..=ALL).map(Moment::Reported)).collect();
    let mut moments = steps.repeat(3);
    moments.extend((1..=5).map(Moment::Ending));
    // The ends of runs are mixed with the others, so that the next run finds what they left.
    let count = moments.len();
    (0..count).map(|n| moments[n * 7 % count]).collect()
}

/// A run that is watched from outside.
struct Run<'w> {
    site: &'w Site,
    watch: &'w TestWorkspace,
    child: Child,
    /// The number of earlier requests.
    hits: usize,
    /// When the last record was seen.
    reported: Option<Instant>,
}

impl<'w> Run<'w> {
    fn start(site: &'w Site, watch: &'w TestWorkspace) -> Self {
        let _ = std::fs::remove_file(watch.file(RECORDS));
        let hits = site.hits();
        let child = watch
            .command(&["run", "--all", "--jsonl", RECORDS])
            .current_dir(watch.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            site,
            watch,
            child,
            hits,
            reported: None,
        }
    }

    fn records(&self) -> String {
        std::fs::read_to_string(self.watch.file(RECORDS)).unwrap_or_default()
    }

    fn has_come_to(&mut self, moment: Moment, rest: Duration) -> bool {
        let written = self.records().lines().count();
        if written >= ALL {
            self.reported.get_or_insert_with(Instant::now);
        }
        match moment {
            Moment::Asked(times) => self.site.hits() - self.hits >= times,
            Moment::Reported(records) => written >= records,
            Moment::Ending(sixths) => self
                .reported
                .is_some_and(|at| at.elapsed() >= rest * sixths / 6),
        }
    }

    /// Waits for the end, and returns the time from the last record to it.
    fn rest(mut self) -> Duration {
        while self.child.try_wait().unwrap().is_none() {
            self.has_come_to(Moment::Reported(ALL), Duration::ZERO);
            std::thread::yield_now();
        }
        self.reported.unwrap().elapsed()
    }

    /// Kills the run at this moment, unless it has ended before.
    fn killed_at(mut self, moment: Moment, rest: Duration) -> (ExitStatus, String) {
        while self.child.try_wait().unwrap().is_none() && !self.has_come_to(moment, rest) {
            std::thread::yield_now();
        }
        let _ = self.child.kill();
        let status = self.child.wait().unwrap();
        (status, self.records())
    }
}

#[test]
fn killed_fifty_times_nothing_reported_is_missing_and_no_alert_is_lost() {
    let (site, watch) = watched();
    watch.run(&["run", "--all"]).ends(0);
    let rests = (0..3).map(|_| Run::start(&site, &watch).rest());
    let rest = rests.min().unwrap();
    site.set(
        "/page3",
        Answer::html("<title>Gone</title><p>404</p>").with_status(410),
    );
    let mut reported = BTreeSet::new();
    let mut ended_first = Vec::new();
    for moment in moments() {
        let (status, records) = Run::start(&site, &watch).killed_at(moment, rest);
        if status.signal() != Some(9) {
            ended_first.push(moment);
        }
        reported.extend(uids(&records));
    }
    let killed = moments().len() - ended_first.len();
    assert!(
        killed >= 45,
        "only {killed} runs were killed before they ended, not {ended_first:?}"
    );
    assert!(!reported.is_empty());
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
