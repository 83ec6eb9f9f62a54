//! One spelling for texts that read the same: NFKC, so that `ＣＮＫＩ，` matches `CNKI,`, and single
//! spaces.
//!
//! Chinese pages have many full-width marks, so the quick check of NFKC nearly always fails; this
//! fast path copies stable characters and folds full-width forms without the general algorithm.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The text in NFKC; borrowed when it is in NFKC already.
#[must_use]
pub fn nfkc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if let Some(plain) = stable(c) {
            out.push(plain);
            continue;
        }
        // A character that is not stable may join with the one before it.
        let before = out.pop();
        let mut end = at + c.len_utf8();
        while let Some(&(next, c)) = rest.peek() {
            if stable(c).is_some() {
                break;
            }
            end = next + c.len_utf8();
            rest.next();
        }
        out.extend(before.into_iter().chain(text[at..end].chars()).nfkc());
    }
    Cow::Owned(out)
}

/// The NFKC form of a character that maps to itself or to one other character, and never joins with
/// the one before it; `None` for all others.
fn stable(c: char) -> Option<char> {
    match c {
        '\u{0}'..='\u{7f}'
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
