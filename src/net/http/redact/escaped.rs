//! Text in which characters are escaped: percent-encoded, once or twice, as character references of
//! HTML, or as in strings of JSON and JavaScript.

use std::ops::Range;

use super::folded;
use crate::text::entity;

/// Fewer characters are not looked at: nothing that is looked for is shorter.
const MIN_CHARACTERS: usize = 4;

/// Characters of a reference of HTML that are read; more are no reference of a page that is read.
const MAX_REFERENCE: usize = 64;

/// Characters without white space between them, of which at least one is escaped. Bytes that are
/// not ASCII are part of a run: they may be characters of an address too.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EscapedRun {
    /// The characters without their escapes. An escaped character that folds to part of an address
    /// is folded.
    pub(super) plain: Vec<u8>,
    /// Where the character of each byte begins and ends in the text.
    places: Vec<Range<usize>>,
    /// Where the last character ends in the text, one that folds to nothing too.
    end: usize,
}

impl EscapedRun {
    /// Where a part of `plain` stands in the text.
    pub(super) fn place(&self, at: &Range<usize>) -> Range<usize> {
        self.places[at.start].start..self.places[at.end - 1].end
    }
}

/// The runs with escapes in `text`.
pub(super) fn runs(text: &[u8]) -> Vec<EscapedRun> {
    let mut runs = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while let Some(mark) = text
        .get(at..)
        .and_then(|rest| memchr::memchr3(b'%', b'&', b'\\', rest))
    {
        let mark = at + mark;
        if escape(text, mark).is_none() {
            at = mark + 1;
            continue;
        }
        let before = text[floor..mark].iter().rposition(|byte| !is_part(*byte));
        let run = run_from(text, before.map_or(floor, |place| floor + place + 1));
        floor = run.end;
        at = floor;
        if run.plain.len() >= MIN_CHARACTERS {
            runs.push(run);
        }
    }
    runs
}

fn run_from(text: &[u8], start: usize) -> EscapedRun {
    let mut run = EscapedRun {
        plain: Vec::new(),
        places: Vec::new(),
        end: start,
    };
    let mut at = start;
    while let Some(byte) = text.get(at) {
        let (plain, length) = match escape(text, at) {
            Some(escaped) => escaped,
            None if is_part(*byte) => (Unescaped::Byte(*byte), 1),
            None => break,
        };
        match plain {
            Unescaped::Byte(byte) => run.plain.push(byte),
            Unescaped::Folded(ascii) => run.plain.extend_from_slice(ascii.as_bytes()),
        }
        run.places.resize(run.plain.len(), at..at + length);
        at += length;
    }
    run.end = at;
    run
}

fn is_part(byte: u8) -> bool {
    let is_text = byte.is_ascii_graphic() || !byte.is_ascii();
    is_text && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'&')
}

/// What an escape stands for.
#[derive(Debug, Clone, Copy)]
enum Unescaped {
    Byte(u8),
    /// What a character that is not ASCII folds to.
    Folded(&'static str),
}

impl Unescaped {
    /// An ASCII character, or one that reads as part of an address. What else is escaped is text.
    fn from_code(code: u32) -> Option<Self> {
        let c = char::from_u32(code)?;
        match u8::try_from(code) {
            Ok(byte) if byte.is_ascii() => Some(Self::Byte(byte)),
            _ => folded::ascii(c).map(Self::Folded),
        }
    }
}

/// The character that is escaped at `at`, and the length of its escape.
fn escape(text: &[u8], at: usize) -> Option<(Unescaped, usize)> {
    let rest = &text[at..];
    match rest.first()? {
        b'%' => percent(rest),
        b'&' => reference(rest),
        b'\\' => backslash(rest),
        _ => None,
    }
}

fn percent(rest: &[u8]) -> Option<(Unescaped, usize)> {
    if matches!(rest.get(1), Some(b'u' | b'U')) {
        return units(rest);
    }
    Some((Unescaped::Byte(hex(rest.get(1..3)?)?), 3))
}

fn reference(rest: &[u8]) -> Option<(Unescaped, usize)> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b';');
    let more = rest[1..].iter().take(MAX_REFERENCE).take_while(is_part);
    let text = std::str::from_utf8(&rest[..=more.count()]).ok()?;
    let mut read = String::new();
    let length = entity::reference(text, false, &mut read);
    let mut characters = read.chars();
    let (Some(c), None) = (characters.next(), characters.next()) else {
        return None;
    };
    Some((Unescaped::from_code(c.into())?, length))
}

fn backslash(rest: &[u8]) -> Option<(Unescaped, usize)> {
    match rest.get(1)? {
        b'u' if rest.get(2) == Some(&b'{') => {
            let end = rest.iter().take(10).position(|byte| *byte == b'}')?;
            let digits = std::str::from_utf8(&rest[3..end]).ok()?;
            let code = u32::from_str_radix(digits, 16).ok()?;
            Some((Unescaped::from_code(code)?, end + 1))
        }
        b'u' => units(rest),
        b'x' => {
            let code = hex(rest.get(2..4)?)?;
            Some((Unescaped::from_code(code.into())?, 4))
        }
        byte @ (b'/' | b'"' | b'\'' | b'\\') => Some((Unescaped::Byte(*byte), 2)),
        _ => None,
    }
}

/// A character as one or two units of UTF-16, each behind the same sign and a `u`.
fn units(rest: &[u8]) -> Option<(Unescaped, usize)> {
    let first = unit(rest.get(2..6)?)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((Unescaped::from_code(first)?, 6));
    }
    let is_second = rest.get(6) == rest.first() && matches!(rest.get(7), Some(b'u' | b'U'));
    let second = rest.get(8..12).filter(|_| is_second).and_then(unit)?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    let code = 0x1_0000 + ((first - 0xd800) << 10) + low;
    Some((Unescaped::from_code(code)?, 12))
}

/// Four hexadecimal digits.
fn unit(digits: &[u8]) -> Option<u32> {
    let (high, low) = digits.split_at_checked(2)?;
    Some(u32::from(hex(high)?) << 8 | u32::from(hex(low)?))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(*digits.first()?)? * 16 + digit(*digits.get(1)?)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_every_kind_are_read_with_their_places() {
        for (text, plain) in [
            ("x 203%2E0%2e113&#46;9 y", "203.0.113.9"),
            ("203&period;0&#x2E;113\\u002e9", "203.0.113.9"),
            ("\"2001\\x3adb8%3A%3a9\"", "2001:db8::9"),
            ("&#50;&#48;&#51;.0.113.9", "203.0.113.9"),
            ("a\\/b&amp;c%20d", "a/b&c d"),
            ("100%25ab 5% &nbsp;", "100%ab"),
            ("\\ud835\\udfda03&shy;.0%uD835%uDFD8", "203.00"),
            ("\\u{32}03&sup2;&#0000050;&zwnj;", "20322"),
            ("\u{4e2d}203%2e0%2e113%2e9", "\u{4e2d}203.0.113.9"),
            ("&#65298;0&#xff13;\\uff0e0%uff0E9", "203.0.9"),
        ] {
            let all = runs(text.as_bytes());
            assert_eq!(all.len(), 1, "{text}: {all:?}");
            let read = String::from_utf8_lossy(&all[0].plain).into_owned();
            assert_eq!(read, plain, "{text}");
            assert_eq!(all[0].places.len(), all[0].plain.len());
        }
        for text in [
            "nothing",
            "5% of &nbsp; \\n",
            "%3",
            "&#",
            "&#300;&#x;",
            "\\u4e2d",
            "%2e",
        ] {
            assert_eq!(runs(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn characters_that_are_not_seen_are_walked_once() {
        for escape in ["&zwnj;", "&#x200b;", "\\u200b", "%u200b"] {
            let address = "203.0.113.9";
            let text = address.to_owned() + &escape.repeat(50_000);
            let all = runs(text.as_bytes());
            assert_eq!(all.len(), 1, "{escape}");
            assert_eq!(all[0].plain, address.as_bytes());
            assert_eq!(all[0].place(&(0..address.len())).end, address.len());
            assert_eq!(all[0].end, text.len());
            assert_eq!(runs(escape.repeat(50_000).as_bytes()), [], "{escape}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_within_their_bounds(text in "[%&#;x\\\\u0-9a-f. ]{0,80}") {
            let mut end = 0;
            for run in runs(text.as_bytes()) {
                let place = run.place(&(0..run.plain.len()));
                proptest::prop_assert!(place.start >= end);
                end = place.end;
                proptest::prop_assert!(end <= text.len());
            }
        }
    }
}
