//! Links in running text: where one begins and where it ends.
//!
//! Linkifiers end a link at white space, which Chinese, Japanese and Korean texts do not have.
//! So a link ends at the first character of these scripts, unless what is cut off there would
//! leave a name half written.

use std::ops::Range;

use super::script::{
    is_address_char, is_cjk, is_hangul, is_invisible, is_particle, is_spaced_letter,
};

/// Characters of one link. Servers refuse longer ones.
const MAX_LINK: usize = 8 * 1024;

/// A link in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLink {
    /// The bytes of the text that it takes.
    pub range: Range<usize>,
    /// The link, without characters that are not seen.
    pub url: String,
    /// A shorter reading, when it is not sure that the last characters belong to the link.
    pub alternative: Option<String>,
}

/// All links of a text, in its order.
#[must_use]
pub fn find(text: &str) -> Vec<FoundLink> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, kind)) = next_start(text, at) {
        match read(text, start, kind) {
            Some(link) => {
                at = link.range.end.max(start + 1);
                found.push(link);
            }
            None => at = start + 1,
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// What a link begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A scheme and `//`.
    Address,
    /// `www.` without a scheme.
    Www,
    /// A label that precedes an identifier, of so many bytes: `doi:`.
    Labelled(&'static str, usize),
    /// A DOI without a label.
    BareDoi,
}

fn next_start(text: &str, from: usize) -> Option<(usize, Kind)> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find_map(|at| {
        let kind = match bytes[at] | 0x20 {
            b'h' | b'f' | b'w' | b'd' | b'a' | b'c' => worded(text, at),
            _ if bytes[at] == b'1' && is_bare_doi(&bytes[at..]) => Some(Kind::BareDoi),
            _ => None,
        }?;
        is_open_before(text, at, kind).then_some((at, kind))
    })
}

fn worded(text: &str, at: usize) -> Option<Kind> {
    let rest = &text.as_bytes()[at..];
    let begins = |word: &str| {
        rest.len() > word.len() && rest[..word.len()].eq_ignore_ascii_case(word.as_bytes())
    };
    if ["http://", "https://", "ftp://"].iter().any(|s| begins(s)) {
        return Some(Kind::Address);
    }
    if begins("www.") {
        return Some(Kind::Www);
    }
    for label in ["doi", "hdl", "arxiv", "cstr"] {
        if begins(label)
            && let Some(length) = label_length(&text[at..], label)
        {
            return Some(Kind::Labelled(label, length));
        }
    }
    None
}

/// The bytes of a label with its colon and the white space after it, when an identifier follows.
fn label_length(text: &str, label: &str) -> Option<usize> {
    let mut rest = &text[label.len()..];
    let colon = rest.chars().next().filter(|c| matches!(c, ':' | '：'))?;
    rest = &rest[colon.len_utf8()..];
    let bare = rest.trim_start_matches(' ');
    let identifier = match label {
        "doi" => is_bare_doi(bare.as_bytes()),
        "hdl" => bare.as_bytes().first().is_some_and(u8::is_ascii_digit) && bare.contains('/'),
        "arxiv" => is_arxiv(bare),
        _ => bare.as_bytes().first().is_some_and(u8::is_ascii_digit) && bare.contains('.'),
    };
    identifier.then_some(text.len() - bare.len())
}

/// `10.`, four to nine digits, `/` and more.
fn is_bare_doi(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"10.") else {
        return false;
    };
    let registrant = rest
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    (4..=9).contains(&digits)
        && rest.get(registrant) == Some(&b'/')
        && rest
            .get(registrant + 1)
            .is_some_and(|b| !b.is_ascii_whitespace())
}

/// `2101.00001`, `math/0101001`, `hep-th/9901001`.
fn is_arxiv(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 4 {
        return bytes.get(4) == Some(&b'.')
            && bytes[5..].iter().take_while(|b| b.is_ascii_digit()).count() >= 4;
    }
    let name = bytes
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(**b, b'-' | b'.'))
        .count();
    (2..20).contains(&name)
        && bytes.get(name) == Some(&b'/')
        && bytes[name + 1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
            == 7
}

/// Whether a link may begin here: not within a word or an address.
fn is_open_before(text: &str, at: usize, kind: Kind) -> bool {
    let Some(before) = text[..at].chars().next_back() else {
        return true;
    };
    match kind {
        Kind::Address => !before.is_ascii_alphanumeric(),
        Kind::Www | Kind::Labelled(..) => {
            !before.is_ascii_alphanumeric() && !matches!(before, '.' | '/' | '@' | '-' | '_')
        }
        Kind::BareDoi => {
            !before.is_ascii_alphanumeric() && !matches!(before, '.' | '/' | '-' | '=')
        }
    }
}

fn read(text: &str, start: usize, kind: Kind) -> Option<FoundLink> {
    let (label, begin) = match kind {
        Kind::Labelled(label, length) => (Some(label), start + length),
        _ => (None, start),
    };
    if kind == Kind::Address && text[..start].ends_with('<') {
        return in_angle_brackets(text, start);
    }
    let reading = Reading::of_text(&text[begin..], kind);
    let (url, used) = reading.trimmed()?;
    let lead = label.map(|l| format!("{l}:")).unwrap_or_default();
    if !is_whole(&url, kind) {
        return None;
    }
    let alternative = reading.short_form().filter(|short| is_whole(short, kind));
    Some(FoundLink {
        range: start..begin + used,
        url: format!("{lead}{url}"),
        alternative: alternative.map(|short| format!("{lead}{short}")),
    })
}

/// In `<>` an address is read whole.
fn in_angle_brackets(text: &str, start: usize) -> Option<FoundLink> {
    let end = text[start..].find(['>', '\n', '<'])? + start;
    let inner: String = text[start..end]
        .chars()
        .filter(|c| !is_invisible(*c))
        .collect();
    let url = inner.trim().to_owned();
    let is_closed = text[end..].starts_with('>') && url.len() <= MAX_LINK;
    (is_closed && is_whole(&url, Kind::Address)).then_some(FoundLink {
        range: start..end,
        url,
        alternative: None,
    })
}

/// Whether something follows what the link begins with.
fn is_whole(url: &str, kind: Kind) -> bool {
    match kind {
        Kind::Address => url.split_once("://").is_some_and(|(_, rest)| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            host.chars().any(char::is_alphanumeric)
        }),
        Kind::Www => url
            .get(4..)
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(name, rest)| {
                !name.is_empty() && rest.starts_with(char::is_alphanumeric)
            }),
        Kind::Labelled(..) | Kind::BareDoi => url.contains(char::is_alphanumeric),
    }
}

/// A link as it is read, character by character.
#[derive(Debug, Default)]
struct Reading {
    url: String,
    /// For each byte of `url` where its character ends in the text.
    ends: Vec<usize>,
    /// Bytes of `url` before the first character of a script without white space.
    cut: Option<usize>,
}

impl Reading {
    fn of_text(text: &str, kind: Kind) -> Self {
        let mut reading = Self::default();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if reading.url.len() >= MAX_LINK {
                break;
            }
            if is_invisible(c) {
                continue;
            }
            let c = if matches!(c, '\u{2011}' | '\u{2010}') {
                '-'
            } else {
                c
            };
            if is_cjk(c) && !reading.takes_run(&text[at..], kind) {
                break;
            }
            if !(is_address_char(c) || is_cjk(c) || is_spaced_letter(c)) {
                break;
            }
            let end = chars.peek().map_or(text.len(), |(next, _)| *next);
            reading.push(c, end);
        }
        reading
    }

    fn push(&mut self, c: char, end: usize) {
        self.url.push(c);
        self.ends.resize(self.url.len(), end);
    }

    /// Whether the run of such characters that begins here belongs to the link.
    fn takes_run(&mut self, rest: &str, kind: Kind) -> bool {
        if self.cut.is_some() {
            return true;
        }
        let run: String = rest
            .chars()
            .take_while(|c| is_cjk(*c) || is_address_char(*c))
            .take(200)
            .collect();
        let in_host = match self.url.split_once("://") {
            Some((_, after)) => !after.contains(['/', '?', '#']),
            None => kind != Kind::Www || !self.url.contains('/'),
        };
        if in_host {
            // A name in its own script: `http://例え.jp/`. Not the text after `https://a.example`.
            let names_host = self.url.ends_with("://") && run.contains('.');
            if names_host {
                self.cut = Some(0);
            }
            return names_host;
        }
        let word: String = run.chars().take_while(|c| is_hangul(*c)).collect();
        let is_named = self.path_is_longer_than_slash() && self.url.ends_with(['/', '=', '_', '-']);
        if !is_named
            || (!word.is_empty()
                && word.len() == run.trim_end_matches(['.', ',', ')']).len()
                && is_particle(&word))
        {
            return false;
        }
        self.cut = Some(self.url.len());
        true
    }

    fn path_is_longer_than_slash(&self) -> bool {
        let after = self.url.split_once("://").map_or(&*self.url, |(_, a)| a);
        after
            .find(['/', '?', '#'])
            .is_some_and(|slash| after[slash..].len() > 1)
    }

    /// The link without the punctuation of the sentence around it, and how much of the text it
    /// takes.
    fn trimmed(&self) -> Option<(String, usize)> {
        let url = without_closing(&self.url);
        let used = *self.ends.get(url.len().checked_sub(1)?)?;
        Some((url.to_owned(), used))
    }

    /// The reading that ends before the first character without white space around it.
    fn short_form(&self) -> Option<String> {
        let cut = self.cut.filter(|cut| *cut > 0)?;
        Some(without_closing(&self.url[..cut]).to_owned())
    }
}

/// Without the punctuation that belongs to the sentence: closing marks, and brackets that do not
/// open within the link.
fn without_closing(url: &str) -> &str {
    let surplus = |open: char, close: char| {
        let count = |c: char| url.matches(c).count();
        count(close).saturating_sub(count(open))
    };
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    let mut rest = url;
    while let Some(last) = rest.chars().next_back() {
        match last {
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '"' => {}
            // An opening bracket that nothing closes.
            '(' => round += 1,
            '[' => square += 1,
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            _ => break,
        }
        rest = &rest[..rest.len() - last.len_utf8()];
    }
    cut_at_surplus(rest)
}

/// `https://a.example/x),(b`: a bracket that did not open within the link ends it.
fn cut_at_surplus(url: &str) -> &str {
    let (mut round, mut square) = (0_i32, 0_i32);
    for (at, c) in url.char_indices() {
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            _ => continue,
        }
        if round < 0 || square < 0 {
            return without_closing(&url[..at]);
        }
    }
    url
}
