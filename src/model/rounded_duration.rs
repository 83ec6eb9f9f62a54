//! How long something lasted, for people: rounded to the most readable unit, never truncated.

use super::time::Time;

/// A length of time in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundedDuration {
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

impl RoundedDuration {
    /// The time between two instants, rounded half up: minutes below two hours, hours below two
    /// days, then days.
    #[must_use]
    pub fn between(from: Time, to: Time) -> Self {
        let seconds = (to - from).num_seconds().max(0);
        let rounded = |unit: i64| (seconds + unit / 2) / unit;
        match (rounded(60), rounded(3_600)) {
            (minutes @ 0..120, _) => Self::Minutes(minutes),
            (_, hours @ 0..48) => Self::Hours(hours),
            _ => Self::Days(rounded(86_400)),
        }
    }
}

impl std::fmt::Display for RoundedDuration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Minutes(n) => write!(f, "{n} min"),
            Self::Hours(n) => write!(f, "{n} h"),
            Self::Days(1) => f.write_str("1 day"),
            Self::Days(n) => write!(f, "{n} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn lasted(seconds: i64) -> String {
        let from = Time::UNIX_EPOCH;
        RoundedDuration::between(from, from + TimeDelta::seconds(seconds)).to_string()
    }

    #[test]
    fn a_length_is_rounded_to_the_unit_that_reads_best() {
        for (seconds, text) in [
            (-5, "0 min"),
            (29, "0 min"),
            (30, "1 min"),
            (35 * 60 + 59, "36 min"),
            (7_169, "119 min"),
            (7_170, "2 h"),
            (17 * 3_600 + 3_599, "18 h"),
            (7 * 3_600 + 59 * 60, "8 h"),
            (47 * 3_600 + 1_799, "47 h"),
            (47 * 3_600 + 1_800, "2 days"),
            (95 * 3_600 + 3_599, "4 days"),
            (162 * 3_600, "7 days"),
            (156 * 3_600 - 1, "6 days"),
        ] {
            assert_eq!(lasted(seconds), text, "{seconds} s");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_never_off_by_more_than_half_its_unit(seconds in 0_i64..400 * 86_400) {
            let from = Time::UNIX_EPOCH;
            let (n, unit) = match RoundedDuration::between(from, from + TimeDelta::seconds(seconds)) {
                RoundedDuration::Minutes(n) => (n, 60),
                RoundedDuration::Hours(n) => (n, 3_600),
                RoundedDuration::Days(n) => (n, 86_400),
            };
            prop_assert!((n * unit - seconds).abs() * 2 <= unit);
        }
    }
}
