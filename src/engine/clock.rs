//! The real clock, and whether it is trusted.
//!
//! This computer's clock dates a pass and everything that follows from it: a wrong clock damages
//! records permanently. A pass is therefore made only when its time can follow the last one's, or
//! when a person says that the clock is right. In every pass the controls' clocks are compared too
//! (`judge::control`).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::model::Time;
use crate::model::clock::Clock;
use crate::model::time::{CLOCK_TOLERANCE, iso};

/// The machine's clock and tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        chrono::Utc::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// After this many whole days without a pass, a person must confirm the time.
pub const LONGEST_PAUSE_DAYS: i64 = 31;

/// Why a clock is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockDoubt {
    /// It shows a time before the newest pass.
    Before { now: Time, newest: Time },
    /// It shows a time long after the newest pass.
    LongAfter { now: Time, newest: Time },
}

impl ClockDoubt {
    /// What is wrong with `now`, given the time of the last pass, `newest`.
    #[must_use]
    pub fn check(now: Time, newest: Time) -> Option<Self> {
        if newest - now > CLOCK_TOLERANCE {
            return Some(Self::Before { now, newest });
        }
        let long = (now - newest).num_days() > LONGEST_PAUSE_DAYS;
        long.then_some(Self::LongAfter { now, newest })
    }
}

impl std::fmt::Display for ClockDoubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Before { now, newest } => write!(
                f,
                "the clock of this computer shows {now}, and the newest pass on record is of {newest}: one of the two is wrong. \
                 If the clock is wrong, set it. If the clock is right, `accesswatch purge --after {now}` takes out what was stored \
                 under the wrong one, or `accesswatch run --accept-clock` goes on beside it",
                now = iso(*now),
                newest = iso(*newest)
            ),
            Self::LongAfter { now, newest } => write!(
                f,
                "the clock of this computer shows {now}, {days} days after the newest pass on record ({newest}): either nothing ran since \
                 then, as on a computer that was off, or the clock is wrong. If the clock is wrong, set it. If it is right, \
                 `accesswatch run --accept-clock` goes on from here",
                now = iso(*now),
                days = (*now - *newest).num_days(),
                newest = iso(*newest)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_follows_the_last_within_a_month() {
        let newest: Time = "2026-11-02T12:00:00Z".parse().unwrap();
        for (now, doubted) in [
            ("2026-11-02T11:55:00Z", false),
            ("2026-11-02T11:49:00Z", true),
            ("2020-01-01T00:00:00Z", true),
            ("2026-11-02T12:00:00Z", false),
            ("2026-12-03T18:00:00Z", false),
            ("2026-12-04T12:00:00Z", true),
            ("2031-06-01T12:00:00Z", true),
        ] {
            let doubt = ClockDoubt::check(now.parse().unwrap(), newest);
            assert_eq!(doubt.is_some(), doubted, "{now}: {doubt:?}");
        }
        assert!(ClockDoubt::check(Time::MIN_UTC, newest).is_some());
        assert!(ClockDoubt::check(Time::MAX_UTC, newest).is_some());
    }

    #[test]
    fn a_long_pause_is_told_in_a_clear_sentence() {
        let (now, newest) = ("2026-11-29T10:00:00Z", "2026-09-20T10:00:00Z");
        let doubt = ClockDoubt::check(now.parse().unwrap(), newest.parse().unwrap()).unwrap();
        let error = doubt.to_string();
        for part in [
            now,
            newest,
            "70 days",
            "that was off",
            "`accesswatch run --accept-clock`",
        ] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
