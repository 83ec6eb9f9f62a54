//! The days of a report, the days before them, and *now*.

use chrono::{Days, NaiveDate};

use super::request::midnight;
use crate::model::Time;

/// A period of whole UTC days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportPeriod {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The first moment of the period.
    pub start: Time,
    /// The first moment after the period.
    pub end: Time,
    /// The end of the period, or of the records where that is earlier; `None` without records.
    pub now: Option<Time>,
    /// The end of the records.
    pub as_of: Option<Time>,
}

impl ReportPeriod {
    /// The period from one day to another, both included.
    #[must_use]
    pub fn new(from: NaiveDate, to: NaiveDate, as_of: Option<Time>) -> Self {
        let after = to.succ_opt().unwrap_or(to);
        let end = midnight(after);
        Self {
            from,
            to,
            start: midnight(from),
            end,
            now: as_of.map(|at| at.min(end)),
            as_of,
        }
    }

    /// The number of days in the period.
    #[must_use]
    pub fn days(&self) -> u64 {
        u64::try_from((self.to - self.from).num_days() + 1).unwrap_or(1)
    }

    /// The first and the last day of the period of the same length that ends just before this one.
    #[must_use]
    pub fn before(&self) -> (NaiveDate, NaiveDate) {
        let back = |day: NaiveDate, days| day.checked_sub_days(Days::new(days)).unwrap_or(day);
        (back(self.from, self.days()), back(self.from, 1))
    }

    /// Whether the period reaches past the end of the records.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.as_of.is_none_or(|at| at < self.end)
    }

    /// The last day of the period that can have records.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        self.now.map_or(self.to, |at| at.date_naive().min(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_period_before_has_the_same_length() {
        let period = ReportPeriod::new(day("2026-03-01"), day("2026-03-31"), None);
        assert_eq!(period.days(), 31);
        assert_eq!(period.before(), (day("2026-01-29"), day("2026-02-28")));
        assert!(period.is_cut() && period.now.is_none());
    }

    #[test]
    fn now_is_the_earlier_of_the_end_and_the_records() {
        let as_of = "2026-03-10T08:00:00Z".parse().unwrap();
        let whole = ReportPeriod::new(day("2026-03-01"), day("2026-03-05"), Some(as_of));
        assert_eq!(whole.now, Some(midnight(day("2026-03-06"))));
        assert!(!whole.is_cut());
        let cut = ReportPeriod::new(day("2026-03-01"), day("2026-03-10"), Some(as_of));
        assert_eq!(cut.now, Some(as_of));
        assert!(cut.is_cut());
        assert_eq!(cut.last_day(), day("2026-03-10"));
    }
}
