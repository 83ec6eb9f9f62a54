//! What a page's scripts would show in a message box: the literal texts of `alert(…)`.
//!
//! Nothing is executed. Only string literals directly in the call are read.

use super::clean;

/// How many message boxes of one page are read.
const MAX_BOXES: usize = 8;
/// How many characters of a text are kept.
const MAX_TEXT: usize = 200;
/// How many bytes after an opening quote are read.
const MAX_LITERAL: usize = 4_096;

/// The texts in the order of the page, clean and short.
#[must_use]
pub fn alerts(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find("alert(") {
        rest = &rest[at + "alert(".len()..];
        if let Some(text) = literal(rest.trim_start()) {
            let text = clean::line(&text, MAX_TEXT);
            if !text.is_empty() && !found.contains(&text) {
                found.push(text);
            }
        }
        if found.len() == MAX_BOXES {
            break;
        }
    }
    found
}

/// The string literals of a piece of code that are words: not names, addresses or numbers.
#[must_use]
pub fn words_in_code(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let Some(text) = literal(&rest[at..]) else {
            break;
        };
        // The literal ends at the next quotation mark of its kind that is not escaped.
        let shown = clean::line(&text, MAX_TEXT);
        rest = after_literal(&rest[at..]);
        if are_words(&shown) && found.len() < MAX_BOXES {
            found.push(shown);
        }
    }
    found
}

/// What follows the string literal at the start of `text`.
fn after_literal(text: &str) -> &str {
    let mut chars = text.char_indices();
    let quote = chars.next().map(|(_, c)| c);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            c if Some(c) == quote => return &text[at + c.len_utf8()..],
            _ => {}
        }
    }
    ""
}

/// Whether a text is for readers: it has a letter beyond ASCII, or several words.
#[must_use]
pub fn are_words(text: &str) -> bool {
    const FEWEST: usize = 4;
    let is_beyond = |c: char| c.is_alphabetic() && !c.is_ascii();
    let words = text.split_whitespace().count();
    let is_address = text.starts_with(['/', '.', '#']) || text.contains("://");
    !is_address && text.chars().count() >= FEWEST && (text.chars().any(is_beyond) || words >= 3)
}

/// The string literal at the start of `text`, with its escapes decoded.
fn literal(text: &str) -> Option<String> {
    let quote = text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut out = String::new();
    let mut chars = text[1..].char_indices();
    while let Some((at, c)) = chars.next() {
        if at > MAX_LITERAL {
            return None;
        }
        match c {
            c if c == quote => return Some(out),
            '\\' => match chars.next()?.1 {
                'n' | 'r' | 't' => out.push(' '),
                'u' => out.extend(code_point(&mut chars, 4)),
                'x' => out.extend(code_point(&mut chars, 2)),
                other => out.push(other),
            },
            '\n' if quote != '`' => return None,
            c => out.push(c),
        }
    }
    None
}

fn code_point(chars: &mut std::str::CharIndices<'_>, digits: usize) -> Option<char> {
    let hex: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
    char::from_u32(u32::from_str_radix(&hex, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{alerts, words_in_code};

    #[test]
    fn literals_in_calls_are_taken_and_nothing_else() {
        assert_eq!(
            alerts(r#"<script>alert("请先登录！");location='/x'</script>"#),
            ["请先登录！"]
        );
        assert_eq!(alerts(r"window.alert( 'a\u767bb\x21\n' )"), ["a登b!"]);
        assert_eq!(alerts("alert(text); alert('open"), Vec::<String>::new());
        assert_eq!(alerts("alert('a');alert('a')"), ["a"]);
    }

    proptest::proptest! {
        #[test]
        fn any_source_is_read(source in "(alert\\(|'|\"|`|\\\\|u|x|登|\n|4e00){0,60}") {
            let found = alerts(&source);
            proptest::prop_assert!(found.len() <= 8);
        }
    }

    #[test]
    fn words_for_readers_in_code() {
        let words = |code: &str| words_in_code(code).join("|");
        assert_eq!(
            words("layer.msg('应编辑部要求，本文仅作存目')"),
            "应编辑部要求，本文仅作存目"
        );
        assert_eq!(
            words(r#"tip("a\"b", "Not in this edition.")"#),
            "Not in this edition."
        );
        assert_eq!(
            words("get('/f/7.pdf', 'down', 12); open('https://a.cn/中文/页面')"),
            ""
        );
        assert_eq!(words("say('未完"), "");
    }
}
