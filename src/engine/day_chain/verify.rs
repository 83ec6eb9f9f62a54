//! What the store has, compared with the day chain (evidence.md section 5).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, BufRead, Read as _};
use std::path::Path;

use chrono::NaiveDate;

use crate::evidence::chain::{self, Day};
use crate::evidence::merkle::{self, Hash};
use crate::evidence::verify::Report;
use crate::model::Measurement;
use crate::model::day_chain::leaf;
use crate::store::{ChainEntry, EntryContent, Reader, StoreError};

use super::verify_files;

/// Bytes of one line of a `.jsonl` file.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// Faults of one day that are named one by one; more are counted.
const NAMED: usize = 1000;

/// Checks the workspace: the store, the day chain, the changes of verdicts, the WARC files and the
/// time stamps. `name` is what the store is called in the report.
pub fn workspace(reader: &Reader, name: &str, folder: &Path) -> io::Result<Report> {
    let mut report = Report::default();
    let days = match store(reader, name, &mut report) {
        Ok(days) => days,
        Err(error) => {
            report.fault(name, "", error);
            Vec::new()
        }
    };
    verify_files::all(reader, &days, folder, &mut report)?;
    Ok(report)
}

/// The leaves of one day in the order of its tree.
pub fn day_leaves(reader: &Reader, day: NaiveDate) -> Result<Vec<Hash>, StoreError> {
    Ok(reader.day_leaves(day)?.all())
}

/// Checks what the store has, and returns its closed days.
fn store(reader: &Reader, name: &str, report: &mut Report) -> Result<Vec<Day>, StoreError> {
    match reader.check() {
        Ok(faults) => faults
            .iter()
            .for_each(|fault| report.fault(name, "", fault)),
        Err(error) => report.fault(name, "", error),
    }
    let closed = reader.closed_days()?;
    let mut previous = chain::GENESIS;
    for day in &closed {
        let chained = &day.day;
        if chained.previous != previous {
            report.fault(
                name,
                chained.day,
                "the value before is not that of the day before",
            );
        } else if chained.chain != chain::value(&previous, chained.day, &chained.root) {
            let what = "the value is not made of the value before, the day and the root";
            report.fault(name, chained.day, what);
        }
        previous = chained.chain;
        if day.is_lost {
            report.lost(chained.day);
        }
    }
    // Of a lost day the store has some entries at most: each is checked, the root cannot be.
    let whole = closed.iter().filter(|day| !day.is_lost);
    let whole: BTreeMap<NaiveDate, &Day> = whole.map(|day| (day.day.day, &day.day)).collect();
    let mut days: BTreeSet<NaiveDate> = reader.entry_days()?.into_iter().collect();
    days.extend(whole.keys());
    for day in days {
        if let Err(error) = one_day(reader, name, day, whole.get(&day).copied(), report) {
            report.fault(name, day, error);
        }
    }
    match reader.records_without_leaf() {
        Ok(uids) => {
            for uid in uids {
                let what = "the record has no leaf: it could not be read when leaves were fixed, or it did not enter through this program";
                report.fault(name, format!("record {uid}"), what);
            }
        }
        Err(error) => report.fault(name, "", error),
    }
    Ok(closed.into_iter().map(|closed| closed.day).collect())
}

fn one_day(
    reader: &Reader,
    name: &str,
    day: NaiveDate,
    closed: Option<&Day>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut unnamed = 0_u64;
    reader.visit_day(day, |entry| {
        let what = match fault(&entry) {
            Ok(is_purged) => {
                report.purged += u64::from(is_purged);
                report.records += u64::from(!is_purged);
                return;
            }
            Err(what) => what,
        };
        report.records += 1;
        if report.faults.len() < NAMED {
            report.fault(name, format!("{day}, record {}", entry.uid), what);
        } else {
            unnamed += 1;
        }
    })?;
    if unnamed > 0 {
        report.fault(name, day, format!("{unnamed} more records do not hold"));
    }
    let Some(closed) = closed else {
        return Ok(());
    };
    let leaves = reader.day_leaves(day)?;
    let counts = (leaves.records.len() as u64, leaves.changes.len() as u64);
    if counts != (closed.records, closed.changes) {
        let what = format!(
            "the day has {} records and {} changes, and was closed with {} and {}",
            counts.0, counts.1, closed.records, closed.changes
        );
        report.fault(name, day, what);
    } else if merkle::root(&leaves.all()) != closed.root {
        report.fault(name, day, "the entries do not lead to the root of the day");
    }
    Ok(())
}

/// Whether the record is purged; or what does not hold.
fn fault(entry: &ChainEntry) -> Result<bool, &'static str> {
    match &entry.content {
        EntryContent::Purged => Ok(true),
        EntryContent::Damaged => Err("the record cannot be read"),
        EntryContent::Line(line) if entry.leaf != Some(leaf(line)) => {
            Err("the record is not the one that was entered")
        }
        EntryContent::Line(_) => Ok(false),
    }
}

/// Checks the lines of a `.jsonl` file against the day chain of the workspace.
pub fn lines(reader: &Reader, name: &str, input: impl BufRead) -> Result<Report, LinesError> {
    let mut report = Report {
        files: 1,
        ..Report::default()
    };
    let lines = read_lines(input)?;
    let wanted: HashSet<Hash> = lines.iter().map(|line| line.leaf).collect();
    let mut found: HashMap<Hash, NaiveDate> = HashMap::new();
    let mut of_uids: HashMap<String, NaiveDate> = HashMap::new();
    let uids: BTreeSet<&str> = lines.iter().filter_map(|l| l.uid.as_deref()).collect();
    for day in reader.entry_days()? {
        for (uid, leaf) in reader.day_leaves(day)?.records {
            if wanted.contains(&leaf) {
                found.insert(leaf, day);
            }
            if uids.contains(uid.as_str()) {
                of_uids.insert(uid.0, day);
            }
        }
    }
    let closed = reader.closed_days()?;
    let days: BTreeSet<NaiveDate> = found.values().copied().collect();
    for day in closed.iter().filter(|day| days.contains(&day.day.day)) {
        report.days += 1;
        let leaves = reader.day_leaves(day.day.day)?.all();
        if !day.is_lost && merkle::root(&leaves) != day.day.root {
            report.fault(
                name,
                day.day.day,
                "the entries do not lead to the root of the day",
            );
        }
    }
    for line in lines {
        report.records += 1;
        if found.contains_key(&line.leaf) {
            continue;
        }
        let uid = line.uid.unwrap_or_default();
        let place = format!("line {}, record {uid}", line.number);
        match of_uids.get(&uid) {
            Some(day) => {
                let what = format!("the record is not the one that was entered on {day}");
                report.fault(name, place, what);
            }
            None => report.fault(name, place, "no such record entered the store"),
        }
    }
    Ok(report)
}

/// Why a `.jsonl` file could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("line {0} is not a measurement record")]
    NoRecord(u64),
}

struct EnteredLine {
    number: u64,
    leaf: Hash,
    uid: Option<String>,
}

fn read_lines(mut input: impl BufRead) -> Result<Vec<EnteredLine>, LinesError> {
    let mut all = Vec::new();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        input
            .by_ref()
            .take(MAX_LINE + 1)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if line.is_empty() {
            continue;
        }
        let record: Measurement =
            serde_json::from_slice(&line).map_err(|_| LinesError::NoRecord(number))?;
        all.push(EnteredLine {
            number,
            leaf: leaf(&line),
            uid: record.measurement_uid.map(|uid| uid.0),
        });
    }
    Ok(all)
}
