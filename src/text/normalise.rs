//! One spelling for texts that read the same: NFKC, so that `ＣＮＫＩ，` matches `CNKI,`, and single
//! spaces.
//!
//! Chinese pages have many full-width marks, so the quick check of NFKC nearly always fails; this
//! fast path copies runs of stable characters whole, and folds full-width forms without the general
//! algorithm.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The text in NFKC; borrowed when every character of it is known to stay as it is.
#[must_use]
pub fn nfkc(text: &str) -> Cow<'_, str> {
    let clean = same_until(text.as_bytes(), 0);
    if clean == text.len() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..clean]);
    let mut at = clean;
    while let Some(c) = text[at..].chars().next() {
        if let Some(plain) = stable(c) {
            out.push(plain);
            at += c.len_utf8();
        } else {
            // A character that is not stable may join with the one before it.
            let before = out.pop();
            let end = joining_until(text, at);
            out.extend(before.into_iter().chain(text[at..end].chars()).nfkc());
            at = end;
        }
        let same = same_until(text.as_bytes(), at);
        out.push_str(&text[at..same]);
        at = same;
    }
    Cow::Owned(out)
}

/// The end of the run of characters from `at` that are not stable.
fn joining_until(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    rest.find(|c| stable(c).is_some())
        .map_or(text.len(), |end| at + end)
}

/// The end of the run from `at` of characters that NFKC leaves as they are: ASCII, letters of Latin
/// and Cyrillic, the common Chinese characters, the Korean syllables, and the marks of Chinese that
/// have no other form. The first bytes of their UTF-8 show them. `at` is a character boundary.
fn same_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&first) = bytes.get(at) {
        let second = || bytes.get(at + 1).copied().unwrap_or_default();
        let third = || bytes.get(at + 2).copied().unwrap_or_default();
        at += match first {
            0x00..=0x7f => 1,
            0xc3 | 0xd0 | 0xd1 => 2,
            0xe5..=0xe9 | 0xeb | 0xec => 3,
            0xe4 if second() != 0xb7 => 3,
            0xea if second() >= 0xb0 => 3,
            0xed if second() <= 0x9d => 3,
            // U+3001 to U+3029, U+3041 to U+307F and U+30C0 to U+30FB.
            0xe3 => match (second(), third()) {
                (0x80, 0x81..=0xa9) | (0x81, 0x81..) | (0x83, ..=0xbb) => 3,
                _ => return at,
            },
            // U+2018 to U+201D.
            0xe2 if second() == 0x80 && (0x98..=0x9d).contains(&third()) => 3,
            _ => return at,
        };
    }
    at
}

/// The NFKC form of a character that maps to itself or to one other character, and never joins with
/// the one before it; `None` for all others.
fn stable(c: char) -> Option<char> {
    match c {
        '\u{0}'..='\u{7f}'
        | '\u{c0}'..='\u{ff}'
        | '\u{400}'..='\u{47f}'
        | '\u{2010}'
        | '\u{2012}'..='\u{2015}'
        | '\u{2018}'..='\u{201d}'
        | '\u{3001}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fb}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' => Some(c),
        '\u{3000}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

/// Collapses runs of white space into one space, and trims both ends.
#[must_use]
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The form in which patterns and pages are compared: NFKC with collapsed white space.
#[must_use]
pub fn for_matching(text: &str) -> String {
    collapse(&nfkc(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn full_width_folds_and_chinese_stays() {
        assert_eq!(nfkc("ＣＮＫＩ，２０２６年　摘要"), "CNKI,2026年 摘要");
        assert!(matches!(nfkc("摘要 abstract"), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_join_with_what_stands_before() {
        assert_eq!(nfkc("ｅ\u{301}か\u{3099}"), "éが");
        assert_eq!(nfkc("가\u{11a8}，"), "각,");
    }

    #[test]
    fn white_space_collapses() {
        assert_eq!(for_matching(" a\u{a0}\n\tｂ　"), "a b");
    }

    /// Every character of the first plane alone, after a Chinese one, and before a mark that joins
    /// it; the fast path knows no character of another plane.
    #[test]
    fn every_character_is_as_in_the_reference() {
        for c in '\u{0}'..='\u{ffff}' {
            for text in [format!("{c}"), format!("中{c}"), format!("{c}\u{301}")] {
                assert!(
                    nfkc(&text).chars().eq(text.nfkc()),
                    "U+{:04X}",
                    u32::from(c)
                );
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_reference(text in "\\PC{0,60}") {
            let want: String = text.nfkc().collect();
            prop_assert_eq!(nfkc(&text), want);
        }

        #[test]
        fn agrees_on_east_asian_text(text in "[a-zＡ-～\u{300}-\u{345}\u{3000}-\u{30ff}一-十가-힣\u{1100}-\u{11ff}\u{2000}-\u{206f}ﾀ-\u{ff9f}]{0,40}") {
            let want: String = text.nfkc().collect();
            prop_assert_eq!(nfkc(&text), want);
        }
    }
}
