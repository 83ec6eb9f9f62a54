//! The days of probes, read from the roll-ups and put in rows.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::context::PageContext;
use crate::model::{ProbeKey, SourceId, VantageId};
use crate::store::{RowFilter, StoreError, UptimeRow};
use crate::track::strip::{StripBand, StripDay};

/// The days of one row, oldest first, and its figures over them.
#[derive(Debug, Clone, Default)]
pub struct DayRow {
    pub days: Vec<StripDay>,
    ok: u32,
    seen: u32,
    due: u32,
}

impl DayRow {
    /// `ok` of what was seen, and seen of what was due, in percent; nothing where nothing was seen.
    pub fn figures(&self) -> Option<(f64, f64)> {
        let percent = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole);
        (self.seen > 0).then(|| (percent(self.ok, self.seen), percent(self.seen, self.due)))
    }

    fn add(&mut self, at: usize, row: &UptimeRow) {
        let Some(day) = self.days.get_mut(at) else {
            return;
        };
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
    pub rows: BTreeMap<(ProbeKey, VantageId), DayRow>,
}

impl SourceDays {
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

impl PageContext<'_> {
    /// The last `count` UTC days of a source, today's included.
    pub fn source_days(&self, source: &SourceId, count: u16) -> Result<SourceDays, StoreError> {
        let today = self.now.date_naive();
        let back = Days::new(u64::from(count.saturating_sub(1)));
        let first = today.checked_sub_days(back).unwrap_or(today);
        let filter = RowFilter {
            since: Some(first.and_time(chrono::NaiveTime::MIN).and_utc()),
            until: None,
            source: Some(source.clone()),
        };
        let mut rows: BTreeMap<(ProbeKey, VantageId), DayRow> = BTreeMap::new();
        for row in self.reader.uptime(&filter)? {
            let Ok(at) = usize::try_from((row.day - first).num_days()) else {
                continue;
            };
            let key = (row.probe.clone(), VantageId(row.vantage.clone()));
            let entry = rows.entry(key).or_insert_with(|| DayRow {
                days: vec![StripDay::default(); usize::from(count)],
                ..DayRow::default()
            });
            entry.add(at, &row);
        }
        Ok(SourceDays { first, rows })
    }
}
