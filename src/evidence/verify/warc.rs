//! Verifies a WARC file: each record is whole, and its digests are those of its content.

use std::io::BufRead;

use super::Report;
use crate::evidence::warc::{ReadError, WarcReader};

/// Reads every record. `Err` when the file cannot be read at all; damage within it is a fault of
/// the report.
pub fn warc(name: &str, input: impl BufRead) -> Result<Report, std::io::Error> {
    let mut report = Report {
        files: 1,
        ..Report::default()
    };
    for entry in WarcReader::new(input) {
        match entry {
            Ok(entry) => {
                report.warc_records += 1;
                if let Some(digest) = entry.broken_digest() {
                    let place = format!("record {} at byte {}", entry.id(), entry.offset);
                    report.fault(name, place, format!("{digest} is not that of the record"));
                }
            }
            Err(ReadError::Io(error)) => return Err(error),
            Err(ReadError::Torn { offset }) => {
                report.fault(name, format!("byte {offset}"), "the record is cut short");
            }
            Err(ReadError::Damaged { offset, what }) => {
                let what = format!("the record is damaged: {what}");
                report.fault(name, format!("byte {offset}"), what);
            }
        }
    }
    Ok(report)
}
