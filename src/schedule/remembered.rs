//! Expressions as they were parsed before: thousands of probes share a few of them, and a pass asks
//! for all its probes at one time. Each thread remembers its own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use chrono_tz::Tz;

use super::{Cron, CronError, plan};
use crate::model::Time;

/// More expressions than this are not remembered at once.
const MOST: usize = 512;

/// What is known of one expression.
struct Known {
    cron: Result<Cron, CronError>,
    /// The newest interval, with the zone and the time that it was computed for.
    interval: Option<(Tz, Time, Duration)>,
}

thread_local! {
    static KNOWN: RefCell<HashMap<String, Known>> = RefCell::default();
}

/// Calls `with` with what is known about an expression, which is parsed now if it is new.
fn known<T>(text: &str, with: impl FnOnce(&mut Known) -> T) -> T {
    KNOWN.with_borrow_mut(|all| {
        if let Some(known) = all.get_mut(text) {
            return with(known);
        }
        if all.len() >= MOST {
            all.clear();
        }
        with(all.entry(text.to_owned()).or_insert_with(|| Known {
            cron: Cron::parse(text),
            interval: None,
        }))
    })
}

/// The same as [`Cron::parse`].
///
/// # Errors
/// [`CronError`] names the field and the fix.
pub fn cron(text: &str) -> Result<Cron, CronError> {
    known(text, |known| known.cron.clone())
}

/// Whether an expression fires on any day; `false` for one that cannot be read.
#[must_use]
pub fn fires(text: &str) -> bool {
    known(text, |known| known.cron.as_ref().is_ok_and(Cron::fires))
}

/// The same as [`plan::interval`]; zero for an expression that cannot be read.
#[must_use]
pub fn interval(text: &str, zone: Tz, now: Time) -> Duration {
    known(text, |known| {
        if let Some((of_zone, at, interval)) = known.interval
            && (of_zone, at) == (zone, now)
        {
            return interval;
        }
        let cron = known.cron.as_ref();
        let interval = cron.map_or(Duration::ZERO, |cron| plan::interval(cron, zone, now));
        known.interval = Some((zone, now, interval));
        interval
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each expression, zone and time gives its own answer, whatever was asked before.
    #[test]
    fn what_is_remembered_is_never_another_answer() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let hours = |text: &str, zone, now| interval(text, zone, now).as_secs() / 3600;
        let (utc, berlin) = (Tz::UTC, Tz::Europe__Berlin);
        let (spring, night) = (at("2026-03-02T00:00:00Z"), at("2026-10-25T00:30:00Z"));
        for _ in 0..2 {
            for (text, want) in [("0 6 * * *", 24), ("0 */6 * * *", 6), ("nonsense", 0)] {
                assert_eq!(hours(text, utc, spring), want, "{text}");
            }
            // The night in which clocks change, and another zone in the same night.
            assert_eq!(hours("0 6 * * *", utc, night), 24);
            assert_eq!(hours("0 6 * * *", berlin, night), 25);
            assert_eq!(hours("0 6 * * *", berlin, spring), 24);
        }
        for n in 0..60 {
            for hour in 6..16 {
                assert_eq!(hours(&format!("{n} {hour} * * *"), utc, spring), 24);
            }
        }
        KNOWN.with_borrow(|all| assert!(all.len() <= MOST));
    }

    #[test]
    fn errors_and_expressions_that_never_fire_are_remembered_as_such() {
        for _ in 0..2 {
            for text in ["0 6 * * *", "0 0 30 2 *", "61 * * * *", ""] {
                let parsed = Cron::parse(text);
                let fires_some_day = matches!(text, "0 6 * * *");
                assert_eq!(fires(text), fires_some_day, "{text}");
                match (cron(text), parsed) {
                    (Ok(known), Ok(parsed)) => assert_eq!(known.as_str(), parsed.as_str()),
                    (Err(known), Err(parsed)) => assert_eq!(known, parsed),
                    (known, _) => panic!("{text}: {}", known.is_ok()),
                }
            }
        }
    }
}
