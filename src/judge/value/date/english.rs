//! Dates with the names of months: `November 29, 2026`, `29 Nov 2026`, `Jan-Oct 2026`,
//! `third quarter of 2026`.

use chrono::NaiveDate;
use regex::Captures;

use super::absolute::{day, in_zone};
use super::forms::{DateConfidence, DateForm, DateMatch, FormContext, FormMatch};
use super::period::months;

macro_rules! month {
    () => {
        r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
    };
}

pub(super) const FORMS: &[DateForm] = &[
    // `Sun Nov 29 10:32:00 +0800 2026`, `Sun, 29 Nov 2026 02:32:00 GMT`.
    DateForm {
        pattern: concat!(
            r"\b",
            month!(),
            r" (\d{1,2}) (\d\d):(\d\d):(\d\d) (?:([a-z]{3,4}|[+-]\d{4}) )?((?:19|20)\d\d)\b"
        ),
        read: |c, _| at(c, [7, 1, 2, 3, 4, 5, 6]),
    },
    DateForm {
        pattern: concat!(
            r"\b(\d{1,2})[ -]",
            month!(),
            r"[ -]((?:19|20)\d\d) (\d\d):(\d\d):(\d\d) ([a-z]{3,4}|[+-]\d{4})"
        ),
        read: |c, _| at(c, [3, 2, 1, 4, 5, 6, 7]),
    },
    // Ranges: the second date is the range's end.
    DateForm {
        pattern: concat!(
            r"\b",
            month!(),
            r" (\d{1,2}),? ?(?:-|~|to|through|and) ?",
            month!(),
            r" (\d{1,2}),? ((?:19|20)\d\d)\b"
        ),
        read: |c, _| range((&c[5], &c[1], &c[2]), (&c[5], &c[3], &c[4])),
    },
    DateForm {
        pattern: concat!(
            r"\b",
            month!(),
            r" (\d{1,2}) ?(?:-|~|to|through) ?(\d{1,2}),? ((?:19|20)\d\d)\b"
        ),
        read: |c, _| range((&c[4], &c[1], &c[2]), (&c[4], &c[1], &c[3])),
    },
    DateForm {
        pattern: concat!(
            r"\b(\d{1,2}) ",
            month!(),
            r" ?(?:-|~|to|through|until) ?(\d{1,2}) ",
            month!(),
            r",? ((?:19|20)\d\d)\b"
        ),
        read: |c, _| range((&c[5], &c[2], &c[1]), (&c[5], &c[4], &c[3])),
    },
    DateForm {
        pattern: concat!(
            r"\b(\d{1,2}) ?(?:-|~|to) ?(\d{1,2}) ",
            month!(),
            r",? ((?:19|20)\d\d)\b"
        ),
        read: |c, _| range((&c[4], &c[3], &c[1]), (&c[4], &c[3], &c[2])),
    },
    DateForm {
        pattern: concat!(
            r"\b",
            month!(),
            r",? ?(?:-|~|to|through|and|/) ?",
            month!(),
            r",? ?((?:19|20)\d\d)\b"
        ),
        read: |c, _| months(&c[3], "1", number(&c[2])),
    },
    // Whole dates.
    DateForm {
        pattern: concat!(
            r"\b",
            month!(),
            r" ?(\d{1,2})(?:st|nd|rd|th)?,? ?,?((?:19|20)\d\d)\b"
        ),
        read: |c, _| FormMatch::from(named(&c[3], &c[1], &c[2]).map(DateMatch::day)),
    },
    DateForm {
        pattern: concat!(
            r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ /.-]?",
            month!(),
            r",?[ /.-]?((?:19|20)\d\d)\b"
        ),
        read: |c, _| FormMatch::from(named(&c[3], &c[2], &c[1]).map(DateMatch::day)),
    },
    DateForm {
        pattern: concat!(
            r"\b((?:19|20)\d\d)[ ,/-]{1,2}",
            month!(),
            r"[ /-](\d{1,2})(?:st|nd|rd|th)?\b"
        ),
        read: |c, _| FormMatch::from(named(&c[1], &c[2], &c[3]).map(DateMatch::day)),
    },
    DateForm {
        pattern: concat!(r"\b(\d{1,2})-", month!(), r"-(\d\d)\b"),
        read: |c, _| {
            FormMatch::from(named(&format!("20{}", &c[3]), &c[2], &c[1]).map(DateMatch::day))
        },
    },
    // Quarters and half years.
    DateForm {
        pattern: r"\b(first|1st|second|2nd|third|3rd|fourth|4th)[ -]quarter,? (?:of )?(?:fy ?)?((?:19|20)\d\d)\b",
        read: |c, _| quarter(&c[2], &c[1]),
    },
    DateForm {
        pattern: r"\b((?:19|20)\d\d),? (?:the )?(first|1st|second|2nd|third|3rd|fourth|4th)[ -]quarter\b",
        read: |c, _| quarter(&c[1], &c[2]),
    },
    DateForm {
        pattern: r"\b(first|1st|second|2nd) half (?:year )?(?:of )?((?:19|20)\d\d)\b",
        read: |c, _| {
            let (from, to) = if c[1].starts_with(['f', '1']) {
                (1, 6)
            } else {
                (7, 12)
            };
            FormMatch::from(
                c[2].parse()
                    .ok()
                    .and_then(|y| DateMatch::months(y, from, to)),
            )
        },
    },
    DateForm {
        pattern: r"\bfirst (two|three|four|five|six|seven|eight|nine|ten|eleven) months (?:of |in )?((?:19|20)\d\d)\b",
        read: |c, _| {
            let counts = [
                "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
            ];
            let to = counts
                .iter()
                .position(|n| *n == &c[1])
                .map_or(0, |at| at + 2);
            months(&c[2], "1", &to.to_string())
        },
    },
    // A month.
    DateForm {
        pattern: concat!(r"\b", month!(), r",? ?'?((?:19|20)\d\d)\b"),
        read: |c, _| months(&c[2], number(&c[1]), number(&c[1])),
    },
    DateForm {
        pattern: concat!(r"\b((?:19|20)\d\d)[ -]", month!(), r"(?:\W|$)"),
        read: |c, _| months(&c[1], number(&c[2]), number(&c[2])),
    },
    // Without a year: the newest such day that is not in the future.
    DateForm {
        pattern: concat!(r"\b", month!(), r" (\d{1,2})(?:st|nd|rd|th)?\b"),
        read: |c, around| yearless(around, &c[1], &c[2]),
    },
    DateForm {
        pattern: concat!(
            r"\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?",
            month!(),
            r"(?:\W|$)"
        ),
        read: |c, around| yearless(around, &c[2], &c[1]),
    },
];

const NAMES: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const NUMBERS: [&str; 12] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
];

fn number(name: &str) -> &'static str {
    let at = NAMES.iter().position(|known| name.starts_with(known));
    at.map_or("0", |at| NUMBERS[at])
}

fn named(year: &str, month: &str, of_month: &str) -> Option<NaiveDate> {
    day(year, number(month), of_month)
}

/// Groups: year, month, day, hour, minute, second, zone.
fn at(c: &Captures<'_>, groups: [usize; 7]) -> FormMatch {
    let [year, month, of_month, hour, minute, second, zone] = groups;
    let read = || {
        let date = named(&c[year], &c[month], &c[of_month])?;
        let zone = c.get(zone).map_or("", |zone| zone.as_str());
        // Other names of zones are ambiguous; CST is also China's.
        if !zone.starts_with(['+', '-']) && !matches!(zone, "gmt" | "utc") {
            return Some(date);
        }
        let time = date.and_hms_opt(
            c[hour].parse().ok()?,
            c[minute].parse().ok()?,
            c[second].parse().ok()?,
        )?;
        in_zone(time, zone)
    };
    FormMatch::from(read().map(DateMatch::day))
}

fn range(from: (&str, &str, &str), to: (&str, &str, &str)) -> FormMatch {
    let read = || {
        let mut found = DateMatch::day(named(from.0, from.1, from.2)?);
        found.until = Some(named(to.0, to.1, to.2)?);
        Some(found)
    };
    FormMatch::from(read())
}

fn quarter(year: &str, name: &str) -> FormMatch {
    let (from, to) = match name {
        "first" | "1st" => ("1", "3"),
        "second" | "2nd" => ("4", "6"),
        "third" | "3rd" => ("7", "9"),
        _ => ("10", "12"),
    };
    let found = (|| DateMatch::months(year.parse().ok()?, from.parse().ok()?, to.parse().ok()?))();
    FormMatch::from(found)
}

fn yearless(around: &FormContext<'_>, month: &str, of_month: &str) -> FormMatch {
    let date = super::loose::latest(around, number(month), of_month);
    FormMatch::from(date.map(|date| DateMatch::day(date).with_kind(DateConfidence::NoYear)))
}
