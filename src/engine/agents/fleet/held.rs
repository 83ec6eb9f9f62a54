//! Records that this hub does not take now, because its configuration has no such vantage or it
//! reads another format: kept in a file beside the store, and taken in when they fit. At the broker
//! they cannot stay: what is acknowledged there counts for all vantages.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::disk::WholeFile;
use crate::model::VantageId;

/// The file, in the folder of the store.
const HELD: &str = "held-records.jsonl";
/// The file grows no further than this.
const MOST: u64 = 1024 * 1024 * 1024;

/// A message with a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HeldRecord {
    pub vantage: VantageId,
    /// The format that it states.
    pub format: Option<String>,
    /// A pass ends with it.
    pub ends: bool,
    /// As it came, in base 64.
    payload: String,
}

impl HeldRecord {
    pub(super) fn new(
        vantage: VantageId,
        format: Option<&str>,
        ends: bool,
        payload: &[u8],
    ) -> Self {
        Self {
            vantage,
            format: format.map(str::to_owned),
            ends,
            payload: BASE64.encode(payload),
        }
    }

    /// As it came.
    pub(super) fn payload(&self) -> Vec<u8> {
        BASE64.decode(self.payload.as_bytes()).unwrap_or_default()
    }
}

/// Where the records of a store are held.
pub(super) fn path(store: &Path) -> PathBuf {
    store.with_file_name(HELD)
}

/// Holds records; they are on disk when this returns. `false`: the file is full.
pub(super) fn append(path: &Path, records: &[HeldRecord]) -> io::Result<bool> {
    let mut bytes = Vec::new();
    for record in records {
        serde_json::to_writer(&mut bytes, record).map_err(io::Error::other)?;
        bytes.push(b'\n');
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let len = file.metadata()?.len();
    if len + bytes.len() as u64 > MOST {
        return Ok(false);
    }
    let written = file.write_all(&bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // The next line must not follow half a line.
        file.set_len(len)?;
        return Err(error);
    }
    Ok(true)
}

/// Each record that is held, in order. A line that was not written whole was not acknowledged
/// either, and comes again.
pub(super) fn read(path: &Path) -> io::Result<impl Iterator<Item = io::Result<HeldRecord>>> {
    let file = match File::open(path) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let lines = file
        .into_iter()
        .flat_map(|f| BufReader::new(f).split(b'\n'));
    Ok(lines.filter_map(|line| match line {
        Ok(line) => serde_json::from_slice(&line).ok().map(Ok),
        Err(error) => Some(Err(error)),
    }))
}

/// Leaves only the records that `stays` names.
pub(super) fn retain(path: &Path, stays: impl Fn(&HeldRecord) -> bool) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let mut file = WholeFile::create(path)?;
    let mut is_empty = true;
    for record in read(path)? {
        let record = record?;
        if stays(&record) {
            is_empty = false;
            let mut line = serde_json::to_vec(&record).map_err(io::Error::other)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
    }
    if is_empty {
        return fs::remove_file(path);
    }
    file.replace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_stays_until_it_fits_and_half_a_line_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = path(&dir.path().join("accesswatch.db"));
        let held = |path: &Path| -> Vec<HeldRecord> {
            let all = read(path).unwrap();
            all.map(Result::unwrap).collect()
        };
        assert!(held(&path).is_empty());
        let seoul = HeldRecord::new("seoul".into(), Some("1"), false, &[0, 255, 10]);
        let osaka = HeldRecord::new("osaka".into(), None, true, b"");
        assert!(append(&path, &[seoul.clone(), osaka.clone()]).unwrap());
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"vantage\":\"seo").unwrap();
        assert_eq!(held(&path), [seoul.clone(), osaka.clone()]);
        assert_eq!(held(&path)[0].payload(), [0, 255, 10]);
        retain(&path, |record| record.vantage != osaka.vantage).unwrap();
        assert!(append(&path, std::slice::from_ref(&osaka)).unwrap());
        assert_eq!(held(&path), [seoul, osaka]);
        retain(&path, |_| false).unwrap();
        assert!(!path.exists());
    }
}
