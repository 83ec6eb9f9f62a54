//! The segments of a spool, as files of a folder.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::line::SpoolLine;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub number: u64,
    pub path: PathBuf,
    pub len: u64,
}

/// What was found at the end of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repaired {
    /// The length without a torn line.
    pub len: u64,
    pub torn: u64,
    /// The last line ends a pass.
    pub ends_pass: bool,
}

/// The name of a segment.
#[must_use]
pub fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:012}.jsonl"))
}

/// The segments in order.
pub fn list(dir: &Path) -> io::Result<Vec<Segment>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let is_segment = path.extension().is_some_and(|e| e == "jsonl");
        let number = path.file_stem().and_then(|stem| stem.to_str());
        let number = number.and_then(|stem| stem.parse().ok());
        if let Some(number) = number.filter(|_| is_segment) {
            let len = std::fs::metadata(&path)?.len();
            found.push(Segment { number, path, len });
        }
    }
    found.sort_by_key(|segment| segment.number);
    Ok(found)
}

/// Cuts off a last line that was not written whole.
pub fn repair(segment: &Segment) -> io::Result<Repaired> {
    let mut reader = BufReader::new(File::open(&segment.path)?);
    let (mut whole, mut ends_pass) = (0_u64, false);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes)?;
        if read == 0 || bytes.last() != Some(&b'\n') {
            break;
        }
        whole += read as u64;
        ends_pass = SpoolLine::read(&bytes).is_some_and(|line| line.end);
    }
    let torn = segment.len - whole;
    if torn > 0 {
        let file = OpenOptions::new().write(true).open(&segment.path)?;
        file.set_len(whole)?;
        file.sync_all()?;
    }
    Ok(Repaired {
        len: whole,
        torn,
        ends_pass,
    })
}
