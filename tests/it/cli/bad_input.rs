//! Bad input: faulty files, foreign databases, locked stores, full disks. Each gives a clear error,
//! and nothing is lost.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use accesswatch::store::{Lock, LockScope};

use crate::support::cli_fixture::{CliFixture, GOOD};
use crate::support::pages::Answer;
use crate::support::skipped::skip;

fn database(fixture: &CliFixture) -> std::path::PathBuf {
    fixture.watch.file("data/accesswatch.db")
}

#[test]
fn every_fault_of_every_file_is_told_at_once_with_its_place_and_mend() {
    let fixture = CliFixture::new();
    let config = std::fs::read_to_string(fixture.watch.file("config/accesswatch.toml")).unwrap();
    fixture.watch.write(
        "config/accesswatch.toml",
        &config.replace("robots = false", "robot = false"),
    );
    fixture.watch.write(
        "probes/academic/one.toml",
        "[source]\nid = \"one\"\nname = \"One\"\ngroup = \"x\"\naccess = \"publik\"\n",
    );
    fixture.watch.write("probes/academic/two.toml", "[source\n");
    fixture
        .watch
        .write("probes/signatures/s.csv", "name,scope\na,b\n");
    let mut told = Vec::new();
    for args in [
        &["check"][..],
        &["run"],
        &["status"],
        &["judge", "x.jsonl"],
        &["export", "uptime"],
    ] {
        let ran = fixture.watch.run(args).ends(2);
        for fault in [
            "accesswatch.toml:6:1",
            "one.toml:5:10",
            "two.toml:1:",
            "s.csv:1:",
        ] {
            assert!(ran.err.contains(fault), "{args:?} {fault}:\n{}", ran.err);
        }
        assert!(ran.err.contains("robots"), "the nearest key: {}", ran.err);
        assert!(
            ran.err.contains("robot = false"),
            "the line itself: {}",
            ran.err
        );
        told.push(ran.err);
    }
    assert!(
        told.windows(2).all(|two| two[0] == two[1]),
        "the same everywhere"
    );
    assert!(!database(&fixture).exists(), "nothing was begun");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let fixture = CliFixture::new();
    std::fs::create_dir(fixture.watch.file("probes/academic/folder.toml")).unwrap();
    std::fs::write(
        fixture.watch.file("probes/academic/bytes.toml"),
        b"[source]\nid = \"\xff\xfe\"\n",
    )
    .unwrap();
    std::os::unix::fs::symlink(
        "/no/such/file",
        fixture.watch.file("probes/academic/gone.toml"),
    )
    .unwrap();
    let ran = fixture.watch.run(&["check"]).ends(2);
    assert!(ran.err.contains("bytes.toml"), "{}", ran.err);
    assert!(ran.err.contains("gone.toml"), "{}", ran.err);

    let nothing = tempfile::tempdir().unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
        .args(["--dir", nothing.path().to_str().unwrap(), "status"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(err.contains("accesswatch init"), "what to do: {err}");
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_named_and_left_alone() {
    let fixture = CliFixture::observed();
    let store = Connection::open(database(&fixture)).unwrap();
    store.pragma_update(None, "user_version", 999).unwrap();
    drop(store);
    let before = std::fs::read(database(&fixture)).unwrap();
    for args in [
        &["run", "--all"][..],
        &["status"],
        &["doctor", "--offline"],
        &["export", "uptime"],
    ] {
        let ran = fixture.watch.run(args).ends(3);
        assert!(
            ran.err
                .contains("accesswatch.db was made by a newer accesswatch (schema 999"),
            "{}",
            ran.err
        );
    }
    assert_eq!(std::fs::read(database(&fixture)).unwrap(), before);
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let fixture = CliFixture::new();
    fixture.watch.write(
        "data/accesswatch.db",
        "my shopping list, which is not a database\n",
    );
    for args in [&["run"][..], &["status"], &["backup", "x.db"]] {
        let ran = fixture.watch.run(args).ends(3);
        assert!(
            ran.err.contains("is not an accesswatch store"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("[store] path"), "the mend: {}", ran.err);
    }
    let kept = std::fs::read_to_string(database(&fixture)).unwrap();
    assert!(kept.starts_with("my shopping list"));
    assert_eq!(fixture.site.hits(), 0);

    std::fs::remove_file(database(&fixture)).unwrap();
    let foreign = Connection::open(database(&fixture)).unwrap();
    foreign
        .execute_batch("CREATE TABLE books (title TEXT); PRAGMA user_version = 1;")
        .unwrap();
    drop(foreign);
    let ran = fixture.watch.run(&["run"]).ends(3);
    assert!(
        ran.err.contains("is not an accesswatch store"),
        "{}",
        ran.err
    );
    let foreign = Connection::open(database(&fixture)).unwrap();
    let tables: i64 = foreign
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1, "nothing was written into it");
}

#[test]
fn a_damaged_store_is_told_and_not_taken_for_a_source_that_fails() {
    let fixture = CliFixture::observed();
    let mut bytes = std::fs::read(database(&fixture)).unwrap();
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0x5a;
    }
    std::fs::write(database(&fixture), bytes).unwrap();
    let _ = std::fs::remove_file(fixture.watch.file("data/accesswatch.db-wal"));
    for args in [&["run", "--all"][..], &["status"], &["doctor", "--offline"]] {
        let ran = fixture.watch.run(args).ends(3);
        let said = ran.out + &ran.err;
        assert!(
            said.contains("damaged") || said.contains("malformed"),
            "{args:?}: {said}"
        );
        assert!(said.contains("backup"), "{args:?}: the mend: {said}");
    }
}

#[test]
fn a_locked_store_is_waited_for_and_then_the_holder_is_named() {
    let fixture = CliFixture::observed();
    let path = database(&fixture);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let lock = Lock::acquire(LockScope::Pass, &path, "ingest", chrono::Utc::now()).unwrap();
    let note = [
        "note",
        "add",
        "--source",
        "papers",
        "--from",
        "2026-01-01",
        "--text",
        "x",
    ];
    let mut waiting = fixture.watch.command(&note);
    let waiting = waiting
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Reading needs no lock.
    assert_eq!(fixture.json(&["status"])[0]["code"], "ok");
    assert_eq!(fixture.json(&["incidents"]).as_array().unwrap().len(), 0);
    let ended = waiting.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let err = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(err.contains("accesswatch.db is locked by (pid "), "{err}");
    assert!(
        err.contains(&format!("(pid {}, `ingest`, since 20", std::process::id())),
        "{err}"
    );
    drop(lock);
    other.execute_batch("ROLLBACK").unwrap();
    fixture.watch.run(&note).ends(0);
}

/// A small disk, where the system permits one.
pub(crate) struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    pub(crate) fn mount(at: &'a Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .output();
        done.is_ok_and(|o| o.status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

/// Fills the disk with one file; returns the file's content.
fn fill(file: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    let mut step = 1 << 20;
    while step >= 512 {
        all.resize(all.len() + step, 7_u8);
        if std::fs::write(file, &all).is_err() {
            all.truncate(all.len() - step);
            step /= 2;
        }
    }
    std::fs::write(file, &all).unwrap();
    all
}

#[test]
fn on_a_full_disk_the_round_is_not_reported_as_done_and_nothing_is_corrupt() {
    let fixture = CliFixture::new();
    let data = fixture.watch.file("data");
    let Some(_disk) = SmallDisk::mount(&data, "2m") else {
        skip("no right to mount a small disk here");
        return;
    };
    fixture.run_all();
    let first = fixture.records();
    let filler = data.join("filler");
    let all = fill(&filler);
    let args = ["run", "--all"];
    let full = fixture.watch.run(&args).ends(3);
    assert!(full.err.contains("no room to write"), "{}", full.err);

    // Now there is room to begin, but not for the page.
    std::fs::write(&filler, &all[..all.len() - 200 * 1024]).unwrap();
    let mut state = 88_172_645_463_325_252_u64;
    let mut noise = String::new();
    for _ in 0..60_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let _ = write!(noise, "{state:x} ");
    }
    fixture.serves(Answer::html(&format!("{GOOD}<p>{noise}</p>")));
    let jsonl = fixture.watch.file("run.jsonl");
    let full = fixture
        .watch
        .run(&["run", "--all", "--jsonl", jsonl.to_str().unwrap()])
        .ends(3);
    assert!(full.err.contains("no room to write"), "{}", full.err);
    assert!(
        !full.err.contains("1 round: "),
        "not reported as done: {}",
        full.err
    );
    assert!(
        !std::fs::read_to_string(&jsonl)
            .unwrap()
            .contains("\"article\""),
        "nor in --jsonl"
    );

    std::fs::remove_file(&filler).unwrap();
    fixture.watch.run(&["doctor", "--offline"]).ends(0);
    let kept = fixture.records();
    assert!(
        first.lines().all(|line| kept.contains(line)),
        "what was reported is there"
    );
    fixture.watch.run(&["run", "--all"]).ends(0);
    assert_eq!(fixture.json(&["status"])[0]["code"], "ok");
    assert_eq!(
        fixture.json(&["incidents"]).as_array().unwrap().len(),
        0,
        "no source is blamed"
    );
}
