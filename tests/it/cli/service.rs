//! The daemon as a service: signals, systemd's socket, the commands next to it, and how little it
//! costs while idle.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::support::pages::{Answer, Site};
use crate::support::service::Service;
use crate::support::workspace::{Ran, TestWorkspace};

const GOOD: &str = "<title>目录</title><p>正常页面</p>";
const NEVER: Duration = Duration::from_secs(120);

/// A site that works, and a workspace that watches `pages` of its pages.
fn watched(pages: usize) -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    let watch = TestWorkspace::new(&site.url("/control"));
    let urls: Vec<String> = (0..pages)
        .map(|n| {
            let path = format!("/page{n}");
            site.set(&path, Answer::html(GOOD));
            site.url(&path)
        })
        .collect();
    watch.source("papers", &urls, "contains = [\"正常\"]");
    watch.edit(
        "config/accesswatch.toml",
        "timeout = \"5s\"",
        "timeout = \"150s\"\nper_host_connections = 4",
    );
    (site, watch)
}

fn json(watch: &TestWorkspace, args: &[&str]) -> serde_json::Value {
    serde_json::from_str(&watch.run(args).ends(0).out).unwrap()
}

#[test]
fn a_stop_during_a_slow_fetch_is_quick_and_loses_nothing_stored() {
    let (site, watch) = watched(4);
    site.set("/page3", Answer::html(GOOD).after(NEVER));
    let mut daemon = Service::start(&watch);
    daemon.until("watching");
    runtime().block_on(site.until_hits(4)); // the control and three pages; the fourth hangs
    let stored = || -> i64 {
        rusqlite::Connection::open(watch.file("data/accesswatch.db"))
            .unwrap()
            .query_row("SELECT count(*) FROM measurements", [], |row| row.get(0))
            .unwrap()
    };
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while stored() < 4 && std::time::Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    let before = stored();
    assert_eq!(before, 4, "as they are made");
    daemon.signal("TERM");
    let (status, took) = daemon.end();
    assert_eq!(status, Some(0), "{:?}", daemon.log);
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(daemon.log.last().unwrap().contains("stopped"));
    assert_eq!(stored(), before);
    watch.run(&["doctor", "--offline"]).ends(0);
    site.set("/page3", Answer::html(GOOD));
    let again = watch.run(&["run"]).ends(0);
    assert!(again.err.contains("4 rounds: 4 ok"), "{}", again.err);
}

#[test]
fn a_hangup_takes_up_what_is_well_and_keeps_what_was_otherwise() {
    let (_site, watch) = watched(2);
    let mut daemon = Service::start(&watch);
    let line = daemon.until("watching");
    assert!(line.contains("rounds=2"), "{line}");
    daemon.until("pass done");
    let good = std::fs::read_to_string(watch.file("config/accesswatch.toml")).unwrap();

    watch.write("config/accesswatch.toml", &good.replace("hold", "hodl"));
    daemon.signal("HUP");
    daemon.until("the old one stays");
    let line = daemon.until("hodl");
    assert!(!line.contains('\u{1b}'), "{line:?}");
    daemon.until("hold");

    watch.write("config/accesswatch.toml", &good);
    watch.edit(
        "probes/test/papers.toml",
        "id = \"page1\"",
        "id = \"page1\"\nenabled = false",
    );
    daemon.signal("HUP");
    let line = daemon.until("watching");
    assert!(line.contains("rounds=1"), "{line}");
    daemon.signal("INT");
    assert_eq!(daemon.end().0, Some(0));
}

#[test]
fn a_mail_that_does_not_leave_is_in_the_log_with_its_mend() {
    let (_site, watch) = watched(1);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = closed.local_addr().unwrap();
    drop(closed);
    watch.edit(
        "config/accesswatch.toml",
        "folder:data/outbox\"",
        &format!("smtp://{nobody}?tls=none\"\ngroup_wait = \"0s\""),
    );
    let mut daemon = Service::start(&watch);
    let line = daemon.until("a mail was not sent");
    assert!(
        line.contains("check host and port under [alerts] transport"),
        "{line}"
    );
    assert!(line.contains("again="), "{line}");
    daemon.signal("TERM");
    assert_eq!(daemon.end().0, Some(0));
}

#[test]
fn systemd_hears_of_its_start_its_life_and_its_stop() {
    let (_site, watch) = watched(1);
    let socket = UnixDatagram::bind(watch.file("notify")).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let hear = || {
        let mut bytes = [0; 512];
        let n = socket.recv(&mut bytes).expect("a notification");
        String::from_utf8_lossy(&bytes[..n]).into_owned()
    };
    let mut command = watch.command(&["daemon"]);
    command
        .env("NOTIFY_SOCKET", watch.file("notify"))
        .env("WATCHDOG_USEC", "200000")
        .env_remove("WATCHDOG_PID");
    let mut daemon = Service::spawn(command);
    let mut heard = Vec::new();
    while !(heard.iter().any(|h: &String| h.contains("READY=1"))
        && heard.iter().filter(|h| h.contains("WATCHDOG=1")).count() >= 3)
    {
        heard.push(hear());
    }
    daemon.signal("TERM");
    while !hear().contains("STOPPING=1") {}
    assert_eq!(daemon.end().0, Some(0));
}

/// Repeats a user's command until the daemon has finished its first check of what is due.
fn when_idle(watch: &TestWorkspace, args: &[&str]) -> Ran {
    let began = std::time::Instant::now();
    loop {
        let ran = watch.run(args);
        let busy = ran.err.contains("another accesswatch is running here");
        if !busy || began.elapsed() > Duration::from_secs(60) {
            return ran;
        }
    }
}

#[test]
fn people_work_beside_it_and_a_second_one_does_not() {
    let (site, watch) = watched(3);
    watch.run(&["run"]).ends(0);
    site.set("/page0", Answer::html("gone").with_status(410));
    watch.run(&["run", "--all"]).ends(0);
    let mut daemon = Service::start(&watch);
    daemon.until("watching");

    let second = watch.run(&["daemon"]).ends(3);
    let told = format!("(pid {}, `daemon`, since", daemon.pid());
    assert!(
        second.err.contains("a daemon watches here already"),
        "{}",
        second.err
    );
    assert!(second.err.contains(&told), "{}", second.err);

    // An idle daemon blocks nobody.
    when_idle(&watch, &["run", "--source", "papers", "--all"]).ends(0);
    watch.run(&["incidents", "ack", "1", "--by", "Kim"]).ends(0);

    // A new page hangs, so the pass lasts until the test ends it.
    site.set("/slow", Answer::html(GOOD).after(NEVER));
    watch.append(
        "probes/test/papers.toml",
        &format!(
            "\n[[probe]]\nid = \"slow\"\nname = \"Slow\"\nlevel = \"home\"\nurl = \"{}\"\n",
            site.url("/slow")
        ),
    );
    let before = site.hits();
    daemon.signal("HUP");
    runtime().block_on(site.until_hits(before + 1)); // its control was asked
    let refused = watch.run(&["run"]).ends(3);
    assert!(refused.err.contains(&told), "{}", refused.err);
    let started = std::time::Instant::now();
    watch
        .run(&["incidents", "silence", "1", "--until", "2099-01-01"])
        .ends(0);
    watch.run(&["baseline", "accept", "papers/page0"]).ends(0);
    watch
        .run(&[
            "note",
            "add",
            "--source",
            "papers",
            "--from",
            "2026-03-02",
            "--text",
            "Moved",
        ])
        .ends(0);
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    let normal = json(
        &watch,
        &["baseline", "show", "papers/page0", "--format", "json"],
    );
    assert_eq!(normal[0]["baseline"], "http.gone", "{normal}");
    daemon.signal("TERM");
    assert_eq!(daemon.end().0, Some(0));
}

#[test]
fn what_people_change_during_a_pass_stays_changed_after_it() {
    let (site, watch) = watched(2);
    watch.run(&["run"]).ends(0);
    site.set("/page0", Answer::html("gone").with_status(410));
    watch.run(&["run", "--all"]).ends(0);
    site.set("/page1", Answer::html(GOOD).after(Duration::from_secs(3)));
    let before = site.hits();
    let mut run = Service::spawn(watch.command(&["run", "--all"]));
    runtime().block_on(site.until_hits(before + 2));

    let refused = watch.run(&["daemon"]).ends(3);
    assert!(refused.err.contains("`run`, since"), "{}", refused.err);
    watch.run(&["incidents", "ack", "1", "--by", "Kim"]).ends(0);
    watch.run(&["baseline", "accept", "papers/page0"]).ends(0);
    assert_eq!(run.end().0, Some(0), "{:?}", run.log);

    let incidents = json(&watch, &["incidents", "--format", "json"]);
    assert_eq!(incidents[0]["acknowledged_by"], "Kim", "{incidents}");
    let normal = json(
        &watch,
        &["baseline", "show", "papers/page0", "--format", "json"],
    );
    assert_eq!(normal[0]["baseline"], "http.gone", "{normal}");
}

#[test]
fn idle_with_a_thousand_probes_it_is_small_and_asleep() {
    let (site, watch) = watched(1);
    let urls = vec![site.url("/page0"); 1000];
    watch.source("papers", &urls, "contains = [\"正常\"]");
    watch.edit(
        "config/accesswatch.toml",
        "per_host_connections = 4",
        "per_host_connections = 64",
    );
    watch.append(
        "config/accesswatch.toml",
        "\n[schedule]\ndefault = \"17 3 1 1 *\"\n",
    );
    let mut daemon = Service::start(&watch);
    daemon.until("pass done");
    // The work after a pass (mails, old records) is over when no thread has run for a second.
    let second = || {
        let before = daemon.waits();
        std::thread::sleep(Duration::from_secs(1));
        daemon.waits().abs_diff(before)
    };
    // Threads that worked for the pass end two seconds after it.
    let settled = (0..20).any(|_| (0..3).all(|_| second() == 0));
    assert!(settled, "it never rests");
    let three_seconds = || (0..3).map(|_| second()).sum::<u64>();
    // A look at the store itself may fall within a span.
    let woke = (0..3).map(|_| three_seconds()).min().unwrap();
    // The look at the files of the store every ten seconds is one wait, and may find what was
    // written last; a timer of every second would wake more often.
    assert!(woke <= 6, "{woke}");
    // The allocator gives back what the pass freed when the last thread that worked for it has
    // ended, some seconds after the work. 29 MB of its own were measured in a release build, and 43
    // in a debug build on a loaded machine.
    let own = || daemon.status("RssAnon");
    let is_small = || {
        std::thread::sleep(Duration::from_secs(1));
        own() < 48 * 1024
    };
    let shrank = (0..20).any(|_| is_small());
    let (rss, own) = (daemon.status("VmRSS"), own());
    println!("1,000 probes: {rss} kB idle, {own} kB of it its own, woke {woke} times in 3 s");
    assert!(shrank, "{own} kB of {rss} kB");
    daemon.signal("TERM");
    assert_eq!(daemon.end().0, Some(0));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
