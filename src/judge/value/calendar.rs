//! How old a date is, in days, or in the working days of a calendar.
//!
//! The names `cn-workday`, `cn-trading` and `hk-trading` are known. Their public holidays are not kept here:
//! the days count Monday to Friday, and the evidence says so. A `max_age` should leave room for the longest
//! holiday (nine days at the Spring Festival).

use std::time::Duration;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::model::Time;
use crate::model::time::BEIJING;

/// The age of `date` today in Beijing, in whole days; with a calendar, in days from Monday to Friday.
/// Negative when the date is still to come.
#[must_use]
pub fn age(date: NaiveDate, now: Time, calendar: Option<&str>) -> i64 {
    let today = now.with_timezone(&BEIJING).date_naive();
    if calendar.is_none() || date >= today {
        return (today - date).num_days();
    }
    let days = (today - date).num_days();
    let (weeks, rest) = (days / 7, days % 7);
    let extra = date
        .iter_days()
        .skip(1)
        .take(usize::try_from(rest).unwrap_or(0))
        .filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun))
        .count();
    weeks * 5 + i64::try_from(extra).unwrap_or(0)
}

/// Whether an age in days is over the limit.
#[must_use]
pub fn is_over(age: i64, limit: Duration) -> bool {
    const DAY: u64 = 86_400;
    u64::try_from(age).is_ok_and(|days| days.saturating_mul(DAY) > limit.as_secs())
}

/// How the days were counted, for the evidence.
#[must_use]
pub fn counted(calendar: Option<&str>) -> &'static str {
    match calendar {
        None => "days",
        Some(_) => "days from Monday to Friday (public holidays are counted too)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_is_beijings() {
        // 18:00 UTC on Sunday is Monday in Beijing.
        assert_eq!(age(day("2026-11-20"), at("2026-11-22T18:00:00Z"), None), 3);
        assert_eq!(age(day("2026-11-25"), at("2026-11-22T18:00:00Z"), None), -2);
    }

    #[test]
    fn working_days() {
        let friday = day("2026-11-20");
        for (now, want) in [
            ("2026-11-20T01:00:00Z", 0),
            ("2026-11-21T01:00:00Z", 0),
            ("2026-11-22T01:00:00Z", 0),
            ("2026-11-23T01:00:00Z", 1),
            ("2026-11-27T01:00:00Z", 5),
            ("2026-12-04T01:00:00Z", 10),
        ] {
            assert_eq!(age(friday, at(now), Some("cn-workday")), want, "{now}");
        }
    }

    #[test]
    fn over_the_limit() {
        let limit = Duration::from_secs(12 * 86_400);
        assert!(!is_over(12, limit) && is_over(13, limit) && !is_over(-5, limit));
    }
}
