//! Content codings (RFC 9110 section 8.4): gzip, deflate (zlib or raw), br, zstd, nested at most twice.
//!
//! Output never exceeds the limit: a bomb is simply cut, as any other long page is. What a broken stream gave
//! before it broke is kept.

use std::io::Read;

use bytes::Bytes;

/// Codings that are undone, one inside the other.
const MAX_NESTED: usize = 2;

/// zstd's largest window here, as browsers have it (RFC 9659): 8 MiB.
const ZSTD_WINDOW_LOG: u32 = 23;

/// A body after its codings were undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub bytes: Bytes,
    /// There was more than the limit.
    pub truncated: bool,
    /// The coding broke; `bytes` holds what came before.
    pub broken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Undoes the codings that `Content-Encoding` names, in reverse order.
///
/// `whole` tells that `wire` is the whole body: only then an early end is a fault of the coding. `identity` and
/// names that nobody knows (servers write `utf-8` there) leave the bytes as they are, as browsers do.
#[must_use]
pub fn decode<'a>(
    wire: Bytes,
    encodings: impl Iterator<Item = &'a str>,
    limit: usize,
    whole: bool,
) -> Decoded {
    let names: Vec<&str> = encodings.flat_map(|e| e.split(',')).collect();
    let codings: Vec<Coding> = names.into_iter().filter_map(coding).collect();
    let mut state = Decoded {
        truncated: wire.len() > limit,
        bytes: wire,
        broken: codings.len() > MAX_NESTED,
    };
    if codings.is_empty() {
        state.bytes.truncate(limit);
        return state;
    }
    if state.broken {
        state.bytes.clear();
        return state;
    }
    let mut whole = whole;
    state.truncated = false;
    for coding in codings.into_iter().rev() {
        if state.bytes.is_empty() {
            break;
        }
        let next = undo(coding, &state.bytes, limit, whole);
        whole &= !next.truncated && !next.broken;
        state = Decoded {
            bytes: next.bytes,
            truncated: state.truncated || next.truncated,
            broken: state.broken || next.broken,
        };
    }
    state
}

/// Whether any of the names is a coding that [`decode`] undoes.
#[must_use]
pub fn is_coded<'a>(mut encodings: impl Iterator<Item = &'a str>) -> bool {
    encodings.any(|e| e.split(',').any(|name| coding(name).is_some()))
}

fn coding(name: &str) -> Option<Coding> {
    let name = name.trim();
    [
        ("gzip", Coding::Gzip),
        ("x-gzip", Coding::Gzip),
        ("deflate", Coding::Deflate),
        ("br", Coding::Brotli),
        ("zstd", Coding::Zstd),
    ]
    .into_iter()
    .find_map(|(known, coding)| name.eq_ignore_ascii_case(known).then_some(coding))
}

fn undo(coding: Coding, wire: &[u8], limit: usize, whole: bool) -> Decoded {
    match coding {
        Coding::Gzip => gzip(wire, limit, whole),
        Coding::Deflate => deflate(wire, limit, whole),
        Coding::Brotli => brotli(wire, limit, whole),
        Coding::Zstd => zstandard(wire, limit, whole),
    }
}

/// Reads up to `limit` bytes onto `out`, one more to know whether there were more.
fn drain(mut reader: impl Read, out: &mut Vec<u8>, limit: usize) -> std::io::Result<()> {
    let room = (limit + 1).saturating_sub(out.len());
    reader.by_ref().take(room as u64).read_to_end(out)?;
    Ok(())
}

fn finish(mut out: Vec<u8>, limit: usize, result: std::io::Result<()>, whole: bool) -> Decoded {
    let truncated = out.len() > limit;
    out.truncate(limit);
    let broken = match result {
        Ok(()) => false,
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => whole,
        Err(_) => true,
    };
    Decoded {
        bytes: out.into(),
        truncated,
        broken: broken && !truncated,
    }
}

/// Members one after the other (RFC 1952 section 2.2); what follows the last and is no member is left alone.
fn gzip(wire: &[u8], limit: usize, whole: bool) -> Decoded {
    let mut out = Vec::with_capacity(guess(wire, limit));
    let mut rest = wire;
    let mut result;
    loop {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        result = drain(&mut member, &mut out, limit);
        rest = member.into_inner();
        if result.is_err() || out.len() > limit || !rest.starts_with(&[0x1f, 0x8b]) {
            break;
        }
    }
    finish(out, limit, result, whole)
}

/// zlib as the standard says, or raw deflate as many servers send it.
fn deflate(wire: &[u8], limit: usize, whole: bool) -> Decoded {
    let mut out = Vec::with_capacity(guess(wire, limit));
    let zlib = matches!(wire, [cmf, flg, ..]
        if cmf & 0x0f == 8 && (u16::from(*cmf) << 8 | u16::from(*flg)) % 31 == 0);
    let result = if zlib {
        drain(flate2::bufread::ZlibDecoder::new(wire), &mut out, limit)
    } else {
        drain(flate2::bufread::DeflateDecoder::new(wire), &mut out, limit)
    };
    finish(out, limit, result, whole)
}

fn brotli(wire: &[u8], limit: usize, whole: bool) -> Decoded {
    // The mark of a "large window" (up to 1 GiB), which is no part of the `br` coding of RFC 7932.
    if wire.first().is_some_and(|b| b & 0x7f == 0x11) {
        return broken();
    }
    let mut out = Vec::with_capacity(guess(wire, limit));
    let reader = brotli_decompressor::Decompressor::new(wire, 4096);
    let result = drain(reader, &mut out, limit);
    finish(out, limit, result, whole)
}

fn zstandard(wire: &[u8], limit: usize, whole: bool) -> Decoded {
    let Ok(mut reader) = zstd::stream::read::Decoder::with_buffer(wire) else {
        return broken();
    };
    if reader.window_log_max(ZSTD_WINDOW_LOG).is_err() {
        return broken();
    }
    let mut out = Vec::with_capacity(guess(wire, limit));
    let result = drain(&mut reader, &mut out, limit);
    finish(out, limit, result, whole)
}

fn broken() -> Decoded {
    Decoded {
        bytes: Bytes::new(),
        truncated: false,
        broken: true,
    }
}

/// Pages unfold to about four times their size.
fn guess(wire: &[u8], limit: usize) -> usize {
    wire.len().saturating_mul(4).min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use proptest::prelude::*;
    use std::io::Write;

    fn gz(data: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        w.write_all(data).unwrap();
        w.finish().unwrap()
    }

    fn zl(data: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        w.write_all(data).unwrap();
        w.finish().unwrap()
    }

    fn raw(data: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        w.write_all(data).unwrap();
        w.finish().unwrap()
    }

    fn run(wire: &[u8], name: &str, limit: usize) -> Decoded {
        decode(
            Bytes::copy_from_slice(wire),
            std::iter::once(name),
            limit,
            true,
        )
    }

    #[test]
    fn every_coding_is_undone() {
        let page = "摘要 abstract ".repeat(50).into_bytes();
        let zs = zstd::encode_all(&page[..], 3).unwrap();
        // By the reference encoder.
        let br = [
            0x8b, 0x05, 0x80, b'h', b'e', b'l', b'l', b'o', b' ', b'b', b'r', b'o', b't', b'l',
            b'i', 0x03,
        ];
        for (wire, name) in [
            (gz(&page), "gzip"),
            (gz(&page), "X-GZIP"),
            (zl(&page), "deflate"),
            (raw(&page), "deflate"),
            (zs, "zstd"),
            (page.clone(), "identity"),
            (page.clone(), "utf-8"),
        ] {
            let got = run(&wire, name, 1 << 20);
            assert_eq!(got.bytes, page, "{name}");
            assert!(!got.broken && !got.truncated, "{name}");
        }
        assert_eq!(run(&br, "br", 100).bytes, &b"hello brotli"[..]);
    }

    #[test]
    fn two_nested_codings_are_undone_and_three_are_not() {
        let page = b"page".repeat(100);
        let two = gz(&zl(&page));
        assert_eq!(run(&two, "deflate, gzip", 1000).bytes, page);
        let three = run(&gz(&two), "deflate, gzip, gzip", 1000);
        assert!(three.broken && three.bytes.is_empty());
    }

    #[test]
    fn a_bomb_is_cut_at_the_limit() {
        let zeros = vec![0; 4 << 20];
        let limit = 1 << 20;
        // 8 MiB of zeros by the reference encoder.
        let br = [
            0x9b, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x0f,
        ];
        for (wire, name) in [
            (gz(&zeros), "gzip"),
            (zl(&zeros), "deflate"),
            (zstd::encode_all(&zeros[..], 3).unwrap(), "zstd"),
            (gz(&gz(&zeros)), "gzip, gzip"),
            (br.to_vec(), "br"),
        ] {
            let got = run(&wire, name, limit);
            assert_eq!(got.bytes.len(), limit, "{name}");
            assert!(got.truncated && !got.broken, "{name}");
        }
    }

    #[test]
    fn a_broken_stream_keeps_what_came_before() {
        let page: Vec<u8> = (0..60_000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let mut wire = gz(&page);
        let middle = wire.len() / 2;
        wire.truncate(middle);
        let got = run(&wire, "gzip", 1 << 20);
        assert!(got.broken && !got.bytes.is_empty());
        assert_eq!(got.bytes, page[..got.bytes.len()]);
        let cut = decode(wire.into(), std::iter::once("gzip"), 1 << 20, false);
        assert!(!cut.broken, "our own cut is no fault of the server's");
    }

    #[test]
    fn members_are_joined_and_trailing_rubbish_is_left() {
        let mut wire = gz(b"one ");
        wire.extend(gz(b"two"));
        wire.extend(b"\0\0rubbish");
        let got = run(&wire, "gzip", 100);
        assert_eq!(got.bytes, &b"one two"[..]);
        assert!(!got.broken);
    }

    #[test]
    fn an_empty_body_and_a_large_window_are_told_apart() {
        assert!(!run(b"", "gzip", 10).broken);
        assert!(run(&[0x11, 0x1e, 0, 0], "br", 10).broken);
        assert!(run(b"plain text", "gzip", 100).broken);
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_exceed_the_limit(
            wire in proptest::collection::vec(any::<u8>(), 0..300),
            name in prop_oneof![Just("gzip"), Just("deflate"), Just("br"), Just("zstd"), Just("br,gzip")],
        ) {
            prop_assert!(run(&wire, name, 64).bytes.len() <= 64);
        }
    }
}
