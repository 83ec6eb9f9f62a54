//! Dates as documents write them: ISO, English, Chinese, Korean and Japanese forms.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::{Captures, Regex};

use crate::model::citation::PartialDate;

/// One date of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundDate {
    pub(super) range: Range<usize>,
    pub(super) date: PartialDate,
}

const MONTHS: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|\
                      sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

/// How the groups of a form are read.
type ReadDate = fn(&Captures<'_>) -> Option<PartialDate>;

/// A form of dates and how its groups are read.
struct Form {
    pattern: Regex,
    read: ReadDate,
}

/// The forms; where two begin at one place, the earlier one in this list is the date.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let forms: [(String, ReadDate); 9] = [
        // 2023年5月8日, 2023년 5월 8일
        (
            r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?".to_owned(),
            ymd,
        ),
        (r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]".to_owned(), ymd),
        // 2023-05-08, 2023/05/08, 2023.5.8, 2023. 5. 8.
        (r"(\d{4})-(\d{1,2})-(\d{1,2})".to_owned(), ymd),
        (r"(\d{4})/(\d{1,2})/(\d{1,2})".to_owned(), ymd),
        (r"(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})\.?".to_owned(), ymd),
        // May 8, 2023; May 2023
        (
            format!(r"(?i)\b({MONTHS})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})"),
            |c| parts(c, 3, 1, Some(2)),
        ),
        // 8 May 2023, 08-May-2023
        (
            format!(
                r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?({MONTHS})\.?,?[\s-]+(\d{{4}})"
            ),
            |c| parts(c, 3, 2, Some(1)),
        ),
        (format!(r"(?i)\b({MONTHS})\.?,?\s+(\d{{4}})"), |c| {
            parts(c, 2, 1, None)
        }),
        // 25/08/2023 where one reading is possible.
        (r"(\d{1,2})/(\d{1,2})/(\d{4})".to_owned(), slashed),
    ];
    let mut all = Vec::new();
    for (pattern, read) in forms {
        // The patterns are fixed; a test compiles each.
        if let Ok(pattern) = Regex::new(&pattern) {
            all.push(Form { pattern, read });
        }
    }
    all
});

/// A year and a month, or a year alone: only where a label or a field says that it is a date.
static LOOSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(\d{4})(?:\s*[-./]\s*(\d{1,2}))?\s*[年년]?\s*$").ok());

fn ymd(found: &Captures<'_>) -> Option<PartialDate> {
    parts(found, 1, 2, (found.len() > 3).then_some(3))
}

fn parts(
    found: &Captures<'_>,
    year: usize,
    month: usize,
    day: Option<usize>,
) -> Option<PartialDate> {
    let year = found.get(year)?.as_str().parse().ok()?;
    let month = month_of(found.get(month)?.as_str())?;
    match day {
        None => from_parts(year, Some(month), None),
        Some(day) => from_parts(year, Some(month), found.get(day)?.as_str().parse().ok()),
    }
}

fn month_of(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let names = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let start = text.get(..3)?.to_ascii_lowercase();
    let at = names.iter().position(|name| *name == start)?;
    u32::try_from(at + 1).ok()
}

/// `None` for a date with two readings, such as 05/08/2023.
fn slashed(found: &Captures<'_>) -> Option<PartialDate> {
    let number = |n: usize| found.get(n)?.as_str().parse::<u32>().ok();
    let (first, second) = (number(1)?, number(2)?);
    let year = i32::try_from(number(3)?).ok()?;
    match (first > 12, second > 12) {
        (true, false) => from_parts(year, Some(second), Some(first)),
        (false, true) => from_parts(year, Some(first), Some(second)),
        (false, false) if first == second => from_parts(year, Some(first), Some(second)),
        _ => None,
    }
}

/// `None` for a date that the calendar lacks, or before 1990, when there was no web to cite.
pub(super) fn from_parts(year: i32, month: Option<u32>, day: Option<u32>) -> Option<PartialDate> {
    if !(1990..=2100).contains(&year) {
        return None;
    }
    match (month, day) {
        (None, _) => Some(PartialDate::Year(year)),
        (Some(month), None) => (1..=12)
            .contains(&month)
            .then_some(PartialDate::Month(year, month)),
        (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::Day),
    }
}

/// All dates of a text in its order, none within another.
pub(super) fn find(text: &str) -> Vec<FoundDate> {
    let mut found: Vec<(usize, FoundDate)> = Vec::new();
    for (rank, form) in FORMS.iter().enumerate() {
        for hit in form.pattern.captures_iter(text) {
            let Some(whole) = hit.get(0) else { continue };
            let before = text[..whole.start()].chars().next_back();
            let after = text[whole.end()..].chars().next();
            // A longer number, a version or a path is not a date.
            let is_apart = before
                .is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '/'))
                && after.is_none_or(|c| !c.is_ascii_digit() && c != '/');
            if is_apart && let Some(date) = (form.read)(&hit) {
                found.push((
                    rank,
                    FoundDate {
                        range: whole.range(),
                        date,
                    },
                ));
            }
        }
    }
    found.sort_by_key(|(rank, date)| (date.range.start, *rank));
    let mut all: Vec<FoundDate> = Vec::new();
    for (_, date) in found {
        if all
            .last()
            .is_none_or(|last| last.range.end <= date.range.start)
        {
            all.push(date);
        }
    }
    all
}

/// The date of a field: the whole field is one, or begins with one.
pub(super) fn of_field(text: &str) -> Option<PartialDate> {
    let text: String = text.chars().take(80).map(super::script::folded).collect();
    let text = text.trim().trim_end_matches('/');
    if let Some(loose) = LOOSE.as_ref()
        && let Some(found) = loose.captures(text)
    {
        let year = found.get(1)?.as_str().parse().ok()?;
        return match found.get(2) {
            Some(month) => from_parts(year, month.as_str().parse().ok(), None),
            None => from_parts(year, None, None),
        };
    }
    // A time or a season may follow; `2023-05-08T03:11:22Z`.
    find(text).first().map(|found| found.date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> Vec<String> {
        find(text).iter().map(|d| d.date.to_string()).collect()
    }

    #[test]
    fn every_form_is_compiled() {
        assert_eq!(FORMS.len(), 9);
        assert!(LOOSE.is_some());
    }

    #[test]
    fn dates_are_read_in_the_forms_of_each_language() {
        for (text, want) in [
            ("May 8, 2023", "2023-05-08"),
            ("8 May 2023", "2023-05-08"),
            ("08-May-2023", "2023-05-08"),
            ("Sept. 3rd, 2019", "2019-09-03"),
            ("the 3rd of October, 2019", "2019-10-03"),
            ("2023-05-08", "2023-05-08"),
            ("2023-5-8", "2023-05-08"),
            ("2023/05/08", "2023-05-08"),
            ("2023年5月8日", "2023-05-08"),
            ("2023 年 5 月 8 日", "2023-05-08"),
            ("2023年5月", "2023-05"),
            ("2023.5.8", "2023-05-08"),
            ("2023. 5. 8.", "2023-05-08"),
            ("2023년 5월 8일", "2023-05-08"),
            ("25/08/2023", "2023-08-25"),
            ("08/25/2023", "2023-08-25"),
            ("May 2023", "2023-05"),
            ("2023-05-08T03:11:22Z", "2023-05-08"),
        ] {
            assert_eq!(dates(text), [want], "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_has_two_readings_is_left() {
        for text in [
            "05/08/2023",
            "23-05-08",
            "2023-13-08",
            "2023年2月30日",
            "112年5月8日",
            "1.2023.5.8.1",
            "10.2023/05/08",
            "12023-05-08",
            "May 8, 23",
            "2023-05-081",
            "",
            "maybe 2023",
            "1888-01-01",
        ] {
            assert_eq!(dates(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_field_keeps_the_precision_given() {
        for (text, want) in [
            ("2023", Some("2023")),
            ("2023-05", Some("2023-05")),
            ("2023-05-08", Some("2023-05-08")),
            ("2023/05/08/", Some("2023-05-08")),
            ("2023-05-08 03:11:22", Some("2023-05-08")),
            ("２０２３年５月８日", Some("2023-05-08")),
            ("8 May 2023", Some("2023-05-08")),
            ("May 2023", Some("2023-05")),
            ("23", None),
            ("n.d.", None),
            ("", None),
        ] {
            let got = of_field(text).map(|d| d.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }
}
