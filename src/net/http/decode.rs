//! Content codings (RFC 9110 section 8.4): gzip, deflate (zlib or raw), br, zstd, nested at most twice.
//!
//! Output never exceeds the limit: a bomb is simply cut, as any other long page is. What a broken stream gave
//! before it broke is kept.

use bytes::Bytes;

use super::coding::{self, DecodedStream, StreamEnd};

/// Codings that are undone, one inside the other.
const MAX_NESTED: usize = 2;

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
    let codings: Vec<Coding> = names.into_iter().filter_map(named).collect();
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

/// The body without the codings that a `Content-Encoding` header names, up to `limit` bytes.
#[must_use]
pub fn undo_codings(wire: Bytes, encodings: Option<&str>, limit: usize) -> Bytes {
    decode(wire, encodings.into_iter(), limit, true).bytes
}

/// Whether any of the names is a coding that [`decode`] undoes.
#[must_use]
pub fn is_coded<'a>(mut encodings: impl Iterator<Item = &'a str>) -> bool {
    encodings.any(|e| e.split(',').any(|name| named(name).is_some()))
}

fn named(name: &str) -> Option<Coding> {
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
    let DecodedStream { mut bytes, end } = match coding {
        Coding::Gzip => coding::gzip(wire, limit),
        Coding::Deflate => coding::deflate(wire, limit),
        Coding::Brotli => coding::brotli(wire, limit),
        Coding::Zstd => coding::zstandard(wire, limit),
    };
    bytes.truncate(limit);
    Decoded {
        bytes: bytes.into(),
        truncated: end == StreamEnd::Over,
        broken: end == StreamEnd::Corrupt || (end == StreamEnd::Early && whole),
    }
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

    /// The page, and what ends it flushed and never finished, without its trailer, or with a wrong one.
    fn unfinished(page: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
        let flushed = |mut w: Box<dyn Flushes>| {
            w.write_all(page).unwrap();
            w.flush().unwrap();
            w.sent()
        };
        let level = Compression::default();
        let cut = |wire: Vec<u8>, by: usize| wire[..wire.len() - by].to_vec();
        let mut wrong = gz(page);
        let crc = wrong.len() - 8;
        wrong[crc] ^= 0xff;
        let mut wrong_zlib = zl(page);
        *wrong_zlib.last_mut().unwrap() ^= 0xff;
        let zs = || {
            let mut w = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
            w.include_checksum(true).unwrap();
            w.write_all(page).unwrap();
            w
        };
        let summed = zs().finish().unwrap();
        let mut wrong_zstd = summed.clone();
        *wrong_zstd.last_mut().unwrap() ^= 0xff;
        let mut open = zs();
        open.flush().unwrap();
        vec![
            (
                flushed(Box::new(flate2::write::GzEncoder::new(Vec::new(), level))),
                "gzip",
            ),
            (
                flushed(Box::new(flate2::write::ZlibEncoder::new(Vec::new(), level))),
                "deflate",
            ),
            (
                flushed(Box::new(flate2::write::DeflateEncoder::new(
                    Vec::new(),
                    level,
                ))),
                "deflate",
            ),
            (cut(gz(page), 8), "gzip"),
            (cut(gz(page), 3), "gzip"),
            (wrong, "gzip"),
            (cut(zl(page), 4), "deflate"),
            (wrong_zlib, "deflate"),
            (open.get_ref().clone(), "zstd"),
            (cut(summed, 4), "zstd"),
            (wrong_zstd, "zstd"),
        ]
    }

    trait Flushes: Write {
        fn sent(&self) -> Vec<u8>;
    }

    macro_rules! flushes {
        ($($kind:ident),*) => {$(
            impl Flushes for flate2::write::$kind<Vec<u8>> {
                fn sent(&self) -> Vec<u8> {
                    self.get_ref().clone()
                }
            }
        )*};
    }
    flushes!(GzEncoder, ZlibEncoder, DeflateEncoder);

    #[test]
    fn data_that_came_to_their_end_are_whole_without_what_ends_them() {
        for size in [40, 4_000, 400_000] {
            let page: Vec<u8> = (0..size / 4u32)
                .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
                .collect();
            for (place, (wire, name)) in unfinished(&page).into_iter().enumerate() {
                let got = run(&wire, name, 1 << 20);
                assert_eq!(got.bytes, page, "{place} {name} {size}");
                assert!(!got.broken && !got.truncated, "{place} {name} {size}");
            }
        }
        // Of br by the reference encoder: a block, a flush, and no end.
        let flushed = [
            0x8b, 0x05, 0x80, b'h', b'e', b'l', b'l', b'o', b' ', b'b', b'r', b'o', b't', b'l',
            b'i', 0x03,
        ];
        let got = run(&flushed[..15], "br", 100);
        assert!(!got.broken && got.bytes == b"hello brotli"[..]);
        assert!(run(&flushed[..14], "br", 100).broken, "within the block");
    }

    #[test]
    fn data_that_ended_early_are_broken_and_kept() {
        let page: Vec<u8> = "one two three ".repeat(9_000).into_bytes();
        let zs = zstd::encode_all(&page[..], 3).unwrap();
        for (wire, name) in [
            (gz(&page), "gzip"),
            (zl(&page), "deflate"),
            (raw(&page), "deflate"),
            (zs, "zstd"),
        ] {
            let got = run(&wire[..wire.len() * 2 / 3], name, 1 << 20);
            assert!(got.broken, "{name}");
            assert!(page.starts_with(&got.bytes), "{name}");
        }
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
