//! JSON bodies: whether a body is one, its value, and its text with `\u…` escapes undone.
//!
//! What the values mean is left to `judge`. Nesting is bounded by `serde_json`'s recursion limit (128).

use std::borrow::Cow;

/// Whether a body should be read as JSON: by its type, or by its first byte.
#[must_use]
pub fn looks_like(content_type: Option<&str>, text: &str) -> bool {
    let kind = content_type
        .unwrap_or("")
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    if kind == "application/json" || kind == "text/json" || kind.ends_with("+json") {
        return true;
    }
    text.trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with(['{', '['])
}

/// The value of a JSON body; of JSONP (`callback({…});`) what stands in it. None when it is neither, or
/// nests too deep.
#[must_use]
pub fn parse(text: &str) -> Option<serde_json::Value> {
    let text = text.trim_start_matches('\u{feff}').trim();
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::from_str(padded(text)?).ok())
}

fn padded(text: &str) -> Option<&str> {
    let (name, rest) = text.split_once('(')?;
    let name = name.trim();
    let callback = !name.is_empty()
        && name.len() <= 128
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'));
    if !callback {
        return None;
    }
    rest.trim_end()
        .trim_end_matches(';')
        .trim_end()
        .strip_suffix(')')
}

/// The text of a JSON body with its `\u6458` escapes as characters, so that it can be matched; control
/// characters and quotes stay escaped.
#[must_use]
pub fn readable(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, used)) = escape(rest) {
            out.push(c);
            rest = &rest[used..];
        } else {
            // A backslash and what it escapes stay together.
            let used = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..used]);
            rest = &rest[used..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn unit(text: &str) -> Option<u32> {
    let hex = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(hex, 16).ok()
}

/// The character that the escape at the beginning of `text` stands for, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let first = unit(text)?;
    if let Some(c) = char::from_u32(first) {
        return (first >= 0x80).then_some((c, 6));
    }
    let second = unit(text.get(6..)?)?;
    if !(0xd800..0xdc00).contains(&first) || !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(code).map(|c| (c, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_by_type_or_first_byte() {
        assert!(looks_like(Some("Application/JSON; charset=utf-8"), "x"));
        assert!(looks_like(Some("text/html"), " \n[1]"));
        assert!(!looks_like(Some("text/html"), "<p>"));
    }

    #[test]
    fn plain_and_padded() {
        assert_eq!(
            parse("\u{feff}{\"a\":1} "),
            Some(serde_json::json!({"a": 1}))
        );
        assert_eq!(
            parse("jQuery1_2({\"a\":1});"),
            Some(serde_json::json!({"a": 1}))
        );
        assert_eq!(parse("<p>(1)"), None);
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert_eq!(parse(&"[".repeat(100_000)), None);
        assert_eq!(
            parse(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))),
            None
        );
    }

    #[test]
    fn escapes_become_characters() {
        assert_eq!(
            readable(r#"{"msg":"\u62b1\u6b49","q":"\u0022\\u62b1\ud840\udc00\ud840"}"#),
            r#"{"msg":"抱歉","q":"\u0022\\u62b1𠀀\ud840"}"#
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_readable(text in "(\\\\|u|d840|dc00|6458|\\PC|\\{|\\[|\\(|\\)){0,40}") {
            let _ = parse(&text);
            proptest::prop_assert!(readable(&text).len() <= text.len());
        }
    }
}
