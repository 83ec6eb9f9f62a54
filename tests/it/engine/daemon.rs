//! The daemon with a manual clock: it wakes only when something is due, and no failure makes it
//! stop, spin or forget.

use std::time::Duration;

use accesswatch::model::asked_round::AskedRound;
use accesswatch::model::clock::Clock as _;
use accesswatch::model::{Code, ProbeKey, Time};
use accesswatch::schedule::plan;
use chrono::TimeDelta;

use crate::support::daemon_harness::{DaemonHarness, Turn, time};
use crate::support::pages::{Answer, Site};
use crate::support::smtp::{Mood, PASSWORD, Protection, SmtpServer, USER};
use crate::support::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><p>正常页面</p>";
const HOUR: TimeDelta = TimeDelta::hours(1);

/// A site that works, one of whose pages is watched every six hours of UTC without jitter.
fn watched(schedule: &str) -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    site.set("/page0", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.append("config/accesswatch.toml", schedule);
    watch.edit(
        "config/accesswatch.toml",
        "[alerts]",
        "[alerts]\ngroup_wait = \"0s\"",
    );
    watch.source("papers", &[site.url("/page0")], "contains = [\"正常\"]");
    (site, watch)
}

const SIX_HOURLY: &str =
    "\n[schedule]\ntimezone = \"UTC\"\ndefault = \"0 */6 * * *\"\njitter = \"0s\"\n";

fn passes(turns: &[Turn]) -> Vec<(Time, Code)> {
    let rounds = turns.iter().flat_map(|turn| {
        let rounds = turn.passes.iter().flat_map(|p| &p.pass.rounds);
        rounds.map(|r| (turn.woke.unwrap(), r.attempts.last().unwrap().observed.code))
    });
    rounds.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn four_days_wake_it_for_the_schedule_and_once_an_hour_for_the_clock() {
    let (site, watch) = watched(SIX_HOURLY);
    let (mut daemon, first) = DaemonHarness::start(&watch, "2026-11-20T01:10:00Z").await;
    assert_eq!(first.passes.len(), 1, "never measured is due at once");
    let turns = daemon.play("2026-11-24T01:00:00Z").await;

    let mut before = time("2026-11-20T01:10:00Z");
    for turn in &turns {
        let woke = turn.woke.unwrap();
        let on_schedule = woke.timestamp() % (6 * 3600) == 0;
        assert!(
            on_schedule || woke - before == HOUR,
            "{woke} after {before}"
        );
        assert_eq!(turn.passes.len(), usize::from(on_schedule), "{turn:?}");
        assert!(turn.failed.is_empty(), "{turn:?}");
        before = woke;
    }
    let expected: Vec<(Time, Code)> = (0..16)
        .map(|n| (time("2026-11-20T06:00:00Z") + HOUR * 6 * n, Code::Ok))
        .collect();
    assert_eq!(passes(&turns), expected);
    assert_eq!(site.hits(), 2 * 17, "a control and a page, seventeen times");
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_asks_for_is_measured_at_once_and_once() {
    let (site, watch) = watched(SIX_HOURLY);
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T01:10:00Z").await;
    daemon.set_clock("2026-11-20T01:20:00Z").await;
    let round = |vantage: &str, at| AskedRound {
        probe: ProbeKey::new("papers", "page0"),
        vantage: vantage.into(),
        incident: 1,
        asked: at,
        by: "Ana".to_owned(),
        leased: None,
    };
    let now = daemon.clock.now();
    let asked = vec![round("here", now), round("elsewhere", now)];
    daemon.store.ask_rounds(asked).await.unwrap();
    let turn = daemon.look().await;
    assert_eq!(turn.passes.len(), 1, "{turn:?}");
    assert_eq!(turn.passes[0].pass.rounds.len(), 1);
    assert_eq!(site.hits(), 4, "a control and a page, twice");
    let turn = daemon.look().await;
    assert!(turn.passes.is_empty() && turn.failed.is_empty(), "{turn:?}");
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_start_at_their_jitter_and_not_before() {
    let (site, watch) = watched(
        "\n[schedule]\ntimezone = \"Asia/Shanghai\"\ndefault = \"20 9 * * *\"\njitter = \"10m\"\n",
    );
    // Names of loopback, so that the hosts differ.
    let port = site.address.port();
    let hosts: Vec<String> = (0..6).map(|n| format!("127.0.0.{}", n + 1)).collect();
    let urls: Vec<String> = hosts
        .iter()
        .map(|h| format!("http://{h}:{port}/page0"))
        .collect();
    watch.source("papers", &urls, "");
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T00:00:00Z").await;
    let turns = daemon.play("2026-11-20T02:00:00Z").await;
    let mut seen = Vec::new();
    for turn in &turns {
        for round in turn.passes.iter().flat_map(|p| &p.pass.rounds) {
            seen.push((round.probe.to_string(), turn.woke.unwrap()));
        }
    }
    seen.sort();
    let fire = time("2026-11-20T01:20:00Z");
    let ten = Duration::from_secs(600);
    let expected: Vec<(String, Time)> = hosts
        .iter()
        .enumerate()
        .map(|(n, host)| (format!("papers/page{n}"), fire + plan::jitter(host, ten)))
        .collect();
    assert_eq!(seen, expected);
    let starts: std::collections::BTreeSet<Time> = seen.iter().map(|(_, at)| *at).collect();
    assert!(starts.len() > 1, "{starts:?}");
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_round_during_a_pass_is_made_right_after_it() {
    let (site, watch) =
        watched("\n[schedule]\ntimezone = \"UTC\"\ndefault = \"0 6 * * *\"\njitter = \"0s\"\n");
    watch.append(
        "probes/test/papers.toml",
        &format!(
            "\n[[probe]]\nid = \"late\"\nname = \"Late\"\nlevel = \"home\"\nschedule = \"2 6 * * *\"\nurl = \"{}\"\n",
            site.url("/page0")
        ),
    );
    watch.edit(
        "config/accesswatch.toml",
        r#"after = ["1ms", "1ms", "1ms"]"#,
        r#"after = ["60s", "60s", "60s"]"#,
    );

    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:30:00Z").await;
    site.set("/page0", Answer::html("gone").with_status(410));
    let turns = daemon.play("2026-11-20T06:10:00Z").await;
    let made: Vec<(Time, &str)> = turns
        .iter()
        .flat_map(|t| t.passes.iter().map(|p| (t.woke.unwrap(), p)))
        .map(|(woke, p)| (woke, p.pass.rounds[0].probe.probe.as_str()))
        .collect();
    // The first pass confirms for three minutes, so it ends after the second probe's time.
    let (first, second) = (time("2026-11-20T06:00:00Z"), time("2026-11-20T06:03:01Z"));
    assert_eq!(made, [(first, "page0"), (second, "late")]);
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vantage_that_does_not_work_is_tried_every_five_minutes() {
    let (site, watch) = watched(SIX_HOURLY);
    site.set("/page0", Answer::html(GOOD));
    // A port without a listener.
    let shut = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/", shut.local_addr().unwrap());
    drop(shut);
    watch.edit("config/accesswatch.toml", &site.url("/control"), &dead);
    let (mut daemon, first) = DaemonHarness::start(&watch, "2026-11-20T01:00:00Z").await;
    let report = &first.passes[0];
    assert!(!report.pass.vantages[0].usable);
    assert!(report.pass.rounds.is_empty());
    let mut last = daemon.clock.now();
    for _ in 0..20 {
        let turn = daemon.turn().await;
        let gap = turn.woke.unwrap() - last;
        assert_eq!(gap, TimeDelta::minutes(5), "{turn:?}");
        assert_eq!(turn.passes.len(), 1);
        last = daemon.clock.now();
    }
    let missed: i64 = missed(&watch);
    assert_eq!(missed, 1, "one round is missed, however often it is tried");
    daemon.stop().await;
}

fn missed(watch: &TestWorkspace) -> i64 {
    rusqlite::Connection::open(watch.file("data/accesswatch.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM missed", [], |row| row.get(0))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_is_told_and_the_pass_is_made_again() {
    let (_site, watch) = watched(SIX_HOURLY);
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:00:00Z").await;
    let db = rusqlite::Connection::open(watch.file("data/accesswatch.db")).unwrap();
    db.execute_batch(
        "CREATE TRIGGER boom BEFORE INSERT ON uptime BEGIN SELECT raise(ABORT, 'boom'); END",
    )
    .unwrap();
    let failing = daemon.play("2026-11-20T06:14:00Z").await;
    let woke: Vec<_> = failing
        .iter()
        .map(|t| (t.woke.unwrap(), t.failed.len()))
        .collect();
    let at = |minute| time("2026-11-20T06:00:00Z") + TimeDelta::minutes(minute);
    assert_eq!(woke, [(at(0), 1), (at(5), 1), (at(10), 1)], "{failing:?}");
    assert!(failing[0].failed[0].0.contains("boom"), "{failing:?}");

    db.execute_batch("DROP TRIGGER boom").unwrap();
    let turn = daemon.turn().await;
    assert_eq!(turn.woke, Some(at(15)));
    assert_eq!(turn.passes[0].pass.rounds.len(), 1, "its round stayed due");
    assert_eq!(daemon.until(), at(75));
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_mail_wakes_it_for_each_try() {
    let (site, watch) = watched(SIX_HOURLY);
    let server = SmtpServer::start(Protection::None, "PLAIN").await;
    let smtp = format!("smtp://{USER}@127.0.0.1:{}?tls=none", server.addr.port());
    watch.edit("config/accesswatch.toml", "folder:data/outbox", &smtp);
    watch.write("secret", PASSWORD);
    watch.edit(
        "config/accesswatch.toml",
        "group_wait = \"0s\"",
        "group_wait = \"60s\"\npassword = \"file:secret\"",
    );
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:00:00Z").await;
    daemon.play("2026-11-20T05:10:00Z").await;
    let letters = server.accepted().len();
    assert_eq!(
        letters,
        1,
        "the first letter: {:?}",
        daemon.store.queue().await
    );
    server.set(Mood::Busy);
    site.set("/page0", Answer::html("gone").with_status(410));
    let turns = daemon.play("2026-11-20T06:30:00Z").await;
    let woke: Vec<i64> = turns
        .iter()
        .map(|t| (t.woke.unwrap() - time("2026-11-20T06:00:00Z")).num_seconds())
        .collect();
    // The pass, the mail after group_wait, and the attempts to send it after 1, 5 and 15 minutes.
    assert_eq!(woke, [0, 60, 120, 420, 1320], "{turns:?}");
    assert_eq!(server.accepted().len(), letters);
    server.set(Mood::Take);
    daemon.play("2026-11-20T07:25:00Z").await;
    assert_eq!(server.accepted().len(), letters + 1);
    assert_eq!(daemon.store.unsent_mails().await.unwrap(), 0);
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_comes_once_at_its_time() {
    let (site, watch) = watched(SIX_HOURLY);
    watch.edit(
        "config/accesswatch.toml",
        r#"on = ["regression", "recovery", "improvement", "vantage"]"#,
        "on = []\ndigest = \"30 8 * * *\"",
    );
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:00:00Z").await;
    let before = watch.mails().len();
    site.set("/page0", Answer::html("gone").with_status(410));
    let turns = daemon.play("2026-11-20T12:30:00Z").await;
    let at = time("2026-11-20T08:30:00Z");
    assert_eq!(turns.iter().filter(|t| t.woke == Some(at)).count(), 1);
    assert_eq!(watch.mails().len(), before + 1);
    let mail = watch.mails().pop().unwrap();
    assert!(mail.contains("List-Id"), "{mail}");
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_records_go_once_a_day() {
    let (_site, watch) = watched(SIX_HOURLY);
    watch.append(
        "config/accesswatch.toml",
        "\n[store]\nkeep_measurements = \"2d\"\nkeep_bodies = \"1d\"\n",
    );
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:00:00Z").await;
    let oldest = || -> i64 {
        rusqlite::Connection::open(watch.file("data/accesswatch.db"))
            .unwrap()
            .query_row("SELECT min(started_us) FROM measurements", [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    let mut removals = Vec::new();
    let mut before = oldest();
    while daemon.until() < time("2026-11-25T06:30:00Z") {
        let turn = daemon.turn().await;
        let now = oldest();
        if now != before {
            removals.push(turn.woke.unwrap());
        }
        before = now;
    }
    assert!(removals.len() >= 2, "{removals:?}");
    for pair in removals.windows(2) {
        assert!(pair[1] - pair[0] > TimeDelta::days(1), "{removals:?}");
    }
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_is_noticed_within_the_hour() {
    let (_site, watch) = watched(SIX_HOURLY);
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T06:10:00Z").await;
    // Forward: the rounds in between are gaps, and one round runs.
    daemon.set_clock("2026-11-21T13:00:00Z").await;
    let turn = daemon.turn().await;
    assert_eq!(turn.woke, Some(time("2026-11-21T14:00:00Z")));
    assert_eq!(turn.passes[0].pass.rounds.len(), 1);
    assert_eq!(missed(&watch), 4, "12, 18, 0, 6 were not made, 12 is");
    // Back, to before the newest pass: nothing is recorded, and the daemon tries again every few
    // minutes.
    daemon.set_clock("2026-11-20T08:00:00Z").await;
    for minutes in [0, 5] {
        let turn = daemon.turn().await;
        let woke = time("2026-11-20T09:00:00Z") + TimeDelta::minutes(minutes);
        assert_eq!(turn.woke, Some(woke));
        assert!(turn.passes.is_empty(), "{turn:?}");
        let (why, _) = &turn.failed[0];
        assert!(why.contains("2026-11-21T14:00:0"), "{why}");
        assert!(why.contains("run --accept-clock"), "{why}");
    }
    // A person confirms the time: what was checked "tomorrow" is checked now, once.
    let accepted = daemon.clock.now();
    daemon.store.set_last_pass(accepted).await.unwrap();
    let turn = daemon.turn().await;
    assert_eq!(turn.passes[0].pass.rounds.len(), 1);
    let turns = daemon.play("2026-11-20T18:30:00Z").await;
    let made: Vec<Time> = passes(&turns).into_iter().map(|(at, _)| at).collect();
    assert_eq!(
        made,
        [time("2026-11-20T12:00:00Z"), time("2026-11-20T18:00:00Z")]
    );
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_a_pass_leaves_its_rounds_due() {
    let (site, watch) = watched(SIX_HOURLY);
    let (daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:00:00Z").await;
    site.set("/page0", Answer::html(GOOD).after(Duration::from_secs(4)));
    let before = site.hits();
    daemon.clock.advance(daemon.rest().await);
    site.until_hits(before + 1).await; // the control was asked: the pass is under way
    let store = daemon.stop().await;
    let last = store.last_checked().await.unwrap();
    let key = (ProbeKey::new("papers", "page0"), "here".into());
    assert!(last[&key] < time("2026-11-20T06:00:00Z"));
    drop(store);
    site.set("/page0", Answer::html(GOOD));
    let (daemon, first) = DaemonHarness::start(&watch, "2026-11-20T06:01:00Z").await;
    assert_eq!(first.passes[0].pass.rounds.len(), 1);
    daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_takes_up_what_is_well_and_refuses_what_is_not() {
    let (site, watch) = watched(SIX_HOURLY);
    let (mut daemon, _) = DaemonHarness::start(&watch, "2026-11-20T05:00:00Z").await;
    let good = std::fs::read_to_string(watch.file("config/accesswatch.toml")).unwrap();

    watch.write("config/accesswatch.toml", &good.replace("jitter", "jiter"));
    let turn = daemon.reload().await;
    assert!(turn.other[0].contains("jiter"), "{turn:?}");
    assert_eq!(
        daemon.until(),
        time("2026-11-20T06:00:00Z"),
        "the old schedule stays"
    );

    watch.write(
        "config/accesswatch.toml",
        &good.replace("via = \"direct\"", "via = \"direct\"\nca = \"nowhere.pem\""),
    );
    let turn = daemon.reload().await;
    assert!(turn.other[0].contains("nowhere.pem"), "{turn:?}");

    watch.write(
        "config/accesswatch.toml",
        &good.replace("0 */6 * * *", "30 5 * * *"),
    );
    watch.source("papers", &[site.url("/page0"), site.url("/control")], "");
    let turn = daemon.reload().await;
    assert!(turn.other[0].contains("Ready(2)"), "{turn:?}");
    assert_eq!(
        turn.passes[0].pass.rounds.len(),
        1,
        "the new probe is due at once"
    );
    assert_eq!(daemon.until(), time("2026-11-20T05:30:00Z"));
    daemon.stop().await;
}
