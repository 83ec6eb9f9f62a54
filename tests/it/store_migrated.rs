//! A store of an older version, with what it lived through: it becomes one of this version, and loses nothing.

use accesswatch::model::{Incident, Time};
use accesswatch::store::{Filter, IncidentFilter, Store, UptimeRow};
use chrono::TimeDelta;
use rusqlite::Connection;

use crate::support::lives::{Life, Seen};
use crate::support::older::make_older;
use crate::support::tracking::morning;

/// `papers/text` refused to one, then by law to both, then well; a page changed for long.
pub async fn lived() -> Life {
    let mut life = Life::new();
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
        let seen = seen.map(|(probe, vantage, page)| Seen {
            probe,
            vantage,
            pages: vec![page],
        });
        life.pass(at, &seen, &works).await;
    }
    life
}

/// As an older version would have kept it: without counts of phases.
fn uncounted(incident: &Incident) -> Incident {
    let mut incident = incident.clone();
    for part in incident.vantages.values_mut() {
        for phase in &mut part.phases {
            (phase.checks, phase.checks_bad) = (0, 0);
        }
    }
    incident
}

fn uptime(store: &Store) -> Vec<UptimeRow> {
    store.reader().unwrap().uptime(&Filter::default()).unwrap()
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

    // The measurements are still there: their days have all columns. Which rounds were in doubt nobody kept.
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
