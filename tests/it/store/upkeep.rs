//! Upkeep of the store: backup, purge, integrity, rejudging.

use accesswatch::model::event::PassOutcome;
use accesswatch::model::page::Value;
use accesswatch::model::{Code, VantageId};
use accesswatch::store::{
    BodyState, Derived, NewVerdict, Reader, RowFilter, Store, StoreError, StoredRecord,
};

use crate::support::store::{Make, incident, minute, outcome, pass, status, verdict};

const DAY: i64 = 24 * 60;

fn records(reader: &Reader) -> Vec<StoredRecord> {
    let mut all = Vec::new();
    reader
        .visit_records(&RowFilter::default(), |record| {
            all.push(record);
            true
        })
        .unwrap();
    all
}

/// A round a day for ten days, each with a different body; odd days are refused.
async fn ten_days(store: &Store) -> Vec<Make> {
    let mut makes = Vec::new();
    for day in 0..10 {
        let code = if day % 2 == 0 {
            Code::Ok
        } else {
            Code::SiteWafBlock
        };
        let mut make = Make::new(minute(day * DAY), code);
        make.body = format!("page of day {day}").into_bytes();
        make.values = [("hits".to_owned(), Value::Count(day.unsigned_abs()))].into();
        store.add(vec![make.new_measurement()]).await.unwrap();
        let mut all = pass(make.at, vec![make.round()]);
        all.outcome = outcome(vec![status(&make.key(), "here", code, make.at)], Vec::new());
        store.commit(all).await.unwrap();
        makes.push(make);
    }
    makes
}

#[tokio::test]
async fn a_backup_is_a_store_of_its_own_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    ten_days(&store).await;
    let to = folder.path().join("copy.db");
    let bytes = store.backup(&to).await.unwrap();
    assert_eq!(bytes, std::fs::metadata(&to).unwrap().len());
    // A later measurement is not in the copy.
    store
        .add(vec![
            Make::new(minute(99 * DAY), Code::Ok).new_measurement(),
        ])
        .await
        .unwrap();
    assert_eq!(
        store.backup(&to).await.unwrap_err(),
        StoreError::Exists { path: to.clone() }
    );
    let copy = Store::open(&to).unwrap();
    assert_eq!(records(&copy.reader().unwrap()).len(), 10);
    assert_eq!(
        copy.tracker_state().await.unwrap(),
        store.tracker_state().await.unwrap()
    );
    assert_eq!(copy.check().await.unwrap(), Vec::<String>::new());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .filter_map(|e| e.unwrap().file_name().into_string().ok())
        .filter(|name| name.contains("part"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn a_purge_leaves_what_was_concluded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    let makes = ten_days(&store).await;
    let before = store
        .reader()
        .unwrap()
        .uptime(&RowFilter::default())
        .unwrap();
    let fresh = store
        .reader()
        .unwrap()
        .freshness(&RowFilter::default())
        .unwrap();
    let purged = store.purge(minute(6 * DAY)).await.unwrap();
    assert_eq!((purged.measurements, purged.bodies), (6, 6));
    let reader = store.reader().unwrap();
    assert_eq!(records(&reader).len(), 4);
    assert_eq!(reader.uptime(&RowFilter::default()).unwrap(), before);
    assert_eq!(reader.freshness(&RowFilter::default()).unwrap(), fresh);
    // A late record of a purged day does not delete the figures of that day.
    let mut late = Make::new(minute(2 * DAY + 30), Code::TcpTimeout);
    late.round = "late".into();
    store.add(vec![late.new_measurement()]).await.unwrap();
    store
        .commit(pass(late.at, vec![late.round()]))
        .await
        .unwrap();
    assert_eq!(reader.uptime(&RowFilter::default()).unwrap(), before);
    // The history of values is still available.
    let history = store
        .history(&makes[0].key(), &VantageId::from("here"))
        .await
        .unwrap();
    assert_eq!(history["hits"].len(), 5);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn space_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for n in 0..40 {
        let mut make = Make::new(minute(n), Code::Ok);
        let mut seed = n.unsigned_abs() + 1;
        make.body = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed.to_be_bytes()[0]
        })
        .take(50_000)
        .collect();
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    store.purge(minute(0)).await.unwrap(); // nothing yet; the log goes into the file
    let full = std::fs::metadata(&path).unwrap().len();
    store.purge(minute(100)).await.unwrap();
    let after = std::fs::metadata(&path).unwrap().len();
    assert!(full > 2_000_000 && after < full / 4, "{full} {after}");
    assert_eq!(store.stats().await.unwrap().free_bytes, 0);
}

#[tokio::test]
async fn bodies_of_healthy_pages_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    ten_days(&store).await;
    let purged = store.expire(minute(-DAY), minute(6 * DAY)).await.unwrap();
    assert_eq!((purged.measurements, purged.bodies), (0, 3));
    for record in records(&store.reader().unwrap()) {
        let gone = record.observed.code == Code::Ok && record.started < minute(6 * DAY);
        let state = if gone {
            BodyState::Purged
        } else {
            BodyState::Whole
        };
        assert_eq!(record.body, state, "{}", record.started);
        let kept = !record
            .measurement
            .last_request()
            .unwrap()
            .response
            .body
            .0
            .is_empty();
        assert_eq!(kept, !gone);
    }
}

#[tokio::test]
async fn derived_again_everything_follows() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    let makes = ten_days(&store).await;
    let key = makes[0].key();
    let mut wrong = pass(minute(0), Vec::new());
    wrong.outcome.incidents = vec![
        incident(1, &key, minute(DAY)),
        incident(2, &key, minute(DAY)),
    ];
    store.commit(wrong).await.unwrap();
    let verdicts = makes
        .iter()
        .filter(|m| m.code == Code::SiteWafBlock)
        .map(|m| NewVerdict {
            uid: m.uid(),
            observed: verdict(Code::SiteGeoBlock).observed(Some(200)),
            values: [("hits".to_owned(), Value::Count(7))].into(),
        })
        .collect();
    let derived = Derived {
        verdicts,
        outcome: PassOutcome {
            statuses: vec![status(&key, "here", Code::SiteGeoBlock, minute(9 * DAY))],
            ..PassOutcome::default()
        },
        removed_incidents: vec![2],
        ..Derived::default()
    };
    store
        .replace_derived(minute(0), derived, minute(0))
        .await
        .unwrap();
    let reader = store.reader().unwrap();
    let codes: Vec<Code> = records(&reader).iter().map(|r| r.observed.code).collect();
    assert_eq!(
        codes.iter().filter(|c| **c == Code::SiteGeoBlock).count(),
        5
    );
    let days = reader.uptime(&RowFilter::default()).unwrap();
    assert_eq!(days.iter().map(|d| d.blocked).sum::<u32>(), 5);
    let tracker = store.tracker_state().await.unwrap();
    assert_eq!(tracker.incidents.keys().collect::<Vec<_>>(), [&1]);
    assert_eq!(tracker.next_incident, 3, "an id is never given again");
    let fresh = reader.freshness(&RowFilter::default()).unwrap();
    assert_eq!(fresh[1].value, Value::Count(7));
}

#[tokio::test]
async fn rebuilding_gives_the_same_roll_ups() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    ten_days(&store).await;
    let reader = store.reader().unwrap();
    let before = reader.uptime(&RowFilter::default()).unwrap();
    assert_eq!(before.len(), 10);
    store.rebuild_rollups(minute(0)).await.unwrap();
    assert_eq!(reader.uptime(&RowFilter::default()).unwrap(), before);
    let shown = store.stats().await.unwrap().to_string();
    assert!(shown.contains("about 10 measurements"), "{shown}");
    assert!(shown.ends_with("since 2026-11-18"), "{shown}");
}
