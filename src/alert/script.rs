//! Which script a character belongs to: for line widths, and for naming the language of a name.

/// Chinese characters, kana, Hangul and full-width forms.
#[must_use]
pub fn is_east_asian(c: char) -> bool {
    is_hangul(c) || is_han(c) || is_wide_mark(c)
}

/// Chinese marks, kana and full-width forms.
#[must_use]
pub fn is_wide_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ff60}')
}

/// Chinese characters (Han).
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Korean letters.
#[must_use]
pub fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart() {
        assert!(is_han('中') && !is_hangul('中') && is_east_asian('中'));
        assert!(is_hangul('한') && !is_han('한') && is_east_asian('한'));
        assert!(is_east_asian('，') && !is_han('，'));
        assert!(!is_east_asian('é'));
    }
}
