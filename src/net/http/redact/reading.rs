//! A body as a browser reads it: its bytes decoded, and for each part of the text the bytes that it
//! was read from.
//!
//! A search in the bytes alone misses what only decoding joins: characters of two units in UTF-16,
//! characters between the shifts of ISO-2022-JP, single bytes of a national charset.

use std::ops::Range;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;

use super::wide::{FORMS, WideForm};
use crate::text::charset;

/// What stands where something was taken out.
pub const REDACTED: &str = "[redacted]";

/// Room for what one byte can complete: a few characters of at most four bytes each.
const BUFFER: usize = 64;

/// The length of a shift of ISO-2022-JP.
const SHIFT: usize = 3;

/// The shift of ISO-2022-JP to ASCII.
const TO_ASCII: &[u8] = b"\x1b(B";

/// How the characters of a place are written, and so what may stand in their stead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// A byte for each ASCII character.
    Narrow,
    Wide(WideForm),
    /// As the shifts of ISO-2022-JP before it say.
    Shifted,
}

/// A body, decoded.
#[derive(Debug)]
pub(super) struct BodyReading {
    encoding: &'static Encoding,
    /// A browser takes this charset.
    is_stated: bool,
    pub(super) text: String,
}

/// The readings of a body that say more than its bytes do: in the charset that a browser takes, and
/// in those that are known by their bytes. A body in UTF-8 is its own reading and has none here.
pub(super) fn readings(body: &[u8], content_type: Option<&str>) -> Vec<BodyReading> {
    let has_zeros = memchr::memchr(0, body).is_some();
    let has_shifts = memmem::find(body, b"\x1b$").is_some();
    if body.is_ascii() && !has_zeros && !has_shifts {
        return Vec::new();
    }
    let mut encodings = vec![charset::browser_charset(body, content_type)];
    if has_zeros {
        encodings.extend([UTF_16LE, UTF_16BE]);
    }
    if has_shifts {
        encodings.push(ISO_2022_JP);
    }
    let mut readings: Vec<BodyReading> = Vec::new();
    for encoding in encodings.iter().copied() {
        let is_known = readings.iter().any(|known| known.encoding == encoding);
        if encoding != UTF_8 && !is_known {
            let (text, _) = encoding.decode_without_bom_handling(body);
            readings.push(BodyReading {
                encoding,
                is_stated: encoding == encodings[0],
                text: text.into_owned(),
            });
        }
    }
    readings
}

impl BodyReading {
    /// Whether a browser reads the body as UTF-16.
    pub(super) fn states_utf_16(&self) -> bool {
        self.is_stated && matches!(self.written(), Written::Wide(_))
    }

    pub(super) fn written(&self) -> Written {
        if self.encoding == UTF_16LE {
            Written::Wide(FORMS[0])
        } else if self.encoding == UTF_16BE {
            Written::Wide(FORMS[1])
        } else if self.encoding == ISO_2022_JP {
            Written::Shifted
        } else {
            Written::Narrow
        }
    }

    /// The bytes of `body` that each of `parts` of the text was read from. The parts are in order
    /// and do not overlap. The body is decoded again, a byte at a time, up to the last part.
    pub(super) fn bytes(&self, body: &[u8], parts: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let mut buffer = [0; BUFFER];
        let mut found = Vec::with_capacity(parts.len());
        let mut wanted = parts.iter();
        let Some(mut part) = wanted.next() else {
            return found;
        };
        // The first place behind which the text had its length, that length, and where the part
        // begins.
        let (mut since, mut length, mut start) = (0, 0, None);
        for at in 0..body.len() {
            if start.is_none() && length == part.start {
                start = Some(since);
            }
            let written = decoder.decode_to_utf8(&body[at..=at], &mut buffer, false).2;
            if written == 0 {
                continue;
            }
            let before = since;
            length += written;
            since = at + 1;
            // One byte may complete several characters, of which the part begins with a later one.
            if start.is_none() && length > part.start {
                start = Some(before);
            }
            while length >= part.end {
                found.push(start.unwrap_or(before)..since);
                let Some(next) = wanted.next() else {
                    return found;
                };
                part = next;
                start = (length > part.start).then_some(before);
            }
        }
        // What the end of the body leaves unfinished.
        found.push(start.unwrap_or(since)..body.len());
        found.extend(wanted.map(|_| since..body.len()));
        found
    }
}

/// The shift at the start of `bytes`.
fn shift(bytes: &[u8]) -> Option<&[u8]> {
    let first = bytes.get(..SHIFT)?;
    let is_shift = matches!(
        first,
        b"\x1b$B" | b"\x1b$@" | b"\x1b(B" | b"\x1b(J" | b"\x1b(I"
    );
    is_shift.then_some(first)
}

/// The shift that holds at `at`.
fn shift_at(body: &[u8], at: usize) -> &[u8] {
    let escapes = memchr::memrchr_iter(0x1b, &body[..at]);
    let mut shifts = escapes.filter_map(|place| shift(&body[place..at]));
    shifts.next().unwrap_or(TO_ASCII)
}

fn is_ascii(shift: &[u8]) -> bool {
    matches!(shift, b"\x1b(B" | b"\x1b(J")
}

/// Where the shifts before `at` begin: two shifts in a row are an error to a decoder.
pub(super) fn start_with_shifts(body: &[u8], at: usize) -> usize {
    let mut start = at;
    while let Some(before) = start.checked_sub(SHIFT)
        && shift(&body[before..]).is_some()
    {
        start = before;
    }
    start
}

/// What stands in a body in place of `at`, in characters that its charset can write there.
pub(super) fn replacement(body: &[u8], at: &Range<usize>, written: Written) -> Vec<u8> {
    match written {
        Written::Narrow => REDACTED.as_bytes().to_vec(),
        Written::Wide(form) => form.widen(REDACTED),
        Written::Shifted => {
            let mut bytes = Vec::with_capacity(REDACTED.len() + 2 * SHIFT);
            if !is_ascii(shift_at(body, at.start)) {
                bytes.extend_from_slice(TO_ASCII);
            }
            bytes.extend_from_slice(REDACTED.as_bytes());
            let behind = shift_at(body, at.end);
            if !is_ascii(behind) && shift(&body[at.end..]).is_none() {
                bytes.extend_from_slice(behind);
            }
            bytes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8], label: &str) -> BodyReading {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let media = format!("text/html; charset={label}");
        let mut all = readings(body, Some(&media)).into_iter();
        all.find(|reading| reading.encoding == encoding).unwrap()
    }

    /// The bytes of `part` within the reading, decoded anew.
    fn bytes_of<'a>(body: &'a [u8], reading: &BodyReading, part: &str) -> &'a [u8] {
        let at = reading.text.find(part).unwrap();
        let part = at..at + part.len();
        let places = reading.bytes(body, std::slice::from_ref(&part));
        assert_eq!(places.len(), 1);
        &body[places[0].clone()]
    }

    #[test]
    fn a_part_of_the_text_is_the_bytes_that_it_was_read_from() {
        for label in [
            "gb18030",
            "big5",
            "euc-kr",
            "euc-jp",
            "shift_jis",
            "windows-1252",
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let part = if label == "windows-1252" {
                "20³.é"
            } else {
                "２０３．一"
            };
            let write = |text: &str| encoding.encode(text).0.into_owned();
            let body = write(&format!("<p>{part}{part}x</p>"));
            let reading = read(&body, label);
            assert_eq!(bytes_of(&body, &reading, part), write(part), "{label}");
        }
        let body: Vec<u8> = "a𝟚𝟘𝟛b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let reading = read(&body, "utf-16le");
        assert_eq!(bytes_of(&body, &reading, "𝟘"), &body[6..10]);
        let body = b"\xfe\xff\x00a\x00b";
        let reading = &readings(body, None)[0];
        assert_eq!(bytes_of(body, reading, "b"), b"\x00b");
    }

    #[test]
    fn parts_next_to_each_other_have_bytes_of_their_own() {
        let body = encoding_rs::BIG5.encode("中文中文").0.into_owned();
        let reading = read(&body, "big5");
        let parts = [0..3, 3..6, 9..12];
        assert_eq!(reading.bytes(&body, &parts), [0..2, 2..4, 6..8]);
    }

    #[test]
    fn a_replacement_leaves_the_shifts_as_they_were() {
        let write = |text: &str| ISO_2022_JP.encode(text).0.into_owned();
        for (before, inner, behind) in [
            ("日", "２０３", "本"),
            ("日", "203", "本"),
            ("a", "２０３", "b"),
            ("a", "２０３", "本"),
            ("日", "２０３", "b"),
            ("日", "２0３", "本"),
        ] {
            let body = write(&format!("{before}{inner}{behind}"));
            let reading = read(&body, "iso-2022-jp");
            let at = reading.text.find(inner).unwrap();
            let part = at..at + inner.len();
            let places = reading.bytes(&body, std::slice::from_ref(&part));
            let place = start_with_shifts(&body, places[0].start)..places[0].end;
            let mut out = body[..place.start].to_vec();
            out.extend(replacement(&body, &place, Written::Shifted));
            out.extend_from_slice(&body[place.end..]);
            let (text, is_malformed) = ISO_2022_JP.decode_without_bom_handling(&out);
            assert_eq!(text, format!("{before}{REDACTED}{behind}"), "{out:?}");
            assert!(!is_malformed, "{out:?}");
        }
    }

    #[test]
    fn a_body_in_utf_8_or_ascii_has_no_other_reading() {
        assert!(readings("目录 ２０３".as_bytes(), Some("text/html; charset=utf-8")).is_empty());
        assert!(readings(b"203.0.113.9", Some("text/html; charset=gbk")).is_empty());
        assert!(readings(b"", None).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_within_their_bounds(
            body: Vec<u8>,
            label in "gb18030|big5|euc-jp|iso-2022-jp|utf-16le|shift_jis|koi8-r|replacement",
        ) {
            let media = format!("text/html; charset={label}");
            for reading in readings(&body, Some(&media)) {
                let starts = reading.text.char_indices().map(|(at, _)| at);
                let mut ends: Vec<usize> = starts.skip(1).step_by(2).collect();
                ends.push(reading.text.len());
                let parts: Vec<_> = ends.windows(2).map(|pair| pair[0]..pair[1]).collect();
                let found = reading.bytes(&body, &parts);
                proptest::prop_assert_eq!(found.len(), parts.len());
                for place in found {
                    let place = start_with_shifts(&body, place.start)..place.end;
                    proptest::prop_assert!(place.start <= place.end && place.end <= body.len());
                    replacement(&body, &place, reading.written());
                }
            }
        }
    }
}
