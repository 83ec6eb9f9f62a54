//! Time as data: every instant is UTC, and is handed in as an argument.

/// An instant in UTC. Zones exist only where people read or write times.
pub type Time = chrono::DateTime<chrono::Utc>;

/// The zone that sources and their nights are told in.
pub const BEIJING: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// The instant that `us` microseconds since 1970 names; the epoch itself when out of range.
#[must_use]
pub fn from_micros(us: i64) -> Time {
    Time::from_timestamp_micros(us).unwrap_or_default()
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
