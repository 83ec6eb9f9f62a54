//! The textual forms of an address, and pages that tell a reader the reader's own address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Bytes behind a phrase in which the address is looked for; markup may stand between them.
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

static AFTER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let encodings = [
        encoding_rs::UTF_8,
        encoding_rs::GBK,
        encoding_rs::BIG5,
        encoding_rs::EUC_KR,
        encoding_rs::SHIFT_JIS,
    ];
    let mut forms = Vec::new();
    for phrase in PHRASES {
        for encoding in encodings {
            let (bytes, _, is_lossy) = encoding.encode(phrase);
            if !is_lossy && !forms.contains(&bytes.to_vec()) {
                forms.push(bytes.into_owned());
            }
        }
    }
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(forms)
        .ok()
});

/// The IPv4 forms of an address that are plain texts. IPv6 forms are too many to list; see
/// [`six_places`].
pub(super) fn forms(ip: IpAddr) -> Vec<String> {
    let four = match ip {
        IpAddr::V4(four) => four,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => four,
            None => return Vec::new(),
        },
    };
    let joined = |dot: &str| four.octets().map(|part| part.to_string()).join(dot);
    let mut reversed = four.octets().map(|part| part.to_string());
    reversed.reverse();
    vec![
        joined("."),
        joined("%2e"),
        joined("-"),
        joined("&#46;"),
        joined("&#x2e;"),
        joined("\\u002e"),
        u32::from(four).to_string(),
        reversed.join(".") + ".in-addr.arpa",
    ]
}

/// `10.0.0.1` is not in `110.0.0.12` or `10.0.0.1.5`.
pub(super) fn stands_alone(text: &[u8], at: &Range<usize>) -> bool {
    let digit = |index: Option<usize>| {
        let byte = index.and_then(|index| text.get(index));
        byte.is_some_and(u8::is_ascii_digit)
    };
    let before = at.start.checked_sub(1);
    let dot_before = before.is_some_and(|index| text[index] == b'.');
    let dot_after = text.get(at.end) == Some(&b'.');
    !(digit(before)
        || digit(Some(at.end))
        || (dot_before && digit(at.start.checked_sub(2)))
        || (dot_after && digit(Some(at.end + 1))))
}

/// Where an IPv6 address stands that `is_own` names, however it is written: compressed or not, in
/// any case, with an IPv4 address in it or instead of it, percent-encoded.
pub(super) fn six_places(
    text: &[u8],
    is_own: impl Fn(IpAddr) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    sixes(text).filter_map(move |(at, six)| {
        let four = six.to_ipv4_mapped().map(IpAddr::V4);
        (is_own(six.into()) || four.is_some_and(&is_own)).then_some(at)
    })
}

/// The IPv6 addresses in a text.
fn sixes(text: &[u8]) -> impl Iterator<Item = (Range<usize>, Ipv6Addr)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(colon) = next_colon(text, from) {
            let digits = text[from..colon]
                .iter()
                .rev()
                .take(4)
                .take_while(|b| b.is_ascii_hexdigit());
            let start = colon - digits.count();
            let (end, six) = six_at(text, start);
            from = end.max(colon + 1);
            if let Some((end, six)) = six {
                return Some((start..end, six));
            }
        }
        None
    })
}

fn next_colon(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr2(b':', b'%', text.get(at..)?)?;
        if unit(text, at).is_some_and(|(byte, _)| byte == b':') {
            return Some(at);
        }
        at += 1;
    }
}

/// A character of an address at `at`, and where the next one begins.
fn unit(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    match byte {
        b':' | b'.' => Some((byte, at + 1)),
        b'%' => match text.get(at + 1..at + 3)? {
            b"3a" | b"3A" => Some((b':', at + 3)),
            b"2e" | b"2E" => Some((b'.', at + 3)),
            _ => None,
        },
        byte if byte.is_ascii_hexdigit() => Some((byte, at + 1)),
        _ => None,
    }
}

/// Reads an address that begins at `start`: where its characters end, and the address with the place
/// where it ends, if it is one.
fn six_at(text: &[u8], start: usize) -> (usize, Option<(usize, Ipv6Addr)>) {
    let mut written = String::new();
    let mut ends = Vec::new();
    let mut at = start;
    while let Some((byte, next)) = unit(text, at)
        && written.len() < MAX_SIX
    {
        written.push(char::from(byte));
        ends.push(next);
        at = next;
    }
    // A full stop or a colon may end the sentence.
    while written.matches(':').count() >= 2 {
        if let Ok(six) = written.parse() {
            let end = ends.get(written.len() - 1).copied().unwrap_or(at);
            return (at, Some((end, six)));
        }
        if !written.ends_with([':', '.']) {
            break;
        }
        written.pop();
    }
    (at, None)
}

/// The addresses that a page tells its reader as the reader's own.
pub(super) fn told_to_reader(text: &[u8]) -> Vec<IpAddr> {
    let Some(after) = AFTER.as_ref() else {
        return Vec::new();
    };
    let found = after.find_iter(text).filter_map(|phrase| {
        let end = text.len().min(phrase.end() + REACH);
        first(&text[phrase.end()..end])
    });
    found.take(16).collect()
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
            "2001%3Adb8%3a%3A9",
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
    }

    #[test]
    fn pages_that_tell_readers_their_address_are_understood() {
        let gbk = encoding_rs::GBK.encode("您的IP地址：<b>203.0.113.9</b>").0;
        let pages: [&[u8]; 6] = [
            "您的IP：203.0.113.9".as_bytes(),
            &gbk,
            b"Your IP address is <span class=\"v1.2\">203.0.113.9</span>.",
            b"{\"clientIp\": \"203.0.113.9\"}",
            b"X-Forwarded-For: 203.0.113.9, 10.0.0.1",
            b"client ip = ::ffff:203.0.113.9",
        ];
        for page in pages {
            let told = told_to_reader(page);
            let four: IpAddr = "203.0.113.9".parse().unwrap();
            let mapped: IpAddr = "::ffff:203.0.113.9".parse().unwrap();
            assert!(
                told.contains(&four) || told.contains(&mapped),
                "{} {told:?}",
                String::from_utf8_lossy(page)
            );
        }
        for page in ["Server 203.0.113.9", "your ip is hidden", "当前IP 1.2.3"] {
            assert!(told_to_reader(page.as_bytes()).is_empty(), "{page}");
        }
    }
}
