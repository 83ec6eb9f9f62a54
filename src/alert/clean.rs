//! Makes text from pages and configuration harmless in mails: one line, no control characters, no
//! invisible direction changes.

/// One line of prose of any length. Control characters and every kind of white space become one space;
/// bidirectional and invisible characters go.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            space = !out.is_empty();
        } else {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

/// The same for a name in a header: at most `max` characters, the last `…` when there were more.
#[must_use]
pub fn name(text: &str, max: usize) -> String {
    let text = prose(text);
    if text.chars().count() <= max {
        return text;
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Zero-width characters, direction marks and overrides, and the tag block (UAX #9, UTS #39): they
/// change what a reader sees without being seen.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Chinese characters, kana, Hangul and full-width forms.
#[must_use]
pub fn is_east_asian(c: char) -> bool {
    is_hangul(c) || is_han(c) || matches!(c, '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ff60}')
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
    fn one_line_and_nothing_hidden() {
        assert_eq!(prose("a\r\nBcc: x\0\u{1b}[31m\u{202e}b"), "a Bcc: x [31mb");
        assert_eq!(prose(" 中国\u{3000}知网 \u{85}"), "中国 知网");
        assert_eq!(prose("\u{2028}\u{200b}"), "");
    }

    #[test]
    fn names_are_cut_by_characters() {
        assert_eq!(name("中国知网", 4), "中国知网");
        assert_eq!(name("中国知网", 3), "中国…");
    }
}
