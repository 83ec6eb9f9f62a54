//! The store as a whole: what is reported as done is there, what is not done leaves no trace.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use accesswatch::model::event::{Event, EventKind};
use accesswatch::model::incident::{BrowserResult, HumanCheck};
use accesswatch::model::mail::Notice;
use accesswatch::model::manners::{BackOff, RobotsCopy};
use accesswatch::model::note::Note;
use accesswatch::model::page::Value;
use accesswatch::model::source::StoreBody;
use accesswatch::model::{Code, SourceId, VantageId};
use accesswatch::store::{
    BodyState, Filter, IncidentFilter, LockOn, Missed, MissedKind, Options, Reader, Store,
    StoreError,
};
use rusqlite::Connection;

use crate::support::store::{Make, incident, mail, minute, outcome, pass, status};

fn place(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("data/accesswatch.db")
}

fn quick(busy_ms: u64) -> Options {
    Options {
        busy_timeout: Duration::from_millis(busy_ms),
        max_pages: None,
    }
}

fn count(path: &Path, table: &str) -> i64 {
    Connection::open(path)
        .unwrap()
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .unwrap()
}

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
        .visit_records(&Filter::default(), |r| {
            records.push(r);
            true
        })
        .unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].measurement, make.measurement());
    assert_eq!(records[0].body, BodyState::Whole);
    assert_eq!(records[0].code, Code::Ok);
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
        .visit_measurements(&Filter::default(), |row| {
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
    let book = store.book().await.unwrap();
    assert_eq!(
        book.statuses.values().cloned().collect::<Vec<_>>(),
        statuses
    );
    assert_eq!(book.incidents[&1], incident(1, &key, minute(0)));
    assert_eq!(book.next_incident, 2);
    assert!(book.first_letter);
    assert_eq!(store.manners().await.unwrap(), (all.back_offs, all.robots));
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
    // The store goes on working, and the same pass can be written again.
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

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_done_stays() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        max_pages: Some(120),
        ..Options::default()
    };
    let store = Store::open_with(&place(&folder), options).unwrap();
    let mut done = 0_u32;
    let error = loop {
        let mut make = Make::new(minute(i64::from(done)), Code::Ok);
        // Bytes that do not compress.
        let mut seed = u64::from(done) + 1;
        make.body = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 56) as u8
        })
        .take(20_000)
        .collect();
        match store.add(vec![make.new_measurement()]).await {
            Ok(_) => done += 1,
            Err(error) => break error,
        }
        assert!(done < 100, "the limit is not in force");
    };
    assert_eq!(
        error,
        StoreError::Full {
            path: store.path().to_owned()
        }
    );
    assert!(error.to_string().starts_with("no room to write"));
    drop(store);
    assert!(done > 0);
    assert_eq!(count(&place(&folder), "measurements"), i64::from(done));
}

#[tokio::test]
async fn a_locked_store_waits_and_then_says_who() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_with(&place(&folder), quick(150)).unwrap();
    // As the lock file of another process reads.
    std::fs::write(
        place(&folder).with_file_name(LockOn::Pass.file()),
        "pid 4242, `accesswatch daemon`, since 2026-11-18T06:13:20Z",
    )
    .unwrap();
    let other = Connection::open(place(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let new = Make::new(minute(0), Code::Ok).new_measurement();
    let error = store.add(vec![new.clone()]).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains("`accesswatch daemon`, since 2026-11-18"),
        "{error}"
    );
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.add(vec![new]).await.unwrap(), 1);
}

#[tokio::test]
async fn two_open_stores_write_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&place(&folder)).unwrap();
    let second = Store::open(&place(&folder)).unwrap();
    let write = |store: Store, offset: i64| {
        tokio::spawn(async move {
            for n in 0..20 {
                let make = Make::new(minute(offset + n), Code::Ok);
                store.add(vec![make.new_measurement()]).await.unwrap();
            }
        })
    };
    let (a, b) = (write(first, 0), write(second, 1_000));
    a.await.unwrap();
    b.await.unwrap();
    assert_eq!(count(&place(&folder), "measurements"), 40);
}

#[test]
fn files_that_are_no_store_of_ours_are_refused_and_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.db");
    drop(Store::open(&newer).unwrap());
    Connection::open(&newer)
        .unwrap()
        .pragma_update(None, "user_version", 7)
        .unwrap();
    let error = Store::open(&newer).err().unwrap();
    let told = error.to_string();
    assert!(
        told.contains("was made by a newer accesswatch (schema 7, this one knows 2)"),
        "{told}"
    );
    assert_eq!(Reader::open(&newer).err(), Some(error));

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database\n".repeat(100)).unwrap();
    let error = Store::open(&text).err().unwrap();
    assert!(matches!(error, StoreError::NotAStore { .. }), "{error:?}");
    assert_eq!(
        std::fs::read(&text).unwrap(),
        "not a database\n".repeat(100).into_bytes()
    );

    let other = folder.path().join("other.db");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE bookmarks (x)")
        .unwrap();
    let before = std::fs::read(&other).unwrap();
    let error = Store::open(&other).err().unwrap();
    assert!(
        error.to_string().contains("another program's SQLite file"),
        "{error}"
    );
    assert_eq!(std::fs::read(&other).unwrap(), before);

    let missing = folder.path().join("none.db");
    let error = Reader::open(&missing).err().unwrap();
    assert!(matches!(error, StoreError::Missing { .. }));
    assert!(!missing.exists(), "reading makes no file");
}

#[tokio::test]
async fn a_damaged_file_is_told_with_its_mend() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    for n in 0..50 {
        store
            .add(vec![Make::new(minute(n), Code::Ok).new_measurement()])
            .await
            .unwrap();
    }
    drop(store);
    let mut bytes = std::fs::read(place(&folder)).unwrap();
    for byte in &mut bytes[4_096..] {
        *byte = 0x5a;
    }
    std::fs::write(place(&folder), bytes).unwrap();
    let told = match Store::open(&place(&folder)) {
        Err(error) => error,
        Ok(store) => store.book().await.unwrap_err(),
    };
    assert!(matches!(told, StoreError::Corrupt { .. }), "{told:?}");
    assert!(told.to_string().contains("accesswatch backup"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    let writable = std::fs::write(closed.join("probe"), "").is_ok();
    let result = Store::open(&closed.join("accesswatch.db"));
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may write everywhere.
    match result {
        Ok(_) => assert!(writable),
        Err(error) => {
            assert!(!writable);
            assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
        }
    }
    // A folder in the way of a file is told to everybody.
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = Store::open(&folder.path().join("file/accesswatch.db"))
        .err()
        .unwrap();
    assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
}

#[tokio::test]
async fn the_days_figures_are_those_of_its_rounds() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mut rounds = Vec::new();
    let hour = |n: i64, code: Code| Make::new(minute(n * 60), code);
    let mut control = hour(1, Code::TcpTimeout);
    control.control = true;
    control.round = "control".into();
    for make in [
        hour(0, Code::Ok),
        hour(2, Code::SiteGeoBlock),
        hour(4, Code::SiteChallenge),
        hour(5, Code::Ok),
        hour(24, Code::Ok), // the day after
    ] {
        store.add(vec![make.new_measurement()]).await.unwrap();
        rounds.push(make.round());
    }
    store.add(vec![control.new_measurement()]).await.unwrap();
    // Twice in a round: one check.
    let mut first = hour(6, Code::TcpTimeout);
    first.round = "unconfirmed".into();
    let mut again = hour(6, Code::Ok);
    again.round = "unconfirmed".into();
    again.attempt = 1;
    again.at += chrono::TimeDelta::seconds(20);
    store
        .add(vec![first.new_measurement(), again.new_measurement()])
        .await
        .unwrap();
    rounds.push(first.round());
    let mut all = pass(minute(25 * 60), rounds);
    all.missed = vec![
        Missed {
            probe: first.key(),
            vantage: VantageId::from("here"),
            at: minute(8 * 60),
            kind: MissedKind::Gap,
        },
        Missed {
            probe: first.key(),
            vantage: VantageId::from("here"),
            at: minute(9 * 60),
            kind: MissedKind::VantageOffline,
        },
    ];
    store.commit(all).await.unwrap();
    let days = store.reader().unwrap().uptime(&Filter::default()).unwrap();
    assert_eq!(days.len(), 2);
    let day = &days[0];
    assert_eq!(day.day.to_string(), "2026-11-18");
    assert_eq!((day.checks, day.ok, day.blocked, day.limited), (6, 3, 1, 1));
    assert_eq!((day.vantage_offline, day.gaps, day.failed), (1, 1, 0));
    assert_eq!(day.availability_pct(), Some(75.0));
    assert_eq!(day.coverage_pct(), Some(100.0 * 4.0 / 7.0));
    assert!((day.longest_outage_hours - 3.0).abs() < 1e-9);
    assert_eq!(day.p50_ms, Some(120.5));
    assert_eq!(day.level.as_deref(), Some("abstract"));
}

#[tokio::test]
async fn values_become_history_and_freshness() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let day = |n: u32| chrono::NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
    let mut rounds = Vec::new();
    for (n, code, newest) in [
        (0, Code::Ok, day(16)),
        (24, Code::Ok, day(17)),
        (48, Code::ContentStale, day(17)),
    ] {
        let mut make = Make::new(minute(n * 60), code);
        make.values = [
            ("newest".to_owned(), Value::Date(newest)),
            ("hits".to_owned(), Value::Count(40 + n.unsigned_abs())),
        ]
        .into();
        store.add(vec![make.new_measurement()]).await.unwrap();
        // A confirmation of the same round gives no second value.
        make.attempt = 1;
        make.at += chrono::TimeDelta::seconds(20);
        store.add(vec![make.new_measurement()]).await.unwrap();
        rounds.push(make.round());
    }
    let key = rounds[0].probe.clone();
    store.commit(pass(minute(50 * 60), rounds)).await.unwrap();
    let history = store.history(&key, &VantageId::from("here")).await.unwrap();
    let newest: Vec<&Value> = history["newest"].iter().map(|p| &p.value).collect();
    assert_eq!(newest, [&Value::Date(day(16)), &Value::Date(day(17))]);
    let earlier = store
        .reader()
        .unwrap()
        .history_before(&key, &VantageId::from("here"), minute(60))
        .unwrap();
    assert_eq!(earlier["hits"].len(), 1);
    let rows = store
        .reader()
        .unwrap()
        .freshness(&Filter::default())
        .unwrap();
    let of = |name: &str| {
        rows.iter()
            .filter(|r| r.value_name == name)
            .map(|r| (r.value.show(), r.changed))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("newest"),
        [
            ("2026-11-16".to_owned(), None),
            ("2026-11-17".to_owned(), Some(true)),
            ("2026-11-17".to_owned(), Some(false))
        ]
    );
    assert_eq!(of("hits").len(), 3);
}

#[tokio::test]
async fn what_people_enter_survives_a_pass() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let key = Make::new(minute(0), Code::Ok).key();
    let mut all = pass(minute(1), Vec::new());
    all.outcome = outcome(
        vec![status(&key, "here", Code::SiteGeoBlock, minute(0))],
        vec![incident(3, &key, minute(0))],
    );
    store.commit(all.clone()).await.unwrap();
    let mut edited = store.incident(3).await.unwrap().unwrap();
    edited.acknowledged_by = Some("Kim".into());
    edited.silenced_until = Some(minute(500));
    edited.human_checks.push(HumanCheck {
        at: minute(5),
        browser: BrowserResult::Refused,
        network: "campus".into(),
    });
    store.update_incident(edited.clone()).await.unwrap();
    // A pass that began before writes its older copy.
    store.commit(all).await.unwrap();
    assert_eq!(store.incident(3).await.unwrap(), Some(edited));
    assert_eq!(store.book().await.unwrap().next_incident, 4);
    assert_eq!(store.incident(99).await.unwrap(), None);
}

#[tokio::test]
async fn mails_are_due_until_sent() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mails = vec![
        mail("a", minute(0)),
        mail("b", minute(0)),
        mail("a", minute(0)),
    ];
    assert_eq!(
        store
            .enqueue(mails, vec![("digest".into(), "1".into())])
            .await
            .unwrap(),
        2
    );
    let due = store.due_mails(minute(0)).await.unwrap();
    store.mark_sent(due[0].id, minute(1)).await.unwrap();
    store
        .mark_failed(due[1].id, "421 try later", minute(5))
        .await
        .unwrap();
    assert_eq!(store.due_mails(minute(4)).await.unwrap(), []);
    let again = store.due_mails(minute(5)).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(
        (again[0].attempts, again[0].last_error.as_deref()),
        (1, Some("421 try later"))
    );
    assert_eq!(store.reader().unwrap().sent_mails().unwrap(), 1);
    assert_eq!(store.unsent_mails().await.unwrap(), 1);
    assert_eq!(store.next_mail().await.unwrap(), Some(minute(5)));
    assert_eq!(
        store.get_meta("digest").await.unwrap().as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn notes_and_facts_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mut note = Note {
        id: 0,
        source: SourceId::from("cnki"),
        from: chrono::NaiveDate::from_ymd_opt(2023, 4, 1).unwrap(),
        to: None,
        text: "学位论文暂停".into(),
        reference: Some("https://example.org/".into()),
        planned: true,
    };
    note.id = store.add_note(note.clone()).await.unwrap();
    assert_eq!(store.notes().await.unwrap(), [note]);
    store.set_meta("last_digest", "2026-11-23").await.unwrap();
    assert_eq!(
        store.get_meta("last_digest").await.unwrap().as_deref(),
        Some("2026-11-23")
    );
    assert_eq!(store.get_meta("nothing").await.unwrap(), None);
    let open = IncidentFilter {
        open_only: true,
        ..IncidentFilter::default()
    };
    assert_eq!(store.reader().unwrap().incidents(&open).unwrap(), []);
    let _: BTreeMap<_, _> = store.last_checked().await.unwrap();
}
