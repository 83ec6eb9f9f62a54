//! Addresses, cookies and tokens in every textual form and charset: what a browser shows has none
//! of them, and every other character stays.

use encoding_rs::Encoding;

use super::*;
use crate::model::measurement::{Body, Response};

/// Charsets that browsers read.
const LABELS: &[&str] = &[
    "utf-8",
    "gbk",
    "gb18030",
    "big5",
    "euc-kr",
    "euc-jp",
    "shift_jis",
    "iso-2022-jp",
    "windows-1252",
    "windows-1251",
    "koi8-r",
    "iso-8859-2",
    "utf-16le",
    "utf-16be",
];

/// 203.0.113.9.
const FOUR: &[&str] = &[
    "203.0.113.9",
    "203-0-113-9",
    "203_0_113_9",
    "203,0,113,9",
    "203, 0, 113, 9",
    "203.000.113.009",
    "203-000-113-009",
    "3405803785",
    "cb007109",
    "0xCB007109",
    "0xcb.0x0.0x71.0x9",
    "0xcb.0x00.0x71.0x09",
    "0313.0000.0161.0011",
    "0313.0.0161.011",
    "9.113.0.203.in-addr.arpa",
    "9.113.0.203",
    "9-113-0-203",
    "203%2E0%2e113%2E9",
    "203%252E0.113.9",
    "203%25252E0.113.9",
    "%32%30%33.0.113.9",
    "203&#46;0&#x2E;113&period;9",
    "&#0000050;03.0.113.9",
    "&#50;03.0.113.9",
    "&amp;#50;03.0.113.9",
    "203\\u002e0\\u002e113\\u002e9",
    "\\x32\\x30\\x33.0.113.9",
    "\\u{32}\\u{30}3.0.113.9",
    "２０３．０．１１３．９",
    "203．0．113．9",
    "２０３。０。１１３。９",
    "２０３－０－１１３－９",
    "３４０５８０３７８５",
    "²⁰³.⁰.¹¹³.⁹",
    "²0³.0.¹¹³.9",
    "₂₀₃.₀.₁₁₃.₉",
    "②⓪③.⓪.①①③.⑨",
    "𝟚𝟘𝟛.𝟘.𝟙𝟙𝟛.𝟡",
    "𝟸𝟶𝟹.𝟶.𝟷𝟷𝟹.𝟿",
    "🯲🯰🯳.🯰.🯱🯱🯳.🯹",
    "2𝟘3．⓪.&#x1d7d9;13.９",
    "２０&#65299;．0．&#xff11;13．９",
    "\\ud835\\udfda03.0.113.9",
    "%uD835%uDFDA03%uFF0E0.113.9",
    "\\uff12\\uff10\\uff13\\uff0e0.113.9",
    "&sup2;0&sup3;.0.113.9",
    "2\u{ad}03.0.\u{200b}113.9",
    "203&shy;.0&zwnj;.113.9",
    "203&#8203;.0.113\\u2060.9",
    "2\u{fe0f}\u{20e3}0\u{fe0f}\u{20e3}3.0.113.9",
    "::ffff:203.0.113.9",
    "::ffff:cb00:7109",
    "::FFFF:CB00:7109",
    "2002:cb00:7109::1",
    "64:ff9b::203.0.113.9",
    "64:ff9b::cb00:7109",
    "：：ｆｆｆｆ：ｃｂ００：７１０９",
];

/// `2001:db8::9`.
const SIX: &[&str] = &[
    "2001:db8::9",
    "2001:DB8:0:0:0:0:0:9",
    "2001:0db8:0000:0000:0000:0000:0000:0009",
    "2001:db8::0.0.0.9",
    "2001-db8--9",
    "2001-db8-0-0-0-0-0-9",
    "20010db8000000000000000000000009",
    "9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
    "2001%3Adb8%3a%3A9",
    "2001%253Adb8::9",
    "2001&#58;db8&colon;&#x3a;9",
    "2001\\u003adb8\\u003a\\u003a9",
    "２００１：ｄｂ８：：９",
    "2001：DB8：：9",
    "𝟸𝟶𝟶𝟷:𝖽𝖻𝟾::𝟿",
    "2001:\u{200b}db8::\u{2060}9",
    "２００１&#65306;db8：：&#57;",
];

/// A cookie and a token.
const VALUES: &[&str] = &[
    "c00kie-value-1234",
    "C00KIE-VALUE-1234",
    "c00kie%2Dvalue%252d1234",
    "c00kie&#45;value\\u002d1234",
    "c00kie&#x2D;value&#45;1234",
    "t0ken-value-1234567890",
    "t0ken%2Dvalue&#45;1234567890",
    "\\u0074\\x30ken-value-1234567890",
];

/// Characters whose bytes are digits, letters or zeros in some charset.
const AROUND: [&str; 8] = ["中", "一", "é", "ㄱ", "\u{20087}", "日", "ж", "> <"];

fn encoded(text: &str, label: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        // What the charset lacks becomes a character reference.
        _ => encoding(label).encode(text).0.into_owned(),
    }
}

fn encoding(label: &str) -> &'static Encoding {
    Encoding::for_label(label.as_bytes()).unwrap()
}

/// The text of a body as a browser decodes it.
fn decoded(body: &[u8], label: &str) -> String {
    let (text, is_malformed) = encoding(label).decode_without_bom_handling(body);
    assert!(!is_malformed, "{label}: {text}");
    text.into_owned()
}

fn answer(body: Vec<u8>, label: &str) -> Request {
    let media = format!("text/html; charset={label}");
    Request {
        response: Response {
            code: 200,
            headers_list: vec![(HeaderText("Content-Type".into()), HeaderText(media))],
            body: Body(body.into()),
            ..Response::default()
        },
        ..Request::default()
    }
}

/// The text of a page after it was cleaned.
fn cleaned(redactor: &mut RecordRedactor, text: &str, label: &str) -> String {
    let mut requests = [answer(encoded(text, label), label)];
    redactor.clean(&mut requests);
    decoded(&requests[0].response.body.0, label)
}

/// What a browser shows of `text` in this charset, where nothing is taken out.
fn unchanged(text: &str, label: &str) -> String {
    decoded(&encoded(text, label), label)
}

#[test]
fn nothing_is_left_in_any_form_or_charset_and_everything_around_it_stays() {
    let mut places = 0;
    for label in LABELS {
        let mut redactor = RecordRedactor::default();
        redactor.exit_addresses(["203.0.113.9", "2001:db8::9"].map(|ip| ip.parse().unwrap()));
        redactor.cookies(["c00kie-value-1234"]);
        redactor.learn_url("/x?token=t0ken-value-1234567890");
        for form in FOUR.iter().chain(SIX).chain(VALUES) {
            let line = |inner: &str, around: &str| format!("<p>{around}{inner}{around}</p>");
            let page = |inner: &str| AROUND.map(|around| line(inner, around)).join(" ");
            let left = cleaned(&mut redactor, &page(form), label);
            assert_eq!(left, unchanged(&page(REDACTED), label), "{form} in {label}");
            places += AROUND.len();
        }
        // All on one page, next to each other.
        let all: Vec<&str> = FOUR.iter().chain(SIX).chain(VALUES).copied().collect();
        let left = cleaned(&mut redactor, &all.join("中"), label);
        let marks = vec![REDACTED; all.len()];
        assert_eq!(left, unchanged(&marks.join("中"), label), "{label}");
    }
    assert!(places > 7_000, "{places}");
}

/// Where a page states no charset, or another one than it is written in, nothing is left either.
#[test]
fn a_page_that_states_another_charset_leaves_nothing() {
    for written in LABELS {
        for stated in [
            "utf-8",
            "gbk",
            "windows-1252",
            "iso-2022-jp",
            "utf-16le",
            "none",
        ] {
            let mut redactor = RecordRedactor::default();
            redactor.exit_addresses(["203.0.113.9".parse().unwrap()]);
            for form in [
                "203.0.113.9",
                "２０３．０．１１３．９",
                "203%2e0.113.9",
                "𝟚𝟘𝟛.0.113.9",
            ] {
                let page = format!("<p>您的地址 {form} 。</p>");
                let mut requests = [answer(encoded(&page, written), stated)];
                redactor.clean(&mut requests);
                let left = &requests[0].response.body.0;
                let (left, _) = encoding(written).decode_without_bom_handling(left);
                assert!(
                    !left.contains(form),
                    "{form} in {written}, stated {stated}: {left}"
                );
                assert!(
                    !left.contains("113"),
                    "{form} in {written}, stated {stated}: {left}"
                );
            }
        }
    }
}

/// The address is known from the page alone, which may write it and what leads to it in any way.
#[test]
fn an_address_that_a_page_tells_its_reader_is_learned_in_every_form_and_charset() {
    for label in LABELS {
        for phrase in [
            "您的IP：",
            "您的ＩＰ：",
            "您的&nbsp;IP ",
            "&#24744;&#30340;IP&#65306;",
            "\\u60a8\\u7684IP:",
            "your IP: ",
            "your&nbsp;IP: ",
            "당신의 접속 IP: ",
            "あなたのIP：",
        ] {
            for form in [
                "198.51.100.77",
                "１９８．５１．１００．７７",
                "𝟙𝟡𝟠.𝟝𝟙.𝟙𝟘𝟘.𝟟𝟟",
                "198&#46;51&#46;100&#46;77",
                "&#65297;９８.51.100.77",
                "198\\u002e51.100.77",
            ] {
                let mut redactor = RecordRedactor::default();
                let page = |inner: &str| format!("<p>{phrase}{inner}</p><i>目录 {inner}</i>");
                let left = cleaned(&mut redactor, &page(form), label);
                let wanted = unchanged(&page(REDACTED), label);
                assert_eq!(left, wanted, "{phrase}{form} in {label}");
            }
        }
    }
}

/// What a page needs to be read stays: nothing is taken out that only resembles a secret.
#[test]
fn nothing_else_is_taken_out() {
    let mut redactor = RecordRedactor::default();
    redactor.exit_addresses(["203.0.113.9", "2001:db8::9"].map(|ip| ip.parse().unwrap()));
    redactor.cookies(["c00kie-value-1234"]);
    let text = "<p>1203.0.113.9 203.0.113.95 ２０３．０．１１３．９５ 2001:db8::91 第203期 0.113 \
                ① ② ³ 12：30 &amp;#46; %2E c00kie-value 203.0.113 9.0.0.0 http://[2001:db8::10]/</p>";
    for label in LABELS {
        assert_eq!(
            cleaned(&mut redactor, text, label),
            unchanged(text, label),
            "{label}"
        );
    }
}

/// The parts of a private address are small numbers, as data is full of.
#[test]
fn data_that_resembles_a_private_address_stays() {
    let mut redactor = RecordRedactor::default();
    redactor.addresses(["10.0.0.2", "169.254.0.1"].map(|ip| ip.parse().unwrap()));
    let data = "2025,10,0,0,2,7 [10,0,0,2] [10, 0, 0, 2] 2.0.0.10 2-0-0-10 169,254,0,1 1.0.254.169";
    for label in LABELS {
        let page = |own: &str| format!("<p>{own} {data}</p>");
        assert_eq!(
            cleaned(&mut redactor, &page("10.0.0.2"), label),
            unchanged(&page(REDACTED), label),
            "{label}"
        );
    }
}
