//! Rows with a cell for each day of a probe, read from the daily roll-ups.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::context::PageContext;
use crate::model::{ProbeKey, SourceId, VantageId};
use crate::store::{DaySums, RowFilter, StoreError, UptimeRow};
use crate::track::strip::{StripBand, StripDay};

/// p50 and p95 of a day in milliseconds.
pub type DayTimes = (Option<f64>, Option<f64>);

/// The days of one row, oldest first, and the figures of the row over all its days.
#[derive(Debug, Clone, Default)]
pub struct DayRow {
    pub days: Vec<StripDay>,
    /// p50 and p95 of each day in milliseconds.
    pub times: Vec<DayTimes>,
    ok: u32,
    seen: u32,
    due: u32,
}

impl DayRow {
    /// Two figures in percent: the share of `ok` in the checks that saw the source, and the share
    /// of those checks in all that were due. `None` when no check saw the source.
    pub fn figures(&self) -> Option<(f64, f64)> {
        let percent = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole);
        (self.seen > 0).then(|| (percent(self.ok, self.seen), percent(self.seen, self.due)))
    }

    fn add(&mut self, at: usize, row: &UptimeRow) {
        let Some(day) = self.days.get_mut(at) else {
            return;
        };
        if let Some(times) = self.times.get_mut(at) {
            *times = (row.p50_ms, row.p95_ms);
        }
        day.add(StripBand::Open, row.open);
        day.add(StripBand::Less, row.less);
        day.add(StripBand::Closed, row.closed);
        day.add(StripBand::Unseen, row.unknown + row.gaps);
        day.add(StripBand::Offline, row.vantage_offline);
        day.add_checks(row.checks);
        self.ok += row.ok;
        self.seen += row.ok + row.blocked + row.rot + row.stale + row.failed;
        self.due += row.checks + row.gaps;
    }
}

/// The rows of a source over its last days.
pub struct SourceDays {
    pub first: NaiveDate,
    pub count: u16,
    pub rows: BTreeMap<(ProbeKey, VantageId), DayRow>,
}

impl SourceDays {
    /// Without the days before the first check, but with the newest `least`: figures begin where
    /// something was due.
    #[must_use]
    pub fn since_first_check(mut self, least: u16) -> Self {
        let begins = |row: &DayRow| row.days.iter().position(|day| day.due() > 0);
        let begin = self.rows.values().filter_map(begins).min();
        let most = self.count.saturating_sub(least);
        let cut = begin.map_or(most, |at| most.min(u16::try_from(at).unwrap_or(most)));
        for row in self.rows.values_mut() {
            row.days = row.days.split_off(usize::from(cut).min(row.days.len()));
            row.times = row.times.split_off(usize::from(cut).min(row.times.len()));
        }
        let first = self.first.checked_add_days(Days::new(u64::from(cut)));
        self.first = first.unwrap_or(self.first);
        self.count -= cut;
        self
    }

    /// All probes of a vantage together.
    pub fn by_vantage(&self) -> BTreeMap<VantageId, DayRow> {
        let mut all: BTreeMap<VantageId, DayRow> = BTreeMap::new();
        for ((_, vantage), row) in &self.rows {
            let sum = all.entry(vantage.clone()).or_default();
            sum.days.resize(row.days.len(), StripDay::default());
            for (own, other) in sum.days.iter_mut().zip(&row.days) {
                own.merge(other);
            }
            sum.ok += row.ok;
            sum.seen += row.seen;
            sum.due += row.due;
        }
        all
    }
}

/// Turns daily sums into the `count` days of a strip that begins on the day `first`.
pub fn days_of(sums: &[DaySums], first: NaiveDate, count: u16) -> Vec<StripDay> {
    let mut days = vec![StripDay::default(); usize::from(count)];
    for sum in sums {
        let at = usize::try_from((sum.day - first).num_days());
        let Some(day) = at.ok().and_then(|at| days.get_mut(at)) else {
            continue;
        };
        day.add(StripBand::Open, sum.open);
        day.add(StripBand::Less, sum.less);
        day.add(StripBand::Closed, sum.closed);
        day.add(StripBand::Unseen, sum.unknown + sum.gaps);
        day.add(StripBand::Offline, sum.offline);
        day.add_checks(sum.checks);
    }
    days
}

impl PageContext<'_> {
    /// The first of the last `days` UTC days; today is one of them.
    pub fn first_day_of(&self, days: u16) -> NaiveDate {
        let today = self.now.date_naive();
        let back = Days::new(u64::from(days.saturating_sub(1)));
        today.checked_sub_days(back).unwrap_or(today)
    }

    /// The last `count` UTC days of a source; today is one of them.
    pub fn source_days(&self, source: &SourceId, count: u16) -> Result<SourceDays, StoreError> {
        let first = self.first_day_of(count);
        let filter = RowFilter {
            since: Some(first.and_time(chrono::NaiveTime::MIN).and_utc()),
            until: None,
            source: Some(source.clone()),
            vantage: None,
        };
        let mut rows: BTreeMap<(ProbeKey, VantageId), DayRow> = BTreeMap::new();
        for row in self.reader.uptime(&filter)? {
            let Ok(at) = usize::try_from((row.day - first).num_days()) else {
                continue;
            };
            let key = (row.probe.clone(), VantageId(row.vantage.clone()));
            let entry = rows.entry(key).or_insert_with(|| DayRow {
                days: vec![StripDay::default(); usize::from(count)],
                times: vec![(None, None); usize::from(count)],
                ..DayRow::default()
            });
            entry.add(at, &row);
        }
        Ok(SourceDays { first, count, rows })
    }
}
