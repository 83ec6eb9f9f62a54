//! WARC files: their names, when one is closed and the next is begun, and how a record gets to
//! disk.
//!
//! Only one writer exists at a time, under the store's lock. A record is on disk when
//! [`WarcWriter::sync`] returns, before the transaction that refers to it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, NaiveDate};
use thiserror::Error;

use super::read::{self, WarcReadError};
use super::record::{Record, RecordId};
use crate::model::Time;

/// A file that reaches this size is closed (evidence.md 1.3).
const CLOSED_AT: u64 = 256 * 1024 * 1024;

/// The highest number of a file of one day.
const LAST_NUMBER: u32 = 999_999;

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// Exchanges that decided the status of a probe.
    Status,
    /// Exchanges that decided the state of a cited link.
    Links,
    /// Our own copies of cited pages.
    Copies,
}

impl Series {
    /// The word in the names of its files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Links => "links",
            Self::Copies => "copies",
        }
    }
}

/// A record could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    #[error(
        "{path}: cannot be written ({source}); the folder needs to be writable and to have space"
    )]
    Io { path: PathBuf, source: io::Error },
    #[error("{path}: the torn end of the file cannot be set aside ({source})")]
    Torn {
        path: PathBuf,
        source: WarcReadError,
    },
    #[error("{folder}: all {LAST_NUMBER} file names of {day} are taken")]
    Full { folder: PathBuf, day: NaiveDate },
}

/// Where a record was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPlace {
    /// Relative to the evidence folder, with `/` between its parts.
    pub file: String,
    /// The offset of the record's gzip member.
    pub offset: u64,
    pub length: u64,
}

/// Appends records to the files of one series in the evidence folder.
#[derive(Debug)]
pub struct WarcWriter {
    root: PathBuf,
    series: Series,
    closed_at: u64,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    day: NaiveDate,
    number: u32,
    /// Relative to the root.
    name: String,
    path: PathBuf,
    file: File,
    length: u64,
    dirty: bool,
}

impl Open {
    /// Whether the file is as this writer left it. Between two passes another process may append to
    /// it, or remove it.
    fn is_as_left(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|facts| facts.len() == self.length)
    }
}

impl WarcWriter {
    /// A writer; it touches no file before the first record.
    #[must_use]
    pub fn new(root: &Path, series: Series) -> Self {
        Self {
            root: root.to_owned(),
            series,
            closed_at: CLOSED_AT,
            open: None,
        }
    }

    /// The same writer with files that are closed at `bytes`.
    #[must_use]
    pub fn closing_at(mut self, bytes: u64) -> Self {
        self.closed_at = bytes;
        self
    }

    /// Appends `record` to the file of the UTC day of `now`.
    pub fn append(&mut self, record: &Record, now: Time) -> Result<RecordPlace, WriteError> {
        let open = self.file_of(now)?;
        let failed = |source| WriteError::Io {
            path: open.path.clone(),
            source,
        };
        let member = record.member().map_err(failed)?;
        if let Err(source) = open.file.write_all(&member) {
            // Part of the member may be in the file; what was appended before stays whole.
            open.file.set_len(open.length).map_err(failed)?;
            return Err(failed(source));
        }
        let length = member.len() as u64;
        let place = RecordPlace {
            file: open.name.clone(),
            offset: open.length,
            length,
        };
        open.length += length;
        open.dirty = true;
        Ok(place)
    }

    /// Returns when everything that was appended is on disk.
    pub fn sync(&mut self) -> Result<(), WriteError> {
        if let Some(open) = self.open.as_mut().filter(|open| open.dirty) {
            open.file.sync_all().map_err(|source| WriteError::Io {
                path: open.path.clone(),
                source,
            })?;
            open.dirty = false;
        }
        Ok(())
    }

    /// The file that takes the next record: the open one, or a new one when the day has changed or
    /// the open one is full.
    fn file_of(&mut self, now: Time) -> Result<&mut Open, WriteError> {
        let day = now.date_naive();
        let is_full = |open: &Open| open.length >= self.closed_at;
        let fits = |open: &Open| open.day == day && !is_full(open) && open.is_as_left();
        let open = match self.open.take() {
            Some(open) if fits(&open) => open,
            earlier => {
                let number = match &earlier {
                    Some(open) if open.day == day && is_full(open) => open.number + 1,
                    _ => 1,
                };
                self.open = earlier;
                self.sync()?;
                self.next_file(day, now, number)?
            }
        };
        Ok(self.open.insert(open))
    }

    /// Opens the first file of `day`, from `number` on, that is not full; creates it when it is
    /// new.
    fn next_file(&self, day: NaiveDate, now: Time, number: u32) -> Result<Open, WriteError> {
        let folder = self
            .root
            .join(format!("{:04}", day.year()))
            .join(format!("{:02}", day.month()));
        create_folder(&folder)?;
        for number in number..=LAST_NUMBER {
            let base = format!(
                "accesswatch-{}-{}-{number:03}.warc.gz",
                day.format("%Y%m%d"),
                self.series.as_str()
            );
            let path = folder.join(&base);
            if let Some(open) = self.opened(day, number, &base, &path)? {
                return Self::begun(open, &base, now);
            }
        }
        Err(WriteError::Full { folder, day })
    }

    /// The file at `path`, with its torn end moved away; `None` when it is full.
    fn opened(
        &self,
        day: NaiveDate,
        number: u32,
        base: &str,
        path: &Path,
    ) -> Result<Option<Open>, WriteError> {
        let failed = |source| WriteError::Io {
            path: path.to_owned(),
            source,
        };
        if path.exists() {
            read::set_torn_end_aside(path).map_err(|source| WriteError::Torn {
                path: path.to_owned(),
                source,
            })?;
        }
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok((length < self.closed_at).then(|| Open {
            day,
            number,
            name: format!("{:04}/{:02}/{base}", day.year(), day.month()),
            path: path.to_owned(),
            file,
            length,
            dirty: false,
        }))
    }

    /// The file with its first record.
    fn begun(mut open: Open, base: &str, now: Time) -> Result<Open, WriteError> {
        if open.length > 0 {
            return Ok(open);
        }
        let id = RecordId::of_file(base);
        let failed = |source| WriteError::Io {
            path: open.path.clone(),
            source,
        };
        let member = Record::warcinfo(id, now, base).member().map_err(failed)?;
        open.file.write_all(&member).map_err(failed)?;
        open.length = member.len() as u64;
        open.dirty = true;
        if let Some(folder) = open.path.parent() {
            // The file's name must be on disk too.
            File::open(folder)
                .and_then(|f| f.sync_all())
                .map_err(failed)?;
        }
        Ok(open)
    }
}

fn create_folder(folder: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(|source| WriteError::Io {
        path: folder.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::super::read::WarcReader;
    use super::super::record::{RecordKind, digest};
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn index(offset: u64) -> usize {
        usize::try_from(offset).unwrap()
    }

    fn response(number: usize) -> Record {
        let body = format!("page {number} {}", "x".repeat(number * 10));
        let block = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let kind = RecordKind::Response;
        let date = time("2026-11-29T14:04:26.5Z");
        let content_type = "application/http;msgtype=response";
        Record::new(
            RecordId::derived("uid", number, kind),
            kind,
            date,
            content_type,
            block.into(),
        )
        .target("https://example.org/a b")
        .with("WARC-Payload-Digest", &digest(body.as_bytes()))
    }

    fn read_all(path: &Path) -> Vec<String> {
        let entries = WarcReader::open(path).unwrap();
        entries
            .map(|entry| {
                let entry = entry.unwrap();
                assert_eq!(entry.broken_digest(), None);
                entry.field("WARC-Type").unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn records_are_read_back_where_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = WarcWriter::new(folder.path(), Series::Status);
        let now = time("2026-11-29T14:05:00Z");
        let places: Vec<RecordPlace> = (1..4)
            .map(|n| writer.append(&response(n), now).unwrap())
            .collect();
        writer.sync().unwrap();
        let name = "2026/11/accesswatch-20261129-status-001.warc.gz";
        assert!(places.iter().all(|place| place.file == name));
        let path = folder.path().join(name);
        assert_eq!(
            read_all(&path),
            ["warcinfo", "response", "response", "response"]
        );
        for (number, place) in (1..).zip(&places) {
            let entry = WarcReader::open_at(&path, place.offset)
                .unwrap()
                .next()
                .unwrap()
                .unwrap();
            assert_eq!(entry.offset, place.offset);
            assert_eq!(entry.length, place.length);
            assert_eq!(entry.block, response(number).block());
            assert_eq!(
                entry.field("WARC-Target-URI"),
                Some("https://example.org/a%20b")
            );
        }
    }

    #[test]
    fn a_full_file_is_closed_and_the_day_begins_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let files = |times: &[&str]| -> Vec<String> {
            let mut writer = WarcWriter::new(folder.path(), Series::Links).closing_at(900);
            let append = |t: &&str| writer.append(&response(1), time(t)).unwrap().file;
            times.iter().map(append).collect()
        };
        let day = "2026-11-29T14:05:00Z";
        let first = files(&[day, day, day, day]);
        assert_eq!(first[0], "2026/11/accesswatch-20261129-links-001.warc.gz");
        assert_eq!(first[3], "2026/11/accesswatch-20261129-links-002.warc.gz");
        // The next run continues after the existing files.
        let next = files(&[day, "2026-12-01T00:00:00Z"]);
        assert!(next[0] >= first[3], "{next:?}");
        assert_eq!(next[1], "2026/12/accesswatch-20261201-links-001.warc.gz");
    }

    #[test]
    fn two_writers_in_turn_know_where_their_records_stand() {
        let folder = tempfile::tempdir().unwrap();
        let now = time("2026-11-29T14:05:00Z");
        let writer = || WarcWriter::new(folder.path(), Series::Status);
        let mut writers = [writer(), writer()];
        let mut places = Vec::new();
        for number in 0..6 {
            let writer = &mut writers[number % 2];
            places.push(writer.append(&response(number), now).unwrap());
            if number == 3 {
                fs::remove_file(folder.path().join(&places[0].file)).unwrap();
                places.clear();
            }
        }
        for (number, place) in (4..).zip(&places) {
            let path = folder.path().join(&place.file);
            let mut entries = WarcReader::open_at(&path, place.offset).unwrap();
            let entry = entries.next().unwrap().unwrap();
            assert_eq!(entry.block, response(number).block());
        }
    }

    /// Whatever a crash leaves at the end of a file, no whole record is lost and no byte is
    /// deleted.
    #[test]
    fn a_torn_end_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let now = time("2026-11-29T14:05:00Z");
        let mut writer = WarcWriter::new(folder.path(), Series::Status);
        let first = writer.append(&response(1), now).unwrap();
        let last = writer.append(&response(2), now).unwrap();
        let path = folder.path().join(&first.file);
        let whole = fs::read(&path).unwrap();
        let ends =
            [1, 2, 3, 9, 30, last.length - 1].map(|cut| whole[..index(last.offset + cut)].to_vec());
        let zeros = [whole.clone(), vec![0; 50]].concat();
        for torn in ends.into_iter().chain([zeros, whole[..40].to_vec()]) {
            let _ = fs::remove_file(path.with_extension("gz.torn"));
            fs::write(&path, &torn).unwrap();
            let mut writer = WarcWriter::new(folder.path(), Series::Status);
            writer.append(&response(3), now).unwrap();
            let kinds = read_all(&path);
            assert_eq!(
                kinds.last().map(String::as_str),
                Some("response"),
                "{} bytes",
                torn.len()
            );
            let aside = fs::read(path.with_extension("gz.torn")).unwrap();
            assert!(torn.ends_with(&aside), "{} bytes", torn.len());
            let kept = fs::read(&path).unwrap();
            let known = torn.len() - aside.len();
            assert_eq!(kept[..known], torn[..known]);
        }
    }

    #[test]
    fn a_damaged_record_in_the_middle_is_no_torn_end() {
        let folder = tempfile::tempdir().unwrap();
        let now = time("2026-11-29T14:05:00Z");
        let mut writer = WarcWriter::new(folder.path(), Series::Status);
        let first = writer.append(&response(1), now).unwrap();
        let last = writer.append(&response(2), now).unwrap();
        let path = folder.path().join(&first.file);
        let mut bytes = fs::read(&path).unwrap();
        bytes[index(first.offset) + 40] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let mut writer = WarcWriter::new(folder.path(), Series::Status);
        let next = writer.append(&response(3), now).unwrap();
        assert_eq!(next.offset, last.offset + last.length);
        assert!(WarcReader::open(&path).unwrap().any(|entry| entry.is_err()));
        assert!(!path.with_extension("gz.torn").exists());
    }
}
