//! Figures in a text: numbers with their sign, decimals and unit, in one spelling, so that
//! `1,234.50` and `1234.5` are the same and `5.2%` and `5.2` are not.

use std::ops::Range;

/// Characters after a number that are part of it.
const UNITS: [char; 8] = ['%', '‰', '十', '百', '千', '万', '萬', '亿'];
/// How many figures of one text are read.
const MAX_FIGURES: usize = 4_000;
/// How many characters of one figure are kept.
const MAX_CHARS: usize = 64;

/// A figure and its place, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub place: Range<usize>,
    /// In one spelling: no separators of thousands, no zeros without meaning.
    pub value: String,
}

/// The figures of a text in NFKC, in order.
#[must_use]
pub fn figures(chars: &[char]) -> Vec<Figure> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() && found.len() < MAX_FIGURES {
        if chars[at].is_ascii_digit() {
            let figure = read(chars, at);
            at = figure.place.end;
            found.push(figure);
        } else {
            at += 1;
        }
    }
    found
}

/// The figure that is all of a text, such as a cell of a table; `None` for other texts.
#[must_use]
pub fn whole(text: &str) -> Option<String> {
    let chars: Vec<char> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(MAX_CHARS + 1)
        .collect();
    let first = figures(&chars).into_iter().next()?;
    (first.place == (0..chars.len()) && chars.len() <= MAX_CHARS).then_some(first.value)
}

/// The figure with its first digit at a place.
fn read(chars: &[char], first: usize) -> Figure {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut value = String::new();
    let mut start = first;
    if first > 0 && is_sign(chars, first - 1) {
        start -= 1;
        value.push('-');
    }
    let mut at = first;
    let mut whole = String::new();
    while digit(at) || is_separator(chars, at) {
        if chars[at].is_ascii_digit() && whole.len() < MAX_CHARS {
            whole.push(chars[at]);
        }
        at += 1;
    }
    let trimmed = whole.trim_start_matches('0');
    value.push_str(if trimmed.is_empty() { "0" } else { trimmed });
    if chars.get(at) == Some(&'.') && digit(at + 1) {
        let mut decimals = String::new();
        at += 1;
        while digit(at) {
            if decimals.len() < MAX_CHARS {
                decimals.push(chars[at]);
            }
            at += 1;
        }
        let decimals = decimals.trim_end_matches('0');
        if !decimals.is_empty() {
            value.push('.');
            value.push_str(decimals);
        }
    }
    while value.len() < 2 * MAX_CHARS
        && let Some(unit) = chars.get(at).filter(|c| UNITS.contains(c))
    {
        value.push(*unit);
        at += 1;
    }
    Figure {
        place: start..at,
        value,
    }
}

/// A minus that belongs to the number after it: `-3.2%`, and not the hyphen of `2019-2020`.
fn is_sign(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| chars[before]);
    matches!(chars[at], '-' | '\u{2212}')
        && !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '%')
}

/// A comma between a digit and exactly three digits.
fn is_separator(chars: &[char], at: usize) -> bool {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    matches!(chars.get(at), Some(',' | '\''))
        && at > 0
        && digit(at - 1)
        && (1..=3).all(|n| digit(at + n))
        && !digit(at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        figures(&chars).into_iter().map(|f| f.value).collect()
    }

    #[test]
    fn figures_have_one_spelling() {
        assert_eq!(values("增长5.20%,共1,234.50亿元"), ["5.2%", "1234.5亿"]);
        assert_eq!(values("下降-3.2%;2019-2020年"), ["-3.2%", "2019", "2020"]);
        assert_eq!(values("1,2,3和12,34"), ["1", "2", "3", "12", "34"]);
        assert_eq!(values("007;0.50;3.;4.x"), ["7", "0.5", "3", "4"]);
        assert_eq!(values("none"), Vec::<String>::new());
    }

    #[test]
    fn a_cell_is_a_figure_only_as_a_whole() {
        assert_eq!(whole(" 1 234,567.0 "), Some("1234567".to_owned()));
        assert_eq!(whole("8.1%"), Some("8.1%".to_owned()));
        for text in ["2023-05-08", "5.2 points", "", "-", "第3章"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn figures_stand_in_order_and_within_the_text(text in "([0-9]|[.,'%万亿-]|x|\\PC){0,60}") {
            let chars: Vec<char> = text.chars().collect();
            let mut end = 0;
            for figure in figures(&chars) {
                proptest::prop_assert!(figure.place.start >= end && figure.place.end <= chars.len());
                end = figure.place.end;
            }
        }
    }
}
