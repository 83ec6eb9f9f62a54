//! The textual forms of an address, and pages that tell a reader the reader's own address.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::folded;
use super::wide::{FORMS, WideForm};

/// Bytes after a phrase in which the address is looked for; markup may stand between them.
const REACH: usize = 160;

/// Characters of the longest IPv6 address, `ffff:…:255.255.255.255`.
const MAX_SIX: usize = 45;

/// What stands before the reader's own address, in pages, headers and JSON, in lower case.
const PHRASES: &[&str] = &[
    "您的ip",
    "你的ip",
    "您的 ip",
    "你的 ip",
    "您当前的ip",
    "您当前ip",
    "您目前的ip",
    "您的当前ip",
    "当前ip",
    "當前ip",
    "目前ip",
    "本机ip",
    "本機ip",
    "客户端ip",
    "客戶端ip",
    "用户ip",
    "来访ip",
    "来源ip",
    "访问ip",
    "访问者ip",
    "登录ip",
    "您的地址",
    "your ip",
    "client ip",
    "client-ip",
    "client_ip",
    "clientip",
    "visitor ip",
    "user ip",
    "userip",
    "user_ip",
    "real-ip",
    "real_ip",
    "remote ip",
    "remote-addr",
    "remote_addr",
    "forwarded-for",
    "connecting-ip",
    "you are coming from",
    "귀하의 ip",
    "사용자 ip",
    "접속 ip",
    "あなたのip",
];

/// Finds the phrases, in every charset that pages of East Asia are written in.
struct Phrases {
    automaton: AhoCorasick,
    /// How the text behind each phrase is written; `None` with a byte for each ASCII character.
    forms: Vec<Option<WideForm>>,
}

static AFTER: LazyLock<Option<Phrases>> = LazyLock::new(|| {
    let encodings = [
        encoding_rs::UTF_8,
        encoding_rs::GBK,
        encoding_rs::BIG5,
        encoding_rs::EUC_KR,
        encoding_rs::SHIFT_JIS,
        encoding_rs::EUC_JP,
        encoding_rs::ISO_2022_JP,
    ];
    let (mut patterns, mut forms) = (Vec::new(), Vec::new());
    for phrase in PHRASES {
        for encoding in encodings {
            let (bytes, _, is_lossy) = encoding.encode(phrase);
            if !is_lossy && !patterns.contains(&bytes.to_vec()) {
                patterns.push(bytes.into_owned());
                forms.push(None);
            }
        }
        if !phrase.is_ascii() {
            patterns.push(in_json(phrase).into_bytes());
            forms.push(None);
        }
        let units = || phrase.encode_utf16();
        patterns.push(units().flat_map(u16::to_le_bytes).collect());
        patterns.push(units().flat_map(u16::to_be_bytes).collect());
        let characters = || phrase.chars().map(u32::from);
        patterns.push(characters().flat_map(u32::to_le_bytes).collect());
        patterns.push(characters().flat_map(u32::to_be_bytes).collect());
        forms.extend(FORMS.map(Some));
    }
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(patterns)
        .ok()?;
    Some(Phrases { automaton, forms })
});

/// A text as JSON holds it when its writer escapes what is not ASCII.
fn in_json(text: &str) -> String {
    let mut json = String::new();
    for c in text.chars() {
        if c.is_ascii() {
            json.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(json, "\\u{unit:04x}");
            }
        }
    }
    json
}

/// The forms of an address that are plain texts; escapes in them are undone before the search.
/// IPv6 addresses with colons have too many to list; see [`six_places`].
pub(super) fn forms(ip: IpAddr) -> Vec<String> {
    let four = match ip {
        IpAddr::V4(four) => four,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => four,
            None => return forms_of_six(six),
        },
    };
    let joined = |dot: &str| four.octets().map(|part| part.to_string()).join(dot);
    let mut reversed = four.octets().map(|part| part.to_string());
    reversed.reverse();
    vec![
        joined("."),
        joined("-"),
        joined("_"),
        four.octets().map(|part| format!("{part:03}")).join("."),
        u32::from(four).to_string(),
        reversed.join(".") + ".in-addr.arpa",
    ]
}

/// The forms in names of hosts and of the reverse tree, and the digits without any sign between
/// them.
fn forms_of_six(six: Ipv6Addr) -> Vec<String> {
    let whole = six.segments().map(|part| format!("{part:04x}"));
    let digits = whole.concat();
    let reversed: Vec<String> = digits.chars().rev().map(String::from).collect();
    vec![
        six.to_string().replace(':', "-"),
        six.segments().map(|part| format!("{part:x}")).join("-"),
        whole.join("-"),
        reversed.join(".") + ".ip6.arpa",
        digits,
    ]
}

/// `10.0.0.1` is not in `110.0.0.12` or `10.0.0.1.5`. A digit may be the last byte of a character
/// of GB18030: after a byte that is not ASCII it is not counted.
pub(super) fn stands_alone(text: &[u8], at: &Range<usize>) -> bool {
    let digit = |index: Option<usize>| {
        let byte = index.and_then(|index| text.get(index));
        byte.is_some_and(u8::is_ascii_digit)
    };
    let before = at.start.checked_sub(1).filter(|before| {
        let second = before.checked_sub(1).map(|index| text[index]);
        second.is_none_or(|byte| byte.is_ascii())
    });
    let dot_before = before.is_some_and(|index| text[index] == b'.');
    let dot_after = text.get(at.end) == Some(&b'.');
    !(digit(before)
        || digit(Some(at.end))
        || (dot_before && digit(at.start.checked_sub(2)))
        || (dot_after && digit(Some(at.end + 1))))
}

/// Where an IPv6 address stands that `is_own` names, however it is written: compressed or not, in
/// any case, with an IPv4 address in it or instead of it.
pub(super) fn six_places(
    text: &[u8],
    is_own: impl Fn(IpAddr) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    sixes(text).filter_map(move |(at, six)| {
        let four = six.to_ipv4_mapped().map(IpAddr::V4);
        (is_own(six.into()) || four.is_some_and(&is_own)).then_some(at)
    })
}

/// Whether the byte at `at` may be the end of a character of several bytes, as a letter or a digit
/// is in several charsets of East Asia, or of a change of the character set in ISO-2022-JP.
fn ends_character(text: &[u8], at: usize) -> bool {
    let is_behind = |index: usize| !text[index].is_ascii();
    at.checked_sub(1).is_some_and(is_behind) || text[..=at].ends_with(b"\x1b(B")
}

/// The IPv6 addresses in a text. Where a character may end with the first digit of an address, the
/// address is also read without that digit.
fn sixes(text: &[u8]) -> impl Iterator<Item = (Range<usize>, Ipv6Addr)> {
    let mut from = 0;
    let mut second = None;
    std::iter::from_fn(move || {
        if second.is_some() {
            return second.take();
        }
        while let Some(colon) = text.get(from..).and_then(|rest| memchr::memchr(b':', rest)) {
            let colon = from + colon;
            let digits = text[from..colon]
                .iter()
                .rev()
                .take(4)
                .take_while(|b| b.is_ascii_hexdigit());
            let start = colon - digits.count();
            let (end, six) = six_at(text, start);
            from = end.max(colon + 1);
            if start < colon && ends_character(text, start) {
                let six = six_at(text, start + 1).1;
                second = six.map(|(end, six)| (start + 1..end, six));
            }
            if let Some((end, six)) = six {
                return Some((start..end, six));
            }
            if second.is_some() {
                return second.take();
            }
        }
        None
    })
}

/// Reads an address that begins at `start`: where its characters end, and the address with the
/// place where it ends, if it is one.
fn six_at(text: &[u8], start: usize) -> (usize, Option<(usize, Ipv6Addr)>) {
    let mut written = String::new();
    let mut at = start;
    while let Some(byte) = text.get(at).filter(|byte| is_part_of_six(**byte))
        && written.len() < MAX_SIX
    {
        written.push(char::from(*byte));
        at += 1;
    }
    // A full stop or a colon may end the sentence.
    while written.matches(':').count() >= 2 {
        if let Ok(six) = written.parse() {
            return (at, Some((start + written.len(), six)));
        }
        if !written.ends_with([':', '.']) {
            break;
        }
        written.pop();
    }
    (at, None)
}

fn is_part_of_six(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// The addresses that a page tells its reader as the reader's own.
pub(super) fn shown_to_reader(text: &[u8]) -> Vec<IpAddr> {
    let Some(after) = AFTER.as_ref() else {
        return Vec::new();
    };
    let found = after.automaton.find_iter(text).filter_map(|phrase| {
        let form = after.forms.get(phrase.pattern().as_usize()).copied()?;
        let reach = REACH * form.map_or(1, |form| form.width);
        let behind = &text[phrase.end()..text.len().min(phrase.end() + reach)];
        let plain = match form {
            Some(form) => first(&form.narrow(behind)),
            None => first(behind),
        };
        plain.or_else(|| first_folded(behind))
    });
    found.take(16).collect()
}

/// The first address in a text whose characters fold to ASCII.
fn first_folded(text: &[u8]) -> Option<IpAddr> {
    folded::runs(text).iter().find_map(|run| first(&run.plain))
}

/// The first address in a text.
pub(super) fn first(text: &[u8]) -> Option<IpAddr> {
    let four = first_four(text);
    let six = sixes(text).find(|(_, six)| !six.is_unspecified());
    match (four, six) {
        (Some((at, four)), Some((place, _))) if at < place.start => Some(four.into()),
        (_, Some((_, six))) => Some(six.into()),
        (Some((_, four)), None) => Some(four.into()),
        (None, None) => None,
    }
}

fn first_four(text: &[u8]) -> Option<(usize, Ipv4Addr)> {
    let is_part = |b: &u8| b.is_ascii_digit() || *b == b'.';
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let length = text[at..].iter().take_while(|b| is_part(b)).count();
        let token = std::str::from_utf8(&text[at..at + length]).unwrap_or_default();
        if let Ok(four) = token.trim_end_matches('.').parse() {
            return Some((at, four));
        }
        at += length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str, ip: &str) -> Vec<String> {
        let ip: IpAddr = ip.parse().unwrap();
        six_places(text.as_bytes(), |found| found == ip)
            .map(|at| text[at].to_owned())
            .collect()
    }

    #[test]
    fn an_ipv6_address_is_found_however_it_is_written() {
        for form in [
            "2001:db8::9",
            "2001:DB8::9",
            "2001:0db8:0:0:0:0:0:9",
            "2001:0db8:0000:0000:0000:0000:0000:0009",
            "2001:db8:0::0:9",
            "2001:db8::0.0.0.9",
        ] {
            for text in [
                form.to_owned(),
                format!("[{form}]:443"),
                format!("IP: {form}."),
                format!("\"ip\":\"{form}\""),
                format!("a:b {form}%eth0"),
            ] {
                assert_eq!(own(&text, "2001:db8::9"), [form], "{text}");
            }
        }
        for other in [
            "2001:db8::91",
            "12:30:45",
            "a { color: red; top:0 }",
            "::",
            "x::y",
        ] {
            assert_eq!(own(other, "2001:db8::9"), [""; 0], "{other}");
        }
        assert_eq!(own("::ffff:cb00:7109", "203.0.113.9"), ["::ffff:cb00:7109"]);
        for text in ["中2001:db8::9", "中 2001:db8::9"] {
            assert_eq!(own(text, "2001:db8::9"), ["2001:db8::9"], "{text}");
        }
    }

    /// The last byte of a character may be a digit or a letter, which is not a part of the address.
    #[test]
    fn an_address_behind_a_character_of_several_bytes_is_found() {
        let digits = encoding_rs::GB18030.encode("\u{20087}").0;
        assert!(digits.last().is_some_and(u8::is_ascii_digit), "{digits:?}");
        let mut text = digits.to_vec();
        text.extend_from_slice(b"203.0.113.9");
        assert!(stands_alone(&text, &(4..text.len())));
        // A lead byte, and `a`.
        let text = b"\x81a::ffff:cb00:7109 ";
        let four: IpAddr = "203.0.113.9".parse().unwrap();
        let places: Vec<_> = six_places(text, |ip| ip == four).collect();
        assert_eq!(places.len(), 1);
        assert_eq!(places[0], 2..text.len() - 1);
    }

    #[test]
    fn pages_that_tell_readers_their_address_are_understood() {
        let gbk = encoding_rs::GBK.encode("您的IP地址：<b>203.0.113.9</b>").0;
        let sentence = "您的IP地址：<b>203.0.113.9</b>";
        let little: Vec<u8> = sentence.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = sentence.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let pages: [&[u8]; 9] = [
            &little,
            &big,
            b"{\"msg\": \"\\u60a8\\u7684IP\\uff1a203.0.113.9\"}",
            "您的IP：203.0.113.9".as_bytes(),
            &gbk,
            b"Your IP address is <span class=\"v1.2\">203.0.113.9</span>.",
            b"{\"clientIp\": \"203.0.113.9\"}",
            b"X-Forwarded-For: 203.0.113.9, 10.0.0.1",
            b"client ip = ::ffff:203.0.113.9",
        ];
        for page in pages {
            let shown = shown_to_reader(page);
            let four: IpAddr = "203.0.113.9".parse().unwrap();
            let mapped: IpAddr = "::ffff:203.0.113.9".parse().unwrap();
            assert!(
                shown.contains(&four) || shown.contains(&mapped),
                "{} {shown:?}",
                String::from_utf8_lossy(page)
            );
        }
        for page in ["Server 203.0.113.9", "your ip is hidden", "当前IP 1.2.3"] {
            assert!(shown_to_reader(page.as_bytes()).is_empty(), "{page}");
        }
    }
}
