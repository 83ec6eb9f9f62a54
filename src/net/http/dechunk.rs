//! Reads chunked framing (RFC 9112 section 7.1) as leniently as curl and browsers do, and rewrites
//! it in the standard form for hyper, which is stricter: lines may end in LF alone, sizes may have
//! spaces around them and leading zeros, and everything after the last chunk is ignored.
//!
//! Framing that no client reads (a size line without a number, data without an end) is a
//! [`MalformedChunk`] answer; earlier data are passed on first.

use std::io;

/// The limit of a size line; an extension may be longer by this much.
const MAX_LINE: usize = 16 * 1024;

/// Bytes of all extensions of one answer.
const MAX_EXTENSIONS: usize = 64 * 1024;

/// How many digits a size may have.
const MAX_DIGITS: usize = 16;

/// The answer breaks the framing that it announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the framing of the answer is broken: {0}")]
pub(in crate::net) struct MalformedChunk(pub(super) &'static str);

impl From<MalformedChunk> for io::Error {
    fn from(malformed: MalformedChunk) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, malformed)
    }
}

/// The current place in the framing.
#[derive(Debug, Default)]
enum State {
    /// In a size line.
    #[default]
    Size,
    /// In data, with this many bytes to come.
    Data(u64),
    /// After data; whether a CR was read.
    DataEnd(bool),
    /// After the last chunk: what follows is ignored.
    Over,
}

/// One chunked body while it is read.
#[derive(Debug, Default)]
pub(super) struct Dechunk {
    state: State,
    line: Vec<u8>,
    extensions: usize,
}

impl Dechunk {
    /// Takes received bytes, and writes the input of hyper to `out`.
    pub(super) fn push(
        &mut self,
        mut came: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), MalformedChunk> {
        while let Some((&first, rest)) = came.split_first() {
            match &mut self.state {
                State::Over => return Ok(()),
                State::Size => {
                    came = rest;
                    self.in_size(first, out)?;
                }
                State::Data(left) => {
                    let here = usize::try_from(*left).map_or(came.len(), |n| n.min(came.len()));
                    out.extend_from_slice(&came[..here]);
                    came = &came[here..];
                    *left -= here as u64;
                    if *left == 0 {
                        self.state = State::DataEnd(false);
                    }
                }
                State::DataEnd(cr) => {
                    came = rest;
                    match first {
                        b'\r' if !*cr => *cr = true,
                        b'\n' => {
                            out.extend_from_slice(b"\r\n");
                            self.state = State::Size;
                        }
                        _ => return Err(MalformedChunk("a chunk is longer than it says")),
                    }
                }
            }
        }
        Ok(())
    }

    fn in_size(&mut self, byte: u8, out: &mut Vec<u8>) -> Result<(), MalformedChunk> {
        if byte != b'\n' {
            self.line.push(byte);
            if self.line.len() > MAX_LINE {
                return Err(MalformedChunk("a size line without end"));
            }
            return Ok(());
        }
        let size = size(&self.line)?;
        self.extensions += self.line.len().saturating_sub(MAX_DIGITS);
        if self.extensions > MAX_EXTENSIONS {
            return Err(MalformedChunk("too many extensions"));
        }
        self.line.clear();
        if size == 0 {
            out.extend_from_slice(b"0\r\n\r\n");
            self.state = State::Over;
        } else {
            out.extend_from_slice(format!("{size:x}\r\n").as_bytes());
            self.state = State::Data(size);
        }
        Ok(())
    }
}

/// The size in a line, with spaces around it and an extension after it.
fn size(line: &[u8]) -> Result<u64, MalformedChunk> {
    let stated = line.split(|b| *b == b';').next().unwrap_or_default();
    let digits = stated.trim_ascii();
    let significant = digits.iter().skip_while(|b| **b == b'0').count();
    if digits.is_empty() || significant > MAX_DIGITS || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(MalformedChunk("a size line that is not a number"));
    }
    let text = std::str::from_utf8(digits).unwrap_or_default();
    u64::from_str_radix(text, 16).map_err(|_| MalformedChunk("a size line that is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(pieces: &[&[u8]]) -> (Vec<u8>, Result<(), MalformedChunk>) {
        let (mut dechunk, mut out) = (Dechunk::default(), Vec::new());
        for piece in pieces {
            if let Err(fault) = dechunk.push(piece, &mut out) {
                return (out, Err(fault));
            }
        }
        (out, Ok(()))
    }

    #[test]
    fn what_browsers_read_is_read() {
        for wire in [
            &b"4\r\npage\r\n0\r\n\r\n"[..],
            b"4\npage\n0\n\n",
            b"4\r\npage\n0\r\n\r\n",
            b"0004\r\npage\r\n000\r\n\r\n",
            b"00000000000000000000000004\r\npage\r\n0\r\n\r\n",
            b"4  \r\npage\r\n0  \r\n\r\n",
            b" 4\t\r\npage\r\n0\r\n\r\n",
            b"4;name=value\r\npage\r\n0;x\r\n\r\n",
            b"4\r\npage\r\n0\r\n",
            b"4\r\npage\r\n0\r\nTrailer: x\r\nbad trailer\r\n\r\n",
            b"4\r\npage\r\n0\r\n\r\nHTTP/1.1 500 rubbish",
        ] {
            let expected = b"4\r\npage\r\n0\r\n\r\n".to_vec();
            assert_eq!(run(&[wire]), (expected.clone(), Ok(())), "{wire:?}");
            let bytes: Vec<&[u8]> = wire.chunks(1).collect();
            assert_eq!(run(&bytes), (expected, Ok(())), "{wire:?} byte by byte");
        }
    }

    #[test]
    fn what_nobody_reads_ends_there() {
        for (rest, kept) in [
            (&b"not a size\r\nmore\r\n"[..], &b""[..]),
            (b"\r\nmore\r\n", b""),
            (b"-4\r\nmore\r\n", b""),
            (b"0x4\r\nmore\r\n", b""),
            (b"Da error\r\nmore\r\n", b""),
            (b"11111111111111111\r\nmore\r\n", b""),
            (b"2\r\nmore\r\n", b"2\r\nmo"),
            (b"4\r\nmoreover\r\n", b"4\r\nmore"),
        ] {
            let wire = [&b"4\r\npage\r\n"[..], rest].concat();
            let (out, fault) = run(&[&wire]);
            assert!(fault.is_err(), "{rest:?}");
            assert_eq!(out, [&b"4\r\npage\r\n"[..], kept].concat(), "{rest:?}");
        }
        let endless = vec![b'1'; MAX_LINE + 1];
        assert!(run(&[&endless]).1.is_err());
        let extended = format!("1;{}\r\nx\r\n", "e".repeat(10_000)).repeat(8);
        assert!(run(&[extended.as_bytes()]).1.is_err());
    }

    proptest! {
        #[test]
        fn hostile_bytes_grow_by_little(wire in proptest::collection::vec(any::<u8>(), 0..400)) {
            let (out, _) = run(&[&wire]);
            prop_assert!(out.len() <= wire.len() * 2 + 5);
        }
    }
}
