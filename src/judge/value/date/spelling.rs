//! One spelling for texts that read the same, before dates are searched: no invisible characters,
//! one hyphen, lower-case Latin letters, Arabic digits, years of the common era.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Captures;

use super::needed::RarePattern;

/// The text (in NFKC) in that spelling.
pub(super) fn one(text: &str, today: NaiveDate) -> String {
    let plain: String = text.chars().filter_map(plain).collect();
    let plain = plain.to_lowercase();
    let plain = match &*SHORT_YEARS {
        Some(short) => short.rewrite(plain, |c| format!("{}20{}{}", &c[1], &c[2], &c[3])),
        None => plain,
    };
    let text = numerals(plain);
    eras(text, today)
}

/// `'26.10월`, `'26년 3분기`: the century is left out.
static SHORT_YEARS: LazyLock<Option<RarePattern>> =
    LazyLock::new(|| regex(r"(^|[^\w])['\u{2018}\u{2019}]([0-3]\d) ?([.년年])"));

/// `None` for an invisible character.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2500}' | '\u{2501}' => Some('-'),
        '\u{301c}' | '\u{223c}' | '\u{2053}' => Some('~'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        '\u{2e}' | '\u{2024}' => Some('.'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

fn regex(pattern: &str) -> Option<RarePattern> {
    RarePattern::new(pattern)
}

/// Runs of Chinese numerals before a unit of time, those of cheques too (`贰零贰陆年`); also a dash
/// typed as the numeral one or as a long vowel.
static NUMERALS: LazyLock<Option<RarePattern>> = LazyLock::new(|| {
    regex(
        r"([〇○零一二三四五六七八九十百廿卅两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰][0〇○零一二三四五六七八九十百廿卅两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰]*)( ?)(年|月|日|号|號|季|季度|天|小时|小時|个小时|個小時|分钟|分鐘|周|週|个月|個月|个季度|個季度|星期|个星期)",
    )
});
static DASHES: LazyLock<Option<RarePattern>> =
    LazyLock::new(|| regex(r"(\d) ?[一ー] ?(\d{1,2} ?月)"));
/// The other end of a range of numerals: `一至十月`, `1-十月`, `第一、二季度`.
static RANGES: LazyLock<Option<RarePattern>> =
    LazyLock::new(|| regex(r"([一二三四五六七八九十]{1,3}) ?([-~至到]) ?(\d{1,2} ?[月季])"));

fn numerals(text: String) -> String {
    if text.is_ascii() {
        return text;
    }
    let (Some(numerals), Some(ranges), Some(dashes), Some(roman)) =
        (&*NUMERALS, &*RANGES, &*DASHES, &*ROMAN)
    else {
        return text;
    };
    let whole = text.clone();
    let of_unit = |c: &Captures<'_>| {
        let at = c.get(0).map_or(0, |all| all.start());
        let number = number(&c[1], c[3].starts_with('年'));
        match number.filter(|_| !is_word(&whole[..at], &c[1])) {
            Some(n) => format!("{n}{}{}", &c[2], &c[3]),
            None => c[0].to_owned(),
        }
    };
    let of_quarter = |c: &Captures<'_>| format!("{}{}季", &c[1], arabic(&c[2]));
    let of_range = |c: &Captures<'_>| match number(&c[1], false) {
        Some(n) => format!("{n}{}{}", &c[2], &c[3]),
        None => c[0].to_owned(),
    };
    let text = roman.rewrite(numerals.rewrite(text, of_unit), of_quarter);
    let text = ranges.rewrite(text, of_range);
    dashes.rewrite(text, |c| format!("{}-{}", &c[1], &c[2]))
}

/// A quarter in Roman numerals: `第Ⅲ季度`.
static ROMAN: LazyLock<Option<RarePattern>> = LazyLock::new(|| regex(r"(^|[^a-z])(iv|i{1,3}) ?季"));

fn arabic(roman: &str) -> usize {
    if roman == "iv" { 4 } else { roman.len() }
}

/// Whether one numeral of cheques is part of a word: 大陆, not the month in `贰零贰陆年陆月`.
fn is_word(before: &str, numerals: &str) -> bool {
    numerals.chars().count() == 1
        && "壹贰貳叁參肆伍陆陸柒捌玖拾佰".contains(numerals)
        && !before.ends_with(['年', '月', '零'])
}

/// `二〇二六` is 2026 (digits), `二十九` is 29, `廿九` too, `一百一十五` 115.
fn number(text: &str, year: bool) -> Option<u32> {
    let digit = |c: char| match c {
        '0' | '〇' | '○' | '零' => Some(0),
        '一' | '壹' => Some(1),
        '二' | '两' | '兩' | '贰' | '貳' => Some(2),
        '三' | '叁' | '參' => Some(3),
        '四' | '肆' => Some(4),
        '五' | '伍' => Some(5),
        '六' | '陆' | '陸' => Some(6),
        '七' | '柒' => Some(7),
        '八' | '捌' => Some(8),
        '九' | '玖' => Some(9),
        _ => None,
    };
    // `零陆月` on a cheque.
    let text = if year {
        text
    } else {
        text.strip_prefix('零').unwrap_or(text)
    };
    let length = text.chars().count();
    if length > 6 {
        return None;
    }
    if let Some(digits) = text.chars().map(digit).collect::<Option<Vec<u32>>>() {
        // `一一五年` (ROC) and `二〇二六年` are digits; `三五天` is not a number of days.
        return (length == 1 || year && (3..=4).contains(&length))
            .then(|| digits.iter().fold(0, |n, d| n * 10 + d));
    }
    let (mut hundreds, mut tens, mut ones) = (0, 0, 0);
    for c in text.chars() {
        match c {
            '百' | '佰' => (hundreds, ones) = (ones.max(1) * 100, 0),
            '十' | '拾' => (tens, ones) = (ones.max(1) * 10, 0),
            '廿' => tens = 20,
            '卅' => tens = 30,
            c => ones = digit(c)?,
        }
    }
    Some(hundreds + tens + ones)
}

type Rewrite = fn(&Captures<'_>, NaiveDate) -> Option<i32>;

/// Years of other eras, before a 年: the whole match becomes the year of the common era.
static ERAS: LazyLock<Vec<(Option<RarePattern>, Rewrite)>> = LazyLock::new(|| {
    vec![
        (
            regex(r"(?:中[華华])?民[國国] ?(\d{1,3}|元) ?年"),
            |c, _| Some(1911 + year_in(&c[1])?),
        ),
        (regex(r"令和 ?(\d{1,2}|元) ?年"), |c, _| {
            Some(2018 + year_in(&c[1])?)
        }),
        (regex(r"平成 ?(\d{1,2}|元) ?年"), |c, _| {
            Some(1988 + year_in(&c[1])?)
        }),
        (regex(r"昭和 ?(\d{1,2}|元) ?年"), |c, _| {
            Some(1925 + year_in(&c[1])?)
        }),
    ]
});
/// Before a month, a quarter or a half year: a year of the ROC (`115年11月`), a two-digit year, this
/// year and last year.
static YEARS: LazyLock<Option<RarePattern>> = LazyLock::new(|| {
    regex(
        r"(今年|本年度?|去年|上年|올해|금년|작년|지난해|\d+ ?年)( ?)(第? ?[1-4] ?-? ?[1-4]? ?季|第? ?[1-4] ?四半期|[前首] ?\d|\d{1,2} ?[-~至到月월]|[上下]半年|[상하]반기|[1-4] ?분기)",
    )
});

fn eras(mut text: String, today: NaiveDate) -> String {
    if text.is_ascii() {
        return text;
    }
    for (pattern, year) in ERAS.iter() {
        let Some(pattern) = pattern else { continue };
        text = pattern.rewrite(text, |c| match year(c, today) {
            Some(year) => format!("{year}年"),
            None => c[0].to_owned(),
        });
    }
    let Some(pattern) = &*YEARS else { return text };
    pattern.rewrite(text, |c| match stated(&c[1], today) {
        Some(year) => format!("{year}年{}{}", &c[2], &c[3]),
        None => c[0].to_owned(),
    })
}

fn year_in(text: &str) -> Option<i32> {
    if text == "元" {
        Some(1)
    } else {
        text.parse().ok()
    }
}

fn stated(text: &str, today: NaiveDate) -> Option<i32> {
    match text {
        "今年" | "本年" | "本年度" | "올해" | "금년" => return Some(today.year()),
        "去年" | "上年" | "작년" | "지난해" => return Some(today.year() - 1),
        _ => {}
    }
    let digits = text.trim_end_matches('年').trim_end();
    let year: i32 = digits.parse().ok()?;
    let next = today.year() + 1;
    match digits.len() {
        3 => (80..=next - 1911).contains(&year).then_some(year + 1911),
        2 => (year + 2000 <= next).then_some(year + 2000),
        _ => None,
    }
}
