//! Time as data: every instant is UTC and is passed as an argument.

use chrono::TimeDelta;

/// An instant in UTC. Time zones are used only where people read or write times.
pub type Time = chrono::DateTime<chrono::Utc>;

/// The time zone of the sources and their nights.
pub const BEIJING: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// The earliest time of a record: the beginning of the web.
pub const EARLIEST_RECORD: Time = at(631_152_000); // 1990-01-01

/// Microseconds in a day.
pub const DAY_US: i64 = 86_400_000_000;

/// How far a record may be ahead of our clock, because another machine made it.
pub const RECORD_AHEAD: TimeDelta = TimeDelta::days(1);

/// Two clocks agree when they differ by at most this much.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// The years 1 to 9999. Times from records and databases are brought into this range when they are
/// read, so that adding a few centuries does not leave the range of [`Time`].
const FIRST: Time = at(-62_135_596_800);
const LAST: Time = at(253_402_300_799);

const fn at(seconds: i64) -> Time {
    match Time::from_timestamp(seconds, 0) {
        Some(time) => time,
        None => Time::UNIX_EPOCH,
    }
}

/// The instant `us` microseconds after 1970; outside the years 1 to 9999, the nearest instant
/// inside.
#[must_use]
pub fn from_micros(us: i64) -> Time {
    let bounded = us.clamp(FIRST.timestamp_micros(), LAST.timestamp_micros());
    Time::from_timestamp_micros(bounded).unwrap_or_default()
}

/// The UTC day of an instant in microseconds, in days since 1970.
#[must_use]
pub fn day_of(us: i64) -> i64 {
    us.div_euclid(DAY_US)
}

/// The same instant, or the nearest one in the years 1 to 9999.
#[must_use]
pub fn bounded(t: Time) -> Time {
    t.clamp(FIRST, LAST)
}

/// The instant `by` earlier, but no earlier than the first representable one.
#[must_use]
pub fn earlier(t: Time, by: TimeDelta) -> Time {
    t.checked_sub_signed(by).unwrap_or(FIRST)
}

/// Why a record cannot be from this time: nothing was measured before 1990 or in the future.
#[must_use]
pub fn absurd(t: Time, now: Time) -> Option<String> {
    let year = |t: Time| t.format("%Y-%m-%d").to_string();
    if t < EARLIEST_RECORD {
        return Some(format!("it is dated {}, before 1990-01-01", year(t)));
    }
    (t - now > RECORD_AHEAD).then(|| {
        format!(
            "it is dated {}, more than a day after {} on this computer's clock",
            year(t),
            iso(now)
        )
    })
}

/// ISO 8601 in UTC to the second, `2026-11-23T09:00:00Z`: the form of every table and record.
#[must_use]
pub fn iso(t: Time) -> String {
    t.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// ISO 8601 in Beijing time with its offset, `2026-11-23T17:00:00+08:00`.
#[must_use]
pub fn iso_beijing(t: Time) -> String {
    t.with_timezone(&BEIJING)
        .format("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_lies_outside_of_any_calendar_is_brought_within() {
        for us in [i64::MIN, i64::MAX, 0, -1] {
            let t = from_micros(us);
            assert!((FIRST..=LAST).contains(&t), "{us}: {t}");
            assert_eq!(bounded(t), t);
        }
        assert_eq!(
            from_micros(1_700_000_000_000_000).timestamp(),
            1_700_000_000
        );
        assert_eq!(bounded(Time::MIN_UTC), FIRST);
        assert_eq!(bounded(Time::MAX_UTC), LAST);
        assert_eq!(earlier(FIRST, TimeDelta::MAX), FIRST);
    }

    #[test]
    fn a_record_is_made_between_1990_and_tomorrow() {
        let now: Time = "2026-11-29T12:00:00Z".parse().unwrap();
        for (text, is) in [
            ("1989-12-31T23:59:59Z", true),
            ("1990-01-01T00:00:00Z", false),
            ("2026-11-30T12:00:00Z", false),
            ("2026-11-30T12:00:01Z", true),
            ("9999-12-31T00:00:00Z", true),
        ] {
            assert_eq!(absurd(text.parse().unwrap(), now).is_some(), is, "{text}");
        }
        assert!(absurd(Time::MIN_UTC, now).is_some());
    }

    proptest! {
        #[test]
        fn any_stored_time_can_be_shifted_and_shown(us: i64, days in -100_000_i64..100_000) {
            let t = from_micros(us) + TimeDelta::days(days);
            prop_assert!(!iso(t).is_empty() && !iso_beijing(t).is_empty());
            let _ = absurd(t, from_micros(us));
        }
    }
}
