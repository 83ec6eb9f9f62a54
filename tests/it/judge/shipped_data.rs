//! Shipped data probes against losses that were seen to happen: one series of several that stops,
//! old values under a new date, values that stand still, lists that pause over holidays and lists
//! that stop.

use crate::support::english::English as _;
use std::path::Path;
use std::sync::OnceLock;

use accesswatch::config::{self, Workspace};
use accesswatch::judge::Judge;
use accesswatch::model::measurement::Measurement;
use accesswatch::model::page::{History, PastValue};
use accesswatch::model::probe::Target;
use accesswatch::model::{Probe, Verdict};
use chrono::TimeDelta;

use super::content::JSON;
use super::record::{answer, answered, now};

fn shipped() -> &'static Workspace {
    static SHIPPED: OnceLock<Workspace> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        config::load_with(root, &|_| None).unwrap_or_else(|faults| panic!("{faults}"))
    })
}

fn judge() -> Judge {
    Judge::new(&shipped().catalogue, &shipped().signatures).with_calendars(&shipped().calendars)
}

fn probe(key: &str) -> &'static Probe {
    shipped().catalogue.probe(&key.parse().unwrap()).unwrap()
}

fn page(probe: &Probe, kind: &[(&str, &str)], body: &str) -> Measurement {
    let Target::Url(url) = &probe.target else {
        panic!("{} is no page", probe.key())
    };
    answered(url.as_str(), answer(url.as_str(), 200, kind, body))
}

fn decide(probe: &Probe, m: &Measurement, history: &History) -> Verdict {
    let judge = judge();
    judge.decide(&judge.read(m, Some(probe)), m, Some(probe), history, now())
}

/// The values of pages that were seen this many days ago.
fn past(probe: &Probe, seen: &[(i64, Measurement)]) -> History {
    let mut history = History::new();
    for (days, m) in seen {
        for (name, value) in judge().read(m, Some(probe)).facts.values {
            let at = now() - TimeDelta::days(*days);
            history
                .entry(name)
                .or_default()
                .push(PastValue { at, value });
        }
    }
    history
}

/// The body of Stock Connect's rows: date and value, newest first.
fn connect(rows: &[(&str, f64)]) -> Measurement {
    let rows: Vec<String> = rows
        .iter()
        .map(|(day, value)| format!(r#"{{"TRADE_DATE":"{day} 00:00:00","NET_DEAL_AMT":{value}}}"#))
        .collect();
    let body = format!(r#"{{"result":{{"data":[{}]}}}}"#, rows.join(","));
    page(probe("eastmoney/connect"), JSON, &body)
}

#[test]
fn stock_connect_tells_old_values_under_a_new_date_from_new_ones() {
    let of = probe("eastmoney/connect");
    let thursday = [("2026-11-19", 3.5), ("2026-11-18", 1.5)];
    let history = past(of, &[(3, connect(&thursday))]);
    let good = connect(&[("2026-11-20", -2.5), ("2026-11-19", 3.5)]);
    assert_eq!(decide(of, &good, &history).code.as_str(), "ok");
    let misdated = connect(&[("2026-11-20", 3.5), ("2026-11-19", 3.5)]);
    let verdict = decide(of, &misdated, &history);
    assert_eq!(verdict.code.as_str(), "content.nulls", "{verdict:#?}");
}

#[test]
fn stock_connect_tells_values_that_stand_still() {
    let of = probe("eastmoney/connect");
    let rows = connect(&[("2026-11-20", 3.5), ("2026-11-19", 1.5)]);
    let mut history = past(
        of,
        &[(16, rows.clone()), (8, rows.clone()), (1, rows.clone())],
    );
    history.retain(|name, _| name == "frozen");
    let verdict = decide(of, &rows, &history);
    assert_eq!(verdict.code.as_str(), "content.nulls", "{verdict:#?}");
    let young = past(of, &[(8, rows.clone()), (1, rows.clone())]);
    assert_eq!(decide(of, &rows, &young).code.as_str(), "ok");
}

/// Nine series with these newest months, as the bureau's interface has them.
fn unemployment(newest: &[&str; 9]) -> Measurement {
    let of = probe("nbs/unemployment");
    let body = of.body.as_deref().unwrap();
    let request: serde_json::Value = serde_json::from_str(body).unwrap();
    let ids = request["indicatorIds"].as_array().unwrap();
    let months = [
        "202610", "202609", "202608", "202607", "202606", "202605", "202604",
    ];
    let rows: Vec<serde_json::Value> = months
        .iter()
        .map(|month| {
            let values = ids.iter().zip(newest).map(|(id, last)| {
                let value = if month <= last { "5.0" } else { "" };
                serde_json::json!({"_id": id, "value": value})
            });
            serde_json::json!({"code": format!("{month}MM"), "values": values.collect::<Vec<_>>()})
        })
        .collect();
    let body = serde_json::json!({"success": true, "data": rows}).to_string();
    page(of, JSON, &body)
}

#[test]
fn each_unemployment_series_has_a_freshness_of_its_own() {
    let of = probe("nbs/unemployment");
    let code = |newest: &[&str; 9]| decide(of, &unemployment(newest), &History::new());
    assert_eq!(code(&["202610"; 9]).code.as_str(), "ok");
    assert_eq!(code(&["202609"; 9]).code.as_str(), "ok");
    assert_eq!(code(&["202608"; 9]).code.as_str(), "content.stale");
    for at in 0..9 {
        let mut newest = ["202610"; 9];
        newest[at] = "202606";
        let verdict = code(&newest);
        assert_eq!(verdict.code.as_str(), "content.stale", "series {}", at + 1);
        let name = format!("series_{}", at + 1);
        let named = verdict.evidence.iter().any(|e| e.english().contains(&name));
        assert!(named, "{name}: {:#?}", verdict.evidence);
    }
}

/// The list of releases whose newest is of this day, as `yyyymmdd` and as printed.
fn newest(key: &str, day: &str) -> String {
    let of = probe(key);
    let month = &day[..6];
    let printed = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
    let body = format!(
        "<title>最新发布</title><ul class=list-content><li><a class=pchide href=\"./{month}/t{day}_1960001.html\">某</a>{printed}</li></ul>"
    );
    let m = page(of, &[("Content-Type", "text/html")], &body);
    decide(of, &m, &History::new()).code.as_str().to_owned()
}

#[test]
fn lists_of_releases_count_working_days() {
    for (key, fresh, old) in [
        // Ten working days before Monday 2026-11-23 is 2026-11-09.
        ("nbs/releases", "20261110", "20261104"),
        // Twenty-five working days before is 2026-10-19; by plain days it is 35.
        ("pbc/statistics", "20261020", "20261012"),
    ] {
        assert_eq!(newest(key, fresh), "ok", "{key} {fresh}");
        assert_eq!(newest(key, old), "content.stale", "{key} {old}");
        let calendar = probe(key).values.iter().find_map(|v| v.calendar.as_deref());
        assert_eq!(calendar, Some("cn-workday"), "{key}");
    }
}
