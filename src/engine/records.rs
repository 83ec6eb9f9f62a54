//! Measurement records from a file or standard input, a line each; a line that is none is told, not fatal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::{Measurement, MeasurementUid};

/// A longer line is no record: a body is capped at a few MiB, base64 and certificates included.
pub const MAX_LINE: usize = 32 * 1024 * 1024;

/// One line of a file.
pub enum Line {
    Record(Box<Measurement>),
    /// The line number, from 1, and what is wrong with it.
    Bad {
        number: u64,
        why: String,
    },
}

/// The lines of `path`, or of standard input for `-`. Empty lines are passed over.
pub fn open(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Line>>> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path)?)
    };
    Ok(lines(BufReader::new(reader)))
}

/// The lines of a reader.
pub fn lines(mut reader: impl BufRead) -> impl Iterator<Item = io::Result<Line>> {
    let mut number = 0_u64;
    std::iter::from_fn(move || {
        loop {
            number += 1;
            match read_line(&mut reader) {
                Err(error) => return Some(Err(error)),
                Ok(None) => return None,
                Ok(Some(Err(why))) => return Some(Ok(Line::Bad { number, why })),
                Ok(Some(Ok(bytes))) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(Ok(bytes))) => return Some(Ok(parse(number, &bytes))),
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
fn parse(number: u64, bytes: &[u8]) -> Line {
    let trimmed = bytes.trim_ascii();
    match serde_json::from_slice::<Measurement>(trimmed) {
        Ok(mut measurement) => {
            if measurement.measurement_uid.is_none() {
                measurement.measurement_uid =
                    Some(MeasurementUid(format!("{:x}", Sha256::digest(trimmed))));
            }
            Line::Record(Box::new(measurement))
        }
        Err(error) => Line::Bad {
            number,
            why: format!("not a measurement record: {error}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"input":"http://a/","measurement_start_time":"2026-01-01 00:00:00","test_name":"web_connectivity","test_keys":{}}"#;

    fn read(text: &str) -> Vec<Line> {
        lines(text.as_bytes()).map(Result::unwrap).collect()
    }

    #[test]
    fn a_bad_line_is_numbered_and_the_others_are_taken() {
        let found = read(&format!("{RECORD}\n\nnot json\n{RECORD}"));
        assert!(matches!(found[0], Line::Record(_)));
        let Line::Bad { number, why } = &found[1] else {
            panic!("the third line is bad")
        };
        assert_eq!(*number, 3);
        assert!(why.contains("not a measurement record"), "{why}");
        assert!(matches!(found[2], Line::Record(_)));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_record_without_uid_gets_the_hash_of_its_bytes() {
        let found = read(&format!("{RECORD}\n{RECORD}"));
        let uids: Vec<_> = found
            .iter()
            .map(|line| match line {
                Line::Record(m) => m.measurement_uid.clone().unwrap(),
                Line::Bad { why, .. } => panic!("{why}"),
            })
            .collect();
        assert_eq!(uids[0], uids[1]);
        assert_eq!(uids[0].as_str().len(), 64);
    }
}
