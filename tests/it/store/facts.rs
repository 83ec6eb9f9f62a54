//! Facts are typed: no program reads back the words that people read.

use std::fs;
use std::path::Path;

use accesswatch::model::Time;
use accesswatch::store::{IncidentFilter, Store};
use chrono::TimeDelta;
use rusqlite::Connection;

use crate::support::history::{RecordedHistory, ScriptedRound};
use crate::support::older::make_untyped;
use crate::support::tracking::morning;
use crate::support::workspace::TestWorkspace;

const TABLES: [&str; 5] = [
    "incidents",
    "incident_phases",
    "status",
    "sources",
    "uptime",
];

/// The page of `papers/text` is empty for three days from both vantages; then it is refused to one
/// of them.
async fn lived() -> RecordedHistory {
    let mut life = RecordedHistory::new();
    for (n, (here, far)) in (0..).zip([(0, 0), (8, 8), (8, 8), (8, 8), (2, 8)]) {
        let at: Time = morning() + TimeDelta::days(n);
        let seen = [(0, 0, 0), (0, 1, 0), (1, 0, here), (1, 1, far)];
        let seen = seen.map(|(probe, vantage, page)| ScriptedRound {
            probe,
            vantage,
            pages: vec![page],
        });
        life.pass(at, &seen, &[(true, true); 2]).await;
    }
    life
}

/// What users get from a workspace: mails, tables, and what `rejudge` would change.
fn told(watch: &TestWorkspace, incidents: &[i64]) -> Vec<String> {
    let mut told = Vec::new();
    for table in TABLES {
        told.push(watch.run(&["export", table, "--format", "csv"]).ends(0).out);
    }
    for id in incidents {
        let shown = watch.run(&["incidents", "show", &id.to_string()]).ends(0);
        // The story at the end repeats the log word for word.
        let (letter, _) = shown.out.split_once("\nStory:").unwrap();
        told.push(letter.to_owned());
    }
    told.push(watch.run(&["rejudge"]).ends(0).err);
    told
}

fn ids(path: &Path) -> Vec<i64> {
    let store = Store::open(path).unwrap();
    let reader = store.reader().unwrap();
    let all = reader.incidents(&IncidentFilter::default()).unwrap();
    all.iter().map(|i| i.id).collect()
}

/// Replaces every stored English text by noise.
fn make_noise(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "UPDATE events SET text = 'noise: 7 of 9, acknowledged by http://noise.example';
             UPDATE vantages SET detail = json_set(detail, '$.text', 'noise');
             UPDATE statuses SET detail =
                json_set(detail, '$.text', 'noise', '$.limit', 'noise 3', '$.missed', 'noise: x; y');
             UPDATE incidents SET detail = json_set(detail,
                '$.changes', json((SELECT json_group_array(json_set(value, '$.text', 'silenced until noise'))
                                   FROM json_each(detail, '$.changes'))),
                '$.vantages', json((SELECT json_group_object(key, json_set(value, '$.text', 'noise',
                                        '$.limit', 'noise 3', '$.missed', 'noise: x; y'))
                                    FROM json_each(detail, '$.vantages'))));",
        )
        .unwrap();
    let noise: i64 = connection
        .query_row(
            "SELECT count(*) FROM statuses, incidents
             WHERE statuses.detail LIKE '%noise%' AND incidents.detail LIKE '%noise%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(noise > 1);
}

#[tokio::test]
async fn noise_in_place_of_every_kept_sentence_changes_nothing() {
    let life = lived().await;
    let path = life.watch.file("data/accesswatch.db");
    drop(life.store);
    let incidents = ids(&path);
    let before = told(&life.watch, &incidents);
    assert!(
        before
            .iter()
            .any(|text| text.contains("Limit: value `paragraphs`: 0 rows; at least 1 expected")),
        "{before:#?}"
    );
    make_noise(&path);
    assert_eq!(told(&life.watch, &incidents), before);
}

/// The texts as an older store has them, which names no record of evidence.
fn without_records(texts: &[String]) -> Vec<String> {
    let without = |text: &String| {
        let mut parts = text.split(", record urn:uuid:");
        let first = parts.next().unwrap_or_default().to_owned();
        // An id has 36 characters.
        parts.fold(first, |text, part| text + &part[36..])
    };
    texts.iter().map(without).collect()
}

/// A store of before facts were typed: after the migration its letters say what they said, and
/// measurements hold what is quoted of them.
#[tokio::test]
async fn an_untyped_store_keeps_what_its_letters_quote() {
    let life = lived().await;
    let path = life.watch.file("data/accesswatch.db");
    drop(life.store);
    let incidents = ids(&path);
    let before = told(&life.watch, &incidents);
    make_untyped(&path, 6);
    drop(Store::open(&path).unwrap());
    assert_eq!(told(&life.watch, &incidents), without_records(&before));
    let connection = Connection::open(&path).unwrap();
    let quoted = |condition: &str| -> i64 {
        let sql =
            format!("SELECT count(*) FROM measurements WHERE observed IS NOT NULL {condition}");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert!(quoted("AND code = 'content.empty'") > 0);
    assert_eq!(quoted("AND code = 'ok'"), 0);
}

#[test]
fn only_tables_of_rules_make_rule_ids() {
    let mut makers = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("RuleId::row(")) {
                makers.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    makers.sort();
    assert_eq!(makers, ["rules.rs", "sibling.rs"]);
}
