//! The files of evidence of one series, over a restart: what a killed process left at their ends, and
//! records that are on disk but were never referred to.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::warc::{
    Record, RecordPlace, Series, WarcReader, WarcWriter, WriteError, set_torn_end_aside,
};
use crate::model::Time;

/// Appends records, each once, and takes up what an earlier process left.
#[derive(Debug)]
pub struct EvidenceFiles {
    root: PathBuf,
    series: Series,
    writer: WarcWriter,
    /// Records on disk that nothing refers to yet, by id.
    unreferred: HashMap<String, RecordPlace>,
    /// Those among them that the next commit refers to.
    appended: Vec<String>,
    /// The measurements whose records were taken up.
    found: Vec<String>,
    is_recovered: bool,
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
            is_recovered: false,
        }
    }

    /// At the first call: moves the torn ends of files aside, and takes up the records behind `known`, which
    /// says of each file where its last record ends that is referred to. Returns what was moved where.
    pub fn recover(&mut self, known: &BTreeMap<String, u64>) -> io::Result<Vec<PathBuf>> {
        if self.is_recovered {
            return Ok(Vec::new());
        }
        let mut moved = Vec::new();
        for (name, path) in self.files()? {
            let end = known.get(&name).copied().unwrap_or(0);
            if fs::metadata(&path)?.len() == end {
                continue;
            }
            let aside = set_torn_end_aside(&path).map_err(io::Error::other)?;
            moved.extend(aside);
            self.take_up(&name, &path, end)?;
        }
        self.is_recovered = true;
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
        let place = match self.unreferred.get(&id) {
            Some(place) => place.clone(),
            None => self.writer.append(record, now)?,
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

    /// The measurements of which [`EvidenceFiles::recover`] found records: what refers to them was never
    /// committed. They are given once.
    pub fn found(&mut self) -> Vec<String> {
        std::mem::take(&mut self.found)
    }
}

/// The entries of a folder; none of what is no folder.
fn folder(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect()
}
