//! Makes text from the network safe to display in a terminal, a mail, a table or a page.
//!
//! Every title, header or sentence of a watched page passes through here before it is shown. The
//! exporter guards against spreadsheet formulas.

/// One line of at most `max_chars` characters: control characters, terminal sequences, zero-width
/// and direction-changing characters are dropped, white space is collapsed, and a cut text ends in
/// `…`.
#[must_use]
pub fn line(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut gap = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' || c == '\u{9b}' {
            skip_sequence(c, &mut chars);
            continue;
        }
        if c.is_whitespace() {
            gap = count > 0;
            continue;
        }
        if is_unseen(c) {
            continue;
        }
        let needed = 1 + usize::from(gap);
        if count + needed > max_chars {
            shorten(&mut out, count, max_chars);
            return out;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
        count += needed;
    }
    out
}

/// Makes room for the mark of a cut.
fn shorten(out: &mut String, count: usize, max_chars: usize) {
    if max_chars == 0 {
        return;
    }
    if count >= max_chars {
        out.pop();
    }
    out.push('…');
}

/// Skips the rest of a terminal sequence (ECMA-48): CSI up to its final byte, OSC and similar ones
/// up to their terminator, otherwise one character.
fn skip_sequence(first: char, chars: &mut std::str::Chars<'_>) {
    let mut ahead = chars.clone();
    let kind = if first == '\u{9b}' {
        Some('[')
    } else {
        ahead.next()
    };
    let end: fn(char) -> bool = match kind {
        Some('[') => |c| ('\u{40}'..='\u{7e}').contains(&c) || c.is_control(),
        Some(']' | 'P' | 'X' | '^' | '_') => |c| matches!(c, '\u{7}' | '\u{9c}' | '\\' | '\n'),
        Some(c) if c.is_ascii() => {
            *chars = ahead;
            return;
        }
        _ => return,
    };
    // An unterminated sequence removes nothing else.
    if ahead.by_ref().take(256).any(end) {
        *chars = ahead;
    }
}

/// Whether a character is invisible, or changes how its neighbours are displayed.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_stays() {
        assert_eq!(line(" 检索 -\n中国知网\t", 80), "检索 - 中国知网");
    }

    #[test]
    fn terminal_and_direction_tricks_go() {
        assert_eq!(line("a\u{1b}[31;1mred\u{1b}[0m\u{7}b", 80), "aredb");
        assert_eq!(line("\u{1b}]0;owned\u{7}title", 80), "title");
        assert_eq!(line("\u{202e}cod.exe\u{200b}\u{feff}\0", 80), "cod.exe");
        assert_eq!(line("end \u{1b}[", 80), "end [");
    }

    #[test]
    fn long_text_is_cut_with_a_mark() {
        assert_eq!(line("abcdef", 4), "abc…");
        assert_eq!(line("abc def", 4), "abc…");
        assert_eq!(line("abcd", 4), "abcd");
        assert_eq!(line("abcd", 0), "");
    }

    proptest! {
        #[test]
        fn a_line_is_short_and_clean(text: String, max in 0usize..50) {
            let out = line(&text, max);
            prop_assert!(out.chars().count() <= max);
            prop_assert!(out.chars().all(|c| !is_unseen(c) && (c == ' ' || !c.is_whitespace())));
            prop_assert!(!out.starts_with(' '));
            prop_assert_eq!(line(&out, max), out);
        }
    }
}
