//! `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Time;

/// The longest wait; longer ones are shortened to it. The longest back-off is far below it.
const MAX_SECONDS: u32 = 366 * 86_400;

/// The time before which the server does not want another request.
pub(super) fn until(value: &str, now: Time) -> Option<Time> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(MAX_SECONDS).min(MAX_SECONDS);
        return Some(now + TimeDelta::seconds(seconds.into()));
    }
    let date = DateTime::parse_from_rfc2822(value)
        .ok()?
        .with_timezone(&Utc);
    (date > now).then(|| date.min(now + TimeDelta::seconds(MAX_SECONDS.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read() {
        let now: Time = "2026-03-01T00:00:00Z".parse().unwrap();
        for (value, hours) in [
            ("7200", Some(2)),
            ("Sun, 01 Mar 2026 05:00:00 GMT", Some(5)),
            ("99999999999999999999", Some(366 * 24)),
            ("Sat, 28 Feb 2026 05:00:00 GMT", None),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            let got = until(value, now).map(|t| (t - now).num_hours());
            assert_eq!(got, hours, "{value}");
        }
    }
}
