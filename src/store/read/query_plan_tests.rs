//! Proof that pages and exports of roll-ups never scan measurements, however many there are.

use std::path::Path;

use rusqlite::Connection;

use crate::model::document::LinkFilter;
use crate::store::rows::{
    cited_lists, exported, figures, history, incidents, link_status, records,
};

use crate::store::open::migrate;
use crate::store::open::migration_progress::MigrationProgress;

use crate::store::read::{newest, paged, past, reader};

use crate::store::rollup;

fn store() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    let progress = MigrationProgress::default();
    migrate::migrate(&mut connection, Path::new("test.db"), progress).unwrap();
    connection
}

/// The steps of a statement's plan.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let count = statement.parameter_count();
    let nulls = vec![rusqlite::types::Null; count];
    statement
        .query_map(rusqlite::params_from_iter(nulls), |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn status_incidents_and_rolled_up_exports_never_touch_measurements() {
    let connection = store();
    for sql in [
        exported::UPTIME_SQL,
        exported::FRESHNESS_SQL,
        incidents::RECENT_SQL,
        incidents::SELECT_SQL,
        incidents::BEFORE_SQL,
        exported::FRESHNESS_OF_SOURCE_SQL,
        paged::UPTIME_BEFORE_SQL,
        paged::FRESHNESS_BEFORE_SQL,
        paged::NEXT_VALUE_SQL,
        reader::LAST_CHECKED_SQL,
        newest::AS_OF_SQL,
        newest::COVERAGE_SQL,
        past::BEGINNINGS_SQL,
        "SELECT * FROM v_incident_phases",
        "SELECT * FROM v_incidents",
        "SELECT * FROM v_uptime",
        "SELECT detail FROM statuses",
    ] {
        for step in plan(&connection, sql) {
            for raw in [" m", "measurements", "records", "readings"] {
                assert!(
                    !step.ends_with(raw) && !step.contains(&format!("{raw} ")),
                    "{sql}\n{step}"
                );
            }
        }
    }
}

#[test]
fn what_reads_measurements_searches_by_an_index() {
    let connection = store();
    for sql in [
        exported::MEASUREMENTS_SQL,
        records::RECORDS_SQL,
        rollup::ATTEMPTS_SQL,
        history::HISTORY_SQL,
        newest::NEWEST_SQL,
        past::NEWEST_BEFORE_SQL,
        records::LAST_FAILED_SQL,
        newest::NEWEST_PHASES_SQL,
    ] {
        let steps = plan(&connection, sql);
        assert!(
            steps
                .iter()
                .any(|s| s.starts_with("SEARCH m") || s.starts_with("SEARCH r")),
            "{sql}\n{steps:#?}"
        );
        for step in steps {
            // `series` is small: a row for each probe and vantage.
            let scans = step.starts_with("SCAN") && !step.starts_with("SCAN s");
            assert!(!scans, "{sql}\n{step}");
        }
    }
}

#[test]
fn due_links_come_from_one_index_in_its_order() {
    let connection = store();
    let steps = plan(&connection, link_status::DUE_SQL);
    assert_eq!(steps.len(), 1, "{steps:#?}");
    assert!(
        steps[0].contains("USING COVERING INDEX links_by_due"),
        "{steps:#?}"
    );
}

#[test]
fn lists_of_links_read_one_index_in_its_order() {
    let connection = store();
    let sql = cited_lists::part_sql(&LinkFilter::default());
    let steps = plan(&connection, &sql);
    assert_eq!(steps.len(), 1, "{sql}\n{steps:#?}");
    assert!(
        steps[0].contains("USING COVERING INDEX links_listed"),
        "{sql}\n{steps:#?}"
    );
}

#[test]
fn documents_and_totals_are_read_without_the_links() {
    let connection = store();
    let totals = cited_lists::counts_sql(&LinkFilter::default());
    for (sql, only) in [
        (totals.as_str(), "SCAN link_totals"),
        (
            "SELECT id, citations, gone FROM documents WHERE removed_us IS NULL ORDER BY path",
            "SCAN documents USING INDEX",
        ),
    ] {
        let steps = plan(&connection, sql);
        assert_eq!(steps.len(), 1, "{sql}\n{steps:#?}");
        assert!(steps[0].starts_with(only), "{sql}\n{steps:#?}");
    }
}

#[test]
fn pages_over_time_search_by_key_and_sort_no_more_than_one_instant() {
    let connection = store();
    for sql in [
        paged::UPTIME_BEFORE_SQL,
        paged::FRESHNESS_BEFORE_SQL,
        paged::NEXT_VALUE_SQL,
        paged::MEASUREMENT_BEFORE_SQL,
        exported::FRESHNESS_OF_SOURCE_SQL,
    ] {
        for step in plan(&connection, sql) {
            let is_partial = step.contains("LAST 2 TERMS");
            assert!(!step.starts_with("SCAN"), "{sql}\n{step}");
            assert!(is_partial || !step.contains("TEMP B-TREE"), "{sql}\n{step}");
        }
    }
}

#[test]
fn history_and_roll_ups_need_no_sorting() {
    let connection = store();
    for sql in [
        history::HISTORY_SQL,
        figures::PAST_SQL,
        rollup::ATTEMPTS_SQL,
    ] {
        let steps = plan(&connection, sql);
        assert!(
            !steps.iter().any(|s| s.contains("TEMP B-TREE")),
            "{sql}\n{steps:#?}"
        );
    }
}
