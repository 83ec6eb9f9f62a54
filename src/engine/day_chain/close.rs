//! Closing the days that are over, and bringing the files to what the store has.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::engine::ports::PassStore as _;
use crate::engine::setup::Engine;
use crate::evidence::chain::{self, Day};
use crate::model::Time;
use crate::store::{Reader, Store, StoreError};

use super::files::{self, CHAIN, CHANGES, FileState};

/// The day chain could not be brought forward. The pass goes on, and the next one tries again.
#[derive(Debug, thiserror::Error)]
pub enum DayChainError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "{path}: cannot be written ({source}); the folder needs to be writable and to have space"
    )]
    Io { path: PathBuf, source: io::Error },
    /// The file was changed by something else. Its lines stay, and new ones are added.
    #[error(
        "{path}: a line is not the one that was written; `accesswatch verify` names what does not hold"
    )]
    Changed { path: PathBuf },
    #[error("{0}; {1}")]
    Both(Box<DayChainError>, Box<DayChainError>),
}

impl Engine {
    /// Takes over what the files have and the store lacks, before anything enters: the store may be
    /// an older copy that was restored. Returns the reason when that failed.
    pub(in crate::engine) async fn prepare_day_chain(&self) -> Option<String> {
        let folder = &self.workspace.settings.store.evidence;
        let hold = self.store.hold(self.clock.now()).await;
        let Ok(_hold) = hold else {
            return hold.err().map(|error| error.to_string());
        };
        prepare(&self.store, folder)
            .await
            .err()
            .map(|error| error.to_string())
    }

    /// Closes the days that are over at the end of a pass, unless its controls proved the clock
    /// wrong. Returns why that could not be done.
    pub(in crate::engine) async fn close_days(&self, now: Time) -> Option<String> {
        if self.is_clock_wrong() {
            return None;
        }
        let folder = &self.workspace.settings.store.evidence;
        let hold = self.store.hold(now).await;
        let Ok(_hold) = hold else {
            return hold.err().map(|error| error.to_string());
        };
        let closed = close_days(&self.store, folder, now).await;
        closed.err().map(|error| error.to_string())
    }
}

/// Takes over the days and changes that the files have and the store lacks, and writes what the
/// files lack. The caller holds the lock of statuses and incidents.
pub async fn prepare(store: &Store, folder: &Path) -> Result<(), DayChainError> {
    take_over_changes(store, folder).await?;
    take_over_days(store, folder).await?;
    write_files(store, folder).await
}

/// Closes every day before the day of `now`, in order, and writes the files. Returns how many days
/// were closed. The caller holds the lock on statuses and incidents.
pub async fn close_days(store: &Store, folder: &Path, now: Time) -> Result<u64, DayChainError> {
    let mut closed = 0;
    while let Some(day) = store.with_reader(Reader::first_open_day).await?
        && day < now.date_naive()
    {
        let leaves = store.with_reader(move |r| r.day_leaves(day)).await?;
        let days = store.with_reader(Reader::newest_closed_day).await?;
        let previous = days.map_or(chain::GENESIS, |newest| newest.day.chain);
        let records: Vec<_> = leaves.records.iter().map(|(_, leaf)| *leaf).collect();
        let changes: Vec<_> = leaves.changes.iter().map(|(_, leaf)| *leaf).collect();
        let day = Day::close(day, &records, &changes, previous);
        // `false` when an entry was added meanwhile: the day is then computed again.
        closed += u64::from(store.close_day(day).await?);
    }
    write_files(store, folder).await?;
    Ok(closed)
}

/// Adds to the files what only the store has.
pub async fn write_files(store: &Store, folder: &Path) -> Result<(), DayChainError> {
    let changes = write_changes(store, &folder.join(CHANGES)).await;
    let days = write_days(store, &folder.join(CHAIN)).await;
    match (changes, days) {
        (Err(changes), Err(days)) => Err(DayChainError::Both(changes.into(), days.into())),
        (changes, days) => changes.and(days),
    }
}

async fn write_days(store: &Store, path: &Path) -> Result<(), DayChainError> {
    let days = chain_lines(&store.with_reader(Reader::closed_days).await?);
    if days.len() > 1 {
        write(path, &days, |lines| behind(&days, lines))?;
    }
    Ok(())
}

async fn write_changes(store: &Store, path: &Path) -> Result<(), DayChainError> {
    if is_as_long(store, path).await? {
        return Ok(());
    }
    let changes = store.with_reader(Reader::verdict_changes).await?;
    let changes: Vec<String> = changes.iter().map(change_line).collect();
    write(path, &changes, |lines| not_among(&changes, lines))
}

/// Whether `changes.tsv` is as long as the changes in the store. Then passes do not read it;
/// `verify` compares each line.
async fn is_as_long(store: &Store, path: &Path) -> Result<bool, StoreError> {
    let bytes = store.with_reader(Reader::verdict_changes_bytes).await?;
    let length = std::fs::metadata(path).map_or(0, |facts| facts.len());
    Ok(bytes == length)
}

/// The lines of `chain.csv`.
pub(super) fn chain_lines(days: &[crate::store::ClosedDay]) -> Vec<String> {
    let head = chain::HEAD.join(",");
    let lines = days.iter().map(|closed| closed.day.line());
    std::iter::once(head).chain(lines).collect()
}

/// A line of `changes.tsv`.
pub(super) fn change_line((day, entry): &(NaiveDate, String)) -> String {
    format!("{}\t{entry}", day.format("%Y-%m-%d"))
}

fn write(
    path: &Path,
    expected: &[String],
    lacking: impl FnOnce(&[String]) -> Vec<String>,
) -> Result<(), DayChainError> {
    let failed = |source| DayChainError::Io {
        path: path.to_owned(),
        source,
    };
    let content = files::read(path).map_err(failed)?;
    match files::compare(&content, expected) {
        // The store did not take over these lines: `verify` names their days.
        FileState::Complete | FileState::Ahead { .. } => Ok(()),
        FileState::Behind { from, length } => {
            files::append(path, length, &expected[from..]).map_err(failed)
        }
        FileState::Differs { lines } => {
            files::append_after_all(path, &lacking(&lines)).map_err(failed)?;
            Err(DayChainError::Changed {
                path: path.to_owned(),
            })
        }
    }
}

/// The expected lines that are not among those of a file.
fn not_among(expected: &[String], lines: &[String]) -> Vec<String> {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        *there.entry(line).or_default() += 1;
    }
    let lacking = expected.iter().filter(|line| {
        let count = there.get_mut(line.as_str()).filter(|count| **count > 0);
        count.map(|count| *count -= 1).is_none()
    });
    lacking.cloned().collect()
}

/// The expected lines of days after the last day that a file has.
fn behind(expected: &[String], lines: &[String]) -> Vec<String> {
    let day = |line: &String| line.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
    let last = lines.iter().filter_map(day).max();
    let lacking = expected.iter().filter(|line| day(line) > last);
    lacking.cloned().collect()
}

async fn take_over_days(store: &Store, folder: &Path) -> Result<(), DayChainError> {
    let path = folder.join(CHAIN);
    let failed = |source| DayChainError::Io {
        path: path.clone(),
        source,
    };
    let content = files::read(&path).map_err(failed)?;
    let known = store.with_reader(Reader::closed_days).await?;
    let expected = chain_lines(&known);
    if !matches!(files::compare(&content, &expected), FileState::Ahead { .. }) {
        return Ok(());
    }
    let (days, fault) = chain::read(&String::from_utf8_lossy(&content));
    if fault.is_none() && days.len() > known.len() {
        store.take_over_days(days[known.len()..].to_vec()).await?;
    }
    Ok(())
}

/// Only changes of days that are not closed in the store: the tree of a closed day has its entries.
async fn take_over_changes(store: &Store, folder: &Path) -> Result<(), DayChainError> {
    let path = folder.join(CHANGES);
    let failed = |source| DayChainError::Io {
        path: path.clone(),
        source,
    };
    if is_as_long(store, &path).await? {
        return Ok(());
    }
    let content = files::read(&path).map_err(failed)?;
    let known = store.with_reader(Reader::verdict_changes).await?;
    let expected: Vec<String> = known.iter().map(change_line).collect();
    let FileState::Ahead { more } = files::compare(&content, &expected) else {
        return Ok(());
    };
    let newest = store.with_reader(Reader::newest_closed_day).await?;
    let newest = newest.map(|newest| newest.day.day);
    let changes: Option<Vec<(NaiveDate, String)>> =
        more.iter().map(|line| read_change(line)).collect();
    if let Some(changes) = changes
        && changes.iter().all(|(day, _)| Some(*day) > newest)
    {
        store.take_over_changes(changes).await?;
    }
    Ok(())
}

/// The day and the entry of a line of `changes.tsv`.
pub(super) fn read_change(line: &str) -> Option<(NaiveDate, String)> {
    let (day, entry) = line.split_once('\t')?;
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    (entry.split('\t').count() == 5).then(|| (day, entry.to_owned()))
}
