//! Days and times as people type them. A day is a UTC day, as in the tables and in the API.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::model::Time;

use super::exit::CliError;

/// How an instant may be written besides RFC 3339; without a zone it is in UTC.
const INSTANTS: [&str; 5] = [
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%MZ",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
];

/// A day (`2026-01-31`, its first moment in UTC) or a time (`2026-01-31T09:00Z`).
pub fn instant(text: &str) -> Result<Time, CliError> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(start_of(day));
    }
    if let Ok(t) = DateTime::parse_from_rfc3339(text) {
        return Ok(t.with_timezone(&Utc));
    }
    INSTANTS
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())
        .map(|naive| naive.and_utc())
        .ok_or_else(|| bad(text))
}

/// Like [`instant`], but a day means its end: `--until 2026-01-31` includes the 31st.
pub fn end(text: &str) -> Result<Time, CliError> {
    match text.parse::<NaiveDate>() {
        Ok(day) => day.succ_opt().map(start_of).ok_or_else(|| bad(text)),
        Err(_) => instant(text),
    }
}

/// A day.
pub fn day(text: &str) -> Result<NaiveDate, CliError> {
    text.parse().map_err(|_| bad(text))
}

fn start_of(day: NaiveDate) -> Time {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn bad(text: &str) -> CliError {
    CliError::Usage(format!(
        "`{text}` is not a day; write it as 2026-01-31, or an instant as 2026-01-31T09:00Z"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_utc_day_and_ends_with_the_next() {
        let from = instant("2026-01-31").unwrap();
        assert_eq!(from.to_rfc3339(), "2026-01-31T00:00:00+00:00");
        let to = end("2026-01-31").unwrap();
        assert_eq!(to.to_rfc3339(), "2026-02-01T00:00:00+00:00");
        assert!(end(&NaiveDate::MAX.to_string()).is_err());
    }

    #[test]
    fn an_instant_is_taken_as_written() {
        let at = |text| instant(text).unwrap().to_rfc3339();
        assert_eq!(at("2026-01-31T09:00Z"), "2026-01-31T09:00:00+00:00");
        assert_eq!(at("2026-01-31 09:00"), "2026-01-31T09:00:00+00:00");
        assert_eq!(at("2026-01-31T09:00:00+08:00"), "2026-01-31T01:00:00+00:00");
    }

    #[test]
    fn anything_else_is_refused_with_the_fix() {
        let error = instant("yesterday").unwrap_err().to_string();
        assert!(error.contains("2026-01-31"), "{error}");
    }
}
