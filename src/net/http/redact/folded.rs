//! Addresses in characters that only look like ASCII: full-width digits and letters, superscripts,
//! circled and mathematical digits, with characters between them that nobody sees. NFKC folds each
//! of them to ASCII; here each is found as bytes, in the charsets that pages of East Asia are
//! written in.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8};
use unicode_normalization::UnicodeNormalization as _;

use super::wide::{FORMS, WideForm};

/// Fewer characters are not an address.
const MIN_CHARACTERS: usize = 4;

/// Characters before the first one that is not ASCII; no form of an address is longer.
const MAX_BEFORE: usize = 80;

/// The blocks of Unicode with characters that NFKC folds to those of addresses.
const BLOCKS: &[RangeInclusive<u32>] = &[
    0xaa..=0xb9,
    0x34f..=0x34f,
    0x61c..=0x61c,
    0x180b..=0x180f,
    0x1d2c..=0x1dbf,
    0x200b..=0x200f,
    0x2024..=0x202e,
    0x2060..=0x209c,
    0x20e3..=0x20e3,
    0x2100..=0x217f,
    0x2460..=0x24ea,
    0x3002..=0x3002,
    0x3250..=0x33ff,
    0xa69c..=0xa7f9,
    0xfb00..=0xfb00,
    0xfe00..=0xfe6b,
    0xfeff..=0xfeff,
    0xff01..=0xff61,
    0x10780..=0x107ba,
    0x1ccd6..=0x1ccf9,
    0x1d400..=0x1d7ff,
    0x1f100..=0x1f14f,
    0x1fbf0..=0x1fbf9,
];

/// A run of characters that read as part of an address, some of which are not ASCII.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoldedRun {
    /// What NFKC makes of them.
    pub(super) plain: Vec<u8>,
    /// Where the character of each byte of `plain` begins and ends in the text.
    places: Vec<Range<usize>>,
    /// Where the last character ends in the text, one that folds to nothing too.
    end: usize,
    /// How the characters are written; `None` where ASCII takes a byte.
    pub(super) form: Option<WideForm>,
}

impl FoldedRun {
    /// Where a part of `plain` stands in the text.
    pub(super) fn place(&self, at: &Range<usize>) -> Range<usize> {
        self.places[at.start].start..self.places[at.end - 1].end
    }

    fn push(&mut self, plain: &[u8], at: Range<usize>) {
        self.plain.extend_from_slice(plain);
        self.places.extend(plain.iter().map(|_| at.clone()));
    }
}

/// What the characters fold to.
static FOLDED: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
    let all = BLOCKS.iter().cloned().flatten().filter_map(char::from_u32);
    all.filter_map(|c| Some((c, fold(c)?))).collect()
});

/// The full stops of East Asia, which IDNA reads as dots and NFKC does not.
const FULL_STOPS: [char; 2] = ['。', '｡'];

/// Characters that are not seen between others, and the frame of a keycap.
fn is_invisible(c: char) -> bool {
    matches!(
        u32::from(c),
        0xad | 0x34f | 0x61c | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e
            | 0x2060..=0x206f | 0x20e3 | 0xfe00..=0xfe0f | 0xfeff
    )
}

/// What a character folds to, where all of that may stand in an address.
fn fold(c: char) -> Option<String> {
    if is_invisible(c) {
        return Some(String::new());
    }
    if FULL_STOPS.contains(&c) {
        return Some(".".to_owned());
    }
    let folded: String = std::iter::once(c).nfkc().collect();
    let is_address = folded.bytes().all(is_part);
    // An ellipsis is none.
    let is_short = folded.len() == 1 || folded.contains(|c: char| c.is_ascii_hexdigit());
    (!c.is_ascii() && is_address && is_short).then_some(folded)
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'-' | b'_')
}

/// The part of an address that a character folds to.
pub(super) fn ascii(c: char) -> Option<&'static str> {
    FOLDED.get(&c).map(String::as_str)
}

/// A character as a charset writes it.
struct Folded {
    plain: String,
    /// A run is noticed by it.
    is_mark: bool,
}

/// How one charset writes the characters.
struct Charset {
    /// What the bytes of a character fold to.
    characters: HashMap<Vec<u8>, Folded>,
    /// The lengths of their bytes, longest first.
    lengths: Vec<usize>,
    form: Option<WideForm>,
    /// A byte of ASCII stands for itself.
    has_ascii: bool,
}

impl Charset {
    fn new(write: impl Fn(char) -> Option<Vec<u8>>) -> Self {
        let is_sign = |c: char| c.is_ascii_digit() || matches!(c, '.' | ':');
        let characters: HashMap<Vec<u8>, Folded> = FOLDED
            .iter()
            .filter_map(|(c, plain)| {
                let folded = Folded {
                    plain: plain.clone(),
                    // A full stop is in every sentence.
                    is_mark: plain.is_empty()
                        || (plain.contains(is_sign) && !FULL_STOPS.contains(c)),
                };
                Some((write(*c)?, folded))
            })
            .collect();
        let mut lengths: Vec<usize> = characters.keys().map(Vec::len).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        Self {
            characters,
            lengths,
            form: None,
            has_ascii: true,
        }
    }

    fn of_encoding(encoding: &'static Encoding) -> Self {
        Self::new(|c| {
            let mut buffer = [0; 4];
            let (bytes, _, is_lossy) = encoding.encode(c.encode_utf8(&mut buffer));
            (!is_lossy).then(|| bytes.into_owned())
        })
    }

    fn of_wide(form: WideForm) -> Self {
        let mut set = Self::new(|c| Some(form.write(c)));
        for byte in (0..0x80).filter(|byte| is_part(*byte)) {
            let plain = char::from(byte).to_string();
            let bytes = form.widen(&plain);
            // What is ASCII alone is found elsewhere.
            let is_mark = false;
            set.characters.insert(bytes, Folded { plain, is_mark });
        }
        set.lengths = [4, 2].into_iter().filter(|n| *n >= form.width).collect();
        Self {
            form: Some(form),
            has_ascii: false,
            ..set
        }
    }

    /// What the character at `at` folds to, and its length.
    fn character<'a>(&'a self, text: &'a [u8], at: usize) -> Option<(&'a [u8], usize)> {
        let found = self.lengths.iter().find_map(|length| {
            let bytes = text.get(at..at + length)?;
            Some((self.characters.get(bytes)?.plain.as_bytes(), *length))
        });
        let own = text
            .get(at..=at)
            .filter(|byte| self.has_ascii && is_part(byte[0]));
        found.or_else(|| Some((own?, 1)))
    }

    /// The length of the character before `at`.
    fn length_before(&self, text: &[u8], at: usize) -> Option<usize> {
        let ends_here = |length: &&usize| {
            let start = at.checked_sub(**length);
            start.is_some_and(|start| self.characters.contains_key(&text[start..at]))
        };
        let own = at.checked_sub(1).filter(|before| is_part(text[*before]));
        let own = own.filter(|_| self.has_ascii).map(|_| 1);
        self.lengths.iter().find(ends_here).copied().or(own)
    }

    /// The run that the character at `at` is part of.
    fn run(&self, text: &[u8], at: usize) -> FoldedRun {
        let mut run = FoldedRun {
            plain: Vec::new(),
            places: Vec::new(),
            end: at,
            form: self.form,
        };
        let mut start = at;
        for _ in 0..MAX_BEFORE {
            let Some(length) = self.length_before(text, start) else {
                break;
            };
            start -= length;
        }
        if self.has_ascii && start.checked_sub(1).is_some_and(|n| !text[n].is_ascii()) {
            // A character of several bytes may end with what looks like a digit or a letter.
            for before in start.saturating_sub(2)..start {
                run.push(&text[before..=before], before..before + 1);
            }
        }
        while let Some((plain, length)) = self.character(text, start) {
            run.push(plain, start..start + length);
            start += length;
        }
        run.end = start;
        run
    }
}

/// Finds the characters by which a run is noticed: digits, full stops and colons.
struct Finder {
    automaton: AhoCorasick,
    /// The charsets in which each of the patterns is such a character.
    of_pattern: Vec<Vec<usize>>,
    charsets: Vec<Charset>,
}

impl Finder {
    fn new(charsets: Vec<Charset>) -> Option<Self> {
        let mut patterns: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (number, charset) in charsets.iter().enumerate() {
            let marks = charset
                .characters
                .iter()
                .filter(|(_, folded)| folded.is_mark);
            for (bytes, _) in marks {
                patterns.entry(bytes).or_default().push(number);
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns.keys())
            .ok()?;
        let of_pattern = patterns.into_values().collect();
        Some(Self {
            automaton,
            of_pattern,
            charsets,
        })
    }

    fn runs(&self, text: &[u8]) -> Vec<FoldedRun> {
        let mut runs = Vec::new();
        let mut ends = vec![0; self.charsets.len()];
        for found in self.automaton.find_overlapping_iter(text) {
            for number in &self.of_pattern[found.pattern().as_usize()] {
                if found.start() < ends[*number] {
                    continue;
                }
                let run = self.charsets[*number].run(text, found.start());
                ends[*number] = run.end;
                if run.plain.len() >= MIN_CHARACTERS {
                    runs.push(run);
                }
            }
        }
        runs
    }
}

static FINDER: LazyLock<Option<Finder>> = LazyLock::new(|| {
    let encodings = [UTF_8, GB18030, BIG5, EUC_KR, EUC_JP, SHIFT_JIS];
    let narrow = encodings.into_iter().map(Charset::of_encoding);
    Finder::new(narrow.chain(FORMS.map(Charset::of_wide)).collect())
});

static UTF_8_FINDER: LazyLock<Option<Finder>> =
    LazyLock::new(|| Finder::new(vec![Charset::of_encoding(UTF_8)]));

/// The runs in `bytes` of which some characters are not ASCII, whatever their charset is.
pub(super) fn runs(bytes: &[u8]) -> Vec<FoldedRun> {
    runs_with(FINDER.as_ref(), bytes)
}

/// The runs in `text` of which some characters are not ASCII.
pub(super) fn runs_of_text(text: &[u8]) -> Vec<FoldedRun> {
    runs_with(UTF_8_FINDER.as_ref(), text)
}

fn runs_with(finder: Option<&Finder>, text: &[u8]) -> Vec<FoldedRun> {
    if text.is_ascii() {
        return Vec::new();
    }
    finder.map_or_else(Vec::new, |finder| finder.runs(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_nfkc_folds_to_part_of_an_address_is_known() {
        let all = (0x80..=0x10_ffff).filter_map(char::from_u32);
        let missing: Vec<char> = all
            .filter(|c| fold(*c).is_some() && ascii(*c).is_none())
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(FOLDED.len() > 300, "{}", FOLDED.len());
    }

    #[test]
    fn an_address_is_read_in_every_form_and_charset() {
        let forms = [
            "２０３．０．１１３．９",
            "203．0．113．9",
            "²⁰³.⁰.¹¹³.⁹",
            "₂₀₃.₀.₁₁₃.₉",
            "②⓪③.⓪.①①③.⑨",
            "𝟚𝟘𝟛.𝟘.𝟙𝟙𝟛.𝟡",
            "２０３。０。１１３。９",
            "🯲🯰🯳.🯰.🯱🯱🯳.🯹",
            "2\u{ad}03.0.\u{200b}113.9",
            "2\u{fe0f}\u{20e3}03.0.113.9",
        ];
        let encodings = [UTF_8, GB18030, BIG5, EUC_KR, EUC_JP, SHIFT_JIS];
        let mut read = 0;
        for form in forms {
            let text = format!("中{form}文");
            let mut written: Vec<Vec<u8>> = encodings
                .iter()
                .map(|encoding| encoding.encode(&text))
                .filter(|(_, _, is_lossy)| !is_lossy)
                .map(|(bytes, _, _)| bytes.into_owned())
                .collect();
            for wide in FORMS {
                written.push(text.chars().flat_map(|c| wide.write(c)).collect());
            }
            for bytes in written {
                let all = runs(&bytes);
                let plain = |run: &FoldedRun| String::from_utf8_lossy(&run.plain).into_owned();
                let has = |run: &FoldedRun| plain(run).contains("203.0.113.9");
                assert!(all.iter().any(has), "{form} in {bytes:?}: {all:?}");
                read += 1;
            }
        }
        assert!(read > 70, "{read}");
    }

    #[test]
    fn a_place_is_that_of_whole_characters() {
        let text = "a ⒈⒉３.4 b".as_bytes();
        let all = runs(text);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].plain, b"1.2.3.4");
        let place = all[0].place(&(0..7));
        assert_eq!(&text[place], "⒈⒉３.4".as_bytes());
        assert_eq!(runs("时间：今天。共３条".as_bytes()), []);
        assert_eq!(runs(b"203.0.113.9"), []);
    }

    #[test]
    fn characters_that_are_not_seen_are_walked_once() {
        let address = "中203.0.113.9";
        let text = address.to_owned() + &"\u{200b}\u{feff}\u{ad}".repeat(50_000);
        let all = runs_of_text(text.as_bytes());
        assert_eq!(all.len(), 1, "{}", all.len());
        assert!(all[0].plain.ends_with(b"203.0.113.9"));
        assert_eq!(all[0].place(&(0..all[0].plain.len())).end, address.len());
        assert_eq!(all[0].end, text.len());
        let nothing = "\u{200b}\u{feff}\u{ad}".repeat(50_000);
        assert_eq!(runs_of_text(nothing.as_bytes()), []);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_within_their_bounds(bytes: Vec<u8>) {
            for run in runs(&bytes) {
                let place = run.place(&(0..run.plain.len()));
                proptest::prop_assert!(place.end <= bytes.len());
                proptest::prop_assert_eq!(run.places.len(), run.plain.len());
            }
        }
    }
}
