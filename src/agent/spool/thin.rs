//! Thinning of a segment: healthy rounds to one a day and probe. A pass in which something was not
//! healthy stays whole. The hub finds the gaps by the schedule.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};

use chrono::NaiveDate;

use super::line::{END, SpoolLine};
use super::segments::Segment;
use crate::disk::WholeFile;

/// The lines of one pass.
#[derive(Default)]
struct PassLines {
    lines: Vec<(Vec<u8>, ThinKey)>,
    is_healthy: bool,
}

/// The part of a line that decides whether the line stays.
struct ThinKey {
    key: String,
    day: Option<NaiveDate>,
    control: bool,
}

/// Rewrites a closed segment; returns how many bytes it became shorter.
pub fn thin(segment: &Segment) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(&segment.path)?);
    let mut out = io::BufWriter::new(WholeFile::create(&segment.path)?);
    let mut seen = BTreeSet::new();
    // The first lines may be the rest of a pass whose failures are in the segment before.
    let mut pass = PassLines::default();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            // The pass goes on in the next segment: nobody knows yet how it ends.
            pass.is_healthy = false;
            write(&mut out, &pass, &mut seen)?;
            break;
        }
        let Some(line) = SpoolLine::read(&bytes) else {
            continue;
        };
        if line.end {
            let ended = std::mem::take(&mut pass);
            pass.is_healthy = true;
            if write(&mut out, &ended, &mut seen)? {
                out.write_all(END)?;
            }
            continue;
        }
        pass.is_healthy &= line.ok;
        let key = ThinKey {
            key: line.key,
            day: line.day,
            control: line.control,
        };
        pass.lines.push((bytes.clone(), key));
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let len = file.stream_position()?;
    file.replace()?;
    Ok(segment.len.saturating_sub(len))
}

/// Writes what stays of a pass; returns whether anything does.
fn write(
    out: &mut impl io::Write,
    pass: &PassLines,
    seen: &mut BTreeSet<(String, Option<NaiveDate>)>,
) -> io::Result<bool> {
    let of_sources: Vec<bool> = pass
        .lines
        .iter()
        .map(|(_, line)| {
            let is_new = !line.control && seen.insert((line.key.clone(), line.day));
            is_new || (!pass.is_healthy && !line.control)
        })
        .collect();
    let any = !pass.is_healthy || of_sources.contains(&true);
    let mut written = false;
    for ((bytes, line), stays) in pass.lines.iter().zip(of_sources) {
        if stays || (line.control && any) {
            out.write_all(bytes)?;
            written = true;
        }
    }
    Ok(written)
}
