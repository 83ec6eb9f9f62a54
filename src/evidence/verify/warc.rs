//! Verifies a WARC file: each record is whole, and its digests are those of its content.

use std::collections::BTreeSet;
use std::io::{BufRead, Seek, SeekFrom};

use super::Report;
use crate::evidence::warc::{WarcReadError, WarcReader, next_record};

/// Reads every record. After a damaged record it continues at the next record that it finds. `Err`
/// means that the file cannot be read at all; damage within the file is a fault in the report.
pub fn warc(name: &str, input: impl BufRead + Seek) -> Result<Report, std::io::Error> {
    warc_with(name, input, BTreeSet::new())
}

/// [`warc`] for a file with records that the store refers to, each by its offset and its id: a
/// missing record is a fault too.
pub fn warc_with(
    name: &str,
    mut input: impl BufRead + Seek,
    mut expected: BTreeSet<(u64, String)>,
) -> Result<Report, std::io::Error> {
    let mut report = Report {
        files: 1,
        ..Report::default()
    };
    let mut from = 0;
    loop {
        input.seek(SeekFrom::Start(from))?;
        let damaged = read_from(name, &mut input, from, &mut expected, &mut report)?;
        let next = match damaged {
            Some(damaged) => next_record(&mut input, damaged + 1)?,
            None => None,
        };
        match next {
            Some(next) => from = next,
            None => break,
        }
    }
    for (offset, id) in expected {
        let what = "the record that the store refers to is missing";
        report.fault(name, format!("record {id} at byte {offset}"), what);
    }
    Ok(report)
}

/// Reads from a record to the end; returns where the first damaged record begins. Records that are
/// found, whole or damaged, are removed from those expected.
fn read_from(
    name: &str,
    input: &mut impl BufRead,
    from: u64,
    expected: &mut BTreeSet<(u64, String)>,
    report: &mut Report,
) -> Result<Option<u64>, std::io::Error> {
    for entry in WarcReader::starting_at(input, from) {
        match entry {
            Ok(entry) => {
                report.warc_records += 1;
                expected.remove(&(entry.offset, entry.id().to_owned()));
                if let Some(digest) = entry.broken_digest() {
                    let place = format!("record {} at byte {}", entry.id(), entry.offset);
                    report.fault(name, place, format!("{digest} is not that of the record"));
                }
            }
            Err(WarcReadError::Io(error)) => return Err(error),
            Err(WarcReadError::Torn { offset }) => {
                report.fault(name, format!("byte {offset}"), "the record is cut short");
                expected.retain(|(expected, _)| *expected != offset);
                return Ok(Some(offset));
            }
            Err(WarcReadError::Damaged { offset, what }) => {
                let what = format!("the record is damaged: {what}");
                report.fault(name, format!("byte {offset}"), what);
                expected.retain(|(expected, _)| *expected != offset);
                return Ok(Some(offset));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::evidence::warc::{Record, RecordId, RecordKind, digest};

    fn member(n: usize) -> Vec<u8> {
        let kind = RecordKind::Response;
        let at = "2026-11-29T14:04:26Z".parse().unwrap();
        let body = format!("page {n} {}", "text ".repeat(n * 40));
        let block = format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes();
        let id = RecordId::derived("a", n, kind);
        Record::new(id, kind, at, "application/http;msgtype=response", block)
            .target("https://example.org/")
            .with("WARC-Payload-Digest", &digest(body.as_bytes()))
            .member()
            .unwrap()
    }

    /// Whatever byte is changed: the damaged record is named, and every other one is read.
    #[test]
    fn one_changed_byte_costs_one_record() {
        let members: Vec<Vec<u8>> = (1..6).map(member).collect();
        let whole = members.concat();
        let mut start = 0;
        for member in &members {
            for at in (start..start + member.len()).step_by(3) {
                let mut changed = whole.clone();
                changed[at] ^= 0x55;
                let report = warc("a", Cursor::new(&changed)).unwrap();
                // Bytes that gzip itself ignores (the time, the system) change nothing.
                let is_ignored = (4..10).contains(&(at - start)) || at - start == 3;
                if report.faults.is_empty() {
                    assert!(is_ignored, "byte {at}");
                    continue;
                }
                assert_eq!(report.faults.len(), 1, "byte {at}: {:?}", report.faults);
                let place = &report.faults[0].place;
                assert!(
                    place.ends_with(&format!("byte {start}")),
                    "byte {at} of the record at {start}: {place}"
                );
                assert!(report.warc_records >= 4, "byte {at}: {report:?}");
            }
            start += member.len();
        }
    }

    #[test]
    fn two_damaged_records_are_both_named() {
        let mut members: Vec<Vec<u8>> = (1..6).map(member).collect();
        members[1][40] ^= 1;
        members[3][40] ^= 1;
        let report = warc("a", Cursor::new(members.concat())).unwrap();
        assert_eq!((report.faults.len(), report.warc_records), (2, 3));
    }
}
