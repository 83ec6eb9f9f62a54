//! `verify` of a workspace: what holds, what does not, and what an older copy lacks.

use std::fs;
use std::path::Path;

use accesswatch::evidence::chain::{self, from_hex};
use accesswatch::evidence::merkle;
use accesswatch::evidence::warc::{Record, RecordId, RecordKind, Series, WarcWriter, digest};
use rusqlite::Connection;
use serde_json::Value;

use crate::chained::{Chained, days_ago};
use crate::support::unpacked::unpacked;

fn warc(folder: &Path, n: usize) -> String {
    let kind = RecordKind::Response;
    let at = "2026-11-29T14:04:26Z".parse().unwrap();
    let block = format!("HTTP/1.1 200 OK\r\n\r\npage {n}").into_bytes();
    let id = RecordId::derived("a", n, kind);
    let record = Record::new(id, kind, at, "application/http;msgtype=response", block)
        .target("https://example.org/")
        .with(
            "WARC-Payload-Digest",
            &digest(format!("page {n}").as_bytes()),
        );
    let mut writer = WarcWriter::new(folder, Series::Status);
    let place = writer.append(&record, at).unwrap();
    writer.sync().unwrap();
    place.file
}

/// Changes one byte in the middle of what `find` finds in a file.
fn flip(path: &Path, find: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.windows(find.len()).position(|w| w == find).unwrap();
    let middle = at + find.len() / 2;
    bytes[middle] = if bytes[middle] == b'0' { b'1' } else { b'0' };
    fs::write(path, bytes).unwrap();
}

/// The faults that `verify --format json` names: file, place and what.
#[track_caller]
fn faults(chained: &Chained) -> Vec<[String; 3]> {
    let ran = chained.verify(&["--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let faults: Vec<[String; 3]> = report["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| ["file", "place", "what"].map(|key| f[key].as_str().unwrap().to_owned()))
        .collect();
    let status = i32::from(!faults.is_empty());
    assert_eq!(ran.status, Some(status), "{}", ran.out);
    faults
}

#[test]
fn a_flipped_byte_is_named_wherever_it_stands_and_nothing_else() {
    let chained = Chained::new();
    let files = [1, 2, 3].map(|n| warc(&chained.evidence(""), n));
    let file = files[0].clone();
    assert_eq!(faults(&chained), Vec::<[String; 3]>::new());
    let second = days_ago(2).to_string();
    // chain.csv: the root of the second day, and its count of changes.
    let chain_csv = chained.read("chain.csv");
    let line = chain_csv.lines().nth(2).unwrap();
    let root = line.split(',').nth(3).unwrap();
    let kept = chained.evidence("chain.csv");
    flip(&kept, root.as_bytes());
    let found = faults(&chained);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|f| f[0] == "chain.csv"), "{found:?}");
    assert!(found[0][2].starts_with(&second) && found[1][1] == second);
    fs::write(
        &kept,
        chain_csv.replace(&format!("{second},0,1,"), &format!("{second},0,2,")),
    )
    .unwrap();
    let found = faults(&chained);
    assert_eq!((found.len(), &found[0][1]), (1, &second), "{found:?}");
    fs::write(&kept, chain_csv.replace(&format!("{line}\n"), "")).unwrap();
    assert!(
        faults(&chained).iter().any(|f| f[1] == second),
        "a line is missing"
    );
    fs::write(&kept, &chain_csv).unwrap();
    // changes.tsv
    let changes = chained.read("changes.tsv");
    flip(&chained.evidence("changes.tsv"), b"rule.site");
    let found = faults(&chained);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0][1] == "line 1" && found[1][1].starts_with(&second),
        "{found:?}"
    );
    fs::write(chained.evidence("changes.tsv"), changes).unwrap();
    // A WARC file.
    let whole = fs::read(chained.evidence(&file)).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(chained.evidence(&file), damaged).unwrap();
    let found = faults(&chained);
    assert_eq!((found.len(), &found[0][0]), (1, &file), "{found:?}");
    assert!(found[0][1].contains("byte "), "{found:?}");
    fs::write(chained.evidence(&file), whole).unwrap();
    assert_eq!(faults(&chained), Vec::<[String; 3]>::new());
}

/// One byte of the database file, where a record, a leaf and a day of the chain are.
#[test]
fn a_flipped_byte_in_the_file_of_the_store_is_named() {
    let chained = Chained::new();
    let connection = Connection::open(chained.store()).unwrap();
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.query_row(checkpoint, [], |_| Ok(())).unwrap();
    let blob = |sql: &str| -> Vec<u8> { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
    let blobs = [
        (
            "leaf",
            blob("SELECT leaf FROM leaves ORDER BY day, uid LIMIT 1"),
        ),
        (
            "root",
            blob("SELECT root FROM chain_days ORDER BY day LIMIT 1"),
        ),
        ("record", blob("SELECT raw FROM records WHERE id = 1")),
    ];
    drop(connection);
    let whole = fs::read(chained.store()).unwrap();
    for (what, blob) in blobs {
        // A long record goes on in pages of its own.
        flip(&chained.store(), &blob[..blob.len().min(64)]);
        let ran = chained.verify(&[]);
        assert!(
            matches!(ran.status, Some(1 | 3)),
            "{what}: {}{}",
            ran.out,
            ran.err
        );
        let said = format!("{}{}", ran.out, ran.err);
        assert!(!said.contains("everything holds"), "{what}: {said}");
        let day = days_ago(3).to_string();
        assert!(said.contains(&day), "{what}: {said}");
        fs::write(chained.store(), &whole).unwrap();
        chained.verify(&[]).ends(0);
    }
}

#[test]
fn what_is_changed_in_the_store_is_named() {
    let chained = Chained::new();
    let copy = chained.fixture.watch.file("copy.db");
    fs::copy(chained.store(), &copy).unwrap();
    let uid = "(SELECT uid FROM leaves ORDER BY day, uid LIMIT 1)";
    let (third, second) = (days_ago(3).to_string(), days_ago(2).to_string());
    for (sql, place, what) in [
        // The record, as text that can still be read.
        ("record", third.as_str(), "not the one that was entered"),
        (
            "UPDATE records SET raw = x'28b52ffd' WHERE id = 1",
            &third,
            "the record cannot be read",
        ),
        (
            &format!("UPDATE leaves SET leaf = zeroblob(32) WHERE uid = {uid}"),
            &third,
            "not the one that was entered",
        ),
        (
            &format!("DELETE FROM leaves WHERE uid = {uid}"),
            &third,
            "was closed with",
        ),
        (
            "UPDATE verdict_changes SET entry = replace(entry, 'geo', 'gea')",
            &second,
            "do not lead to the root",
        ),
        (
            "UPDATE chain_days SET root = zeroblob(32) WHERE day = (SELECT min(day) FROM chain_days)",
            &third,
            "the value is not made of",
        ),
        (
            &format!("UPDATE measurements SET entered_day = 1 WHERE uid = {uid}"),
            "record ",
            "has no leaf",
        ),
        ("DELETE FROM chains", &third, "the record cannot be read"),
    ] {
        fs::copy(&copy, chained.store()).unwrap();
        let connection = Connection::open(chained.store()).unwrap();
        if sql == "record" {
            let sql = "SELECT raw FROM records WHERE id = 1";
            let raw: Vec<u8> = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            let text = String::from_utf8(unpacked(&connection, &raw).unwrap()).unwrap();
            let text = text.replacen("127.0.0.1", "127.0.0.2", 1);
            let raw = zstd::bulk::compress(text.as_bytes(), 1).unwrap();
            let sql = "UPDATE records SET raw = ?1 WHERE id = 1";
            assert_eq!(connection.execute(sql, [raw]).unwrap(), 1);
        } else if sql == "DELETE FROM chains" {
            let sql = "UPDATE records SET chain_sha256 = zeroblob(32) WHERE id = 1";
            assert_eq!(connection.execute(sql, []).unwrap(), 1);
        } else {
            assert_eq!(connection.execute(sql, []).unwrap(), 1, "{sql}");
        }
        drop(connection);
        let found = faults(&chained);
        assert!(
            found
                .iter()
                .any(|f| f[1].starts_with(place) && f[2].contains(what)),
            "{sql}: {found:#?}"
        );
        assert!(found.len() < 5, "{sql}: {found:#?}");
    }
}

#[test]
fn an_older_copy_that_is_put_back_has_a_gap_and_the_chain_goes_on() {
    let chained = Chained::new();
    let copy = chained.fixture.watch.file("older.db");
    let path = copy.to_str().unwrap();
    chained.fixture.watch.run(&["backup", path]).ends(0);
    // Two more days, with records and a change.
    chained.fixture.mends();
    let connection = Connection::open(chained.store()).unwrap();
    let back = "UPDATE chain_days SET day = day - 2; UPDATE leaves SET day = day - 2;
        UPDATE measurements SET entered_day = entered_day - 2; UPDATE verdict_changes SET day = day - 2;";
    // All days are moved to two days before, in the copy too, and the chain is made anew.
    for file in [chained.store(), copy.clone()] {
        let connection = Connection::open(file).unwrap();
        connection.execute_batch(back).unwrap();
        connection.execute_batch("DELETE FROM chain_days").unwrap();
    }
    drop(connection);
    fs::remove_file(chained.evidence("chain.csv")).unwrap();
    fs::remove_file(chained.evidence("changes.tsv")).unwrap();
    fs::rename(chained.store(), chained.fixture.watch.file("newer.db")).unwrap();
    fs::copy(&copy, chained.store()).unwrap();
    // The copy closes its days up to three days ago.
    let store = accesswatch::store::Store::open(&chained.store()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let at = days_ago(2).and_hms_opt(1, 0, 0).unwrap().and_utc();
    let evidence = chained.evidence("");
    runtime
        .block_on(accesswatch::engine::day_chain::close_days(
            &store, &evidence, at,
        ))
        .unwrap();
    drop(store);
    chained
        .fixture
        .watch
        .run(&[
            "backup",
            chained.fixture.watch.file("real.db").to_str().unwrap(),
        ])
        .ends(0);
    chained.fixture.run_all();
    assert_eq!(chained.days().last(), Some(&days_ago(1)));
    chained.verify(&[]).ends(0);
    let newest = chained.read("chain.csv");
    // The copy is put back: it lacks the two newest days.
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(
            chained
                .fixture
                .watch
                .file(&format!("data/accesswatch.db{ending}")),
        );
    }
    fs::copy(chained.fixture.watch.file("real.db"), chained.store()).unwrap();
    let before = in_lost_days(&Connection::open(chained.store()).unwrap());
    let gap = format!("{} to {}", days_ago(2), days_ago(1));
    for _ in 0..2 {
        let ran = chained.verify(&[]).ends(0);
        assert!(ran.out.contains(&gap), "{}", ran.out);
        // The next pass takes the days over; the gap stays known.
        chained.fixture.run_all();
        assert_eq!(chained.read("chain.csv"), newest);
    }
    let connection = Connection::open(chained.store()).unwrap();
    let lost: i64 = connection
        .query_row("SELECT sum(lost) FROM chain_days", [], |row| row.get(0))
        .unwrap();
    assert_eq!(lost, 2);
    // What entered since is not in the days that are closed.
    assert_eq!(in_lost_days(&connection), before);
}

/// How many records the store has on the two days before today.
fn in_lost_days(connection: &Connection) -> i64 {
    let today = "unixepoch() / 86400";
    let sql = format!("SELECT count(*) FROM leaves WHERE day < {today} AND day >= {today} - 2");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn records_are_held_against_the_chain_of_the_workspace() {
    let chained = Chained::new();
    let args = ["export", "measurements", "--format", "jsonl", "--no-bodies"];
    let lines = chained.fixture.watch.run(&args).ends(0).out;
    let file = chained.fixture.watch.file("records.jsonl");
    let name = file.to_str().unwrap();
    fs::write(&file, &lines).unwrap();
    let ran = chained.verify(&[name]).ends(0);
    let count = lines.lines().count();
    assert!(
        ran.out.contains(&format!("{count} measurement records")),
        "{}",
        ran.out
    );
    // A changed record, and one that never entered.
    let changed = lines.replacen("127.0.0.1", "127.0.0.2", 1);
    fs::write(&file, &changed).unwrap();
    let ran = chained.verify(&[name]).ends(1);
    assert!(ran.out.contains("line 1, record "), "{}", ran.out);
    assert!(
        ran.out
            .contains(&format!("that was entered on {}", days_ago(3))),
        "{}",
        ran.out
    );
    let mut record: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    record["measurement_uid"] = "another".into();
    fs::write(&file, record.to_string()).unwrap();
    let ran = chained.verify(&[name]).ends(1);
    assert!(ran.out.contains("no such record entered"), "{}", ran.out);
    fs::write(&file, "{\"a\":1}\n").unwrap();
    let ran = chained.verify(&[name]).ends(3);
    assert!(
        ran.err.contains("line 1 is not a measurement record"),
        "{}",
        ran.err
    );
    // The file has another workspace's records: this one's chain has none of them.
    fs::write(&file, &lines).unwrap();
    let other = Chained::new();
    other.verify(&[name]).ends(1);
}

#[test]
fn the_leaves_of_a_day_lead_to_its_root_also_after_a_purge() {
    let chained = Chained::new();
    let (days, _) = chain::read(&chained.read("chain.csv"));
    let leaves = |day: &chain::Day| {
        let day = day.day.to_string();
        chained.verify(&["--leaves", &day]).ends(0).out
    };
    let tomorrow = days_ago(-2).to_string();
    for _ in 0..2 {
        for day in &days {
            let hashes: Vec<_> = leaves(day).lines().map(|l| from_hex(l).unwrap()).collect();
            assert_eq!(merkle::root(&hashes), day.root);
        }
        chained
            .fixture
            .watch
            .run(&["purge", "--before", &days_ago(-1).to_string()])
            .ends(0);
    }
    let ran = chained.verify(&[]).ends(0);
    assert!(ran.out.contains("removed by age"), "{}", ran.out);
    assert_eq!(chained.verify(&["--leaves", &tomorrow]).ends(0).out, "");
    let json = chained.verify(&["--leaves", &days_ago(2).to_string(), "--format", "json"]);
    let json: Value = serde_json::from_str(&json.ends(0).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    chained.verify(&["--leaves", "yesterday"]).ends(2);
}
