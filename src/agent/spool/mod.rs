//! Records that the hub has not taken yet: append-only JSON lines in segments of 8 MiB. What was
//! appended is on disk; what the hub took is removed. A kill at any point loses nothing, and a
//! record that is sent twice counts once, by its uid.

mod aside;
mod batch;
mod line;
mod position;
mod segments;
mod thin;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::disk::write_whole;
use crate::model::agent::LONGEST_RECORD;
use crate::store::NewMeasurement;

pub use batch::Batch;
use batch::NextLines;
pub use position::SpoolPosition;
use segments::Segment;

/// A segment that is longer is closed.
const SEGMENT: u64 = 8 * 1024 * 1024;
/// How far the segments are sent.
const SENT: &str = "sent.json";

/// What was found when a spool was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpoolFindings {
    /// Bytes of a last line that was not written whole; they are dropped.
    pub torn: u64,
    /// A pass that was interrupted; it is sent as it is.
    pub interrupted: bool,
}

/// The spool of an agent.
#[derive(Debug)]
pub struct Spool {
    dir: PathBuf,
    most: u64,
    /// The segment that is written.
    open: Option<(u64, File, u64)>,
    /// The position after the newest end of a pass: everything before it can be sent.
    complete: SpoolPosition,
    /// Up to here the hub has taken everything.
    sent: SpoolPosition,
    /// The end of what is on its way: the segments that it was read from stay as they are.
    offered: Option<SpoolPosition>,
    /// The next batch has no more records: the hub refused a larger one.
    most_records: u64,
}

impl Spool {
    /// Opens the spool in a folder, and creates the folder if it is missing. A torn last line is
    /// dropped, and a pass that was interrupted is ended.
    pub fn open(dir: &Path, most: u64) -> io::Result<(Self, SpoolFindings)> {
        std::fs::create_dir_all(dir)?;
        let mut spool = Self {
            dir: dir.to_owned(),
            most,
            open: None,
            complete: SpoolPosition::default(),
            sent: SpoolPosition::default(),
            offered: None,
            most_records: u64::MAX,
        };
        let mut found = SpoolFindings::default();
        let segments = segments::list(dir)?;
        if let Some(last) = segments.last() {
            let repaired = segments::repair(last)?;
            found.torn = repaired.torn;
            let file = OpenOptions::new().append(true).open(&last.path)?;
            spool.open = Some((last.number, file, repaired.len));
            if repaired.len > 0 && !repaired.ends_pass {
                found.interrupted = true;
                spool.end_pass()?;
            }
            spool.complete = spool.end();
        }
        spool.sent = spool.read_sent(&segments);
        Ok((spool, found))
    }

    /// A position outside the existing segments is ignored.
    fn read_sent(&self, segments: &[Segment]) -> SpoolPosition {
        let first = segments.first().map_or(0, |s| s.number);
        let begin = SpoolPosition {
            segment: first,
            offset: 0,
        };
        let text = std::fs::read(self.dir.join(SENT)).unwrap_or_default();
        let stored: SpoolPosition = serde_json::from_slice(&text).unwrap_or_default();
        let own = segments.iter().find(|s| s.number == stored.segment);
        match own {
            Some(segment) if stored.offset <= segment.len && stored <= self.complete => stored,
            _ => begin,
        }
    }

    /// The place after the last line.
    fn end(&self) -> SpoolPosition {
        let (segment, offset) = self.open.as_ref().map_or((0, 0), |(n, _, len)| (*n, *len));
        SpoolPosition { segment, offset }
    }

    /// Appends records; they are on disk when this returns.
    pub fn append(&mut self, records: &[NewMeasurement]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for record in records {
            bytes.extend(line::write(record).map_err(io::Error::other)?);
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.write(&bytes)
    }

    /// Ends the pass: its records can be sent.
    pub fn end_pass(&mut self) -> io::Result<()> {
        let end = self.end();
        let is_empty = end.offset == 0 && segments::list(&self.dir)?.len() <= 1;
        if is_empty || (end == self.complete && end.offset > 0) {
            return Ok(());
        }
        self.write(line::END)?;
        self.complete = self.end();
        Ok(())
    }

    /// Writes whole lines; what could not be written whole is taken back.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let full = self.open.as_ref().is_none_or(|(_, _, len)| *len >= SEGMENT);
        if full {
            let number = self.open.as_ref().map_or(1, |(number, _, _)| number + 1);
            let path = segments::path(&self.dir, number);
            let file = OpenOptions::new()
                .create_new(true)
                .append(true)
                .open(path)?;
            File::open(&self.dir)?.sync_all()?;
            self.open = Some((number, file, 0));
        }
        let Some((_, file, len)) = &mut self.open else {
            return Ok(());
        };
        let written = file.write_all(bytes).and_then(|()| file.sync_data());
        if let Err(error) = written {
            // The next line must not follow half a line.
            file.set_len(*len)?;
            return Err(error);
        }
        *len += bytes.len() as u64;
        Ok(())
    }

    /// Bytes that the hub has not taken.
    pub fn held(&self) -> io::Result<u64> {
        held_after(&self.dir, self.sent)
    }

    /// The next records for the hub; `None` when every pass that ended is sent. Until
    /// [`Self::sent`] or [`Self::not_sent`] they are on their way, and the next ones follow them.
    pub fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        loop {
            let from = self.offered.unwrap_or(self.sent);
            match batch::read(&self.dir, from, self.complete, self.most_records)? {
                None => return Ok(None),
                Some(NextLines::Batch(batch)) => {
                    self.offered = Some(batch.until);
                    return Ok(Some(batch));
                }
                // What is before it is on its way.
                Some(NextLines::TooLong(..)) if from > self.sent => return Ok(None),
                Some(NextLines::TooLong(record, behind)) => {
                    let why = format!("the record is longer than {LONGEST_RECORD} bytes");
                    aside::put(&self.dir, &record, &why)?;
                    self.sent(behind)?;
                }
            }
        }
    }

    /// The hub never takes this batch. The next one has half of its records; a record that is
    /// refused alone is set aside. Returns whether a smaller batch follows.
    pub fn refused(&mut self, batch: &Batch, why: &str) -> io::Result<bool> {
        self.offered = None;
        match batch.records {
            0 => self.sent(batch.until)?,
            1 => {
                aside::put(&self.dir, &batch.only_record()?, why)?;
                // The end of the pass, if it follows, is still sent.
                self.sent(batch.records_until)?;
            }
            records => {
                self.most_records = records / 2;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What was on its way after `until` did not arrive; `None`: nothing arrived.
    pub fn not_sent(&mut self, until: Option<SpoolPosition>) {
        self.offered = until.filter(|until| *until > self.sent);
    }

    /// The hub took everything before this place; segments before it are removed.
    pub fn sent(&mut self, until: SpoolPosition) -> io::Result<()> {
        self.sent = until;
        self.offered = self.offered.filter(|offered| *offered > until);
        self.most_records = u64::MAX;
        let text = serde_json::to_vec(&until).map_err(io::Error::other)?;
        write_whole(&self.dir.join(SENT), &text)?;
        for segment in segments::list(&self.dir)? {
            if segment.number < until.segment {
                std::fs::remove_file(segment.path)?;
            }
        }
        Ok(())
    }

    /// Makes room where the spool is full: healthy rounds are thinned to one a day and probe,
    /// oldest first. Returns whether there is room now, and how much is held.
    pub fn make_room(&mut self) -> io::Result<(bool, u64)> {
        let mut held = self.held()?;
        if held < self.most {
            return Ok((true, held));
        }
        for segment in segments::list(&self.dir)? {
            let begun = segment.number <= self.sent.segment && self.sent.offset > 0;
            let is_offered = self.offered.is_some_and(|to| segment.number <= to.segment);
            // Places in a segment that is read or written must stay where they are.
            let is_written = segment.number >= self.complete.segment;
            if is_written || begun || is_offered || held < self.most {
                continue;
            }
            held = held.saturating_sub(thin::thin(&segment)?);
        }
        Ok((held < self.most, held))
    }

    /// The most that it may hold.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Its folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// Bytes that the hub has not taken of a spool that another process uses.
pub fn held_in(dir: &Path) -> io::Result<u64> {
    let text = std::fs::read(dir.join(SENT)).unwrap_or_default();
    held_after(dir, serde_json::from_slice(&text).unwrap_or_default())
}

fn held_after(dir: &Path, sent: SpoolPosition) -> io::Result<u64> {
    let all = segments::list(dir)?;
    let waiting = all.iter().filter(|s| s.number >= sent.segment);
    let held: u64 = waiting.map(|s| s.len).sum();
    Ok(held.saturating_sub(sent.offset))
}

#[cfg(test)]
mod tests;
