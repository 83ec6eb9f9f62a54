//! docs/schema.md against the schema that the program creates: tables, views, columns, kinds and
//! keys.

use std::collections::BTreeSet;

use accesswatch::model::expect::Expectation;
use accesswatch::model::rule::Saying;
use accesswatch::model::{Code, Fact, Locus, Observation, ProbeKey, RuleId, Status};
use accesswatch::store::Store;
use rusqlite::Connection;
use serde_json::Value;

use crate::support::store::{incident, minute, pass};

const DOC: &str = include_str!("../../../docs/schema.md");

fn fresh() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accesswatch.db");
    drop(Store::open(&path).unwrap());
    let connection = Connection::open(path).unwrap();
    (folder, connection)
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The names in back quotes in the first cell of each row, in the table under `heading` whose
/// header begins with `first`.
fn documented(heading: &str, first: &str) -> BTreeSet<String> {
    let (_, section) = DOC.split_once(&format!("\n{heading}\n")).unwrap();
    let section = section.split("\n#").next().unwrap();
    let (_, table) = section.split_once(&format!("\n| {first} |")).unwrap();
    table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .flat_map(|line| {
            let cell = line.trim_start_matches('|').split('|').next().unwrap();
            let quoted = cell.split('`').skip(1).step_by(2);
            quoted.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn all(names: Vec<String>) -> BTreeSet<String> {
    names.into_iter().collect()
}

#[test]
fn every_table_and_view_is_told_of_and_no_other() {
    let (_folder, connection) = fresh();
    let of = |kind: &str| {
        let sql = format!(
            "SELECT name FROM sqlite_schema WHERE type = '{kind}' AND name NOT LIKE 'sqlite_%'"
        );
        all(names(&connection, &sql))
    };
    let views = documented("## Views: readable names and times", "view");
    assert_eq!(views, of("view"));
    assert_eq!(documented("## Tables", "table"), of("table"));
}

#[test]
fn the_columns_and_kinds_of_events_are_told() {
    let (_folder, connection) = fresh();
    let columns = names(
        &connection,
        "SELECT name FROM pragma_table_info('v_events')",
    );
    assert_eq!(documented("### events", "column"), all(columns));
    // Every kind that can be written: the error for an unknown kind lists them.
    let refused =
        serde_json::from_str::<accesswatch::model::event::EventKind>("\"?\"").unwrap_err();
    let refused = refused.to_string();
    let (_, known) = refused.split_once("expected one of ").unwrap();
    let kinds = known.split('`').skip(1).step_by(2).map(str::to_owned);
    assert_eq!(documented("### events", "kind"), kinds.collect());
}

/// An observation with every field.
fn full() -> Observation {
    Observation {
        rule: Some(RuleId::row("ok")),
        failure: Some("eof_error".into()),
        saying: Saying::NullData,
        limits: vec![Fact::NoData],
        missing: vec![Expectation::parse("select: #pdfDown")],
        words: Some("禁止访问".into()),
        ..Observation::new(Code::Ok, Locus::Site)
    }
}

#[tokio::test]
async fn the_keys_of_details_are_told() {
    let probe = ProbeKey::new("cnki", "thesis");
    let mut kept = incident(1, &probe, minute(0));
    kept.controls = vec![accesswatch::model::round::ControlResult {
        url: "http://c.example/".into(),
        passed: true,
        failure: None,
        http_status: None,
        clock_offset_s: Some(3),
    }];
    let part = kept.vantages.values_mut().next().unwrap();
    part.observed = full();
    let mut status = Status::new(probe, "here".into(), Code::Ok, Locus::Site, minute(0));
    status.observed = full();
    status.suspicion = Some(accesswatch::model::status::Suspicion {
        since: minute(0),
        rounds: 1,
    });
    status.ooni_control = Some(accesswatch::model::round::OoniControl {
        code: Code::Ok,
        http_status: Some(200),
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    let mut told = pass(minute(0), Vec::new());
    told.outcome.incidents = vec![kept];
    told.outcome.statuses = vec![status];
    store.commit(told).await.unwrap();
    let connection = Connection::open(&path).unwrap();
    let detail = |table: &str| -> serde_json::Value {
        let sql = format!("SELECT detail FROM {table}");
        let text: String = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let of_incident = detail("incidents");
    assert_eq!(
        documented("### incidents.detail", "key"),
        keys(&of_incident)
    );
    assert_eq!(
        documented("### incidents.detail", "key of a part"),
        keys(&of_incident["vantages"]["here"])
    );
    assert_eq!(
        documented("### statuses.detail", "key"),
        keys(&detail("statuses"))
    );
}

#[test]
fn views_have_the_columns_of_the_exports() {
    let (_folder, connection) = fresh();
    let of = |view: &str| {
        names(
            &connection,
            &format!("SELECT name FROM pragma_table_info('{view}')"),
        )
    };
    let export = |table: &str| -> Vec<String> {
        let headings = accesswatch::report::headings();
        let heading = headings.into_iter().find(|h| h.table == table).unwrap();
        let names = heading.columns.iter().map(|c| c.name.to_owned());
        names.collect()
    };
    assert_eq!(of("v_uptime"), export("uptime"));
    assert_eq!(of("v_incident_phases"), export("incident_phases"));
    let mut incidents = export("incidents");
    incidents.push("kind".to_owned());
    assert_eq!(of("v_incidents"), incidents);
}
