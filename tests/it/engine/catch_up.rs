//! A process that is killed between storing records and deriving statuses loses nothing: the next
//! command that writes derives them, with the same result as in one go.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use chrono::NaiveTime;
use rusqlite::Connection;

use crate::cli::ingest::with_a_past;
use crate::support::cli_fixture::{CliFixture, earlier, json};
use crate::support::workspace::TestWorkspace;

/// The batch size of ingest (`engine::ingest`).
const BATCH: usize = 200;

/// A history of some weeks, a whole number of batches.
fn records() -> (CliFixture, Vec<String>) {
    let fixture = CliFixture::new();
    let lines = with_a_past(&fixture);
    let days = 2 * BATCH / lines.len() + 1;
    let mut all: Vec<String> = (0..days)
        .flat_map(|day| {
            lines
                .iter()
                .map(move |line| earlier(line, i64::try_from(day).unwrap()))
        })
        .collect();
    all.truncate(2 * BATCH);
    (fixture, all)
}

fn kept(watch: &TestWorkspace) -> i64 {
    let Ok(db) = Connection::open(watch.file("data/accesswatch.db")) else {
        return 0;
    };
    let sql = "SELECT count(*) FROM measurements";
    db.query_row(sql, [], |row| row.get(0)).unwrap_or(0)
}

/// Sends these lines to `ingest`, which waits for more, and kills it when it has stored this many.
fn killed_ingest(watch: &TestWorkspace, lines: &[String], when_kept: usize) {
    let mut child = watch
        .command(&["ingest", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    for line in lines {
        writeln!(pipe, "{line}").unwrap();
    }
    let began = Instant::now();
    while usize::try_from(kept(watch)).unwrap() < when_kept {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is kept");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    drop(pipe);
}

/// Every table of conclusions.
fn told(watch: &TestWorkspace) -> Vec<String> {
    [
        &["export", "incidents"][..],
        &["export", "uptime"],
        &["export", "freshness"],
        &["export", "measurements"],
        &["status", "--format", "csv"],
        &["baseline", "show", "--format", "csv"],
    ]
    .iter()
    .map(|args| watch.run(args).ends(0).out)
    .collect()
}

/// Fails with the first line that differs, because the tables have thousands.
#[track_caller]
fn same(left: &[String], right: &[String], what: &str) {
    for (left, right) in left.iter().zip(right) {
        for (left, right) in left.lines().zip(right.lines()) {
            assert_eq!(left, right, "{what}");
        }
        assert_eq!(left.lines().count(), right.lines().count(), "{what}");
    }
}

#[test]
fn a_killed_ingest_comes_to_the_same_whatever_is_done_next() {
    let (fixture, lines) = records();
    let whole = fixture.twin();
    whole.write("in.jsonl", &(lines.join("\n") + "\n"));
    let file = whole.file("in.jsonl");
    let again = ["ingest", file.to_str().unwrap()];
    whole.run(&again).ends(0);
    let expected = told(&whole);
    assert!(json(&whole, &["incidents"]).as_array().unwrap().len() > 10);

    // Killed after the first batch and after the last, then run once more.
    for batches in [1, 2] {
        let killed = fixture.twin();
        killed_ingest(&killed, &lines[..batches * BATCH], batches * BATCH);
        assert!(json(&killed, &["incidents"]).as_array().unwrap().is_empty());
        let doctor = killed.run(&["doctor", "--offline"]).ends(0).out;
        assert!(doctor.contains("not derived yet"), "{doctor}");
        let ran = killed.run(&again).ends(0).err;
        let known = batches * BATCH;
        assert!(ran.contains(&format!("{known} known already")), "{ran}");
        same(&told(&killed), &expected, &format!("{batches} batches"));
        let doctor = killed.run(&["doctor", "--offline"]).ends(0).out;
        assert!(!doctor.contains("not derived yet"), "{doctor}");
    }

    // Everything is stored and nothing is derived: any command that writes derives it.
    for next in [
        &["ingest", "/dev/null"][..],
        &["rejudge", "--apply"],
        &["purge", "--before", "1990-01-01"],
        &["purge", "--after", "2099-01-01"],
    ] {
        let killed = fixture.twin();
        killed_ingest(&killed, &lines, lines.len());
        killed.run(next).ends(0);
        whole.run(next).ends(0);
        same(&told(&killed), &told(&whole), &format!("{next:?}"));
    }

    // A pass derives it first and continues from there; so does an edit.
    let open = json(&whole, &["incidents", "--open"])[0]["id"].clone();
    let open = open.as_str().unwrap();
    whole.run(&["run", "--all"]).ends(0);
    let killed = fixture.twin();
    killed_ingest(&killed, &lines, lines.len());
    killed
        .run(&["incidents", "ack", open, "--by", "Ana"])
        .ends(0);
    killed.run(&["run", "--all"]).ends(0);
    let of = |watch: &TestWorkspace| {
        let incidents = json(watch, &["incidents"]);
        let all = incidents.as_array().unwrap().iter();
        all.map(|i| format!("{} {} {} {}", i["id"], i["state"], i["first_bad"], i["to"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&killed), of(&whole));
}

#[test]
fn a_removal_that_was_killed_is_finished() {
    let (fixture, lines) = records();
    let (whole, killed) = (fixture.twin(), fixture.twin());
    for watch in [&whole, &killed] {
        watch.write("in.jsonl", &(lines.join("\n") + "\n"));
        watch
            .run(&["ingest", watch.file("in.jsonl").to_str().unwrap()])
            .ends(0);
    }
    let last_kept = (chrono::Utc::now() - chrono::TimeDelta::days(3)).date_naive();
    whole
        .run(&["purge", "--after", &last_kept.to_string()])
        .ends(0);
    // Interrupted after its first step: the mark exists, and part of the data is gone.
    let db = Connection::open(killed.file("data/accesswatch.db")).unwrap();
    let after = last_kept.succ_opt().unwrap().and_time(NaiveTime::MIN);
    let us = after.and_utc().timestamp_micros();
    db.execute(
        "INSERT INTO meta (key, value) VALUES ('purge_after_us', ?1 || ',' || ?1)",
        [us],
    )
    .unwrap();
    let gone = db
        .execute(
            "DELETE FROM measurements WHERE id IN
                (SELECT id FROM measurements WHERE started_us >= ?1 LIMIT 20)",
            [us],
        )
        .unwrap();
    assert_eq!(gone, 20);
    drop(db);
    killed.run(&["ingest", "/dev/null"]).ends(0);
    same(&told(&killed), &told(&whole), "a removal");
}
