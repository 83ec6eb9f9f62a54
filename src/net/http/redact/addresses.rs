//! The textual forms of an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Characters of the longest IPv6 address, `ffff:…:255.255.255.255`.
const MAX_SIX: usize = 45;

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
    let padded = four.octets().map(|part| format!("{part:03}"));
    let number = u32::from(four);
    let mut forms = vec![
        joined("."),
        joined("-"),
        joined("_"),
        padded.join("."),
        padded.join("-"),
        number.to_string(),
        format!("{number:08x}"),
        format!("{number:#010x}"),
        four.octets().map(|part| format!("{part:#x}")).join("."),
        four.octets().map(|part| format!("{part:#04x}")).join("."),
        four.octets().map(|part| format!("0{part:03o}")).join("."),
        four.octets().map(in_octal).join("."),
        reversed.join(".") + ".in-addr.arpa",
    ];
    // The small parts of a private address stand in a row of any table, list or version.
    if !(four.is_private() || four.is_link_local()) {
        forms.extend([",", ", "].map(joined));
        forms.extend([".", "-"].map(|sign| reversed.join(sign)));
    }
    forms
}

/// A part of an address as `inet_aton` reads it in octal.
fn in_octal(part: u8) -> String {
    if part == 0 {
        return "0".to_owned();
    }
    format!("0{part:o}")
}

/// The IPv4 address within an IPv6 one: mapped, of 6to4, or behind NAT64.
fn embedded_four(six: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, ..] = six.segments();
    let octets = six.octets();
    match (first, second, third) {
        (0x2002, ..) => Some(u32::from_be_bytes([
            octets[2], octets[3], octets[4], octets[5],
        ])),
        (0x64, 0xff9b, 0) => Some(u32::from_be_bytes([
            octets[12], octets[13], octets[14], octets[15],
        ])),
        _ => return six.to_ipv4_mapped(),
    }
    .map(Ipv4Addr::from)
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

/// `10.0.0.1` is not in `110.0.0.12` or `10.0.0.1.5`, and `0a000001` not in a digest. A digit may
/// be the last byte of a character of GB18030: after a byte that is not ASCII it is not counted.
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
    let is_longer = |index: Option<usize>| {
        let byte = index.and_then(|index| text.get(index));
        is_in_hexadecimal(&text[at.clone()]) && byte.is_some_and(u8::is_ascii_hexdigit)
    };
    let in_text = before.filter(|before| !ends_character(text, *before));
    !(digit(before)
        || digit(Some(at.end))
        || is_longer(in_text)
        || is_longer(Some(at.end))
        || (dot_before && digit(at.start.checked_sub(2)))
        || (dot_after && digit(Some(at.end + 1))))
}

/// Whether an IPv4 address is written as one number in hexadecimal, and not as one in decimal too.
fn is_in_hexadecimal(form: &[u8]) -> bool {
    let prefixes: [&[u8]; 2] = [b"0x", b"0X"];
    let without = |prefix| form.strip_prefix(prefix);
    let digits = prefixes.into_iter().find_map(without).unwrap_or(form);
    digits.len() == 8
        && digits.iter().all(u8::is_ascii_hexdigit)
        && !digits.iter().all(u8::is_ascii_digit)
}

/// Where an IPv6 address stands that `is_own` names, however it is written: compressed or not, in
/// any case, with an IPv4 address in it or instead of it.
pub(super) fn six_places(
    text: &[u8],
    is_own: impl Fn(IpAddr) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    sixes(text).filter_map(move |(at, six)| {
        let four = embedded_four(six).map(IpAddr::V4);
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

    #[test]
    fn a_number_in_hexadecimal_is_not_part_of_a_longer_one() {
        let form = "cb007109";
        for (before, after, is_alone) in [
            ("", "", true),
            ("ip=", "&x", true),
            ("\u{1b}(B", "\u{1b}$B", true),
            ("中", "中", true),
            ("host-", ".example", true),
            ("a", "", false),
            ("", "F", false),
            ("9f86d0", "81884c7d", false),
            ("0", "", false),
        ] {
            let text = format!("{before}{form}{after}");
            let at = before.len()..before.len() + form.len();
            assert_eq!(stands_alone(text.as_bytes(), &at), is_alone, "{text}");
        }
        assert!(stands_alone(b"id16909060", &(2..10)), "in decimal");
        assert!(!stands_alone(b"0xcb007109a", &(0..10)));
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
}
