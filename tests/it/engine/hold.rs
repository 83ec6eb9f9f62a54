//! A failure that may be over soon is held; when the hold ends the probe is due, by cron and in the
//! daemon.

use std::time::Duration;

use accesswatch::engine::due::{self, Job};
use accesswatch::engine::{ScheduleIndex, Selection};
use accesswatch::model::Time;
use accesswatch::model::incident::MailState;

use crate::support::daemon_harness::{DaemonHarness, time};
use crate::support::engine::{SetClock, engine_with, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><p>正常页面</p>";
const CONFIG: &str = "config/accesswatch.toml";

/// A page that is watched every six hours of UTC, and held for 90 minutes when its server fails.
fn watched() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    site.set("/page0", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.append(
        CONFIG,
        "\n[schedule]\ntimezone = \"UTC\"\ndefault = \"0 */6 * * *\"\njitter = \"0s\"\n",
    );
    watch.edit(CONFIG, "hold = \"0s\"", "hold = \"90m\"");
    watch.edit(CONFIG, "[alerts]", "[alerts]\ngroup_wait = \"0s\"");
    watch.source("papers", &[site.url("/page0")], "contains = [\"正常\"]");
    (site, watch)
}

fn fails(site: &Site) {
    site.set("/page0", Answer::html("<p>oops</p>").with_status(503));
}

fn openings(watch: &TestWorkspace) -> usize {
    let mails = watch.mails();
    mails.iter().filter(|m| m.contains("eport #1")).count()
}

/// What is due at a time, by the schedule and by holds.
async fn due_at(
    watch: &TestWorkspace,
    at: &str,
    selection: &Selection,
) -> (Vec<Job>, Option<Time>) {
    let engine = engine_with(watch, SetClock::at(at)).await;
    let (last, tracker) = (
        engine.store.last_checked().await.unwrap(),
        engine.store.tracker_state().await.unwrap(),
    );
    let schedule_index = ScheduleIndex::new(&engine.workspace, Duration::ZERO);
    let now = at.parse().unwrap();
    let mut jobs = due::due(&engine.workspace, &schedule_index, &last, selection, now).unwrap();
    due::add_held(
        &mut jobs,
        &engine.workspace,
        &tracker,
        &last,
        selection,
        now,
    );
    (jobs, due::next_hold(&tracker, now))
}

async fn pass_at(watch: &TestWorkspace, at: &str) -> usize {
    let (jobs, _) = due_at(watch, at, &Selection::default()).await;
    let engine = engine_with(watch, SetClock::at(at)).await;
    make(&engine, jobs).await.mails
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_hold_is_due_once_and_only_then() {
    let (site, watch) = watched();
    pass_at(&watch, "2026-11-20T00:00:10Z").await;
    fails(&site);
    assert_eq!(
        pass_at(&watch, "2026-11-20T06:00:10Z").await,
        0,
        "it is held"
    );
    let all = Selection::default();
    let (jobs, next) = due_at(&watch, "2026-11-20T07:29:00Z", &all).await;
    assert!(jobs.is_empty(), "{jobs:?}");
    assert_eq!(next, Some(time("2026-11-20T07:30:10Z")));
    let (jobs, next) = due_at(&watch, "2026-11-20T07:30:10Z", &all).await;
    assert_eq!((jobs.len(), next), (1, None));
    assert!(jobs[0].gaps.is_empty() && jobs[0].since.is_none());
    let other = Selection {
        source: Some("papers".into()),
        ..Selection::default()
    };
    assert_eq!(
        due_at(&watch, "2026-11-20T07:31:00Z", &other).await.0.len(),
        1
    );
    assert!(
        pass_at(&watch, "2026-11-20T07:31:00Z").await > 0,
        "it failed again"
    );
    let (jobs, _) = due_at(&watch, "2026-11-20T07:45:00Z", &all).await;
    assert!(jobs.is_empty(), "it was looked at");
    // The schedule continues unchanged, and there is no gap.
    let (jobs, _) = due_at(&watch, "2026-11-20T12:00:10Z", &all).await;
    assert!(jobs.len() == 1 && jobs[0].gaps.is_empty(), "{jobs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_wakes_for_it_and_mails() {
    let (site, watch) = watched();
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T00:00:10Z").await;
    fails(&site);
    daemon.play("2026-11-20T06:30:00Z").await;
    let held = |store: &accesswatch::store::Store| {
        let tracker = store.reader().unwrap().tracker_state().unwrap();
        let incident = tracker.incidents.values().next().unwrap().clone();
        match incident.mail {
            MailState::Held { until } => Some(until),
            _ => None,
        }
    };
    let until = held(&daemon.store).unwrap();
    assert_eq!(openings(&watch), 0);
    let mut made = Vec::new();
    while daemon.until() <= time("2026-11-20T08:30:00Z") {
        let turn = daemon.turn().await;
        if !turn.passes.is_empty() {
            made.push(turn.woke.unwrap());
        }
    }
    assert_eq!(made, [until], "one look, when the hold ends");
    assert_eq!(held(&daemon.store), None);
    assert_eq!(openings(&watch), 1);
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_is_over_by_then_is_told_to_nobody() {
    let (site, watch) = watched();
    pass_at(&watch, "2026-11-20T00:00:10Z").await;
    fails(&site);
    pass_at(&watch, "2026-11-20T06:00:10Z").await;
    site.set("/page0", Answer::html(GOOD));
    assert_eq!(pass_at(&watch, "2026-11-20T07:31:00Z").await, 0);
    let (jobs, next) = due_at(&watch, "2026-11-20T08:00:00Z", &Selection::default()).await;
    assert!(jobs.is_empty() && next.is_none());
}
