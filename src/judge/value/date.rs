//! Dates as pages write them: `2026-11-03`, `2026年11月3日`, `20261103`, RFC 2822 and 3339, epochs, months.
//!
//! A date with a time zone is told as the day in Beijing, where the sources live.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime};

use crate::model::time::BEIJING;
use crate::text::normalise::nfkc;

/// Text looked through for dates; more is no date.
const MAX_CHARS: usize = 4000;

/// The newest date in a text; with a format, what the format reads: strftime, `epoch_s`, `epoch_ms`.
#[must_use]
pub fn newest(text: &str, format: Option<&str>) -> Option<NaiveDate> {
    let text = nfkc(text);
    let text = text.trim();
    match format {
        Some("epoch_s") => epoch(text, 1000),
        Some("epoch_ms") => epoch(text, 1),
        Some(format) => formatted(text, format),
        None => {
            let end = text
                .char_indices()
                .nth(MAX_CHARS)
                .map_or(text.len(), |(at, _)| at);
            guessed(&text[..end])
        }
    }
}

fn epoch(text: &str, factor: i64) -> Option<NaiveDate> {
    let whole = text.split('.').next().unwrap_or(text);
    let ms = whole.parse::<i64>().ok()?.checked_mul(factor)?;
    DateTime::from_timestamp_millis(ms).map(|t| beijing(&t))
}

fn beijing<Tz: chrono::TimeZone>(t: &DateTime<Tz>) -> NaiveDate {
    t.with_timezone(&BEIJING).date_naive()
}

fn formatted(text: &str, format: &str) -> Option<NaiveDate> {
    if let Ok((date, _)) = NaiveDate::parse_and_remainder(text, format) {
        return Some(date);
    }
    if let Ok((t, _)) = DateTime::parse_and_remainder(text, format) {
        return Some(beijing(&t));
    }
    if let Ok((t, _)) = NaiveDateTime::parse_and_remainder(text, format) {
        return Some(t.date());
    }
    // A format of year and month alone: the month's last day.
    let (first, _) =
        NaiveDate::parse_and_remainder(&format!("01 {text}"), &format!("%d {format}")).ok()?;
    last_of_month(first, 1)
}

/// The last day of the `months` months that begin with `first`'s.
fn last_of_month(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    first
        .with_day(1)?
        .checked_add_months(Months::new(months))?
        .checked_sub_days(Days::new(1))
}

fn guessed(text: &str) -> Option<NaiveDate> {
    if let Ok(t) = DateTime::parse_from_rfc2822(text) {
        return Some(beijing(&t));
    }
    if let Ok(t) = DateTime::parse_from_rfc3339(text) {
        return Some(beijing(&t));
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        match text.len() {
            13 => return epoch(text, 1),
            10 => return epoch(text, 1000),
            _ => {}
        }
    }
    let mut best = None;
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[at..];
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        best = best.max(date_at(rest, run));
        rest = &rest[run..];
    }
    best
}

/// The date that begins with these digits.
fn date_at(text: &str, run: usize) -> Option<NaiveDate> {
    let (digits, rest) = text.split_at(run);
    if run == 8 {
        return ymd(&digits[..4], &digits[4..6], &digits[6..]);
    }
    if run != 4 {
        return None;
    }
    let year = digits;
    let mark = rest.chars().next()?;
    let rest = rest[mark.len_utf8()..].trim_start();
    if mark == '年'
        && let Some(quarter) = quarter(rest)
    {
        let first = NaiveDate::from_ymd_opt(year_of(year)?, quarter * 3 - 2, 1)?;
        return last_of_month(first, 3);
    }
    if !matches!(mark, '-' | '/' | '.' | '年') {
        return None;
    }
    let (month, rest) = short(rest)?;
    let Some(mark) = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.' | '月'))
    else {
        // `2026-10` stands for its last day; `2026.5` may be any number.
        let first = NaiveDate::from_ymd_opt(year_of(year)?, month.parse().ok()?, 1)?;
        return (matches!(mark, '-' | '/') && month.len() == 2).then(|| last_of_month(first, 1))?;
    };
    match short(rest[mark.len_utf8()..].trim_start()) {
        Some((day, _)) => ymd(year, month, day),
        None if mark == '月' => {
            let first = NaiveDate::from_ymd_opt(year_of(year)?, month.parse().ok()?, 1)?;
            last_of_month(first, 1)
        }
        None => None,
    }
}

/// One or two digits.
fn short(text: &str) -> Option<(&str, &str)> {
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&run).then(|| text.split_at(run))
}

/// `3季度`, `第三季度`.
fn quarter(text: &str) -> Option<u32> {
    let text = text.strip_prefix('第').unwrap_or(text);
    let mut chars = text.chars();
    let number = match chars.next()? {
        '1' | '一' => 1,
        '2' | '二' => 2,
        '3' | '三' => 3,
        '4' | '四' => 4,
        _ => return None,
    };
    chars
        .as_str()
        .trim_start()
        .starts_with("季")
        .then_some(number)
}

fn year_of(text: &str) -> Option<i32> {
    text.parse()
        .ok()
        .filter(|year| (1900..=2200).contains(year))
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year_of(year)?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, format: Option<&str>, want: &str) {
        let got = newest(text, format).map(|d| d.to_string());
        assert_eq!(got.as_deref(), (!want.is_empty()).then_some(want), "{text}");
    }

    #[test]
    fn without_a_format() {
        for (text, want) in [
            ("2026-11-03", "2026-11-03"),
            ("发布时间：２０２６年１１月３日 10:00", "2026-11-03"),
            ("2026/1/5 至 2026.11.3", "2026-11-03"),
            ("20261103", "2026-11-03"),
            ("2026年10月", "2026-10-31"),
            ("2026-02", "2026-02-28"),
            ("2026年第三季度", "2026-09-30"),
            ("2026年1季度", "2026-03-31"),
            ("Mon, 02 Nov 2026 20:00:00 GMT", "2026-11-03"),
            ("2026-11-02T17:30:00Z", "2026-11-03"),
            ("1793635200000", "2026-11-03"),
            ("1793635200", "2026-11-03"),
            ("编号 123456 共 2026 条", ""),
            ("2026-13-40", ""),
            ("", ""),
        ] {
            check(text, None, want);
        }
    }

    #[test]
    fn with_a_format() {
        check("03.11.2026", Some("%d.%m.%Y"), "2026-11-03");
        check("2026-11-03 08:00:00.0", Some("%Y-%m-%d"), "2026-11-03");
        check("2026年10月", Some("%Y年%m月"), "2026-10-31");
        check("202610", Some("%Y%m"), "2026-10-31");
        check("1793635200000", Some("epoch_ms"), "2026-11-03");
        check("1793635200", Some("epoch_s"), "2026-11-03");
        check("2026-11-03", Some("%d.%m.%Y"), "");
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "[0-9年月日季度/.\\-\\PC]{0,30}", format in proptest::option::of("(%[YmdHMSz]|\\PC){0,6}")) {
            let _ = newest(&text, format.as_deref());
        }
    }
}
