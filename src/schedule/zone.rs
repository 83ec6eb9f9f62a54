//! Converts wall-clock fires to instants, by vixie cron's rules for clock changes.
//!
//! A fire with a fixed hour happens once a day: in a skipped hour it happens right after the gap,
//! in a repeated hour only the first time. A fire with a wildcard hour is periodic: it follows the
//! actual clock, so a gap adds no fire and a repeated hour loses none.

use chrono::{Duration, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use crate::model::Time;

/// How far `tz` is ahead of UTC at `t`.
pub(super) fn offset(tz: Tz, t: Time) -> Duration {
    let seconds = tz
        .offset_from_utc_datetime(&t.naive_utc())
        .fix()
        .local_minus_utc();
    Duration::seconds(i64::from(seconds))
}

/// The wall clock at `t`; the instant itself at the end of the calendar.
pub(super) fn wall(tz: Tz, t: Time) -> NaiveDateTime {
    plus(t.naive_utc(), offset(tz, t))
}

/// `naive` moved by `by`; unchanged at the end of the calendar.
pub(super) fn plus(naive: NaiveDateTime, by: Duration) -> NaiveDateTime {
    naive.checked_add_signed(by).unwrap_or(naive)
}

/// The instant of a fixed-hour fire: the first of two, or the end of the gap that contains it.
pub(super) fn promise(tz: Tz, naive: NaiveDateTime) -> Time {
    match tz.offset_from_local_datetime(&naive) {
        MappedLocalTime::Single(o) | MappedLocalTime::Ambiguous(o, _) => {
            at_offset(naive, Duration::seconds(o.fix().local_minus_utc().into()))
        }
        MappedLocalTime::None => gap_end(tz, naive),
    }
}

/// The instant when a wall clock that is `ahead` of UTC shows `naive`.
pub(super) fn at_offset(naive: NaiveDateTime, ahead: Duration) -> Time {
    plus(naive, -ahead).and_utc()
}

/// No zone's clock was ever moved by more than a day (date-line changes), and none is more than 26
/// h from UTC.
const REACH: i64 = 50;

/// The first instant after the gap that contains `naive`.
fn gap_end(tz: Tz, naive: NaiveDateTime) -> Time {
    let middle = Utc.from_utc_datetime(&naive);
    let reach = Duration::hours(REACH);
    bisect(middle - reach, middle + reach, |t| wall(tz, t) < naive)
}

/// The first instant in `(from, to]` at which the offset is no longer that of `from`, if it
/// changes.
pub(super) fn next_change(tz: Tz, from: Time, to: Time) -> Option<Time> {
    let before = offset(tz, from);
    let mut low = from;
    while low < to {
        let high = (low + Duration::hours(24)).min(to);
        if offset(tz, high) != before {
            return Some(bisect(low, high, |t| offset(tz, t) == before));
        }
        low = high;
    }
    None
}

/// The latest instant in `(from, to]` at which the offset became that of `to`, if it changed.
pub(super) fn last_change(tz: Tz, from: Time, to: Time) -> Option<Time> {
    let after = offset(tz, to);
    let mut high = to;
    while high > from {
        let low = (high - Duration::hours(24)).max(from);
        if offset(tz, low) != after {
            return Some(bisect(low, high, |t| offset(tz, t) != after));
        }
        high = low;
    }
    None
}

/// `early` holds at `low` and not at `high`: returns the first whole second at which it no longer
/// holds.
fn bisect(mut low: Time, mut high: Time, early: impl Fn(Time) -> bool) -> Time {
    while high - low > Duration::seconds(1) {
        let half = low + (high - low) / 2;
        if early(half) {
            low = half;
        } else {
            high = half;
        }
    }
    whole_second(high)
}

/// Clocks change at whole seconds: the last whole second at or before `t`.
fn whole_second(t: Time) -> Time {
    Utc.timestamp_opt(t.timestamp(), 0).single().unwrap_or(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn a_skipped_time_is_the_end_of_the_gap() {
        let berlin = chrono_tz::Europe::Berlin;
        let end = promise(berlin, naive("2026-03-29 02:30"));
        assert_eq!(end.to_rfc3339(), "2026-03-29T01:00:00+00:00");
        let howe = chrono_tz::Australia::Lord_Howe;
        let end = promise(howe, naive("2026-10-04 02:15"));
        assert_eq!(end.to_rfc3339(), "2026-10-03T15:30:00+00:00");
    }

    #[test]
    fn a_skipped_day_is_the_end_of_the_gap() {
        // Samoa skipped 30 December 2011.
        let end = promise(chrono_tz::Pacific::Apia, naive("2011-12-30 12:00"));
        assert_eq!(end.to_rfc3339(), "2011-12-30T10:00:00+00:00");
    }

    #[test]
    fn a_repeated_time_is_its_first() {
        let first = promise(chrono_tz::Europe::Berlin, naive("2026-10-25 02:30"));
        assert_eq!(first.to_rfc3339(), "2026-10-25T00:30:00+00:00");
    }
}
