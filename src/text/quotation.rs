//! Whether words are in quotation marks: an article that quotes an error message is not an error
//! page.

use std::ops::Range;

/// How far from the words the marks may stand, in characters: before them and after them.
const BEFORE: usize = 12;
const BEHIND: usize = 40;
const PAIRS: [(char, char); 5] = [
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
];

/// Whether a part of a text is between typographic quotation marks that are close to it. Straight
/// marks do not count, because they also enclose values of programs.
#[must_use]
pub fn is_quoted(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let is_mark = |c: &char| PAIRS.iter().any(|(open, close)| c == open || c == close);
    let nearest = before.chars().rev().take(BEFORE).find(is_mark);
    let pair = nearest.and_then(|mark| PAIRS.iter().find(|(open, _)| *open == mark));
    let Some((_, closing)) = pair else {
        return false;
    };
    let behind = text.get(range.end..).unwrap_or_default();
    behind.chars().take(BEHIND).any(|c| c == *closing)
}

#[cfg(test)]
mod tests {
    use super::is_quoted;

    #[test]
    fn words_in_quotation_marks() {
        let quoted = |text: &str, words: &str| {
            let at = text.find(words).unwrap();
            is_quoted(text, &(at..at + words.len()))
        };
        for text in [
            "失效与“页面不存在”的历史",
            "「页面不存在」意味着什么",
            "《页面不存在了》书评",
            "“抱歉,页面不存在”",
        ] {
            assert!(quoted(text, "页面不存在"), "{text}");
        }
        for text in [
            "页面不存在",
            "提示:页面不存在”",
            "“页面不存在",
            "\"页面不存在\"",
            "“提示”页面不存在”",
        ] {
            assert!(!quoted(text, "页面不存在"), "{text}");
        }
    }
}
