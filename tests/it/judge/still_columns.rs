//! Old figures under new dates, where the probe does not say which value changes with which date.

use std::path::Path;

use accesswatch::config::{self, Workspace};
use accesswatch::judge::Judge;
use accesswatch::model::page::{HISTORY_NEWEST, History, PastValue};
use accesswatch::model::{Code, Verdict};
use chrono::{Datelike, Days, NaiveDate, TimeZone, Utc};

use super::record::{answer, answered, extra, shipped};
use crate::support::workspace::TestWorkspace;

const URL: &str = "https://desk.example.cn/quotes";

/// The date counts in trading days.
const TRADING: &str = "max_age = \"60d\"\ncalendar = \"cn-trading\"\n";

/// A probe of a table of prices with a date.
fn probe(calendar: &str) -> String {
    format!(
        "[source]\nid = \"desk\"\nname = \"Desk\"\ngroup = \"test\"\naccess = \"public\"\n\n\
         [[probe]]\nid = \"quotes\"\nlevel = \"data\"\nurl = \"{URL}\"\n\
         [probe.expect]\nselect = [\"table.q\"]\n\
         [probe.value.price]\nselect = \"table.q td.px\"\nas = \"number\"\n\
         [probe.value.day]\nselect = \"#asof\"\nas = \"date\"\n{calendar}"
    )
}

/// A probe that runs once a day.
struct Daily {
    workspace: Workspace,
    judge: Judge,
    history: History,
}

impl Daily {
    fn new(calendar: &str) -> Self {
        let watch = TestWorkspace::new("http://127.0.0.1:9/control");
        let shipped_calendars = Path::new(env!("CARGO_MANIFEST_DIR")).join("probes/calendars");
        for name in ["cn-workday.csv", "cn-trading.csv"] {
            let text = std::fs::read_to_string(shipped_calendars.join(name)).unwrap();
            watch.write(&format!("probes/calendars/{name}"), &text);
        }
        watch.write("probes/test/desk.toml", &probe(calendar));
        let workspace = config::load(watch.path()).unwrap_or_else(|faults| panic!("{faults}"));
        let judge =
            Judge::new(&workspace.catalogue, shipped()).with_calendars(&workspace.calendars);
        Self {
            workspace,
            judge,
            history: History::new(),
        }
    }

    /// The verdict on the page with this date above these prices; good values are kept.
    fn see(&mut self, seen: NaiveDate, shown: NaiveDate, prices: u32) -> Verdict {
        let row = |n: u32| format!("<tr><td class=px>{}.{n}</td></tr>", 100 + n * 7 + prices);
        let rows = (0..10).map(row).collect::<Vec<_>>().concat();
        let date = shown.format("%Y-%m-%d");
        let page = format!("<p id=asof>{date}</p><table class=q>{rows}</table>");
        let html = [("Content-Type", "text/html")];
        let mut m = answered(URL, answer(URL, 200, &html, page.as_str()));
        m.test_keys.x_accesswatch = Some(extra());
        let now = Utc.from_utc_datetime(&seen.and_hms_opt(4, 0, 0).unwrap());
        let key = "desk/quotes".parse().unwrap();
        let probe = self.workspace.catalogue.probe(&key).unwrap();
        let reading = self.judge.read(&m, Some(probe));
        let verdict = self
            .judge
            .decide(&reading, &m, Some(probe), &self.history, now);
        if verdict.code == Code::Ok {
            for (name, value) in reading.facts.values {
                let past = self.history.entry(name).or_default();
                past.push(PastValue { at: now, value });
                let left = past.len().saturating_sub(HISTORY_NEWEST);
                past.drain(..left);
            }
        }
        verdict
    }

    /// The days of a period on which the verdict is `content.nulls`.
    fn found(
        &mut self,
        from: &str,
        days: u64,
        prices: impl Fn(NaiveDate) -> u32,
    ) -> Vec<NaiveDate> {
        let mut found = Vec::new();
        for day in (0..days).map(|n| date(from) + Days::new(n)) {
            let verdict = self.see(day, day, prices(day));
            match verdict.code {
                Code::Ok => {}
                Code::ContentNulls => found.push(day),
                other => panic!("{day}: {other}"),
            }
        }
        found
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Another number each weekday; the page also prints the date at the weekend.
fn daily(day: NaiveDate) -> u32 {
    let back = u64::from(day.weekday().num_days_from_monday().saturating_sub(4));
    (day - Days::new(back)).ordinal()
}

#[test]
fn prices_that_stand_still_while_the_day_goes_on() {
    // The first day is Monday the 12th of October; the last price is that of Friday the 23rd.
    let stuck = |day: NaiveDate| daily(day.min(date("2026-10-25")));
    let mut usual = Daily::new("");
    let found = usual.found("2026-10-12", 30, stuck);
    // Monday the 2nd of November is the sixth working day.
    assert_eq!(found.first(), Some(&date("2026-11-02")));
    assert_eq!(found.last(), Some(&date("2026-11-10")));
    assert_eq!(found.len(), 9, "it stays so: {found:?}");
    let back = date("2026-11-11");
    assert_eq!(usual.see(back, back, daily(back)).code, Code::Ok);
    let mut trading = Daily::new(TRADING);
    let found = trading.found("2026-10-12", 30, stuck);
    assert_eq!(
        found.first(),
        Some(&date("2026-10-28")),
        "three trading days"
    );
    let verdict = trading.see(back, back, daily(date("2026-10-23")));
    let fact = serde_json::to_value(&verdict.evidence[0].fact).unwrap();
    let text = fact.to_string();
    assert!(
        text.contains("2026-10-23") && text.contains("2026-11-11"),
        "{text}"
    );
}

#[test]
fn holidays_and_weekends_prove_nothing() {
    // The National Day holiday of 2026 is 1 to 7 October: five weekdays in addition to the
    // weekends.
    let holiday = |day: NaiveDate| {
        let closed = date("2026-10-01")..=date("2026-10-07");
        daily(if closed.contains(&day) {
            date("2026-09-30")
        } else {
            day
        })
    };
    for calendar in ["", TRADING] {
        let mut quotes = Daily::new(calendar);
        assert_eq!(quotes.found("2026-09-01", 60, holiday), []);
    }
}

#[test]
fn figures_that_seldom_change_prove_nothing() {
    let monthly = |day: NaiveDate| day.month();
    let weekly = |day: NaiveDate| day.iso_week().week();
    // A weekly table that skips a week.
    let pausing = |day: NaiveDate| match day.iso_week().week() {
        44 => 43,
        week => week,
    };
    // A few changes and then none for months: a list that was being filled.
    let filled = |day: NaiveDate| day.min(date("2026-09-07")).ordinal();
    assert_eq!(Daily::new("").found("2026-09-01", 120, monthly), []);
    assert_eq!(Daily::new("").found("2026-09-01", 120, weekly), []);
    assert_eq!(Daily::new("").found("2026-09-01", 120, pausing), []);
    assert_eq!(Daily::new("").found("2026-09-01", 60, filled), []);
}

#[test]
fn a_date_that_stands_still_with_its_figures_proves_nothing() {
    let mut quotes = Daily::new(TRADING);
    assert_eq!(quotes.found("2026-10-12", 14, daily), []);
    let friday = date("2026-10-23");
    for day in (0..30).map(|n| date("2026-10-26") + Days::new(n)) {
        let verdict = quotes.see(day, friday, daily(friday));
        assert_eq!(verdict.code, Code::Ok, "{day}");
    }
}
