//! `unknown_failure: …`: the last resort, without addresses and without control characters.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};

use crate::model::Failure;

/// How many characters of an error's text are kept.
const MAX_CHARS: usize = 200;

/// OONI's placeholder for a removed address (ooni/spec df-007).
const SCRUBBED: &str = "[scrubbed]";

/// The failure for an error without a constant.
#[must_use]
pub fn unknown(error: &dyn Display) -> Failure {
    let text: String = error
        .to_string()
        .chars()
        .take(MAX_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Failure(format!("{}{}", Failure::UNKNOWN, scrub(&text)))
}

/// Replaces addresses, with or without a port.
fn scrub(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '[' | ']' | '%') {
            word.push(c);
            continue;
        }
        push_word(&mut out, &word);
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn push_word(out: &mut String, word: &str) {
    let core = word.trim_end_matches(['.', ':']);
    let bare = core.trim_start_matches('[').trim_end_matches(']');
    let is_address = core.parse::<IpAddr>().is_ok()
        || core.parse::<SocketAddr>().is_ok()
        || bare.parse::<IpAddr>().is_ok();
    if is_address {
        out.push_str(SCRUBBED);
        out.push_str(&word[core.len()..]);
    } else {
        out.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_out_and_words_stay() {
        for (text, scrubbed) in [
            ("dial 192.0.2.1:443: refused", "dial [scrubbed]: refused"),
            ("to [2001:db8::1]:80 failed", "to [scrubbed] failed"),
            ("from 2001:db8::1.", "from [scrubbed]."),
            ("bad face: cafe 12:30", "bad face: cafe 12:30"),
            ("a\u{1b}[31mb", "a [31mb"),
        ] {
            let expected = format!("{}{scrubbed}", Failure::UNKNOWN);
            assert_eq!(unknown(&text).as_str(), expected);
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let failure = unknown(&"x".repeat(10_000));
        assert_eq!(failure.as_str().len(), Failure::UNKNOWN.len() + MAX_CHARS);
    }
}
