//! Text in which characters are escaped: percent-encoded, once or twice, as character references of
//! HTML, or as in strings of JSON and JavaScript.

use std::ops::Range;

use super::folded;

/// Fewer characters are not looked at: nothing that is looked for is shorter.
const MIN_CHARACTERS: usize = 4;

/// Names of character references that stand for what addresses, cookies and tokens hold.
const NAMES: &[(&[u8], u8)] = &[
    (b"amp", b'&'),
    (b"lt", b'<'),
    (b"gt", b'>'),
    (b"quot", b'"'),
    (b"apos", b'\''),
    (b"period", b'.'),
    (b"colon", b':'),
    (b"sol", b'/'),
    (b"bsol", b'\\'),
    (b"plus", b'+'),
    (b"equals", b'='),
    (b"lowbar", b'_'),
    (b"num", b'#'),
    (b"percnt", b'%'),
    (b"commat", b'@'),
    (b"excl", b'!'),
    (b"dollar", b'$'),
    (b"ast", b'*'),
    (b"quest", b'?'),
];

/// Characters without white space between them, of which at least one is escaped. Bytes that are
/// not ASCII are part of a run: they may be characters of an address too.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EscapedRun {
    /// The characters without their escapes. An escaped character that folds to part of an address
    /// is folded.
    pub(super) plain: Vec<u8>,
    /// Where the character of each byte begins and ends in the text.
    places: Vec<Range<usize>>,
}

impl EscapedRun {
    /// Where a part of `plain` stands in the text.
    pub(super) fn place(&self, at: &Range<usize>) -> Range<usize> {
        self.places[at.start].start..self.places[at.end - 1].end
    }

    fn end(&self) -> Option<usize> {
        self.places.last().map(|place| place.end)
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
        floor = run.end().unwrap_or(mark + 1);
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
        return Some((Unescaped::from_code(unit(rest.get(2..6)?)?)?, 6));
    }
    let byte = hex(rest.get(1..3)?)?;
    match (byte, rest.get(3..5).and_then(hex)) {
        (b'%', Some(inner)) => Some((Unescaped::Byte(inner), 5)),
        _ => Some((Unescaped::Byte(byte), 3)),
    }
}

fn reference(rest: &[u8]) -> Option<(Unescaped, usize)> {
    if rest.get(1) != Some(&b'#') {
        let (name, byte) = NAMES.iter().find(|(name, _)| {
            rest.get(1..=name.len()) == Some(*name) && rest.get(name.len() + 1) == Some(&b';')
        })?;
        return Some((Unescaped::Byte(*byte), name.len() + 2));
    }
    let is_hex = matches!(rest.get(2), Some(b'x' | b'X'));
    let (radix, from) = if is_hex { (16, 3) } else { (10, 2) };
    let digits = rest.get(from..)?.iter().take(8);
    let length = digits
        .take_while(|b| char::from(**b).is_digit(radix))
        .count();
    let digits = std::str::from_utf8(&rest[from..from + length]).ok()?;
    let code = u32::from_str_radix(digits, radix).ok()?;
    let end = from + length;
    let length = end + usize::from(rest.get(end) == Some(&b';'));
    Some((Unescaped::from_code(code)?, length))
}

fn backslash(rest: &[u8]) -> Option<(Unescaped, usize)> {
    match rest.get(1)? {
        b'u' => Some((Unescaped::from_code(unit(rest.get(2..6)?)?)?, 6)),
        b'x' => {
            let code = hex(rest.get(2..4)?)?;
            Some((Unescaped::from_code(code.into())?, 4))
        }
        byte @ (b'/' | b'"' | b'\'' | b'\\') => Some((Unescaped::Byte(*byte), 2)),
        _ => None,
    }
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
            ("\"2001\\x3adb8%253A%253a9\"", "2001:db8::9"),
            ("&#50;&#48;&#51;.0.113.9", "203.0.113.9"),
            ("a\\/b&amp;c%20d", "a/b&c d"),
            ("100%25ab 5% &nbsp;", "100\u{fffd}"),
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
