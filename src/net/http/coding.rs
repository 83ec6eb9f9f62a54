//! The content codings: gzip, deflate, br and zstd, read as browsers read them.
//!
//! Only the data matter: a missing trailer or a wrong checksum does not invalidate a page, and a
//! stream that was flushed and never finished has delivered all its data.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// The largest window for zstd, as in browsers (RFC 9659): 8 MiB.
const ZSTD_WINDOW_LOG: u32 = 23;

/// The most that `decompressStream` requests next after all blocks of a frame: the head of a block,
/// or the checksum after the last one.
const ZSTD_BETWEEN_BLOCKS: usize = 4;

/// A flush ends with an empty stored block (RFC 1951 section 3.2.4): its length, and the complement
/// of the length.
const FLUSHED: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// An empty last block of br (RFC 7932 section 9.2).
const BROTLI_END: [u8; 1] = [0x03];

/// How many bytes are decompressed at once.
const STEP: usize = 16 * 1024;

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamEnd {
    /// All its data came.
    Whole,
    /// It ended early.
    Early,
    /// It became unreadable.
    Corrupt,
    /// It exceeded the limit.
    Over,
}

/// The content of a stream, up to the limit and at most one byte more.
pub(super) struct DecodedStream {
    pub(super) bytes: Vec<u8>,
    pub(super) end: StreamEnd,
}

/// Members in sequence (RFC 1952 section 2.2); other data after the last one are ignored.
pub(super) fn gzip(wire: &[u8], limit: usize) -> DecodedStream {
    let mut bytes = room(wire, limit);
    let mut rest = wire;
    loop {
        let Some(data) = behind_head(rest) else {
            let end = if rest.starts_with(&[0x1f, 0x8b]) {
                StreamEnd::Early
            } else {
                StreamEnd::Corrupt
            };
            return DecodedStream { bytes, end };
        };
        let (end, read) = inflate(data, &mut bytes, limit);
        // The checksum and the length, which no reader of a page checks.
        rest = data.get(read + 8..).unwrap_or_default();
        if end != StreamEnd::Whole || !rest.starts_with(&[0x1f, 0x8b]) {
            return DecodedStream { bytes, end };
        }
    }
}

/// The deflate stream after a member's head; `None` when the head is invalid or incomplete.
fn behind_head(member: &[u8]) -> Option<&[u8]> {
    const CRC: u8 = 0x02;
    const EXTRA: u8 = 0x04;
    const NAME: u8 = 0x08;
    const COMMENT: u8 = 0x10;
    if !member.starts_with(&[0x1f, 0x8b, 8]) {
        return None;
    }
    let flags = *member.get(3)?;
    let mut rest = member.get(10..)?;
    if flags & EXTRA != 0 {
        let length = u16::from_le_bytes([*rest.first()?, *rest.get(1)?]);
        rest = rest.get(2 + usize::from(length)..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|b| *b == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & CRC != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

/// zlib as in the standard, or raw deflate as many servers send it.
pub(super) fn deflate(wire: &[u8], limit: usize) -> DecodedStream {
    let mut bytes = room(wire, limit);
    let zlib = matches!(wire, [cmf, flg, ..]
        if cmf & 0x0f == 8 && (u16::from(*cmf) << 8 | u16::from(*flg)) % 31 == 0);
    let data = if zlib { &wire[2..] } else { wire };
    let (end, _) = inflate(data, &mut bytes, limit);
    DecodedStream { bytes, end }
}

/// Decompresses one deflate stream into `out`; returns how many bytes of it were read.
fn inflate(data: &[u8], out: &mut Vec<u8>, limit: usize) -> (StreamEnd, usize) {
    let mut stream = Decompress::new(false);
    let mut step = [0; STEP];
    loop {
        let read = place(stream.total_in());
        let (before_in, before_out) = (stream.total_in(), stream.total_out());
        let status = stream.decompress(&data[read..], &mut step, FlushDecompress::None);
        let came = place(stream.total_out() - before_out).min(STEP);
        out.extend_from_slice(&step[..came]);
        let read = place(stream.total_in());
        if out.len() > limit {
            return (StreamEnd::Over, read);
        }
        match status {
            Err(_) => return (StreamEnd::Corrupt, read),
            Ok(Status::StreamEnd) => return (StreamEnd::Whole, read),
            Ok(_) if came > 0 || stream.total_in() > before_in => {}
            Ok(_) if data.ends_with(&FLUSHED) => return (StreamEnd::Whole, read),
            Ok(_) => return (StreamEnd::Early, read),
        }
    }
}

pub(super) fn brotli(wire: &[u8], limit: usize) -> DecodedStream {
    let mut bytes = room(wire, limit);
    // The mark of a "large window" (up to 1 GiB), which is not part of the `br` coding of RFC 7932.
    if wire.first().is_some_and(|b| b & 0x7f == 0x11) {
        let end = StreamEnd::Corrupt;
        return DecodedStream { bytes, end };
    }
    let alloc = StandardAlloc::default;
    let mut state = BrotliState::new(alloc(), alloc(), alloc());
    let mut end = br_stream(&mut state, wire, &mut bytes, limit);
    if end == StreamEnd::Early {
        // A stream may end between two blocks; an end within a block would be read as data, or not
        // at all.
        let came = bytes.len();
        let ended = br_stream(&mut state, &BROTLI_END, &mut bytes, limit);
        if ended == StreamEnd::Whole && bytes.len() == came {
            end = StreamEnd::Whole;
        }
        bytes.truncate(came);
    }
    DecodedStream { bytes, end }
}

type Br = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

/// Decompresses the available part of a stream into `out`.
fn br_stream(state: &mut Br, wire: &[u8], out: &mut Vec<u8>, limit: usize) -> StreamEnd {
    let mut step = vec![0; STEP];
    let (mut left, mut read, mut written) = (wire.len(), 0, 0);
    loop {
        let (mut free, mut came) = (STEP, 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut read,
            wire,
            &mut free,
            &mut came,
            &mut step,
            &mut written,
            state,
        );
        out.extend_from_slice(&step[..came]);
        if out.len() > limit {
            return StreamEnd::Over;
        }
        match result {
            BrotliResult::ResultSuccess => return StreamEnd::Whole,
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::NeedsMoreInput => return StreamEnd::Early,
            BrotliResult::ResultFailure => return StreamEnd::Corrupt,
        }
    }
}

pub(super) fn zstandard(wire: &[u8], limit: usize) -> DecodedStream {
    let mut bytes = room(wire, limit);
    let end = zstd_frames(wire, &mut bytes, limit).or_else(|fault| {
        // A frame with a wrong checksum may be withheld completely: it is read as one without a
        // checksum.
        let summed = fault.is_some_and(|e| e.to_string().contains("checksum"));
        let (true, Some((_, short))) = (summed, wire.split_last()) else {
            return Err(None);
        };
        bytes.clear();
        zstd_frames(short, &mut bytes, limit)
    });
    let end = end.unwrap_or(StreamEnd::Corrupt);
    DecodedStream { bytes, end }
}

/// Frames in sequence; fails when one is unreadable.
fn zstd_frames(
    wire: &[u8],
    out: &mut Vec<u8>,
    limit: usize,
) -> Result<StreamEnd, Option<std::io::Error>> {
    let mut stream = Decoder::new()?;
    stream.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG))?;
    let mut step = vec![0; STEP];
    let mut input = InBuffer::around(wire);
    loop {
        let before = input.pos();
        let mut output = OutBuffer::around(&mut step[..]);
        let result = stream.run(&mut input, &mut output);
        let came = output.pos();
        out.extend_from_slice(&step[..came]);
        if out.len() > limit {
            return Ok(StreamEnd::Over);
        }
        let wanted = result?;
        let all_read = input.pos() == wire.len();
        if all_read && came < STEP {
            let whole = wanted <= ZSTD_BETWEEN_BLOCKS;
            return Ok(if whole {
                StreamEnd::Whole
            } else {
                StreamEnd::Early
            });
        }
        if input.pos() == before && came == 0 {
            return Err(None);
        }
    }
}

/// Pages expand to about four times their size.
fn room(wire: &[u8], limit: usize) -> Vec<u8> {
    Vec::with_capacity(wire.len().saturating_mul(4).min(limit + 1))
}

fn place(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
