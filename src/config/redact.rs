//! Faults show lines, and lines may hold secrets that should not have been there: they are masked first.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A key that holds a secret, up to its value. The pattern is a constant: a test compiles it.
static SECRET_KEY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)(password|token|authorization|cookie)["']?\s*="#).ok());

/// `user:password@` of a URL.
static USER_INFO: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"://[^/@\s"']*:([^/\s"']*)@"#).ok());

/// `text` with the passwords of URLs in it overwritten; every byte keeps its place.
pub(super) fn passwords(text: &str) -> String {
    let Some(pattern) = USER_INFO.as_ref() else {
        return String::new();
    };
    let mut bytes = text.as_bytes().to_vec();
    for found in pattern.captures_iter(text) {
        if let Some(password) = found.get(1) {
            bytes[password.range()].fill(b'*');
        }
    }
    // Whole characters were overwritten by ASCII: this is UTF-8 still.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where the value of a secret's key begins in `line`, unless it only says where to look (`env:`, `file:`).
pub(super) fn secret_value(line: &str) -> Option<Range<usize>> {
    let Some(pattern) = SECRET_KEY.as_ref() else {
        return Some(0..line.len());
    };
    let reference = |rest: &str| {
        let value = rest.trim_start().trim_start_matches(['"', '\'']);
        value.starts_with("env:") || value.starts_with("file:")
    };
    pattern
        .find_iter(line)
        .find(|key| !reference(&line[key.end()..]))
        .map(|key| {
            let spaces = line[key.end()..].len() - line[key.end()..].trim_start().len();
            key.end() + spaces..line.len()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_passwords_are_overwritten_in_place() {
        let line = r#"x = "socks5://me:pässword@host:1080", y"#;
        let masked = passwords(line);
        assert_eq!(masked, r#"x = "socks5://me:*********@host:1080", y"#);
        assert_eq!(masked.len(), line.len());
        assert_eq!(
            passwords("https://example.org/a:b@c"),
            "https://example.org/a:b@c"
        );
    }

    #[test]
    fn values_of_secret_keys_are_found() {
        let value = |line: &str| secret_value(line).map(|r| line[r].to_owned());
        assert_eq!(value("password = \"x\""), Some("\"x\"".to_owned()));
        assert_eq!(value("password = \"env:X\""), None);
        assert_eq!(
            value("headers = { \"Authorization\" = \"x\" }"),
            Some("\"x\" }".to_owned())
        );
        assert_eq!(value("name = \"x\""), None);
    }
}
