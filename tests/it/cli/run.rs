//! `run`: what is due, what was requested, what it prints, how it exits.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::Value;

use crate::support::cli_fixture::{CliFixture, GOOD};
use crate::support::pages::Answer;
use crate::support::workspace::{Ran, TestWorkspace};

fn stored(fixture: &CliFixture, what: &str) -> usize {
    fixture
        .records()
        .lines()
        .filter(|line| line.contains(what))
        .count()
}

#[test]
fn the_first_pass_measures_and_mails_one_letter_and_then_nothing_is_due() {
    let fixture = CliFixture::new();
    let first = fixture.watch.run(&["run"]).ends(0);
    assert_eq!(first.out, "", "what is told goes to standard error");
    assert!(first.err.contains("vantage here: 1 of 1 controls passed"));
    assert!(first.err.contains("1 round: 1 ok"), "{}", first.err);
    assert!(
        first
            .err
            .contains("1 new mail in data/outbox (1 in all), none sent"),
        "{}",
        first.err
    );
    assert_eq!(fixture.watch.mails().len(), 1);

    let hits = fixture.site.hits();
    let second = fixture.watch.run(&["run"]).ends(0);
    assert!(
        second.err.contains("nothing is due; next at 20"),
        "{}",
        second.err
    );
    assert_eq!(fixture.site.hits(), hits, "nothing was fetched");

    fixture.watch.run(&["run", "--all"]).ends(0);
    assert_eq!(fixture.site.hits(), hits + 2, "a control and the article");
    assert_eq!(fixture.watch.mails().len(), 1, "the letter is sent once");
}

/// The mail that cron sends after a first run over thousands of probes fits on a page.
#[test]
fn what_is_well_at_first_sight_shares_a_line_and_what_is_not_has_one_each() {
    let fixture = CliFixture::new();
    let good = ["/good", "/better"].map(|page| {
        fixture.site.set(page, Answer::html(GOOD));
        fixture.site.url(page)
    });
    fixture.watch.source("others", &good, "");
    let gone = Answer::html("<title>404</title><p>gone</p>").with_status(404);
    fixture.site.set("/gone", gone);
    fixture
        .watch
        .source("lost", &[fixture.site.url("/gone")], "");
    let told = fixture.watch.run(&["run", "--all"]).ends(0).err;
    assert!(
        told.contains("seen for the first time, and well: 3"),
        "{told}"
    );
    let of = |source: &str| told.lines().filter(|l| l.contains(source)).count();
    assert_eq!(
        (of("papers/"), of("others/"), of("lost/")),
        (0, 0, 1),
        "{told}"
    );
}

#[test]
fn an_unknown_source_or_vantage_ends_with_2_and_the_nearest_name() {
    let fixture = CliFixture::new();
    let source = fixture
        .watch
        .run(&["run", "--source", "paper", "--jsonl", "kept.jsonl"])
        .ends(2);
    assert!(
        source
            .err
            .contains("no source `paper`; did you mean `papers`?")
    );
    let vantage = fixture.watch.run(&["run", "--vantage", "hera"]).ends(2);
    assert!(
        vantage
            .err
            .contains("no vantage `hera`; did you mean `here`?")
    );
    let far = fixture
        .watch
        .run(&["run", "--source", "zzzzzzzzzz"])
        .ends(2);
    assert!(!far.err.contains("did you mean"), "{}", far.err);
    assert_eq!(fixture.site.hits(), 0);
}

#[test]
fn a_usage_error_leaves_the_jsonl_of_the_last_run_as_it_was() {
    let fixture = CliFixture::new();
    fixture.watch.write("last.jsonl", "of the last run\n");
    let file = fixture.watch.file("last.jsonl");
    let args = [
        "run",
        "--source",
        "nobody",
        "--jsonl",
        file.to_str().unwrap(),
    ];
    fixture.watch.run(&args).ends(2);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "of the last run\n");
}

#[test]
fn source_and_vantage_choose_what_is_measured() {
    let fixture = CliFixture::new();
    fixture.site.set("/other", Answer::html(GOOD));
    fixture
        .watch
        .source("other", &[fixture.site.url("/other")], "");
    fixture
        .watch
        .run(&["run", "--all", "--source", "other"])
        .ends(0);
    assert_eq!(stored(&fixture, "\"source\":\"papers\""), 0);
    assert_eq!(stored(&fixture, "\"source\":\"other\""), 1);
    fixture
        .watch
        .run(&["run", "--all", "--vantage", "here"])
        .ends(0);
    assert_eq!(stored(&fixture, "\"source\":\"papers\""), 1);
}

#[test]
fn jsonl_holds_every_record_of_the_pass_a_line_each_controls_too() {
    let fixture = CliFixture::new();
    let file = fixture.watch.file("run.jsonl");
    let args = ["run", "--jsonl", file.to_str().unwrap()];
    fixture.watch.run(&args).ends(0);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.ends_with('\n'));
    let records: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let controls = records
        .iter()
        .filter(|r| r["test_keys"]["x_accesswatch"]["control"] == true);
    assert_eq!((records.len(), controls.count()), (2, 1));
    let uids = |text: &str| -> BTreeSet<String> {
        text.lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap())
            .map(|r| r["measurement_uid"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        uids(&text),
        uids(&fixture.records()),
        "as the store holds them"
    );
    for record in &records {
        assert_eq!(record["data_format_version"], "0.2.0");
        assert_eq!(record["test_name"], "accesswatch");
        assert!(record["test_keys"]["requests"].is_array());
    }
}

#[test]
fn a_jsonl_that_cannot_be_written_ends_with_3_before_anything_is_fetched() {
    let fixture = CliFixture::new();
    let file = fixture.watch.file("no/such/folder/run.jsonl");
    let ran = fixture
        .watch
        .run(&["run", "--jsonl", file.to_str().unwrap()])
        .ends(3);
    assert!(ran.err.contains("cannot write"), "{}", ran.err);
    assert!(ran.err.contains("run.jsonl"), "{}", ran.err);
    assert_eq!(fixture.site.hits(), 0);
}

#[test]
fn a_jsonl_that_runs_full_ends_with_3_and_the_pass_is_done_all_the_same() {
    let fixture = CliFixture::new();
    let ran = fixture.watch.run(&["run", "--jsonl", "/dev/full"]).ends(3);
    assert!(ran.err.contains("--jsonl"), "{}", ran.err);
    assert_eq!(fixture.watch.mails().len(), 1, "the mails went out");
    assert_eq!(fixture.json(&["status"])[0]["code"], "ok");
}

#[test]
fn no_alerts_records_and_mails_nothing() {
    let fixture = CliFixture::new();
    fixture.watch.run(&["run", "--no-alerts"]).ends(0);
    fixture.breaks();
    fixture.watch.run(&["run", "--all", "--no-alerts"]).ends(0);
    assert_eq!(fixture.watch.mails(), Vec::<String>::new());
    assert_eq!(
        fixture
            .json(&["incidents", "--open"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn exit_code_tells_of_an_open_regression_also_when_nothing_is_due() {
    let fixture = CliFixture::observed();
    fixture.watch.run(&["run", "--all", "--exit-code"]).ends(0);
    fixture.breaks();
    fixture.watch.run(&["run", "--all"]).ends(0);
    fixture.watch.run(&["run", "--exit-code"]).ends(1);
    fixture.watch.run(&["run", "--all", "--exit-code"]).ends(1);
    fixture.watch.run(&["status", "--exit-code"]).ends(1);
    fixture.watch.run(&["status"]).ends(0);
    fixture.mends();
    fixture.watch.run(&["run", "--all", "--exit-code"]).ends(0);
}

#[test]
fn offline_nothing_is_recorded_against_any_source_and_the_demo_is_named() {
    // A port that was free a moment ago and has no listener, so every control is refused.
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let watch = TestWorkspace::new(&format!("http://{closed}/"));
    watch.source("papers", &[format!("http://{closed}/page")], "");
    let ran = watch.run(&["run"]).ends(3);
    assert!(
        ran.err.contains("vantage here does not work"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("connection_refused"), "{}", ran.err);
    assert!(ran.err.contains("Nothing was recorded against any source"));
    assert!(ran.err.contains("seems to be offline"), "{}", ran.err);
    assert!(ran.err.contains("accesswatch demo"), "{}", ran.err);

    let stored = watch
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0);
    for line in stored.out.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            record["test_keys"]["x_accesswatch"]["control"], true,
            "{record}"
        );
    }
    assert!(!stored.out.is_empty(), "the controls are kept");
    let rows = watch.run(&["export", "measurements"]).ends(0);
    assert_eq!(
        rows.out.lines().count(),
        1,
        "the header alone: {}",
        rows.out
    );
    let status = watch.run(&["status", "--format", "json"]).ends(0);
    let status: Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(status[0]["state"], "not observed yet");
    assert_eq!(status[0]["code"], "");
    let incidents = watch.run(&["incidents", "--format", "json"]).ends(0);
    let incidents: Value = serde_json::from_str(&incidents.out).unwrap();
    for incident in incidents.as_array().unwrap() {
        assert_eq!(incident["probe"], "", "of the vantage alone: {incident}");
    }
}

#[test]
fn two_runs_at_once_the_second_says_who_is_at_work() {
    let fixture = CliFixture::new();
    // A page that answers when the test allows it: until then the first run is in progress.
    let gate = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/slow", gate.local_addr().unwrap());
    fixture.watch.write(
        "probes/academic/slow.toml",
        &format!("[source]\nid = \"slow\"\nname = \"Slow\"\ngroup = \"academic\"\naccess = \"public\"\n[[probe]]\nid = \"page\"\nname = \"Page\"\nlevel = \"home\"\nurl = \"{url}\"\ntimeout = \"120s\"\n"),
    );
    let mut first = fixture
        .watch
        .command(&["run"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut waiting, _) = gate.accept().unwrap();
    let second = fixture.watch.run(&["run"]).ends(3);
    let holder = format!("pid {}, `run`, since 20", first.id());
    assert!(
        second.err.contains("another accesswatch is running here"),
        "{}",
        second.err
    );
    assert!(second.err.contains(&holder), "{}", second.err);
    assert_eq!(
        fixture.json(&["status"]).as_array().unwrap().len(),
        2,
        "reading needs no lock"
    );
    waiting
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<p>ok</p>")
        .unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    fixture.watch.run(&["run"]).ends(0);
}

#[test]
fn a_late_run_says_so() {
    let fixture = CliFixture::observed();
    // As if the machine had been off for more than a year.
    let store = rusqlite::Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
    let long_ago = chrono::Utc::now() - chrono::TimeDelta::days(500);
    let moved = store
        .execute(
            "UPDATE series SET checked_us = ?1 WHERE control = 0",
            [long_ago.timestamp_micros()],
        )
        .unwrap();
    assert_eq!(moved, 1);
    drop(store);
    let ran = fixture.watch.run(&["run"]).ends(0);
    assert!(ran.err.contains("late: 1 round due up to 4"), "{}", ran.err);
    let after = fixture.watch.run(&["run"]).ends(0);
    assert!(after.err.contains("nothing is due"), "{}", after.err);
}

#[test]
fn a_reader_of_its_messages_that_goes_away_stops_nothing() {
    let fixture = CliFixture::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ran = fixture
        .watch
        .command(&["run"])
        .stderr(writer)
        .output()
        .map(Ran::from)
        .unwrap();
    ran.ends(0);
    assert_eq!(fixture.watch.mails().len(), 1, "the mails went out");
}
