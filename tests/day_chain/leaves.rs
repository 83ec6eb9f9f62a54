//! The leaf of a record is fixed when the record enters, and never changes.

use accesswatch::model::day_chain::{Hash, leaf};
use accesswatch::model::{Code, Time};
use accesswatch::store::{ChainEntry, Derived, EntryContent, NewVerdict, Reader, RowFilter, Store};
use rusqlite::Connection;

use crate::support::older::make_older;
use crate::support::store::{Make, minute, verdict};

const DAY: i64 = 24 * 60;

fn entries(reader: &Reader) -> Vec<ChainEntry> {
    let mut all = Vec::new();
    reader
        .visit_entries(&RowFilter::default(), |entry| {
            all.push(entry);
            true
        })
        .unwrap();
    all
}

/// The leaf of the line in an entry.
fn recomputed(entry: &ChainEntry) -> Option<Hash> {
    match &entry.content {
        EntryContent::Line(line) => Some(leaf(line)),
        _ => None,
    }
}

async fn five_days(store: &Store) {
    for n in 0..10 {
        let mut make = Make::new(minute(n * DAY / 2), Code::Ok);
        make.control = n % 3 == 0;
        make.body = format!("page {n}").into_bytes();
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
}

#[tokio::test]
async fn every_record_has_the_leaf_of_its_line_on_the_day_of_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    five_days(&store).await;
    // A record of last week that arrives on the fourth day.
    let late = Make::new(minute(-7 * DAY), Code::Ok);
    let mut late = late.new_measurement();
    late.entered = minute(3 * DAY);
    store.add(vec![late.clone()]).await.unwrap();
    // The same record arrives again and enters nothing.
    late.entered = minute(4 * DAY);
    store.add(vec![late]).await.unwrap();
    let reader = store.reader().unwrap();
    let all = entries(&reader);
    assert_eq!(all.len(), 11);
    for entry in &all {
        assert_eq!(entry.leaf, recomputed(entry), "{}", entry.uid);
        let day = entry.day.unwrap();
        let mut uids = Vec::new();
        reader
            .visit_day(day, |of_day| uids.push(of_day.uid.clone()))
            .unwrap();
        assert!(uids.contains(&entry.uid));
        assert!(uids.is_sorted());
        let leaves = reader.day_leaves(day).unwrap();
        assert_eq!(leaves.records.len(), uids.len());
        assert_eq!(reader.entry(&entry.uid).unwrap().as_ref(), Some(entry));
    }
    let fourth = minute(3 * DAY).date_naive();
    assert_eq!(all[0].day, Some(fourth));
    assert_eq!(reader.day_leaves(fourth).unwrap().records.len(), 3);
}

#[tokio::test]
async fn purged_records_keep_their_leaves_and_the_others_their_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    five_days(&store).await;
    let reader = store.reader().unwrap();
    let days: Vec<_> = (0..5).map(|n| minute(n * DAY).date_naive()).collect();
    let before: Vec<_> = days
        .iter()
        .map(|d| reader.day_leaves(*d).unwrap())
        .collect();
    // All records share one certificate chain. It was last marked as in use up to a day before the
    // newest record.
    let purged = store.purge(minute(4 * DAY + DAY / 2)).await.unwrap();
    assert_eq!(purged.measurements, 9);
    let after: Vec<_> = days
        .iter()
        .map(|d| reader.day_leaves(*d).unwrap())
        .collect();
    assert_eq!(after, before);
    let mut contents = Vec::new();
    for day in days {
        reader
            .visit_day(day, |entry| {
                contents.push(entry.content == EntryContent::Purged);
            })
            .unwrap();
    }
    assert_eq!(contents.iter().filter(|purged| **purged).count(), 9);
    let left = entries(&reader);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].leaf, recomputed(&left[0]));
}

#[tokio::test]
async fn an_older_store_gets_its_leaves_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    five_days(&store).await;
    let before = entries(&store.reader().unwrap());
    drop(store);
    make_older(&path, 8);
    let older = Connection::open(&path).unwrap();
    let damage = "UPDATE records SET raw = x'00' WHERE id = (SELECT min(id) FROM records)";
    assert_eq!(older.execute(damage, []).unwrap(), 1);
    drop(older);
    let store = Store::open(&path).unwrap();
    let reader = store.reader().unwrap();
    let after = entries(&reader);
    assert_eq!(after.len(), before.len());
    assert_eq!(after[0].content, EntryContent::Damaged);
    assert_eq!((after[0].day, after[0].leaf), (None, None));
    assert_eq!(
        reader.records_without_leaf().unwrap(),
        [after[0].uid.clone()]
    );
    // All others enter on the day of the migration, with their earlier leaves.
    let day = after[1].day;
    assert!(day.is_some());
    for (old, new) in before.iter().zip(&after).skip(1) {
        assert_eq!((new.leaf, new.day), (old.leaf, day), "{}", new.uid);
        assert_eq!(new.content, old.content);
    }
}

#[tokio::test]
async fn a_verdict_that_is_another_one_enters_the_chain_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    let makes = [0, 1, 2].map(|n| Make::new(minute(n), Code::SiteWafBlock));
    for make in &makes {
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    let now: Time = "2026-11-29T14:04:26.7Z".parse().unwrap();
    let new = |make: &Make, code| NewVerdict {
        uid: make.uid(),
        observed: verdict(code).observed(Some(200)),
        values: [].into(),
    };
    let derived = Derived {
        verdicts: vec![
            new(&makes[1], Code::SiteGeoBlock),
            new(&makes[0], Code::SiteGeoBlock),
            new(&makes[2], Code::SiteWafBlock),
        ],
        ..Derived::default()
    };
    let reader = store.reader().unwrap();
    for _ in 0..2 {
        store
            .replace_derived(minute(0), derived.clone(), now)
            .await
            .unwrap();
        let changes = reader.verdict_changes().unwrap();
        let expected: Vec<_> = makes[..2]
            .iter()
            .map(|make| {
                let entry = format!(
                    "{}\t2026-11-29T14:04:26Z\trule.site.geo_block\tsite.waf_block\tsite.geo_block",
                    make.uid()
                );
                (now.date_naive(), entry)
            })
            .collect();
        assert_eq!(changes, expected, "judged again, nothing is new");
    }
    let leaves = reader.day_leaves(now.date_naive()).unwrap();
    assert!(leaves.records.is_empty() && leaves.changes.len() == 2);
    assert!(leaves.changes.is_sorted());
}
