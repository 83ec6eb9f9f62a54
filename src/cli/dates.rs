//! Days and times as people type them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::model::Time;

use super::exit::CliError;

/// A day (`2026-01-31`, its first moment in `zone`) or a time (`2026-01-31T09:00Z`; without a zone
/// it is in `zone`).
pub fn instant(text: &str, zone: Tz) -> Result<Time, CliError> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return start_of(day, zone).ok_or_else(|| bad(text));
    }
    if let Ok(t) = DateTime::parse_from_rfc3339(text) {
        return Ok(t.with_timezone(&Utc));
    }
    ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ"]
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())
        .map(|naive| naive.and_utc())
        .or_else(|| {
            ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
                .iter()
                .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())
                .and_then(|naive| zone.from_local_datetime(&naive).earliest())
                .map(|t| t.with_timezone(&Utc))
        })
        .ok_or_else(|| bad(text))
}

/// Like [`instant`], but a day means its end: `--until 2026-01-31` includes the 31st.
pub fn end(text: &str, zone: Tz) -> Result<Time, CliError> {
    match text.parse::<NaiveDate>() {
        Ok(day) => day
            .succ_opt()
            .and_then(|next| start_of(next, zone))
            .ok_or_else(|| bad(text)),
        Err(_) => instant(text, zone),
    }
}

/// A day.
pub fn day(text: &str) -> Result<NaiveDate, CliError> {
    text.parse().map_err(|_| bad(text))
}

fn start_of(day: NaiveDate, zone: Tz) -> Option<Time> {
    zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?)
        .earliest()
        .map(|t| t.with_timezone(&Utc))
}

fn bad(text: &str) -> CliError {
    CliError::Usage(format!(
        "`{text}` is not a day; write it as 2026-01-31, or an instant as 2026-01-31T09:00Z"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    #[test]
    fn a_day_begins_in_the_zone_and_ends_with_the_next() {
        let from = instant("2026-01-31", Shanghai).unwrap();
        assert_eq!(from.to_rfc3339(), "2026-01-30T16:00:00+00:00");
        let to = end("2026-01-31", Shanghai).unwrap();
        assert_eq!((to - from).num_hours(), 24);
    }

    #[test]
    fn an_instant_is_taken_as_written() {
        let t = instant("2026-01-31T09:00Z", Shanghai).unwrap();
        assert_eq!(t.to_rfc3339(), "2026-01-31T09:00:00+00:00");
        let t = instant("2026-01-31 09:00", Shanghai).unwrap();
        assert_eq!(t.to_rfc3339(), "2026-01-31T01:00:00+00:00");
    }

    #[test]
    fn anything_else_is_refused_with_the_fix() {
        let error = instant("yesterday", Shanghai).unwrap_err().to_string();
        assert!(error.contains("2026-01-31"), "{error}");
    }
}
