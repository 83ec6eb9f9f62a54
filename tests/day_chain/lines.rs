//! The line of a record always has the same bytes.

use std::path::Path;

use accesswatch::model::Code;
use accesswatch::store::{EntryContent, RowFilter, Store};
use data_encoding::BASE64;
use rusqlite::{Connection, params};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::cli_fixture::CliFixture;
use crate::support::store::{Make, minute};

/// Twenty records as version 0.1 stored them (the JSON without the last body and the certificates,
/// and the certificates), and the lines that it printed for them. Neither file ever changes.
const STORED: &str = include_str!("../testdata/day_chain/stored.jsonl");
const LINES: &str = include_str!("../testdata/day_chain/lines.jsonl");

/// The lines of a store, in the order of exports.
fn lines(path: &Path) -> Vec<String> {
    let store = Store::open(path).unwrap();
    let mut all = Vec::new();
    let reader = store.reader().unwrap();
    reader
        .visit_entries(&RowFilter::default(), |entry| {
            let EntryContent::Line(line) = entry.content else {
                panic!("{} cannot be read", entry.uid);
            };
            all.push(String::from_utf8(line).unwrap());
            true
        })
        .unwrap();
    all
}

#[tokio::test]
async fn twenty_stored_records_keep_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for n in 0..20 {
        let make = Make::new(minute(n), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    drop(store);
    let connection = Connection::open(&path).unwrap();
    for (n, stored) in (0..).zip(STORED.lines()) {
        let stored: Value = serde_json::from_str(stored).unwrap();
        let raw = stored["record"].as_str().unwrap().as_bytes();
        let packed = zstd::bulk::compress(raw, 1).unwrap();
        let chain = stored["certificates"].as_str();
        let chain = chain.map(|text| BASE64.decode(text.as_bytes()).unwrap());
        let key = chain.as_ref().map(|bytes| Sha256::digest(bytes).to_vec());
        if let (Some(key), Some(bytes)) = (&key, &chain) {
            let sql =
                "INSERT OR IGNORE INTO chains (sha256, last_used_us, data) VALUES (?1, 0, ?2)";
            connection.execute(sql, params![key, bytes]).unwrap();
        }
        let sql = "UPDATE records SET raw = ?2, chain_sha256 = ?3, base = NULL
                   WHERE id = (SELECT id FROM measurements WHERE started_us = ?1)";
        let us = minute(n).timestamp_micros();
        let changed = connection.execute(sql, params![us, packed, key]).unwrap();
        assert_eq!(changed, 1);
    }
    drop(connection);
    let golden: Vec<&str> = LINES.lines().collect();
    let printed = lines(&path);
    assert_eq!((golden.len(), printed.len()), (20, 20));
    for (n, (printed, golden)) in printed.iter().zip(golden).enumerate() {
        assert_eq!(printed, golden, "record {n}");
    }
}

/// For records of this version, the line is the record with every body empty, byte for byte.
#[test]
fn the_command_prints_the_records_with_empty_bodies() {
    let fixture = CliFixture::observed();
    fixture.breaks();
    fixture.run_all();
    let whole = fixture.records();
    let args = ["export", "measurements", "--format", "jsonl", "--no-bodies"];
    let printed = fixture.watch.run(&args).ends(0).out;
    let mut bodies = 0;
    let emptied: Vec<String> = whole
        .lines()
        .map(|line| {
            let mut record: accesswatch::model::Measurement = serde_json::from_str(line).unwrap();
            for request in &mut record.test_keys.requests {
                bodies += usize::from(!request.response.body.0.is_empty());
                request.response.body = accesswatch::model::measurement::Body::default();
            }
            serde_json::to_string(&record).unwrap()
        })
        .collect();
    assert!(bodies > 3, "{bodies}");
    assert_eq!(printed.lines().collect::<Vec<_>>(), emptied);
    assert_eq!(lines(&fixture.watch.file("data/accesswatch.db")), emptied);
    // Anonymous lines differ: they are not the lines that entered.
    let anonymous = fixture
        .watch
        .run(&[&args[..], &["--anonymous"]].concat())
        .ends(0)
        .out;
    assert!(!anonymous.contains("<h1>") && anonymous.lines().count() == emptied.len());
    fixture
        .watch
        .run(&["export", "incidents", "--no-bodies"])
        .ends(2);
}
