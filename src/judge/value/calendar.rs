//! How old a date is: in days, or in the open days of a calendar, and how that was counted.

use std::time::Duration;

use chrono::NaiveDate;

use crate::model::Time;
use crate::model::probe::ValueSpec;
use crate::model::time::BEIJING;
use crate::schedule::calendar::{Calendars, Counted, weekdays};

/// An age, and the words that say what was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Age {
    /// Negative when the date is still to come.
    pub days: i64,
    /// "days", or which of them.
    pub counted: String,
}

/// The age of `date` today in Beijing: whole days, or the open days of the value's calendar. Without such a
/// calendar at hand Monday to Friday are counted, and it says so.
#[must_use]
pub fn age(date: NaiveDate, now: Time, spec: &ValueSpec, calendars: &Calendars) -> Age {
    let today = now.with_timezone(&BEIJING).date_naive();
    let plain = Age {
        days: (today - date).num_days(),
        counted: "days".to_owned(),
    };
    let Some(name) = spec.calendar.as_deref().filter(|_| date < today) else {
        return plain;
    };
    let Some(calendar) = calendars.get(name) else {
        return Age {
            days: weekdays(date, today),
            counted: "days from Monday to Friday (public holidays are counted too)".to_owned(),
        };
    };
    let counted = calendar.count(date, today);
    Age {
        days: counted.open,
        counted: format!("open days of the calendar `{name}`{}", left_out(counted)),
    }
}

/// What a calendar left out, and what it does not know.
fn left_out(counted: Counted) -> String {
    let mut told = Vec::new();
    if counted.closed > 0 {
        let estimated = match counted.estimated {
            0 => String::new(),
            n => format!(", {n} of them by estimate"),
        };
        told.push(format!("weekdays closed: {}{estimated}", counted.closed));
    }
    if counted.uncovered > 0 {
        told.push(format!(
            "weekdays that it does not cover, all counted: {}",
            counted.uncovered
        ));
    }
    if told.is_empty() {
        return String::new();
    }
    format!(" ({})", told.join("; "))
}

/// Whether an age in days is over the limit.
#[must_use]
pub fn is_over(age: i64, limit: Duration) -> bool {
    const DAY: u64 = 86_400;
    u64::try_from(age).is_ok_and(|days| days.saturating_mul(DAY) > limit.as_secs())
}
