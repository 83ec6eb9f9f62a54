//! JSON bodies: whether a body is JSON, its value, and its text with `\u…` escapes decoded.
//!
//! A body that `serde_json` refuses is read as browsers and the sites' own scripts read it:
//! [`lenient`] reads values, [`wrapped`] finds where they begin. `judge` interprets the values.
//! Nesting and time are limited.

mod lenient;
mod markup;
#[cfg(test)]
mod tests;
mod wrapped;

use std::borrow::Cow;

pub use markup::in_markup;

/// How many characters on either side of the error are shown.
const AROUND: usize = 30;

/// Unreadable JSON, or text that begins as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFault {
    /// The text begins as JSON; otherwise it is something else.
    pub begins: bool,
    /// From 1; the column in characters.
    pub line: usize,
    pub column: usize,
    /// The text around the error, as it came.
    pub excerpt: String,
}

/// Whether a body should be read as JSON: by its type, or by its first characters.
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
    wrapped::begins(text)
}

/// The value of a JSON body, or the value that a script passes on (`callback({…});`,
/// `var x = {…};`).
#[must_use]
pub fn parse(text: &str) -> Option<serde_json::Value> {
    read(text).ok()
}

/// Like [`parse`], with the place of the error.
///
/// # Errors
/// The text is not JSON, breaks off, is nested too deep, or has no clear meaning.
pub fn read(text: &str) -> Result<serde_json::Value, JsonFault> {
    let plain = text.trim_start_matches('\u{feff}').trim();
    if let Ok(value) = serde_json::from_str(plain) {
        return Ok(value);
    }
    if let Some(value) = padded(plain).and_then(|inner| serde_json::from_str(inner).ok()) {
        return Ok(value);
    }
    let tried = wrapped::read(text);
    tried.value.ok_or_else(|| unread(text, tried.broke_at))
}

fn unread(text: &str, broke_at: Option<usize>) -> JsonFault {
    let mut at = broke_at.unwrap_or(0).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let from = before
        .char_indices()
        .rev()
        .nth(AROUND - 1)
        .map_or(0, |(start, _)| start);
    let to = after
        .char_indices()
        .nth(AROUND)
        .map_or(text.len(), |(end, _)| at + end);
    JsonFault {
        begins: broke_at.is_some(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        excerpt: text[from..to].to_owned(),
    }
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

/// The text of a JSON body with its `\u6458` escapes as characters, for matching; control
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
            // A backslash and the character it escapes stay together.
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

/// The character of the escape at the start of `text`, and the escape's length.
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
