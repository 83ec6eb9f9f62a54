//! The day chain as data (evidence.md section 4): the hashed form of an entry, and one closed day.

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of one entry as a leaf of its day's tree (RFC 6962, 2.1).
#[must_use]
pub fn leaf(entry: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

/// One day of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub day: NaiveDate,
    /// How many records entered the store on this day.
    pub records: u64,
    /// How many verdicts changed on this day.
    pub changes: u64,
    pub root: Hash,
    pub previous: Hash,
    pub chain: Hash,
}

/// The days since 1970 of a date, as the store counts them.
#[must_use]
pub fn number(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_days()
}

/// The date of a number of days since 1970; `None` when it is outside the calendar.
#[must_use]
pub fn date(number: i64) -> Option<NaiveDate> {
    let days = chrono::TimeDelta::try_days(number)?;
    NaiveDate::default().checked_add_signed(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let day: NaiveDate = "2026-11-29".parse().unwrap();
        let us = day.and_hms_opt(23, 59, 59).unwrap().and_utc();
        assert_eq!(
            number(day),
            crate::model::time::day_of(us.timestamp_micros())
        );
        assert_eq!(date(number(day)), Some(day));
        assert_eq!(date(i64::MAX), None);
    }
}
