//! Numbers as pages write them: `1,234`, `１２３`, `1.2万`, `-0.5%`, `共 1,234 条`.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::normalise::nfkc;

/// The rows that are shown, and the number of all.
static ALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let range = r"\d[\d,]*\s*(?:[-–—~～]|至|到|to)\s*\d[\d,]*";
    let of = r"\s*(?:of|out of|/|(?:条|條|件|筆|笔|项|項|건|번)?\s*[,，/]?\s*(?:共|总计|總計|全|총|전체))\s*";
    Regex::new(&format!("(?i){range}{of}(?:about |约|約)?(\\d[\\d,]*)")).ok()
});

/// The first number in a text; of `1–25 of 1,284` the number of all.
///
/// Commas (and the spaces that NFKC makes of thin spaces) between groups of three are separators; 万
/// (10⁴) and 亿/億 (10⁸) directly after a number multiply it; a percent sign is ignored (`3.5%` is
/// 3.5).
#[must_use]
pub fn first(text: &str) -> Option<f64> {
    let text = nfkc(text);
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some(number);
    }
    let all = ALL.as_ref().and_then(|all| all.captures(text)?.get(1));
    let text = all.map_or(text, |all| &text[all.start()..]);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let negative =
        text[..start].ends_with(['-', '\u{2212}', '\u{2013}']) && sign_stands_alone(&text[..start]);
    let (digits, rest) = digits(&text[start..]);
    let number: f64 = digits.parse().ok()?;
    let number = number * unit(rest);
    number
        .is_finite()
        .then_some(if negative { -number } else { number })
}

/// A sign belongs to the number unless the text directly before it could be a range or a code.
fn sign_stands_alone(before: &str) -> bool {
    let mut back = before.chars().rev();
    back.next();
    back.next().is_none_or(|c| !c.is_alphanumeric())
}

fn digits(text: &str) -> (String, &str) {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut at = 0;
    let mut fraction = false;
    while at < bytes.len() {
        match bytes[at] {
            b'0'..=b'9' => out.push(char::from(bytes[at])),
            b',' if !fraction && group_follows(&bytes[at + 1..]) => {}
            b'.' if !fraction && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                fraction = true;
                out.push('.');
            }
            _ => break,
        }
        at += 1;
    }
    (out, &text[at..])
}

/// Whether exactly three digits follow.
fn group_follows(bytes: &[u8]) -> bool {
    bytes.len() >= 3
        && bytes[..3].iter().all(u8::is_ascii_digit)
        && !bytes.get(3).is_some_and(u8::is_ascii_digit)
}

fn unit(rest: &str) -> f64 {
    match rest.trim_start().chars().next() {
        Some('万' | '萬') if rest.trim_start().starts_with("万亿") => 1e12,
        Some('万' | '萬') => 1e4,
        Some('亿' | '億') => 1e8,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_pages_write_them() {
        for (text, want) in [
            ("1234", 1234.0),
            ("Showing 1–25 of 1,284", 1284.0),
            ("第1-20条，共 195,669 条", 195_669.0),
            ("1～30 / 全1,860件", 1860.0),
            ("1-10 / 총 320건", 320.0),
            ("2024-2026", 2024.0),
            ("共找到 1,234,567 条结果，用时 0.2 秒", 1_234_567.0),
            ("１２，３４５．６", 12345.6),
            ("-0.5%", -0.5),
            ("同比 −3.2", -3.2),
            ("1.2万篇", 12000.0),
            ("3亿", 3e8),
            ("2 万亿元", 2e12),
            ("1,2,3", 1.0),
            ("1,2345", 1.0),
            ("A-12", 12.0),
            ("1e3", 1000.0),
            ("v1.2.3", 1.2),
        ] {
            assert_eq!(first(text), Some(want), "{text}");
        }
    }

    #[test]
    fn no_number() {
        for text in ["", "--", "无", "NaN", "inf"] {
            assert_eq!(first(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "[0-9,.万亿\\-\\PC]{0,30}") {
            if let Some(number) = first(&text) {
                proptest::prop_assert!(number.is_finite());
            }
        }

        #[test]
        fn grouped_numbers_come_back(n in 0u32..) {
            let plain = n.to_string();
            let mut grouped = String::new();
            for (i, c) in plain.chars().enumerate() {
                if i > 0 && (plain.len() - i) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(c);
            }
            proptest::prop_assert_eq!(first(&format!("共{grouped}条")), Some(f64::from(n)));
        }
    }
}
