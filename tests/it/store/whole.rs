//! The store as a whole: what is reported as done is there, what is not done leaves no trace.

use accesswatch::model::event::{Event, EventKind};
use accesswatch::model::mail::Notice;
use accesswatch::model::politeness::{BackOff, RobotsCopy};
use accesswatch::model::source::StoreBody;
use accesswatch::model::{Code, VantageId};
use accesswatch::store::{BodyState, Reader, RowFilter, Store};
use rusqlite::Connection;

use crate::support::store::{Make, count, incident, mail, minute, outcome, pass, place, status};

#[tokio::test]
async fn what_is_added_comes_back_whole_after_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let make = Make::new(minute(0), Code::Ok);
    assert_eq!(store.add(vec![make.new_measurement()]).await.unwrap(), 1);
    assert_eq!(store.add(vec![make.new_measurement()]).await.unwrap(), 0);
    drop(store);
    let reader = Reader::open(&place(&folder)).unwrap();
    let mut records = Vec::new();
    reader
        .visit_records(&RowFilter::default(), |r| {
            records.push(r);
            true
        })
        .unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].measurement, make.measurement());
    assert_eq!(records[0].body, BodyState::Whole);
    assert_eq!(records[0].observed.code, Code::Ok);
    assert_eq!(reader.record(&make.uid()).unwrap().unwrap(), records[0]);
}

#[tokio::test]
async fn equal_bodies_and_chains_are_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    for n in 0..5 {
        let make = Make::new(minute(n), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    assert_eq!(count(&place(&folder), "measurements"), 5);
    assert_eq!(count(&place(&folder), "bodies"), 1);
    assert_eq!(count(&place(&folder), "chains"), 1);
}

#[tokio::test]
async fn a_foreign_record_cannot_claim_another_pages_body() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mut honest = Make::new(minute(0), Code::Ok);
    honest.body = b"the real page".to_vec();
    let mut liar = Make::new(minute(1), Code::Ok);
    liar.body = b"something else".to_vec();
    let mut new = liar.new_measurement();
    new.own = false;
    let extra = new.measurement.test_keys.x_accesswatch.as_mut().unwrap();
    extra.body_sha256 = Some("9f".repeat(32));
    store
        .add(vec![honest.new_measurement(), new])
        .await
        .unwrap();
    let kept = store
        .reader()
        .unwrap()
        .record(&liar.uid())
        .unwrap()
        .unwrap();
    let body = &kept.measurement.last_request().unwrap().response.body.0;
    assert_eq!(&body[..], b"something else");
    assert_eq!(count(&place(&folder), "bodies"), 2);
}

#[tokio::test]
async fn of_a_source_that_may_not_be_kept_only_the_head_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mut make = Make::new(minute(0), Code::Ok);
    make.body = vec![b'x'; 50_000];
    make.store_body = StoreBody::Never;
    store.add(vec![make.new_measurement()]).await.unwrap();
    let kept = store
        .reader()
        .unwrap()
        .record(&make.uid())
        .unwrap()
        .unwrap();
    assert_eq!(kept.body, BodyState::Head);
    assert_eq!(
        kept.measurement
            .last_request()
            .unwrap()
            .response
            .body
            .0
            .len(),
        2_048
    );
    assert_eq!(count(&place(&folder), "bodies"), 0);
    let mut hash = None;
    store
        .reader()
        .unwrap()
        .visit_measurements(&RowFilter::default(), |row| {
            hash = row.body_sha256;
            true
        })
        .unwrap();
    assert_eq!(hash.unwrap().len(), 64);
}

#[tokio::test]
async fn a_pass_is_all_there_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let make = Make::new(minute(0), Code::SiteGeoBlock);
    let key = make.key();
    store.add(vec![make.new_measurement()]).await.unwrap();
    let mut all = pass(minute(1), vec![make.round()]);
    let statuses = vec![status(&key, "here", Code::SiteGeoBlock, minute(0))];
    all.outcome = outcome(statuses.clone(), vec![incident(1, &key, minute(0))]);
    all.outcome.notices = vec![Notice::FirstLetter];
    all.outcome.events = vec![Event {
        at: minute(1),
        kind: EventKind::Opened,
        probe: Some(key.clone()),
        vantage: Some(VantageId::from("here")),
        incident: Some(1),
        from: Some(Code::Ok),
        to: Some(Code::SiteGeoBlock),
        text: "It closed.".into(),
        detail: None,
    }];
    all.mails = vec![mail("a", minute(1)), mail("b", minute(60))];
    all.back_offs = vec![BackOff {
        vantage: VantageId::from("here"),
        host: "cnki.example".into(),
        until: minute(600),
        step_seconds: 3600,
        reason: "site.challenge".into(),
    }];
    all.robots = vec![RobotsCopy {
        vantage: VantageId::from("here"),
        origin: "https://cnki.example:443".into(),
        fetched: minute(0),
        status: 200,
        body: "User-agent: *".into(),
    }];
    store.commit(all.clone()).await.unwrap();
    store.commit(all.clone()).await.unwrap(); // twice is as good as once, but for events
    drop(store);

    let store = Store::open(&place(&folder)).unwrap();
    let tracker = store.tracker_state().await.unwrap();
    assert_eq!(
        tracker.statuses.values().cloned().collect::<Vec<_>>(),
        statuses
    );
    assert_eq!(tracker.incidents[&1], incident(1, &key, minute(0)));
    assert_eq!(tracker.next_incident, 2);
    assert!(tracker.initial_report);
    assert_eq!(
        store.politeness().await.unwrap(),
        (all.back_offs, all.robots)
    );
    let due = store.due_mails(minute(2)).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].message_id, "<a@accesswatch>");
    assert_eq!(store.queue().await.unwrap().len(), 2);
    let events = store
        .reader()
        .unwrap()
        .events(minute(0), minute(2))
        .unwrap();
    assert_eq!(events[0], all.outcome.events[0]);
    let checked = store.last_checked().await.unwrap();
    assert_eq!(checked[&(key, VantageId::from("here"))], minute(0));
}

#[tokio::test]
async fn a_pass_that_fails_half_way_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let make = Make::new(minute(0), Code::Ok);
    let key = make.key();
    store.add(vec![make.new_measurement()]).await.unwrap();
    Connection::open(place(&folder))
        .unwrap()
        .execute_batch(
            "CREATE TRIGGER boom BEFORE INSERT ON uptime BEGIN SELECT raise(ABORT, 'boom'); END",
        )
        .unwrap();
    let mut all = pass(minute(1), vec![make.round()]);
    all.outcome = outcome(
        vec![status(&key, "here", Code::Ok, minute(0))],
        vec![incident(1, &key, minute(0))],
    );
    all.mails = vec![mail("a", minute(1))];
    let error = store.commit(all.clone()).await.unwrap_err();
    assert!(error.to_string().contains("boom"), "{error}");
    for table in ["statuses", "incidents", "outbox", "uptime", "meta"] {
        assert_eq!(count(&place(&folder), table), 0, "{table}");
    }
    // The store still works, and the same pass can be written again.
    Connection::open(place(&folder))
        .unwrap()
        .execute_batch("DROP TRIGGER boom")
        .unwrap();
    store.commit(all).await.unwrap();
    assert_eq!(count(&place(&folder), "uptime"), 1);
    assert_eq!(count(&place(&folder), "outbox"), 1);
}

#[tokio::test]
async fn one_bad_measurement_does_not_take_its_neighbours_along() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    Connection::open(place(&folder))
        .unwrap()
        .execute_batch(
            "CREATE TRIGGER boom BEFORE INSERT ON measurements WHEN new.code = 'http.gone'
             BEGIN SELECT raise(ABORT, 'boom'); END",
        )
        .unwrap();
    let adds = (0..40).map(|n| {
        let code = if n % 4 == 3 { Code::HttpGone } else { Code::Ok };
        let store = store.clone();
        tokio::spawn(async move {
            let new = Make::new(minute(n), code).new_measurement();
            (code, store.add(vec![new]).await)
        })
    });
    for task in adds.collect::<Vec<_>>() {
        let (code, result) = task.await.unwrap();
        assert_eq!(result.is_ok(), code == Code::Ok, "{result:?}");
    }
    assert_eq!(count(&place(&folder), "measurements"), 30);
}
