//! The sums of daily figures over a period: read once, row by row.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::period::ReportPeriod;
use crate::model::{ProbeKey, VantageId};
use crate::store::UptimeRow;
use crate::track::past::PastDay;

/// For how long a day shows a state.
const DAY_TELLS: Days = Days::new(14);

/// Counts of checks over days, vantages or probes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CheckSums {
    pub ok: u64,
    /// Checks that could tell.
    pub seen: u64,
    /// Rounds that were due.
    pub due: u64,
    pub open: u64,
    pub less: u64,
    pub closed: u64,
    pub unknown: u64,
    pub offline: u64,
    pub gaps: u64,
    pub longest_outage_hours: f64,
}

impl CheckSums {
    fn add(&mut self, row: &UptimeRow) {
        let seen = row.ok + row.blocked + row.rot + row.stale + row.failed;
        self.ok += u64::from(row.ok);
        self.seen += u64::from(seen);
        self.due += u64::from(row.checks + row.gaps);
        self.open += u64::from(row.open);
        self.less += u64::from(row.less);
        self.closed += u64::from(row.closed);
        self.unknown += u64::from(row.unknown);
        self.offline += u64::from(row.vantage_offline);
        self.gaps += u64::from(row.gaps);
        self.longest_outage_hours = self.longest_outage_hours.max(row.longest_outage_hours);
    }

    /// `ok` among the checks that could tell, in percent.
    #[must_use]
    pub fn availability(&self) -> Option<f64> {
        percent(self.ok, self.seen)
    }

    /// The checks that could tell among those that were due, in percent.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        percent(self.seen, self.due)
    }
}

#[allow(clippy::cast_precision_loss)] // far fewer checks than 2^53
fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// A (probe, vantage).
type Pair = (ProbeKey, VantageId);

/// The sums of a report.
pub struct ReportFigures {
    from: NaiveDate,
    to: NaiveDate,
    before_from: NaiveDate,
    pub total: CheckSums,
    pub before: CheckSums,
    pub by_pair: BTreeMap<Pair, CheckSums>,
    pub by_vantage: BTreeMap<VantageId, CheckSums>,
    /// The newest day with something due: before the period, and at its end.
    pub day_at_start: BTreeMap<Pair, PastDay>,
    pub day_at_end: BTreeMap<Pair, PastDay>,
}

impl ReportFigures {
    /// Without rows yet.
    #[must_use]
    pub fn new(period: &ReportPeriod) -> Self {
        Self {
            from: period.from,
            to: period.to,
            before_from: period.before().0,
            total: CheckSums::default(),
            before: CheckSums::default(),
            by_pair: BTreeMap::new(),
            by_vantage: BTreeMap::new(),
            day_at_start: BTreeMap::new(),
            day_at_end: BTreeMap::new(),
        }
    }

    /// The first day that rows are needed of.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        let tells = self.from.checked_sub_days(DAY_TELLS);
        self.before_from.min(tells.unwrap_or(self.from))
    }

    /// Adds a row; rows of a pair come in the order of days.
    pub fn add(&mut self, row: &UptimeRow) {
        let pair = || (row.probe.clone(), VantageId(row.vantage.clone()));
        let day = PastDay {
            day: row.day,
            open: row.open,
            less: row.less,
            closed: row.closed,
            unknown: row.unknown + row.gaps,
            offline: row.vantage_offline,
        };
        if row.day < self.from {
            if row.day >= self.before_from {
                self.before.add(row);
            }
            self.day_at_start.insert(pair(), day);
            self.day_at_end.insert(pair(), day);
            return;
        }
        if row.day > self.to {
            return;
        }
        self.total.add(row);
        self.by_pair.entry(pair()).or_default().add(row);
        let vantage = VantageId(row.vantage.clone());
        self.by_vantage.entry(vantage).or_default().add(row);
        self.day_at_end.insert(pair(), day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(day: &str, ok: u32, failed: u32) -> UptimeRow {
        UptimeRow {
            probe: ProbeKey::new("s", "p"),
            level: None,
            vantage: "here".to_owned(),
            day: day.parse().unwrap(),
            checks: ok + failed,
            ok,
            limited: 0,
            blocked: 0,
            rot: 0,
            stale: 0,
            failed,
            vantage_offline: 0,
            gaps: 1,
            p50_ms: None,
            p95_ms: None,
            longest_outage_hours: f64::from(failed),
            withdrawn: None,
            empty: None,
            moved: None,
            open: ok,
            less: 0,
            closed: failed,
            unknown: 0,
        }
    }

    #[test]
    fn days_count_in_their_period_alone() {
        let days = |from: &str, to: &str| (from.parse().unwrap(), to.parse().unwrap());
        let (from, to) = days("2026-03-05", "2026-03-06");
        let mut figures = ReportFigures::new(&ReportPeriod::new(from, to, None));
        assert_eq!(figures.first_day(), "2026-02-19".parse().unwrap());
        for (day, ok, failed) in [
            ("2026-03-01", 9, 9),
            ("2026-03-03", 1, 1),
            ("2026-03-05", 3, 0),
            ("2026-03-06", 2, 1),
            ("2026-03-07", 9, 9),
        ] {
            figures.add(&row(day, ok, failed));
        }
        assert_eq!(
            (figures.total.ok, figures.total.seen, figures.total.due),
            (5, 6, 8)
        );
        assert_eq!((figures.before.ok, figures.before.seen), (1, 2));
        assert_eq!(figures.total.coverage(), Some(75.0));
        let at_end = figures.day_at_end.values().next().unwrap();
        assert_eq!((at_end.open, at_end.closed), (2, 1));
        let at_start = figures.day_at_start.values().next().unwrap();
        assert_eq!(at_start.day, "2026-03-03".parse().unwrap());
    }
}
