//! Removes secrets from the output of other programs before it is stored or shown.
//!
//! A secret is found in these forms: plain, percent-encoded in whole or in part, escaped for JSON
//! or HTML, in hexadecimal, and in base64 at any offset of a longer text.

use data_encoding::{BASE64_NOPAD, HEXLOWER};
use percent_encoding::percent_encode_byte;
use regex::Regex;

use super::clean;

/// Replaces a secret.
pub const HIDDEN: &str = "[hidden]";

/// The smallest number of base64 characters that are searched for: fewer occur by chance.
const LEAST_BASE64: usize = 6;

/// How many characters of a secret are searched for; the rest of a longer one is hidden with them
/// or harmless.
const LONGEST: usize = 512;

/// Knows every secret in use, and hides it in text.
#[derive(Clone, Default)]
pub struct Redactor {
    patterns: Vec<Regex>,
    /// Secrets without a pattern: hidden as they are written.
    plain: Vec<String>,
}

/// Shows no secret.
impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} secrets)", self.patterns.len())
    }
}

impl Redactor {
    /// A redactor of these secrets; empty ones are ignored.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut redactor = Self::default();
        for secret in secrets {
            redactor.add(secret);
        }
        redactor
    }

    /// Adds one secret.
    pub fn add(&mut self, secret: &str) {
        let secret: String = secret.trim().chars().take(LONGEST).collect();
        if secret.is_empty() {
            return;
        }
        match Regex::new(&pattern(&secret)) {
            Ok(pattern) => self.patterns.push(pattern),
            Err(_) => self.plain.push(secret),
        }
    }

    /// How many secrets it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns.len() + self.plain.len()
    }

    /// Whether it knows no secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `text` without the secrets.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.plain {
            text = text.replace(secret, HIDDEN);
        }
        for pattern in &self.patterns {
            if let std::borrow::Cow::Owned(changed) = pattern.replace_all(&text, HIDDEN) {
                text = changed;
            }
        }
        text
    }

    /// One harmless line of at most `max_chars` characters (see [`clean::line`]) without the
    /// secrets. They are searched for before and after cleaning, because a dropped character may be
    /// inside one, and before the line is cut.
    #[must_use]
    pub fn line(&self, text: &str, max_chars: usize) -> String {
        let whole = clean::line(&self.redact(text), usize::MAX);
        clean::line(&self.redact(&whole), max_chars)
    }
}

/// Every spelling of the secret.
fn pattern(secret: &str) -> String {
    let mut ways = vec![secret.chars().map(any_spelling).collect::<String>()];
    if secret.len() >= 4 {
        let hex = HEXLOWER.encode(secret.as_bytes());
        ways.push(format!("(?i:{hex})"));
    }
    ways.extend((0..3).filter_map(|offset| base64_core(secret, offset)));
    ways.join("|")
}

/// One character: itself, percent-encoded, escaped by a backslash or as an entity.
fn any_spelling(c: char) -> String {
    let mut bytes = [0; 4];
    let encoded = c.encode_utf8(&mut bytes).as_bytes();
    let percent: String = encoded.iter().map(|b| percent_encode_byte(*b)).collect();
    let itself = regex::escape(c.encode_utf8(&mut [0; 4]));
    let special = match c {
        '&' => "&amp;|",
        '<' => "&lt;|",
        '>' => "&gt;|",
        '"' => "&quot;|&#34;|",
        '\'' => "&#39;|&apos;|",
        c if c.is_whitespace() => r"\s+|\+|",
        _ => "",
    };
    format!(r"\\?(?:{special}{itself}|(?i:{percent}))")
}

/// The base64 characters that depend on the secret alone when it is `offset` bytes into a group of
/// three, with all their spellings.
fn base64_core(secret: &str, offset: usize) -> Option<String> {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = BASE64_NOPAD.encode(&bytes);
    let start = [0, 2, 3][offset];
    let end = encoded.len() - usize::from(!bytes.len().is_multiple_of(3));
    let core = encoded
        .get(start..end)
        .filter(|c| c.len() >= LEAST_BASE64)?;
    let core: String = core
        .chars()
        .map(|c| match c {
            '+' | '-' => "[+-]".to_owned(),
            '/' | '_' => "[/_]".to_owned(),
            c => c.to_string(),
        })
        .collect();
    Some(format!("[A-Za-z0-9+/_-]*{core}[A-Za-z0-9+/_=-]*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64, BASE64URL_NOPAD};

    const SECRET: &str = "pä ss/w+rd=\"1&";

    #[test]
    fn every_spelling_is_hidden() {
        let redactor = Redactor::new([SECRET]);
        let url = "p%C3%A4%20ss%2fw%2Brd%3D%221%26";
        let form = "p%C3%A4+ss/w%2Brd%3d%221%26";
        let json = "pä ss/w+rd=\\\"1&";
        let html = "pä ss/w+rd=&quot;1&amp;";
        for written in [SECRET, url, form, json, html] {
            let text = format!("535 <{written}> is wrong");
            assert_eq!(
                redactor.redact(&text),
                "535 <[hidden]> is wrong",
                "{written}"
            );
        }
        let hex = SECRET
            .bytes()
            .fold(String::new(), |hex, b| hex + &format!("{b:02X}"));
        assert_eq!(redactor.redact(&hex), HIDDEN);
    }

    #[test]
    fn base64_is_hidden_wherever_it_begins() {
        let redactor = Redactor::new(["hunter22"]);
        for before in ["", "u", "us", "usr", "\0user\0"] {
            for after in ["", "x", "xy", "@host"] {
                let whole = format!("{before}hunter22{after}");
                for encoded in [
                    BASE64.encode(whole.as_bytes()),
                    BASE64URL_NOPAD.encode(whole.as_bytes()),
                ] {
                    let text = redactor.redact(&format!("454 {encoded}: not now"));
                    assert_eq!(text, "454 [hidden]: not now", "{whole:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_dropped_or_cut_does_not_bring_a_secret_back() {
        let redactor = Redactor::new(["hunter22"]);
        assert_eq!(
            redactor.line("535 hun\u{200b}ter\u{1b}[1m22 no", 40),
            "535 [hidden] no"
        );
        let cut = redactor.line(&format!("{}hunter22", "x ".repeat(20)), 44);
        assert!(!cut.contains("hunt"), "{cut}");
        let two_spaces = Redactor::new(["my  pass"]);
        assert_eq!(two_spaces.line("no my  pass no", 40), "no [hidden] no");
    }

    #[test]
    fn other_words_stay() {
        let redactor = Redactor::new(["", "hunter22"]);
        for text in ["535 5.7.8 bad credentials", "aHVudGVy is half", "hunter 22"] {
            assert_eq!(redactor.redact(text), text);
        }
        assert!(!format!("{redactor:?}").contains("hunter"));
    }
}
