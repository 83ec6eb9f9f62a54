//! How old a date is: in days, or in the open days of a calendar, and how that was counted.

use std::time::Duration;

use chrono::NaiveDate;

use crate::model::Time;
use crate::model::fact::{Age, DayCount};
use crate::model::probe::ValueSpec;
use crate::model::time::BEIJING;
use crate::schedule::calendar::{Calendars, weekdays};

/// The age of `date` today in Beijing: whole days, or the open days of the value's calendar. If
/// that calendar is not available, Monday to Friday are counted, and the result says so.
#[must_use]
pub fn age(date: NaiveDate, now: Time, spec: &ValueSpec, calendars: &Calendars) -> Age {
    let today = now.with_timezone(&BEIJING).date_naive();
    let plain = Age {
        days: (today - date).num_days(),
        counted: DayCount::Days,
    };
    let Some(name) = spec.calendar.as_deref().filter(|_| date < today) else {
        return plain;
    };
    let Some(calendar) = calendars.get(name) else {
        return Age {
            days: weekdays(date, today),
            counted: DayCount::Weekdays,
        };
    };
    let counted = calendar.count(date, today);
    Age {
        days: counted.open,
        counted: DayCount::Calendar {
            calendar: name.to_owned(),
            closed: counted.closed,
            estimated: counted.estimated,
            uncovered: counted.uncovered,
        },
    }
}

/// Whether an age in days is over the limit.
#[must_use]
pub fn is_over(age: i64, limit: Duration) -> bool {
    const DAY: u64 = 86_400;
    u64::try_from(age).is_ok_and(|days| days.saturating_mul(DAY) > limit.as_secs())
}
