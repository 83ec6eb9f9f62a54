//! A store of an older version, with its history: it is migrated to this version, and loses
//! nothing.

use accesswatch::engine::rejudge::{self, RejudgeScope, checkpoint};
use accesswatch::model::reference::{Reference, ReferenceKind};
use accesswatch::model::{Incident, Time};
use accesswatch::store::{Checkpoint, IncidentFilter, PeriodicMail, RowFilter, Store, UptimeRow};
use chrono::TimeDelta;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::history::{RecordedHistory, ScriptedRound, stored};
use crate::support::older::{forget_passes, make_older};
use crate::support::tracking::morning;

/// `papers/text` is refused to one vantage, then to both for legal reasons, then well; another page
/// is changed for long.
async fn lived() -> RecordedHistory {
    let mut life = RecordedHistory::new();
    let works = [(true, true); 2];
    let days = [
        (0, 0),
        (2, 0),
        (4, 4),
        (4, 4),
        (0, 0),
        (2, 0),
        (0, 0),
        (0, 2),
    ];
    for (n, (here, far)) in (0..).zip(days) {
        let at: Time = morning() + TimeDelta::days(n);
        let seen = [(0, 0, 0), (0, 1, 0), (1, 0, here), (1, 1, far)];
        let seen = seen.map(|(probe, vantage, page)| ScriptedRound {
            probe,
            vantage,
            pages: vec![page],
        });
        life.pass(at, &seen, &works).await;
    }
    life
}

/// The incident as an older version stored it: without counts of phases and what their pages said.
fn uncounted(incident: &Incident) -> Incident {
    let mut incident = incident.clone();
    for part in incident.vantages.values_mut() {
        for phase in &mut part.phases {
            (phase.checks, phase.checks_bad) = (0, 0);
            phase.words = None;
        }
    }
    incident
}

fn uptime(store: &Store) -> Vec<UptimeRow> {
    store
        .reader()
        .unwrap()
        .uptime(&RowFilter::default())
        .unwrap()
}

#[tokio::test]
async fn phases_and_states_are_told_from_what_an_older_store_holds() {
    let life = lived().await;
    let place = life.watch.file("data/accesswatch.db");
    let incidents = |store: &Store| {
        let reader = store.reader().unwrap();
        reader.incidents(&IncidentFilter::default()).unwrap()
    };
    let (before, days) = (incidents(&life.store), uptime(&life.store));
    assert_eq!(before.len(), 3);
    let two = &before[0].vantages[&"here".into()].phases;
    assert_eq!(two.len(), 2, "{two:?}");
    let rows = |sql: &str| -> i64 {
        let connection = Connection::open(&place).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let phases = rows("SELECT count(*) FROM incident_phases");
    drop(life.store);

    make_older(&place, 3);
    let older = Connection::open(&place).unwrap();
    let tables: i64 = older
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'incident_phases'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(tables, 0);
    drop(older);

    let store = Store::open(&place).unwrap();
    let expected: Vec<Incident> = before.iter().map(uncounted).collect();
    assert_eq!(incidents(&store), expected);
    assert_eq!(rows("SELECT count(*) FROM incident_phases"), phases);
    let viewed = rows("SELECT count(*) FROM v_incident_phases WHERE checks IS NULL");
    assert_eq!(viewed, phases, "what was not counted is empty");
    let good = rows(
        "SELECT count(*) FROM v_incidents WHERE last_good_utc < first_bad_utc AND summary <> ''",
    );
    assert_eq!(good, 3);

    // The measurements still exist, so their days have all columns. Which rounds were in doubt was
    // not stored.
    let migrated = uptime(&store);
    assert_eq!(migrated.len(), days.len());
    for (new, old) in migrated.iter().zip(&days) {
        let plain = |u: &UptimeRow| (u.checks, u.ok, u.blocked, u.open, u.less, u.withdrawn);
        assert_eq!(plain(new), plain(old));
        assert_eq!(new.closed + new.unknown, old.closed + old.unknown);
    }
}

#[tokio::test]
async fn days_whose_measurements_are_gone_follow_their_columns() {
    let life = lived().await;
    let place = life.watch.file("data/accesswatch.db");
    life.store
        .purge(morning() + TimeDelta::days(90))
        .await
        .unwrap();
    let days = uptime(&life.store);
    drop(life.store);
    make_older(&place, 3);
    let store = Store::open(&place).unwrap();
    let migrated = uptime(&store);
    assert_eq!(migrated.len(), days.len());
    for row in &migrated {
        assert_eq!((row.withdrawn, row.empty, row.moved), (None, None, None));
        let sum = row.open + row.less + row.closed + row.unknown + row.vantage_offline;
        assert_eq!(sum, row.checks, "{row:?}");
        assert_eq!(row.open, row.ok);
    }
    assert!(migrated.iter().any(|row| row.closed > 0));
}

/// The checkpoint as schema 6 kept it, in `meta`.
fn ground(checkpoint: &Checkpoint) -> Value {
    let tracker = &checkpoint.tracker;
    json!({
        "since": checkpoint.since,
        "statuses": tracker.statuses.values().collect::<Vec<_>>(),
        "incidents": tracker.incidents.values().collect::<Vec<_>>(),
        "vantages": tracker.vantages.values().collect::<Vec<_>>(),
        "next_incident": tracker.next_incident,
        "first_letter": tracker.initial_report,
    })
}

#[tokio::test]
async fn what_an_older_store_kept_in_meta_gets_tables() {
    let life = lived().await;
    let place = life.watch.file("data/accesswatch.db");
    // A time within a status, and not at a whole second.
    let half = morning() + TimeDelta::hours(4 * 24 - 6) + TimeDelta::microseconds(1_250);
    let (workspace, judge) = (&life.workspace, &life.judge);
    checkpoint::advance(workspace, judge, &life.store, half)
        .await
        .unwrap();
    life.store.purge(half).await.unwrap();
    let before = life.stored();
    let kept = life.store.reader().unwrap().checkpoint().unwrap();
    assert_eq!(kept.since, Some(half));
    assert!(kept.tracker.incidents.len() == 1 && !kept.tracker.vantages.is_empty());
    drop(life.store);

    forget_passes(&place);
    make_older(&place, 6);
    let older = Connection::open(&place).unwrap();
    let put = |key: &str, value: &str| {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2)";
        older.execute(sql, [key, value]).unwrap();
    };
    let page: Reference = serde_json::from_value(json!({
        "kind": "home", "url": "https://papers.example:8443/", "at_us": 7, "status": 200,
    }))
    .unwrap();
    let text = serde_json::to_string(&page).unwrap();
    put("ground", &ground(&kept).to_string());
    put("reference/here/https://papers.example:8443/home", &text);
    put("digest:kim@example.org", "2026-11-23T08:00:00.5+00:00");
    put("digest:lee@example.org", "2026-11-23T08:00:00+00:00");
    put("disk_told", "2026-11-24T08:00:00.123456789+00:00");
    put("digest:nobody@example.org", "never");
    drop(older);

    let store = Store::open(&place).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.checkpoint().unwrap(), kept);
    let found = store
        .reference_page(
            &"here".into(),
            "https://papers.example:8443",
            ReferenceKind::Home,
        )
        .await;
    assert_eq!(found.unwrap(), Some(page));
    for (mail, at) in [
        (digest("kim"), Some("2026-11-23T08:00:00.500Z")),
        (digest("lee"), Some("2026-11-23T08:00:00Z")),
        (PeriodicMail::Disk, Some("2026-11-24T08:00:00.123456Z")),
        (digest("nobody"), None),
    ] {
        let at = at.map(|at| at.parse::<Time>().unwrap());
        assert_eq!(
            store.last_composed(mail.clone()).await.unwrap(),
            at,
            "{mail:?}"
        );
    }
    let connection = Connection::open(&place).unwrap();
    let sql = "SELECT count(*) FROM meta WHERE key IN ('ground', 'disk_told') OR key GLOB 'reference/*' OR key GLOB 'digest:*'";
    let left: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);

    // Derived again from the migrated checkpoint, everything is the same: statuses, incidents,
    // phases.
    let scope = RejudgeScope::Since(Time::MIN_UTC);
    let plan = rejudge::plan(workspace, judge, &reader, &scope, None).unwrap();
    drop(reader);
    assert_eq!(plan.changes, Vec::<String>::new());
    assert_eq!(plan.from, Some(half));
    store
        .replace_derived(half, plan.derived, morning())
        .await
        .unwrap();
    let after = stored(&store);
    assert_eq!(after.tracker, before.tracker);
    assert_eq!(after.incidents, before.incidents);
    assert_eq!(after.events, before.events);
    assert_eq!(after.phases, before.phases);
}

fn digest(name: &str) -> PeriodicMail {
    PeriodicMail::Digest(format!("{name}@example.org"))
}
