//! Measurement records from a file or standard input, one per line; an invalid line is reported and
//! not fatal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::record_errors;
use crate::judge::strict::{self, FormatViolation};
use crate::model::time::absurd;
use crate::model::{Measurement, MeasurementUid, Time};

/// A longer line is not a record: bodies are limited to a few MiB, including base64 and
/// certificates.
pub const MAX_LINE: usize = 32 * 1024 * 1024;

/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// One line of a file.
pub enum RecordLine {
    Record {
        /// From 1.
        number: u64,
        measurement: Box<Measurement>,
        /// The violations of the format, if requested.
        faults: Vec<FormatViolation>,
    },
    /// The line number, from 1, and the problem.
    Bad { number: u64, why: String },
}

/// How strictly records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseMode {
    /// Everything that can be read.
    Lenient,
    /// With the violations of the format.
    Strict,
}

/// The lines of `path`, or of standard input for `-`, as of `now`. Empty lines are skipped.
pub fn open(
    path: &Path,
    care: ParseMode,
    now: Time,
) -> io::Result<impl Iterator<Item = io::Result<RecordLine>>> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path)?)
    };
    let reader = unpacked(BufReader::with_capacity(CHUNK, reader))?;
    Ok(lines(reader, care, now))
}

/// OONI's files are compressed: data that begin like gzip are decompressed. The limit of a line
/// applies as usual.
fn unpacked(mut reader: BufReader<Box<dyn Read>>) -> io::Result<Box<dyn BufRead>> {
    let packed = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if packed {
        let unpacked = flate2::bufread::MultiGzDecoder::new(reader);
        Box::new(BufReader::with_capacity(CHUNK, unpacked))
    } else {
        Box::new(reader)
    })
}

/// The lines of a reader, as of `now`: a record with an impossible time is invalid.
pub fn lines(
    mut reader: impl BufRead,
    care: ParseMode,
    now: Time,
) -> impl Iterator<Item = io::Result<RecordLine>> {
    let mut number = 0_u64;
    std::iter::from_fn(move || {
        loop {
            number += 1;
            match read_line(&mut reader) {
                Err(error) => return Some(Err(error)),
                Ok(None) => return None,
                Ok(Some(Err(why))) => return Some(Ok(RecordLine::Bad { number, why })),
                Ok(Some(Ok(bytes))) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(Ok(bytes))) => {
                    return Some(Ok(dated(parse(number, &bytes, care), now)));
                }
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
        reader.skip_until(b'\n')?;
        return Ok(Some(Err(format!(
            "longer than {} MiB: not a measurement record",
            MAX_LINE / 1024 / 1024
        ))));
    }
    Ok(Some(Ok(bytes)))
}

/// The line, or an error if its record has an impossible time.
fn dated(line: RecordLine, now: Time) -> RecordLine {
    let RecordLine::Record {
        number,
        measurement,
        faults,
    } = line
    else {
        return line;
    };
    let dates = [measurement.started(), measurement.measurement_start_time];
    match dates.into_iter().find_map(|t| absurd(t, now)) {
        Some(why) => RecordLine::Bad {
            number,
            why: format!("not a measurement record: {why}"),
        },
        None => RecordLine::Record {
            number,
            measurement,
            faults,
        },
    }
}

/// A record without `measurement_uid` gets the hash of its bytes (`docs/data-dictionary.md`).
fn parse(number: u64, bytes: &[u8], care: ParseMode) -> RecordLine {
    let trimmed = bytes.trim_ascii();
    match serde_json::from_slice::<Measurement>(trimmed) {
        Ok(mut measurement) => {
            if measurement.measurement_uid.is_none() {
                measurement.measurement_uid =
                    Some(MeasurementUid(format!("{:x}", Sha256::digest(trimmed))));
            }
            let faults = match care {
                ParseMode::Lenient => Vec::new(),
                ParseMode::Strict => serde_json::from_slice(trimmed)
                    .map(|record| strict::faults(&record))
                    .unwrap_or_default(),
            };
            RecordLine::Record {
                number,
                measurement: Box::new(measurement),
                faults,
            }
        }
        Err(_) => match of_another_test(trimmed) {
            Some(measurement) => RecordLine::Record {
                number,
                measurement: Box::new(measurement),
                faults: Vec::new(),
            },
            None => RecordLine::Bad {
                number,
                why: format!("not a measurement record: {}", record_errors::why(trimmed)),
            },
        },
    }
}

/// OONI's other tests are in the same files, with other keys: the type of such a record is known,
/// but not its content.
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

    fn read(text: &str) -> Vec<RecordLine> {
        lines(text.as_bytes(), ParseMode::Lenient, now())
            .map(Result::unwrap)
            .collect()
    }

    fn now() -> Time {
        "2026-11-29T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_line_of_300_mb_is_told_at_once_and_what_is_behind_it_is_taken() {
        let began = std::time::Instant::now();
        let long = io::repeat(b'1').take(300_000_000);
        let behind = format!("\n{RECORD}\n");
        let reader = BufReader::with_capacity(CHUNK, long.chain(behind.as_bytes()));
        let mut found = lines(reader, ParseMode::Lenient, now()).map(Result::unwrap);
        let Some(RecordLine::Bad { number: 1, why }) = found.next() else {
            panic!("it is no record")
        };
        assert!(why.contains("longer than 32 MiB"), "{why}");
        assert!(matches!(
            found.next(),
            Some(RecordLine::Record { number: 2, .. })
        ));
        assert!(found.next().is_none());
        let took = began.elapsed();
        assert!(took.as_secs() < 30, "a line is read once: {took:?}");
    }

    #[test]
    fn a_record_of_no_possible_time_is_none() {
        for (time, date) in [
            ("-262143-01-01 00:00:00", None),
            ("1970-01-01 00:00:00", Some("before 1990-01-01")),
            ("1989-12-31 23:59:59", Some("before 1990-01-01")),
            ("2026-12-01 00:00:00", Some("more than a day after")),
            ("9999-12-31 23:59:59", Some("more than a day after")),
        ] {
            let found = read(&RECORD.replace("2026-01-01 00:00:00", time));
            let RecordLine::Bad { why, .. } = &found[0] else {
                panic!("{time} is taken")
            };
            assert!(date.is_none_or(|date| why.contains(date)), "{time}: {why}");
        }
        for us in ["-9223372036854775808", "9223372036854775807", "1e300"] {
            let extra = format!(
                r#""test_keys":{{"x_accesswatch":{{"source":"a","probe":"b","vantage":"v","round":"r","attempt":0,"via":"direct","started_us":{us}}}}}"#
            );
            let found = read(&RECORD.replace("\"test_keys\":{}", &extra));
            assert!(matches!(&found[0], RecordLine::Bad { .. }), "{us}");
        }
        assert!(matches!(
            read(&RECORD.replace("2026-01-01", "2026-11-30"))[0],
            RecordLine::Record { .. }
        ));
    }

    #[test]
    fn a_bad_line_is_numbered_and_the_others_are_taken() {
        let found = read(&format!("{RECORD}\n\nnot json\n{RECORD}"));
        assert!(matches!(found[0], RecordLine::Record { .. }));
        let RecordLine::Bad { number, why } = &found[1] else {
            panic!("the third line is bad")
        };
        assert_eq!(*number, 3);
        assert!(why.contains("not a measurement record"), "{why}");
        assert!(matches!(found[2], RecordLine::Record { .. }));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_record_without_uid_gets_the_hash_of_its_bytes() {
        let found = read(&format!("{RECORD}\n{RECORD}"));
        let uids: Vec<_> = found
            .iter()
            .map(|line| match line {
                RecordLine::Record { measurement, .. } => {
                    measurement.measurement_uid.clone().unwrap()
                }
                RecordLine::Bad { why, .. } => panic!("{why}"),
            })
            .collect();
        assert_eq!(uids[0], uids[1]);
        assert_eq!(uids[0].as_str().len(), 64);
    }
}
