//! The day chain (evidence.md section 4): each UTC day's records and verdict changes as one Merkle
//! root, and each root tied to the day before.
//!
//! `chain.csv` holds the values. Whoever keeps one value can later show that no record of that day or
//! of a day before it was changed, added or removed.

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::merkle::{self, Hash};
pub use crate::model::day_chain::Day;

/// The head of `chain.csv`.
pub const HEAD: [&str; 6] = ["day", "records", "changes", "root", "previous", "chain"];

/// The value before the first day.
pub const GENESIS: Hash = [0; 32];

/// `chain.csv` does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChainError {
    #[error("line {line} cannot be read: {what}")]
    Unreadable { line: u64, what: String },
    #[error("{day}: the value is not made of the value before, the day and the root")]
    WrongValue { day: NaiveDate },
    #[error("{day}: the value before is not that of the day before")]
    WrongPrevious { day: NaiveDate },
    #[error("{day}: the day does not follow the day before")]
    WrongOrder { day: NaiveDate },
}

/// The chain value of a day: SHA-256 of the previous value, the day in ten bytes and the root.
#[must_use]
pub fn value(previous: &Hash, day: NaiveDate, root: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(day.format("%Y-%m-%d").to_string().as_bytes());
    hash.update(root);
    hash.finalize().into()
}

impl Day {
    /// Closes a day. `records` are the leaves of the records in the order of their uids, `changes`
    /// those of the changes in bytewise order.
    #[must_use]
    pub fn close(day: NaiveDate, records: &[Hash], changes: &[Hash], previous: Hash) -> Self {
        let leaves: Vec<Hash> = records.iter().chain(changes).copied().collect();
        let root = merkle::root(&leaves);
        Self {
            day,
            records: records.len() as u64,
            changes: changes.len() as u64,
            root,
            previous,
            chain: value(&previous, day, &root),
        }
    }

    /// The line of `chain.csv`, without its end.
    #[must_use]
    pub fn line(&self) -> String {
        format!(
            "{},{},{},{},{},{}",
            self.day.format("%Y-%m-%d"),
            self.records,
            self.changes,
            hex(&self.root),
            hex(&self.previous),
            hex(&self.chain),
        )
    }
}

/// A hash in lower-case hexadecimal.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

/// The hash that 64 lower-case hexadecimal digits name.
#[must_use]
pub fn from_hex(text: &str) -> Option<Hash> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}

/// Reads `chain.csv` and checks that each value follows from the one before. Returns the days up to
/// the first fault, and the fault.
#[must_use]
pub fn read(text: &str) -> (Vec<Day>, Option<ChainError>) {
    let mut days = Vec::new();
    for entry in entries(text) {
        match entry {
            (Some(day), None) => days.push(day),
            (_, fault @ Some(_)) => return (days, fault),
            (None, None) => {}
        }
    }
    (days, None)
}

/// Reads all of `chain.csv`: every day that can be read, and every fault. A day is held against the
/// day before as the file has it, so that one wrong line makes no other line wrong.
#[must_use]
pub fn read_all(text: &str) -> (Vec<Day>, Vec<ChainError>) {
    let (mut days, mut faults) = (Vec::new(), Vec::new());
    for (day, fault) in entries(text) {
        days.extend(day);
        faults.extend(fault);
    }
    (days, faults)
}

/// The day of each line, and what is wrong with it.
fn entries(text: &str) -> impl Iterator<Item = (Option<Day>, Option<ChainError>)> {
    let lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records();
    let mut before: Option<Day> = None;
    lines.enumerate().map(move |(index, fields)| {
        let line = index as u64 + 1;
        let unreadable = |what: String| (None, Some(ChainError::Unreadable { line, what }));
        let fields = match fields {
            Ok(fields) => fields,
            Err(error) => return unreadable(error.to_string()),
        };
        if index == 0 {
            return if fields.iter().eq(HEAD) {
                (None, None)
            } else {
                unreadable(format!("the first line is not {}", HEAD.join(",")))
            };
        }
        match day(&fields) {
            Ok(day) => {
                let fault = fault(before.as_ref(), &day);
                before = Some(day.clone());
                (Some(day), fault)
            }
            Err(what) => unreadable(what.to_owned()),
        }
    })
}

fn day(fields: &csv::StringRecord) -> Result<Day, &'static str> {
    let field = |index| fields.get(index).unwrap_or_default();
    let count = |index| {
        let text: &str = field(index);
        text.parse().map_err(|_| "a count is not a number")
    };
    let hash = |index| from_hex(field(index)).ok_or("a hash is not 64 hexadecimal digits");
    if fields.len() != HEAD.len() {
        return Err("there are not six fields");
    }
    Ok(Day {
        day: NaiveDate::parse_from_str(field(0), "%Y-%m-%d")
            .map_err(|_| "the day is not a date")?,
        records: count(1)?,
        changes: count(2)?,
        root: hash(3)?,
        previous: hash(4)?,
        chain: hash(5)?,
    })
}

fn fault(before: Option<&Day>, day: &Day) -> Option<ChainError> {
    let at = day.day;
    if before.is_some_and(|before| before.day.succ_opt() != Some(at)) {
        return Some(ChainError::WrongOrder { day: at });
    }
    if day.previous != before.map_or(GENESIS, |before| before.chain) {
        return Some(ChainError::WrongPrevious { day: at });
    }
    (day.chain != value(&day.previous, at, &day.root)).then_some(ChainError::WrongValue { day: at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn three_days() -> Vec<Day> {
        let leaf = |text: &str| merkle::leaf(text.as_bytes());
        let mut days: Vec<Day> = Vec::new();
        for (day, entries) in [
            ("2026-11-28", vec![leaf("a"), leaf("b")]),
            ("2026-11-29", vec![]),
            ("2026-11-30", vec![leaf("c")]),
        ] {
            let previous = days.last().map_or(GENESIS, |day| day.chain);
            days.push(Day::close(date(day), &entries, &[leaf("change")], previous));
        }
        days
    }

    fn file(days: &[Day]) -> String {
        let mut text = HEAD.join(",") + "\n";
        for day in days {
            text += &(day.line() + "\n");
        }
        text
    }

    #[test]
    fn what_is_written_is_read_back() {
        let days = three_days();
        assert_eq!(read(&file(&days)), (days, None));
        assert_eq!(read(&file(&[])), (vec![], None));
    }

    /// Every single character of the file matters.
    #[test]
    fn a_flipped_character_is_found_on_its_day() {
        let days = three_days();
        let text = file(&days);
        for (at, c) in text
            .char_indices()
            .filter(|(_, c)| c.is_ascii_alphanumeric())
        {
            let other = if c == '0' { '1' } else { '0' };
            let mut changed = text.clone();
            changed.replace_range(at..=at, &other.to_string());
            let line = text[..at].matches('\n').count();
            let (whole, fault) = read(&changed);
            let is_count = line > 0 && {
                let start = text[..at].rfind('\n').unwrap_or(0);
                (1..=2).contains(&text[start..at].matches(',').count())
            };
            // Counts are checked against the records; the chain does not cover them.
            if !is_count {
                assert!(fault.is_some(), "character {at} of line {line}");
                assert!(whole.len() < line.max(1), "character {at} of line {line}");
            }
        }
    }

    #[test]
    fn a_missing_day_is_named() {
        let days = three_days();
        let (whole, fault) = read(&file(&[days[0].clone(), days[2].clone()]));
        assert_eq!(whole.len(), 1);
        let day = date("2026-11-30");
        assert_eq!(fault, Some(ChainError::WrongOrder { day }));
    }

    /// The bytes of evidence.md 4.3, written out.
    #[test]
    fn the_value_is_the_hash_of_the_bytes_that_the_specification_states() {
        let day = &three_days()[0];
        let mut bytes = vec![0; 32];
        bytes.extend_from_slice(b"2026-11-28");
        bytes.extend_from_slice(&day.root);
        assert_eq!(<Hash>::from(Sha256::digest(&bytes)), day.chain);
    }
}
