//! The evidence files of one series after a restart: what a killed process left at the end of each
//! file, and records that are on disk although no reference to them was committed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::warc::{
    Record, RecordPlace, Series, WarcReader, WarcWriter, WriteError, set_torn_end_aside,
};
use crate::model::Time;

/// Appends records, each once, and recovers what an earlier process left.
#[derive(Debug)]
pub struct EvidenceFiles {
    root: PathBuf,
    series: Series,
    writer: WarcWriter,
    /// Records on disk that nothing refers to yet, by id.
    unreferred: HashMap<String, RecordPlace>,
    /// Those among them that the next commit refers to.
    appended: Vec<String>,
    /// The measurements whose records were recovered.
    found: Vec<String>,
    /// The length of each file when it was last read or written.
    lengths: HashMap<String, u64>,
}

impl EvidenceFiles {
    /// Files under `root`; nothing is touched before the first record.
    #[must_use]
    pub fn new(root: &Path, series: Series) -> Self {
        Self {
            root: root.to_owned(),
            series,
            writer: WarcWriter::new(root, series),
            unreferred: HashMap::new(),
            appended: Vec::new(),
            found: Vec::new(),
            lengths: HashMap::new(),
        }
    }

    /// The series of the files.
    #[must_use]
    pub fn series(&self) -> Series {
        self.series
    }

    /// Whether another process wrote to a file since it was last read, or no file was read yet.
    /// Then [`EvidenceFiles::recover`] is needed before the next record is written.
    pub fn has_changed(&self) -> io::Result<bool> {
        for (name, path) in self.files()? {
            if self.lengths.get(&name) != Some(&fs::metadata(&path)?.len()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Moves the torn ends of changed files into files of their own, and reads the records after
    /// `known`, the end of the last referenced record of each file. Returns which ends were moved,
    /// and where.
    pub fn recover(&mut self, known: &BTreeMap<String, u64>) -> io::Result<Vec<PathBuf>> {
        let mut moved = Vec::new();
        for (name, path) in self.files()? {
            let end = known.get(&name).copied().unwrap_or(0);
            let mut length = fs::metadata(&path)?.len();
            if self.lengths.get(&name) != Some(&length) && length != end {
                let aside = set_torn_end_aside(&path).map_err(io::Error::other)?;
                moved.extend(aside);
                self.take_up(&name, &path, end)?;
                length = fs::metadata(&path)?.len();
            }
            self.lengths.insert(name, length);
        }
        Ok(moved)
    }

    fn take_up(&mut self, name: &str, path: &Path, from: u64) -> io::Result<()> {
        if fs::metadata(path)?.len() <= from {
            return Ok(());
        }
        // What cannot be read is left to `verify`.
        for entry in WarcReader::open_at(path, from)?.map_while(Result::ok) {
            let place = RecordPlace {
                file: name.to_owned(),
                offset: entry.offset,
                length: entry.length,
            };
            if entry.field("WARC-Type") == Some("metadata") {
                let facts: serde_json::Value =
                    serde_json::from_slice(&entry.block).unwrap_or_default();
                let uid = facts["measurement_uid"].as_str();
                self.found.extend(uid.map(str::to_owned));
            }
            if entry.broken_digest().is_none() {
                self.unreferred.insert(entry.id().to_owned(), place);
            }
        }
        Ok(())
    }

    /// The files of the series: the name relative to the root, and the path.
    fn files(&self) -> io::Result<Vec<(String, PathBuf)>> {
        let mark = format!("-{}-", self.series.as_str());
        let mut found = Vec::new();
        for year in folder(&self.root)? {
            for month in folder(&year)? {
                for path in folder(&month)? {
                    let name = path.strip_prefix(&self.root).unwrap_or(&path);
                    let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                    let base = parts.last().map_or("", |base| base);
                    if base.ends_with(".warc.gz") && base.contains(&mark) {
                        found.push((parts.join("/"), path));
                    }
                }
            }
        }
        Ok(found)
    }

    /// Appends a record, unless an earlier process wrote it.
    pub fn append(&mut self, record: &Record, now: Time) -> Result<RecordPlace, WriteError> {
        let id = record.id().to_string();
        let place = if let Some(place) = self.unreferred.get(&id) {
            place.clone()
        } else {
            let place = self.writer.append(record, now)?;
            let end = place.offset + place.length;
            self.lengths.insert(place.file.clone(), end);
            place
        };
        self.unreferred.insert(id.clone(), place.clone());
        self.appended.push(id);
        Ok(place)
    }

    /// Returns when everything that was appended is on disk.
    pub fn sync(&mut self) -> Result<(), WriteError> {
        self.writer.sync()
    }

    /// Everything that was appended is referred to now.
    pub fn committed(&mut self) {
        for id in self.appended.drain(..) {
            self.unreferred.remove(&id);
        }
    }

    /// The measurements whose records [`EvidenceFiles::recover`] found without a committed
    /// reference. Each is returned once.
    pub fn found(&mut self) -> Vec<String> {
        std::mem::take(&mut self.found)
    }
}

/// The entries of a folder; empty when the path is not a folder.
fn folder(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::warc::{RecordId, RecordKind};
    use super::*;

    fn record(number: usize) -> Record {
        let kind = RecordKind::Metadata;
        let at = "2026-11-29T14:04:26Z".parse().unwrap();
        let block = format!("{{\"measurement_uid\": \"uid-{number}\"}}").into_bytes();
        let id = RecordId::derived("uid", number, kind);
        Record::new(id, kind, at, "application/json", block)
    }

    /// Another process writes between two passes of this one, and is killed.
    #[test]
    fn what_another_process_left_is_taken_up_and_its_torn_end_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-11-29T15:00:00Z".parse().unwrap();
        let mut own = EvidenceFiles::new(folder.path(), Series::Status);
        let nothing = BTreeMap::new();
        assert_eq!(own.recover(&nothing).unwrap(), [""; 0].map(PathBuf::from));
        let first = own.append(&record(1), now).unwrap();
        own.sync().unwrap();
        own.committed();
        assert!(!own.has_changed().unwrap());

        let mut other = EvidenceFiles::new(folder.path(), Series::Status);
        let known = BTreeMap::from([(first.file.clone(), first.offset + first.length)]);
        other.recover(&known).unwrap();
        let second = other.append(&record(2), now).unwrap();
        other.sync().unwrap();
        let path = folder.path().join(&second.file);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], &whole[..30]].concat()).unwrap();

        assert!(own.has_changed().unwrap());
        let moved = own.recover(&known).unwrap();
        assert_eq!(moved, [path.with_extension("gz.torn")]);
        assert_eq!(own.found(), ["uid-2"]);
        assert_eq!(
            own.append(&record(2), now).unwrap(),
            second,
            "it already exists"
        );
        let third = own.append(&record(3), now).unwrap();
        assert_eq!(third.offset, second.offset + second.length);
        assert!(!own.has_changed().unwrap());
    }
}
