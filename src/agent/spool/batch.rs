//! What is sent at once: whole lines in order, each packed by itself, so that the size of the whole
//! is known before the next line is added.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::line::SpoolLine;
use super::position::SpoolPosition;
use super::segments;

/// A batch is no longer packed, unless one record alone is.
const PACKED: usize = 1024 * 1024;
/// The same before it is packed.
const PLAIN: usize = 16 * 1024 * 1024;

/// Records for the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Members of gzip, one a line.
    pub body: Vec<u8>,
    pub records: u64,
    /// The place behind the last line.
    pub until: SpoolPosition,
    /// More records of the same passes follow.
    pub continues: bool,
    /// Lines that cannot be read; they are left out.
    pub damaged: u64,
}

/// The records between two places; `None` when there is nothing between them.
pub fn read(dir: &Path, from: SpoolPosition, to: SpoolPosition) -> io::Result<Option<Batch>> {
    let mut batch = Batch {
        body: Vec::new(),
        records: 0,
        until: from,
        continues: false,
        damaged: 0,
    };
    let mut plain = 0;
    for segment in segments::list(dir)? {
        if segment.number < from.segment || segment.number > to.segment {
            continue;
        }
        let mut offset = if segment.number == from.segment {
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
        let mut reader = BufReader::new(file);
        let mut bytes = Vec::new();
        while offset < limit {
            bytes.clear();
            let read = reader.read_until(b'\n', &mut bytes)?;
            if read == 0 {
                break;
            }
            let line = SpoolLine::read(&bytes);
            if let Some(record) = line.as_ref().and_then(|line| line.record) {
                let packed = pack(record.get())?;
                let is_full = batch.body.len() + packed.len() > PACKED || plain + read > PLAIN;
                if batch.records > 0 && is_full {
                    batch.continues = true;
                    return Ok(Some(batch));
                }
                batch.body.extend(packed);
                batch.records += 1;
                plain += read;
            }
            batch.damaged += u64::from(line.is_none());
            offset += read as u64;
            batch.until = SpoolPosition {
                segment: segment.number,
                offset,
            };
        }
    }
    Ok((batch.until > from).then_some(batch))
}

fn pack(record: &str) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(record.as_bytes())?;
    encoder.write_all(b"\n")?;
    encoder.finish()
}
