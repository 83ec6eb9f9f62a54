//! Character references of HTML: `&amp;`, `&#25688;`, `&#x6458;`, and the old ones without a
//! semicolon.

use std::borrow::Cow;

use html5ever::data::NAMED_ENTITIES;

/// The longest name in the WHATWG table has 32 characters.
const LONGEST: usize = 32;
/// The longest of the old names without a semicolon (`frac12`, `Aacute`).
const LONGEST_OLD: usize = 6;

/// Decodes references in text. In an attribute, an old name before a letter, digit or `=` is kept,
/// so that `?a=1&copy=2` is not broken.
#[must_use]
pub fn decode(text: &str, in_attribute: bool) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let used = reference(rest, in_attribute, &mut out);
        if used == 0 {
            out.push('&');
            rest = &rest[1..];
        } else {
            rest = &rest[used..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Decodes the reference at the start of `text`. Returns the number of bytes it took, 0 if there is
/// no reference.
pub fn reference(text: &str, in_attribute: bool, out: &mut String) -> usize {
    match text.as_bytes().get(1) {
        Some(b'#') => numeric(text, out),
        Some(c) if c.is_ascii_alphabetic() => named(text, in_attribute, out),
        _ => 0,
    }
}

fn numeric(text: &str, out: &mut String) -> usize {
    let digits = &text[2..];
    let (digits, radix, skipped) = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 3),
        None => (digits, 10, 2),
    };
    let length = digits
        .bytes()
        .take_while(|b| char::from(*b).is_digit(radix))
        .count();
    if length == 0 {
        return 0;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    out.push(character(code));
    let semicolon = usize::from(digits.as_bytes().get(length) == Some(&b';'));
    skipped + length + semicolon
}

fn character(code: u32) -> char {
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        // What pages in windows-1252 meant (WHATWG numeric character reference end state).
        0x80..=0x9f => u8::try_from(code).map_or(char::REPLACEMENT_CHARACTER, |byte| {
            let bytes = [byte];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }),
        code => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn named(text: &str, in_attribute: bool, out: &mut String) -> usize {
    let name = &text[1..];
    let length = name
        .bytes()
        .take(LONGEST)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    if name.as_bytes().get(length) == Some(&b';') && push(&name[..=length], out) {
        return length + 2;
    }
    for shorter in (2..=length.min(LONGEST_OLD)).rev() {
        if in_attribute
            && name[shorter..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '=')
        {
            continue;
        }
        if push(&name[..shorter], out) {
            return shorter + 1;
        }
    }
    0
}

fn push(name: &str, out: &mut String) -> bool {
    // The table also contains the beginnings of names, as (0, 0).
    let Some(&(first, second)) = NAMED_ENTITIES.get(name) else {
        return false;
    };
    if first == 0 {
        return false;
    }
    out.extend(char::from_u32(first));
    if second != 0 {
        out.extend(char::from_u32(second));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(
            decode("a &amp; b&nbsp;&lt;&#25688;&#x8981;&middot;", false),
            "a & b\u{a0}<摘要·"
        );
    }

    #[test]
    fn what_is_no_reference_stays() {
        assert_eq!(
            decode("AT&T &; &# &#x; &nosuch; &", false),
            "AT&T &; &# &#x; &nosuch; &"
        );
    }

    #[test]
    fn old_names_without_semicolon() {
        assert_eq!(decode("&copy2026 &ampx", false), "©2026 &x");
        assert_eq!(decode("?a=1&copy=2&lt", true), "?a=1&copy=2<");
    }

    #[test]
    fn out_of_range_numbers_are_replaced() {
        assert_eq!(
            decode("&#0;&#x110000;&#99999999999;&#xd800;&#150;", false),
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}–"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_decodes(text in "[&#xa-z0-9;=\\PC]{0,60}", attribute: bool) {
            let out = decode(&text, attribute);
            proptest::prop_assert!(out.len() <= text.len() * 3);
        }
    }
}
