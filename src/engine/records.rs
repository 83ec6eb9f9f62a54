//! Measurement records from a file or standard input, a line each; a line that is none is told, not fatal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::misread;
use crate::judge::strict::{self, Fault};
use crate::model::{Measurement, MeasurementUid};

/// A longer line is no record: a body is capped at a few MiB, base64 and certificates included.
pub const MAX_LINE: usize = 32 * 1024 * 1024;

/// One line of a file.
pub enum Line {
    Record {
        /// From 1.
        number: u64,
        measurement: Box<Measurement>,
        /// What is wrong with its form, when that was asked for.
        faults: Vec<Fault>,
    },
    /// The line number, from 1, and what is wrong with it.
    Bad { number: u64, why: String },
}

/// How records are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Whatever can be read.
    Lenient,
    /// With the faults of their form.
    Strict,
}

/// The lines of `path`, or of standard input for `-`. Empty lines are passed over.
pub fn open(path: &Path, care: Care) -> io::Result<impl Iterator<Item = io::Result<Line>>> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path)?)
    };
    Ok(lines(unpacked(BufReader::new(reader))?, care))
}

/// OONI's files are kept compressed: what begins as gzip does is read as such. A line is bounded as ever.
fn unpacked(mut reader: BufReader<Box<dyn Read>>) -> io::Result<Box<dyn BufRead>> {
    let packed = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if packed {
        Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(reader)))
    } else {
        Box::new(reader)
    })
}

/// The lines of a reader.
pub fn lines(mut reader: impl BufRead, care: Care) -> impl Iterator<Item = io::Result<Line>> {
    let mut number = 0_u64;
    std::iter::from_fn(move || {
        loop {
            number += 1;
            match read_line(&mut reader) {
                Err(error) => return Some(Err(error)),
                Ok(None) => return None,
                Ok(Some(Err(why))) => return Some(Ok(Line::Bad { number, why })),
                Ok(Some(Ok(bytes))) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(Ok(bytes))) => return Some(Ok(parse(number, &bytes, care))),
            }
        }
    })
}

type Read1 = Option<Result<Vec<u8>, String>>;

fn read_line(reader: &mut impl BufRead) -> io::Result<Read1> {
    let mut bytes = Vec::new();
    let limit = MAX_LINE as u64 + 1;
    let read = reader.by_ref().take(limit).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.len() > MAX_LINE {
        skip_line(reader)?;
        return Ok(Some(Err(format!(
            "longer than {} MiB: not a measurement record",
            MAX_LINE / 1024 / 1024
        ))));
    }
    Ok(Some(Ok(bytes)))
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let (used, done) = {
            let chunk = reader.fill_buf()?;
            match chunk.iter().position(|b| *b == b'\n') {
                Some(at) => (at + 1, true),
                None => (chunk.len(), chunk.is_empty()),
            }
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

/// A record without `measurement_uid` gets the hash of its bytes (`docs/data-dictionary.md`).
fn parse(number: u64, bytes: &[u8], care: Care) -> Line {
    let trimmed = bytes.trim_ascii();
    match serde_json::from_slice::<Measurement>(trimmed) {
        Ok(mut measurement) => {
            if measurement.measurement_uid.is_none() {
                measurement.measurement_uid =
                    Some(MeasurementUid(format!("{:x}", Sha256::digest(trimmed))));
            }
            let faults = match care {
                Care::Lenient => Vec::new(),
                Care::Strict => serde_json::from_slice(trimmed)
                    .map(|record| strict::faults(&record))
                    .unwrap_or_default(),
            };
            Line::Record {
                number,
                measurement: Box::new(measurement),
                faults,
            }
        }
        Err(_) => match of_another_test(trimmed) {
            Some(measurement) => Line::Record {
                number,
                measurement: Box::new(measurement),
                faults: Vec::new(),
            },
            None => Line::Bad {
                number,
                why: format!("not a measurement record: {}", misread::why(trimmed)),
            },
        },
    }
}

/// OONI's other tests come in the same files, with keys of their own: what they are is known, not what they say.
fn of_another_test(bytes: &[u8]) -> Option<Measurement> {
    let mut record: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let test = record.get("test_name")?.as_str()?;
    if matches!(test, "web_connectivity" | "accesswatch") {
        return None;
    }
    let keys = record.get_mut("test_keys")?;
    *keys = serde_json::Value::Null;
    let input = record.get_mut("input")?;
    if !input.is_string() {
        *input = serde_json::Value::Null;
    }
    serde_json::from_value(record).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"input":"http://a/","measurement_start_time":"2026-01-01 00:00:00","test_name":"web_connectivity","test_keys":{}}"#;

    fn read(text: &str) -> Vec<Line> {
        lines(text.as_bytes(), Care::Lenient)
            .map(Result::unwrap)
            .collect()
    }

    #[test]
    fn a_bad_line_is_numbered_and_the_others_are_taken() {
        let found = read(&format!("{RECORD}\n\nnot json\n{RECORD}"));
        assert!(matches!(found[0], Line::Record { .. }));
        let Line::Bad { number, why } = &found[1] else {
            panic!("the third line is bad")
        };
        assert_eq!(*number, 3);
        assert!(why.contains("not a measurement record"), "{why}");
        assert!(matches!(found[2], Line::Record { .. }));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_record_without_uid_gets_the_hash_of_its_bytes() {
        let found = read(&format!("{RECORD}\n{RECORD}"));
        let uids: Vec<_> = found
            .iter()
            .map(|line| match line {
                Line::Record { measurement, .. } => measurement.measurement_uid.clone().unwrap(),
                Line::Bad { why, .. } => panic!("{why}"),
            })
            .collect();
        assert_eq!(uids[0], uids[1]);
        assert_eq!(uids[0].as_str().len(), 64);
    }
}
