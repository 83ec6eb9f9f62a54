//! Recomputes what evidence states and compares (evidence.md section 5). Nothing here needs the
//! program that made the evidence, or its store.

mod pack;
mod warc;

pub use pack::pack;
pub use warc::{warc, warc_with};

use std::fmt::Display;

use chrono::NaiveDate;
use serde::Serialize;

/// What was checked, and what was found to be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Files of every kind that were read.
    pub files: u64,
    /// WARC records whose digests were recomputed.
    pub warc_records: u64,
    /// Days of the chain.
    pub days: u64,
    /// Measurement records that were compared with their leaves.
    pub records: u64,
    /// Time stamps.
    pub time_stamps: u64,
    /// Records that were removed by age, whose leaves are kept.
    pub purged: u64,
    /// Days that the store lacks, because it is an older copy that was put back. That is not a
    /// fault.
    pub gaps: Vec<Gap>,
    /// What does not hold, in the order in which it was met.
    pub faults: Vec<Fault>,
}

/// Days that the store lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, by the name that was given or that is in the pack.
    pub file: String,
    /// The day, offset or record.
    pub place: String,
    pub what: String,
}

impl Report {
    /// Whether everything that was checked holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    /// Adds a fault in `file`.
    pub fn fault(&mut self, file: &str, place: impl Display, what: impl Display) {
        self.faults.push(Fault {
            file: file.to_owned(),
            place: place.to_string(),
            what: what.to_string(),
        });
    }

    /// Adds a day that the store lacks; days are given in order.
    pub fn lost(&mut self, day: NaiveDate) {
        match self.gaps.last_mut() {
            Some(gap) if gap.to == day || gap.to.succ_opt() == Some(day) => gap.to = day,
            _ => self.gaps.push(Gap { from: day, to: day }),
        }
    }

    /// Takes in the report on another file.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.warc_records += other.warc_records;
        self.days += other.days;
        self.records += other.records;
        self.time_stamps += other.time_stamps;
        self.purged += other.purged;
        self.gaps.extend(other.gaps);
        self.faults.extend(other.faults);
    }
}
