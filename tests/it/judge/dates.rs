//! Dates that stop: limits of age in days and in the open days of calendars, and dates that advance
//! without their values.

use crate::support::english::English as _;
use std::path::Path;
use std::sync::LazyLock;

use accesswatch::judge::Judge;
use accesswatch::model::measurement::Measurement;
use accesswatch::model::page::{History, PastValue};
use accesswatch::model::probe::{Expect, ValueKind};
use accesswatch::model::{Catalogue, Time};
use accesswatch::schedule::calendar::Calendars;

use super::content::{URL, code, days, json, pointer, spec};
use super::record::{judge, now, probe, verdict, verdict_with};

/// The shipped calendars.
fn calendars() -> &'static Calendars {
    static SHIPPED: LazyLock<Calendars> = LazyLock::new(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = accesswatch::config::load_with(dir, &|_| None);
        workspace.unwrap_or_else(|e| panic!("{e}")).calendars
    });
    &SHIPPED
}

#[test]
fn stale_dates() {
    let mut date = spec(pointer("/d"), ValueKind::Date);
    date.max_age = Some(days(12));
    code(&json(r#"{"d":"2026-11-11"}"#), &date, &[], "ok");
    code(&json(r#"{"d":"2026-11-10"}"#), &date, &[], "content.stale");
    date.calendar = Some("cn-workday".to_owned());
    code(&json(r#"{"d":"2026-11-05"}"#), &date, &[], "ok");
    code(&json(r#"{"d":"2026-11-04"}"#), &date, &[], "content.stale");
}

/// The verdict on a date at a time, counted in the shipped calendar with that name.
fn dated(date: &str, at: &str, calendar: &str, max_days: u64) -> (String, String) {
    let mut spec = spec(pointer("/d"), ValueKind::Date);
    spec.max_age = Some(days(max_days));
    spec.calendar = Some(calendar.to_owned());
    let p = probe(URL, Expect::default(), vec![spec]);
    let m = json(&format!(r#"{{"d":"{date}"}}"#));
    let judge = Judge::new(&Catalogue::default(), &[]).with_calendars(calendars());
    let reading = judge.read(&m, Some(&p));
    let now: Time = format!("{at}T04:00:00Z").parse().unwrap();
    let got = judge.decide(&reading, &m, Some(&p), &History::new(), now);
    (got.code.to_string(), got.evidence[0].english())
}

#[test]
fn holidays_make_nobody_impatient_and_the_evidence_says_how_days_were_counted() {
    // The last working day before the Spring Festival of 2026 (14 February was a working Saturday).
    for (at, want) in [("2026-02-26", "ok"), ("2026-02-27", "content.stale")] {
        assert_eq!(dated("2026-02-14", at, "cn-workday", 3).0, want, "{at}");
    }
    let (_, fact) = dated("2026-02-14", "2026-02-28", "cn-workday", 3);
    assert_eq!(
        fact,
        "value `v`: the newest date is 2026-02-14, 5 open days of the calendar `cn-workday` \
         (weekdays closed: 6) old; 3 are allowed"
    );
    // The exchanges were closed on that Saturday, and on the next one.
    let (code, fact) = dated("2026-02-13", "2026-02-28", "cn-trading", 3);
    assert_eq!(code, "content.stale");
    assert!(
        fact.contains("4 open days of the calendar `cn-trading`"),
        "{fact}"
    );
    // The whole of one holiday, and not a day longer.
    assert_eq!(
        dated("2026-09-30", "2026-10-08", "cn-trading", 0).0,
        "content.stale"
    );
    assert_eq!(dated("2026-09-30", "2026-10-07", "cn-trading", 0).0, "ok");
}

#[test]
fn estimated_days_are_told_and_a_year_beyond_the_calendar_too() {
    let (_, fact) = dated("2027-02-04", "2027-02-18", "cn-workday", 3);
    assert!(
        fact.contains(
            "4 open days of the calendar `cn-workday` (weekdays closed: 6, 6 of them by estimate)"
        ),
        "{fact}"
    );
    let (_, fact) = dated("2027-12-30", "2028-01-05", "cn-workday", 3);
    assert!(
        fact.contains("4 open days")
            && fact.contains("weekdays that it does not cover, all counted: 3"),
        "{fact}"
    );
}

#[test]
fn one_series_that_ended_among_those_that_go_on() {
    let series = |name: &str| {
        let mut date = spec(pointer(&format!("/{name}")), ValueKind::Date);
        date.name = name.to_owned();
        date.max_age = Some(days(50));
        date
    };
    let specs: Vec<_> = ["young", "all", "adult"].map(series).into();
    let p = probe(URL, Expect::default(), specs);
    let silent = json(r#"{"young":"2026-06-30","all":"2026-10-31","adult":"2026-10-31"}"#);
    let got = verdict(&silent, Some(&p));
    assert_eq!(got.code.as_str(), "content.stale");
    assert!(
        got.evidence[0].english().starts_with("value `young`"),
        "{got:#?}"
    );
    assert_eq!(
        got.evidence[1].english(),
        "2 of 3 dates still advance: all, adult"
    );
    let all = json(r#"{"young":"2026-10-31","all":"2026-10-31","adult":"2026-10-31"}"#);
    assert_eq!(verdict(&all, Some(&p)).code.as_str(), "ok");
    // All series stop: there is no evidence about others.
    let none = json(r#"{"young":"2026-06-30","all":"2026-06-30","adult":"2026-06-30"}"#);
    assert_eq!(verdict(&none, Some(&p)).limits().len(), 3);
}

#[test]
fn an_old_value_under_a_new_date() {
    let mut date = spec(pointer("/d"), ValueKind::Date);
    date.name = "latest".to_owned();
    let mut row = spec(pointer("/v"), ValueKind::Hash);
    row.changes_with = Some("latest".to_owned());
    let p = probe(URL, Expect::default(), vec![date, row]);
    let body = |date: &str, v: f64| json(&format!(r#"{{"d":"{date}","v":{v}}}"#));
    let seen = judge()
        .read(&body("2026-11-20", 12.5), Some(&p))
        .facts
        .values;
    let at = now() - chrono::Duration::days(1);
    let history: History = seen
        .into_iter()
        .map(|(name, value)| (name, vec![PastValue { at, value }]))
        .collect();
    let against = |m: &Measurement| verdict_with(m, Some(&p), &history);
    let got = against(&body("2026-11-23", 12.5));
    assert_eq!(got.code.as_str(), "content.nulls");
    assert_eq!(
        got.evidence[0].english(),
        "value `v`: `latest` went from 2026-11-20 to 2026-11-23, and the content is still that of 2026-11-20"
    );
    for good in [
        body("2026-11-23", 12.75),
        body("2026-11-20", 12.5),
        body("2026-11-19", 12.5),
    ] {
        assert_eq!(against(&good).code.as_str(), "ok", "{good:?}");
    }
    let first = verdict_with(&body("2026-11-23", 12.5), Some(&p), &History::new());
    assert_eq!(first.code.as_str(), "ok", "nothing is known of before");
}
