//! Pages that tell a reader the reader's own address.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::addresses::first;
use super::escaped::{self, EscapedRun};
use super::folded;
use super::wide::{FORMS, WideForm};
use crate::text::entity;

/// Bytes behind a phrase in which the address is looked for; markup may stand between them.
const REACH: usize = 160;

/// Addresses that one page may tell.
const MAX_ADDRESSES: usize = 32;

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
    for phrase in &with_wide_letters(PHRASES) {
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

/// The phrases, and those that are not ASCII with full-width letters too.
fn with_wide_letters(phrases: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
    for phrase in phrases.iter().filter(|phrase| !phrase.is_ascii()) {
        all.extend(["ＩＰ", "ｉｐ"].map(|letters| phrase.replace("ip", letters)));
    }
    all
}

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

/// The addresses that a page tells its reader as the reader's own.
pub(super) fn shown_to_reader(text: &[u8]) -> Vec<IpAddr> {
    let Some(after) = AFTER.as_ref() else {
        return Vec::new();
    };
    let found = after.automaton.find_iter(text).flat_map(|phrase| {
        let form = after.forms.get(phrase.pattern().as_usize()).copied();
        let form = form.flatten();
        let reach = REACH * form.map_or(1, |form| form.width);
        let behind = &text[phrase.end()..text.len().min(phrase.end() + reach)];
        let plain = match form {
            Some(form) => first(&form.narrow(behind)),
            None => first(behind),
        };
        [plain, first_folded(behind), first_escaped(behind)]
    });
    found.flatten().take(MAX_ADDRESSES).collect()
}

/// The addresses that a page tells its reader, with the character references of HTML read.
pub(super) fn shown_to_reader_in_html(text: &str) -> Vec<IpAddr> {
    if !text.contains("&#") && !text.contains("&nbsp;") {
        return Vec::new();
    }
    let read = entity::decode(text, false).replace('\u{a0}', " ");
    shown_to_reader(read.as_bytes())
}

/// The first address in a text whose characters are escaped, whether these fold to ASCII or not.
fn first_escaped(text: &[u8]) -> Option<IpAddr> {
    let runs = escaped::runs(text);
    let read = |run: &EscapedRun| first(&run.plain).or_else(|| first_folded(&run.plain));
    runs.iter().find_map(read)
}

/// The first address in a text whose characters fold to ASCII.
fn first_folded(text: &[u8]) -> Option<IpAddr> {
    folded::runs(text).iter().find_map(|run| first(&run.plain))
}

#[cfg(test)]
mod tests {
    use super::*;

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
