//! docs/analysis.md: each question is asked of a store with a history, in SQL and, where it is
//! installed, in pandas; and the store's views agree with the exports.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use accesswatch::model::page::Value;
use accesswatch::model::{Code, Time};
use accesswatch::report::{ExportRequest, ExportTable, TableFormat, export};
use accesswatch::store::{Reader, RowFilter};
use chrono::TimeDelta;
use rusqlite::{Connection, types::ValueRef};

use crate::support::history::{RecordedHistory, ScriptedRound};
use crate::support::skipped::skip;
use crate::support::store::{Make, pass};
use crate::support::tracking::morning;

const DOC: &str = include_str!("../../../docs/analysis.md");
const WELL: usize = 0;
const FORBIDDEN: usize = 2;
const LEGAL: usize = 4;

/// A week of `papers/text`: well, refused to `here` from the third day, for legal reasons and to
/// `far` too from the fourth, well again on the seventh. There is also a table whose newest date
/// stands still.
async fn week() -> (RecordedHistory, Time) {
    let mut life = RecordedHistory::new();
    let begin = morning();
    let works = [(true, true); 2];
    let days = [
        (WELL, WELL),
        (WELL, WELL),
        (FORBIDDEN, WELL),
        (LEGAL, LEGAL),
        (LEGAL, LEGAL),
        (LEGAL, LEGAL),
        (WELL, WELL),
    ];
    for (n, (here, far)) in (0..).zip(days) {
        let seen = [(0, here), (1, far)].map(|(vantage, page)| ScriptedRound {
            probe: 1,
            vantage,
            pages: vec![page],
        });
        let home = [0, 1].map(|vantage| ScriptedRound {
            probe: 0,
            vantage,
            pages: vec![WELL],
        });
        let at = begin + TimeDelta::days(n);
        life.pass(at, &[home, seen].concat(), &works).await;
        let mut table = Make::new(at + TimeDelta::hours(1), Code::Ok);
        let newest = begin.date_naive() + TimeDelta::days(n.min(2));
        table.values = [
            ("newest".to_owned(), Value::Date(newest)),
            ("rows".to_owned(), Value::Count(40)),
        ]
        .into();
        life.store.add(vec![table.new_measurement()]).await.unwrap();
        let commit = pass(at + TimeDelta::hours(1), vec![table.round()]);
        life.store.commit(Arc::new(commit)).await.unwrap();
    }
    let workspace = &life.workspace;
    let vantages = &workspace.settings.vantages;
    life.store
        .put_watched(&workspace.catalogue, vantages)
        .await
        .unwrap();
    (life, begin)
}

/// The code in a language under the n-th question.
fn asked(n: usize, language: &str) -> &'static str {
    let question = DOC.split("\n## ").nth(n).unwrap();
    let (_, code) = question.split_once(&format!("```{language}\n")).unwrap();
    code.split("```").next().unwrap()
}

/// Every row of an answer, as text.
fn answer(place: &Path, n: usize) -> Vec<Vec<String>> {
    select(&Connection::open(place).unwrap(), asked(n, "sql"))
}

fn select(connection: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..width)
            .map(|at| {
                Ok(match row.get_ref(at)? {
                    ValueRef::Null => String::new(),
                    ValueRef::Integer(n) => n.to_string(),
                    ValueRef::Real(x) => x.to_string(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    ValueRef::Blob(_) => "blob".to_owned(),
                })
            })
            .collect()
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn day(begin: Time, n: i64) -> String {
    (begin + TimeDelta::days(n)).format("%Y-%m-%d").to_string()
}

#[tokio::test]
async fn the_five_questions_are_answered_in_sql() {
    let (life, begin) = week().await;
    let place = life.watch.file("data/accesswatch.db");

    // 1: of fourteen rounds per vantage, `here` was refused on four days and `far` on three.
    let months = answer(&place, 1);
    let of = |source: &str, vantage: &str| {
        let row = months.iter().find(|r| r[2] == source && r[3] == vantage);
        row.unwrap()[1..].to_vec()
    };
    let share = ["test", "papers", "here", "10", "14", "14", "71.43", "100"];
    assert_eq!(of("papers", "here"), share);
    let share = ["test", "papers", "far", "11", "14", "14", "78.57", "100"];
    assert_eq!(of("papers", "far"), share);
    assert_eq!(of("cnki", "here")[3..5], ["7", "7"]);

    // 2: `here` is refused from the third to the seventh day, when it recovers; `far` from the
    // fourth.
    let refused = answer(&place, 2);
    assert_eq!(refused, [["papers", "DE", "5"], ["papers", "KR", "4"]]);

    // 3: the change from a plain to a legal refusal is a separate change, on its own day.
    let changes = answer(&place, 3);
    let turned = changes.iter().find(|r| r[1] == "changed").unwrap();
    assert!(turned[0].starts_with(&day(begin, 3)), "{turned:?}");
    let what = [
        "papers",
        "text",
        "here",
        "http.forbidden",
        "site.legal_block",
        "1",
    ];
    assert_eq!(turned[2..], what);
    let kinds = |kind: &str| changes.iter().filter(|r| r[1] == kind).count();
    assert_eq!(
        [
            kinds("opened"),
            kinds("joined"),
            kinds("left"),
            kinds("first_seen")
        ],
        [1, 1, 2, 4]
    );

    // 4: the newest date is of the same day at first, and then stands still.
    let lags = answer(&place, 4);
    let lags: Vec<&str> = lags.iter().map(|r| r[5].as_str()).collect();
    assert_eq!(lags, ["0", "0", "0", "1", "2", "3", "4"]);

    // 5: one good page before, one bad page after.
    let pages = answer(&place, 5);
    let about: Vec<(&str, &str)> = pages
        .iter()
        .map(|r| (r[4].as_str(), r[7].as_str()))
        .collect();
    assert_eq!(about, [("ok", "1"), ("http.forbidden", "0")]);
    assert!(pages.iter().all(|r| r[6].len() == 64), "{pages:?}");
}

#[tokio::test]
async fn the_five_questions_are_answered_in_pandas() {
    let python = std::env::var("ACCESSWATCH_PYTHON").unwrap_or("python3".to_owned());
    let has_pandas = Command::new(&python).args(["-c", "import pandas"]).output();
    if !has_pandas.is_ok_and(|out| out.status.success()) {
        skip("there is no pandas here (ACCESSWATCH_PYTHON names a Python that has it)");
        return;
    }
    let (life, _) = week().await;
    let mut out = Vec::new();
    let reader = life.store.reader().unwrap();
    write(
        &life,
        &reader,
        ExportTable::Measurements,
        TableFormat::Jsonl,
        &mut out,
    );
    std::fs::write(life.watch.file("measurements.jsonl"), out).unwrap();
    let begin = DOC.split("```python\n").nth(1).unwrap();
    let begin = begin.split("```").next().unwrap();
    let mut script = begin.to_owned();
    for n in 1..=5 {
        script.push_str(asked(n, "python"));
    }
    // The same figures as in SQL.
    script.push_str(
        r#"
assert months.loc[(slice(None), "papers", "here"), "availability_pct"].iloc[0] == 71.43
assert counts[("papers", "DE")] == 5 and counts[("papers", "KR")] == 4
changed = changes[changes["kind"] == "changed"].iloc[0]
assert changed["to_code"] == "site.legal_block" and changed["incident_id"] == 1
assert list(fresh["lag_days"]) == [0, 0, 0, 1, 2, 3, 4]
assert any("摘要" in text for text in texts.values())
"#,
    );
    let ran = Command::new(&python)
        .arg("-c")
        .arg(script)
        .current_dir(life.watch.path())
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

fn write(
    life: &RecordedHistory,
    reader: &Reader,
    table: ExportTable,
    format: TableFormat,
    out: &mut Vec<u8>,
) {
    let request = ExportRequest {
        table,
        format,
        filter: RowFilter::default(),
        anonymise: false,
        no_bodies: false,
        catalogue: &life.workspace.catalogue,
        calendars: &life.workspace.calendars,
        settings: &life.workspace.settings,
    };
    export(reader, &request, out).unwrap();
}

/// The rows of an export.
fn exported(life: &RecordedHistory, table: ExportTable) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let reader = life.store.reader().unwrap();
    write(life, &reader, table, TableFormat::Csv, &mut out);
    let text = String::from_utf8(out).unwrap();
    csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[tokio::test]
async fn views_say_what_the_exports_say() {
    let (life, begin) = week().await;
    let connection = Connection::open(life.watch.file("data/accesswatch.db")).unwrap();
    let incidents = exported(&life, ExportTable::Incidents);
    assert_eq!(incidents.len(), 1);
    let mut viewed = select(&connection, "SELECT * FROM v_incidents");
    for row in &mut viewed {
        row.pop(); // kind
        row[21] = format!("{:.2}", row[21].parse::<f64>().unwrap());
        row[35] = if row[35] == "1" { "yes" } else { "no" }.to_owned();
    }
    assert_eq!(viewed, incidents);
    let summary = &incidents[0][32];
    let told = [day(begin, 2), day(begin, 3), day(begin, 6)];
    let places: Vec<usize> = told.iter().map(|d| summary.find(d).unwrap()).collect();
    assert!(places.is_sorted(), "{summary}");
    assert!(
        summary.starts_with("Papers 论文, Text (papers/text, "),
        "{summary}"
    );

    let phases = exported(&life, ExportTable::IncidentPhases);
    assert_eq!(
        select(&connection, "SELECT * FROM v_incident_phases"),
        phases
    );
    let codes: Vec<&str> = phases.iter().map(|r| r[4].as_str()).collect();
    assert_eq!(
        codes,
        ["site.legal_block", "http.forbidden", "site.legal_block"]
    );

    let uptime = exported(&life, ExportTable::Uptime);
    let number = |text: &String| text.parse::<f64>().ok();
    let viewed = select(&connection, "SELECT * FROM v_uptime ORDER BY 1, 2, 4, 5");
    assert_eq!(viewed.len(), uptime.len());
    for (view, row) in viewed.iter().zip(&uptime) {
        for (a, b) in view.iter().zip(row) {
            let same = match (number(a), number(b)) {
                (Some(a), Some(b)) => (a - b).abs() < 0.051,
                _ => a == b,
            };
            assert!(same, "{view:?}\n{row:?}");
        }
        let sum: u32 = [12, 22, 23, 24, 25]
            .iter()
            .map(|&n| row[n].parse::<u32>().unwrap())
            .sum();
        assert_eq!(sum, row[5].parse::<u32>().unwrap(), "{row:?}");
    }
}
