//! What is sent at once: whole lines in order, each packed by itself, so that the size of the whole
//! is known before the next line is added.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::value::RawValue;

use super::line::SpoolLine;
use super::position::SpoolPosition;
use super::segments::{self, Segment};
use crate::model::agent::LONGEST_RECORD;

/// The most bytes of a packed batch, unless a single record has more.
const PACKED: usize = 1024 * 1024;
/// The most bytes before packing.
const PLAIN: usize = 16 * 1024 * 1024;

/// Records for the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Members of gzip, one a line.
    pub body: Vec<u8>,
    /// Where each member ends, and the uid of its record.
    pub members: Vec<(usize, String)>,
    pub records: u64,
    /// The place after the last line.
    pub until: SpoolPosition,
    /// The place after the last record.
    pub records_until: SpoolPosition,
    /// More records of the same passes follow.
    pub continues: bool,
    /// Lines that cannot be read; they are left out.
    pub damaged: u64,
}

/// The next lines of a spool.
pub enum NextLines {
    Batch(Batch),
    /// A record that is longer than the hub takes, and the place after it.
    TooLong(Box<RawValue>, SpoolPosition),
}

impl Batch {
    /// The only record of a batch.
    pub fn only_record(&self) -> io::Result<Box<RawValue>> {
        let mut text = String::new();
        MultiGzDecoder::new(self.body.as_slice()).read_to_string(&mut text)?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Adds a record, if it fits.
    fn add(&mut self, record: &str, plain: &mut usize) -> io::Result<bool> {
        let packed = pack(record)?;
        let is_full = self.body.len() + packed.len() > PACKED || *plain + record.len() > PLAIN;
        if self.records > 0 && is_full {
            return Ok(false);
        }
        self.body.extend(packed);
        self.members.push((self.body.len(), uid_of(record)));
        self.records += 1;
        *plain += record.len();
        Ok(true)
    }
}

/// The uid of a record; empty when it has none.
fn uid_of(record: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Named {
        #[serde(default)]
        measurement_uid: String,
    }
    let named: Option<Named> = serde_json::from_str(record).ok();
    named.map(|named| named.measurement_uid).unwrap_or_default()
}

/// At most `most` records between two places; `None` when there is nothing between them.
pub fn read(
    dir: &Path,
    from: SpoolPosition,
    to: SpoolPosition,
    most: u64,
) -> io::Result<Option<NextLines>> {
    let mut batch = Batch {
        body: Vec::new(),
        members: Vec::new(),
        records: 0,
        until: from,
        records_until: from,
        continues: false,
        damaged: 0,
    };
    let mut plain = 0;
    for segment in segments::list(dir)? {
        if segment.number < from.segment || segment.number > to.segment {
            continue;
        }
        let (mut reader, mut offset, limit) = open(&segment, from, to)?;
        let mut bytes = Vec::new();
        while offset < limit {
            bytes.clear();
            let read = reader.read_until(b'\n', &mut bytes)?;
            if read == 0 {
                break;
            }
            let behind = SpoolPosition {
                segment: segment.number,
                offset: offset + read as u64,
            };
            let line = SpoolLine::read(&bytes);
            if let Some(record) = line.as_ref().and_then(|line| line.record) {
                let is_too_long = record.get().len() > LONGEST_RECORD;
                if is_too_long && batch.records == 0 {
                    return Ok(Some(NextLines::TooLong(record.to_owned(), behind)));
                }
                let stops = is_too_long || batch.records >= most;
                if stops || !batch.add(record.get(), &mut plain)? {
                    batch.continues = true;
                    return Ok(Some(NextLines::Batch(batch)));
                }
                batch.records_until = behind;
            }
            batch.damaged += u64::from(line.is_none());
            offset = behind.offset;
            batch.until = behind;
        }
    }
    if batch.records == 0 {
        // An empty body is not gzip.
        batch.body = GzEncoder::new(Vec::new(), Compression::default()).finish()?;
    }
    Ok((batch.until > from).then_some(NextLines::Batch(batch)))
}

/// The lines of a segment between two places: where they begin and end.
fn open(
    segment: &Segment,
    from: SpoolPosition,
    to: SpoolPosition,
) -> io::Result<(BufReader<File>, u64, u64)> {
    let offset = if segment.number == from.segment {
        from.offset
    } else {
        0
    };
    let limit = if segment.number == to.segment {
        to.offset
    } else {
        segment.len
    };
    let mut file = File::open(&segment.path)?;
    file.seek(SeekFrom::Start(offset))?;
    Ok((BufReader::new(file), offset, limit))
}

fn pack(record: &str) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(record.as_bytes())?;
    encoder.write_all(b"\n")?;
    encoder.finish()
}
