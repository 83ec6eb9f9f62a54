//! How long checks take: p50 and p95 of each day, from each vantage.

use chrono::{Days, NaiveDate};

use super::context::PageContext;
use super::daily::{DayTimes, SourceDays};
use super::line_chart::{ChartLine, ChartRange, HEIGHT, LineChart, path};
use crate::i18n::pages::PageText as P;

/// Days in the table; the others are in the CSV.
const TABLE_DAYS: usize = 30;

/// The times of one vantage.
pub struct LatencyView {
    pub name: String,
    pub chart: LineChart,
    pub first_day: String,
    /// The newest days: day, p50, p95.
    pub rows: Vec<(String, String, String)>,
}

impl PageContext<'_> {
    /// A chart for each vantage with a time.
    pub fn latency(&self, days: &SourceDays) -> Vec<LatencyView> {
        let highest = days.rows.values().flat_map(|row| &row.times);
        let highest = highest.filter_map(|(p50, p95)| p95.or(*p50));
        // One scale, so that vantages can be compared.
        let Some(range) = ChartRange::around(highest).map(ChartRange::including_zero) else {
            return Vec::new();
        };
        let views = days.rows.iter().filter_map(|((_, vantage), row)| {
            self.latency_of(&self.vantage_name(vantage), days.first, &row.times, range)
        });
        views.collect()
    }

    fn latency_of(
        &self,
        name: &str,
        first: NaiveDate,
        times: &[DayTimes],
        range: ChartRange,
    ) -> Option<LatencyView> {
        let has_time = |(_, (p50, p95)): &(usize, &DayTimes)| p50.is_some() || p95.is_some();
        let (last, (p50, p95)) = times.iter().enumerate().rfind(has_time)?;
        let day = |at: usize| {
            let day = first.checked_add_days(Days::new(at as u64));
            self.day(day.unwrap_or(first))
        };
        let values = [
            ("place", name),
            ("day", &*day(last)),
            ("p50", &*millis(*p50)),
            ("p95", &*millis(*p95)),
        ];
        let line = |class, which: fn(&DayTimes) -> Option<f64>| ChartLine {
            class,
            path: path(&times.iter().map(which).collect::<Vec<_>>(), range),
        };
        let rows = times.iter().enumerate().rev().filter(has_time);
        Some(LatencyView {
            chart: LineChart {
                label: self.fill(P::LatencyLabel, &values),
                width: times.len().max(1),
                height: HEIGHT,
                lines: vec![
                    line("slow", |(_, p95)| *p95),
                    line("usual", |(p50, _)| *p50),
                ],
                limit: None,
                top: format!("{} ms", millis(Some(range.high))),
                bottom: "0".to_owned(),
            },
            first_day: self.day(first),
            rows: rows
                .take(TABLE_DAYS)
                .map(|(at, (p50, p95))| (day(at), millis(*p50), millis(*p95)))
                .collect(),
            name: name.to_owned(),
        })
    }
}

/// Whole milliseconds; a dash where there are none.
fn millis(ms: Option<f64>) -> String {
    ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.0}"))
}
