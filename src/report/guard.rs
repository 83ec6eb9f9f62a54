//! Makes text safe for cells: no control characters, and nothing that a spreadsheet would execute.
//!
//! The rule, which the data dictionary states: white space is collapsed; control, zero-width and
//! direction-changing characters are dropped; text longer than 32,000 characters is cut; a cell
//! that then begins with `= + - @` (or their full-width forms) gets an apostrophe in front.

use std::borrow::Cow;

use crate::text::clean;

/// A spreadsheet's cell takes 32,767 characters.
const MOST_CHARS: usize = 32_000;

/// One line for a cell that distinguishes text from formulas (XLSX).
pub fn plain(text: &str) -> Cow<'_, str> {
    // Ids, codes and the like: nothing is dropped or collapsed.
    if text.len() <= MOST_CHARS && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(clean::line(text, MOST_CHARS))
}

/// [`plain`], with the apostrophe where a spreadsheet would read the cell as a formula (CSV).
pub fn guarded(text: &str) -> Cow<'_, str> {
    let text = plain(text);
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_however_they_are_hidden() {
        for evil in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\u{200b}=1",
            "\n@x",
            "＝1",
        ] {
            assert!(
                guarded(evil).starts_with('\''),
                "{evil:?} gives {:?}",
                guarded(evil)
            );
        }
        assert_eq!(guarded("a=1"), "a=1");
        assert_eq!(guarded("知网 = CNKI"), "知网 = CNKI");
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_is_the_long_way(text in "\\PC{0,20}|[!-~]{0,20}|[ -~\\t]{0,20}") {
            proptest::prop_assert_eq!(plain(&text), clean::line(&text, MOST_CHARS));
        }
    }
}
