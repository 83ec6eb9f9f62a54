//! Whole dates in figures: `2026-11-29`, `2026年11月29日`, `20261129213203`, `29/11/2026`, with the
//! other end of a range.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeZone as _};
use regex::{Captures, Regex};

use super::days::{beijing, epoch};
use super::forms::{DateForm, DateMatch, FormContext, FormMatch};

pub(super) const FORMS: &[DateForm] = &[
    DateForm {
        pattern: r"/?date\((-?\d{9,14})(?:[+-]\d{4})?\)/?",
        read: |c, _| FormMatch::from(epoch(&c[1], 1).map(DateMatch::day)),
    },
    DateForm {
        pattern: r"(\d{4})-(\d{1,2})-(\d{1,2})(t| ) ?(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})? ?(z\b|utc|gmt|[+-]\d\d:?\d\d)",
        read: zoned,
    },
    // Days of one month: `2026年11月27、28日`.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?(?: ?[、和及·] ?\d{1,2} ?[日일]?){0,8}? ?[、和及·] ?(\d{1,2}) ?[日号號일]",
        read: days_of_month,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) {0,3}[年년] {0,3}(\d{1,2}) {0,3}[月월] {0,3}(\d{1,2})(?: {0,3}[日号號일])?",
        read: ymd,
    },
    // As content management systems write them where their language is Chinese.
    DateForm {
        pattern: r"\b(\d{1,2}) (\d{1,2}) ?月,? ((?:19|20)\d\d)\b",
        read: |c, around| localised((&c[3], &c[2], &c[1]), around),
    },
    DateForm {
        pattern: r"\b(\d{1,2}) ?月 (\d{1,2}),? ((?:19|20)\d\d)\b",
        read: |c, around| localised((&c[3], &c[1], &c[2]), around),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?-{1,2} ?(\d{1,2}) ?-{1,2} ?(\d{1,2})",
        read: ymd,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?/ ?(\d{1,2}) ?/ ?(\d{1,2})",
        read: ymd,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[.·] ?(\d{1,2}) ?[.·] ?(\d{1,2})",
        read: ymd,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d)(?:_| {1,2})(\d\d)[_ -] ?(\d\d)",
        read: ymd,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d)(\d\d)(\d\d)(?:t?([01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{3})?)?z?|[01]\d|2[0-3])?",
        read: compact,
    },
    DateForm {
        pattern: r"(\d{1,2}) ?(/|-|\.) ?(\d{1,2}) ?(/|-|\.) ?((?:19|20|21)\d\d)",
        read: dmy,
    },
    DateForm {
        pattern: r"(1[0-4]\d)(-|/|\.)(\d{1,2})(-|/|\.)(\d{1,2})",
        read: roc,
    },
    DateForm {
        pattern: r"r(\d{1,2})[./](\d{1,2})[./](\d{1,2})",
        read: reiwa,
    },
    DateForm {
        pattern: r"(?:^\W{0,2}|(?:日期|时间|時間|日|일|일자|일시|date|updated?|posted|published) ?: ?)'?(\d\d)(-|/|\.)(\d\d)(-|/|\.)(\d\d)\.?(?: |\(|\W?$)",
        read: short_year,
    },
    DateForm {
        pattern: r"^\W{0,2}(\d{1,2})(-|/|\.)(\d{1,2})(-|/|\.)(\d\d)(?: |\(|\W?$)",
        read: short_year_last,
    },
    // Seven digits behind a word that labels them: a day of the ROC.
    DateForm {
        pattern: r"(?:日期|日|时间|時間)[ :]{1,3}(1[0-4]\d)(\d\d)(\d\d)(?:\D|$)",
        read: |c, around| {
            let year = c[1].parse::<i32>().map_or(0, |year| year + 1911);
            if year > around.now.year() + 1 {
                return FormMatch::Pass;
            }
            FormMatch::from(day(&year.to_string(), &c[2], &c[3]).map(DateMatch::day))
        },
    },
    DateForm {
        pattern: r"^\W?(\d{1,2})(?:日| )[ /]*((?:19|20)\d\d)[-./年](\d{1,2})(?:月|$| )",
        read: |c, _| FormMatch::from(day(&c[2], &c[3], &c[1]).map(DateMatch::day)),
    },
    DateForm {
        pattern: r"^\W?(\d\d)[-./](\d\d)[ ,/]+((?:19|20)\d\d)\W?$",
        read: |c, _| FormMatch::from(day(&c[3], &c[1], &c[2]).map(DateMatch::day)),
    },
];

/// The date of these digits.
pub(super) fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = year
        .parse()
        .ok()
        .filter(|year| (1900..=2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Whether nothing around it makes it part of a longer number.
pub(super) fn stands_alone(around: &FormContext<'_>) -> bool {
    ends_alone(around.after) && begins_alone(around.before)
}

pub(super) fn begins_alone(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some(c) if c.is_ascii_digit() => false,
        Some('.' | '/') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

pub(super) fn ends_alone(after: &str) -> bool {
    let mut on = after.chars();
    match on.next() {
        Some(c) if c.is_ascii_digit() => false,
        Some('.') => !on.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

fn ymd(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    // A unit ends the day: `28日09时`.
    let has_unit = c[0].ends_with(['日', '号', '號', '일']);
    // `11월 4주`: a week of the month.
    let is_week = around.after.trim_start().starts_with(['주', '周', '週']);
    let is_whole =
        begins_alone(around.before) && (has_unit || !is_week && ends_alone(around.after));
    let Some(date) = day(&c[1], &c[2], &c[3]).filter(|_| is_whole) else {
        return FormMatch::Pass;
    };
    let mut found = DateMatch::day(date);
    if let Some((until, more)) = range(date, around.after) {
        found.until = Some(until);
        found.more = more;
    }
    FormMatch::Date(found)
}

/// The first and the last of the days; the last is the end of a range.
fn days_of_month(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let (first, last) = (day(&c[1], &c[2], &c[3]), day(&c[1], &c[2], &c[4]));
    let (Some(first), Some(last)) = (first, last) else {
        return FormMatch::Pass;
    };
    if first >= last || !begins_alone(around.before) {
        return FormMatch::Pass;
    }
    let mut found = DateMatch::day(first);
    found.until = Some(last);
    FormMatch::Date(found)
}

/// A date with the year last, unless the year belongs to what follows.
fn localised(of: (&str, &str, &str), around: &FormContext<'_>) -> FormMatch {
    let goes_on = around.after.starts_with(['年', '-', '/', '.']);
    if goes_on || !begins_alone(around.before) {
        return FormMatch::Pass;
    }
    FormMatch::from(day(of.0, of.1, of.2).map(DateMatch::day))
}

/// `至12月15日`, `-28日`, `~12-15`: the other end of a range that begins with a whole date.
static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^ ?(?:\([^()]{1,6}\) ?)?(?:-{1,2}|~|至|到|to|until) ?(?:(\d{1,2}) ?(?:月|월|[-/.]) ?)?(\d{1,2})(?: ?[日号號일])?",
    )
    .ok()
});
/// The same with a whole date, which is read separately; here it is only marked as the end of a
/// range.
static WHOLE_TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[^-~至到\d]{0,8}(?:-{1,2}|~|至|到|to|until|부터) ?(?:\D{0,3})((?:19|20|21)\d\d) ?[-/.年년] ?(\d{1,2}) ?[-/.月월] ?(\d{1,2})(?: ?[日号號일])?",
    )
    .ok()
});

pub(super) fn range(from: NaiveDate, after: &str) -> Option<(NaiveDate, usize)> {
    if let Some(c) = WHOLE_TAIL.as_ref()?.captures(after) {
        let until = day(&c[1], &c[2], &c[3]).filter(|until| *until >= from);
        return Some((until?, c[0].len())).filter(|_| ends_alone(&after[c[0].len()..]));
    }
    let c = TAIL.as_ref()?.captures(after)?;
    let rest = &after[c[0].len()..];
    // A time of day, a year, a longer number.
    let goes_on = rest.starts_with([':', '年', '月', '/', '-']) || !ends_alone(rest);
    let month: u32 = match c.get(1) {
        Some(month) => month.as_str().parse().ok()?,
        None => from.month(),
    };
    let until = NaiveDate::from_ymd_opt(from.year(), month, c[2].parse().ok()?)?;
    (!goes_on && until >= from).then_some((until, c[0].len()))
}

/// Digits alone that are not part of a name or an address.
fn compact(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let part_of_word =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-' | '#' | '=' | '&');
    let before = around.before.chars().next_back();
    let after = around.after.chars().next();
    let range_behind = around.after.trim_start_matches(['-', ' ', '~', '至']);
    let is_range = before != after
        && range_behind.starts_with("20")
        && range_behind.len() < around.after.len();
    let range_before = around.before.ends_with('-')
        && around
            .before
            .trim_end_matches('-')
            .ends_with(|c: char| c.is_ascii_digit())
        && around.before.len() >= 9;
    if before.is_some_and(part_of_word) && !range_before
        || after.is_some_and(part_of_word) && !is_range
        || !ends_alone(around.after)
    {
        return FormMatch::Pass;
    }
    FormMatch::from(day(&c[1], &c[2], &c[3]).map(DateMatch::day))
}

fn zoned(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let zone = &c[8];
    // `10:30-11:30` is a time range.
    if zone.starts_with('-') && &c[4] != "t" && c.get(7).is_none() || !begins_alone(around.before) {
        return FormMatch::Pass;
    }
    let read = || {
        let date = day(&c[1], &c[2], &c[3])?;
        let second = c.get(7).map_or(Some(0), |s| s.as_str().parse().ok())?;
        let time = date.and_hms_opt(c[5].parse().ok()?, c[6].parse().ok()?, second)?;
        in_zone(time, zone)
    };
    FormMatch::from(read().map(DateMatch::day))
}

/// The day in Beijing for a time in another zone.
pub(super) fn in_zone(time: NaiveDateTime, zone: &str) -> Option<NaiveDate> {
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let seconds = match digits.len() {
        0 => 0,
        4 => digits[..2].parse::<i32>().ok()? * 3600 + digits[2..].parse::<i32>().ok()? * 60,
        _ => return None,
    };
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let offset = FixedOffset::east_opt(sign * seconds)?;
    let time: DateTime<FixedOffset> = offset.from_local_datetime(&time).single()?;
    Some(beijing(&time))
}

/// The day first, unless there is no such month.
fn dmy(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    if c[2] != c[4] || !stands_alone(around) {
        return FormMatch::Pass;
    }
    let date = day(&c[5], &c[3], &c[1]).or_else(|| day(&c[5], &c[1], &c[3]));
    FormMatch::from(date.map(DateMatch::day))
}

/// A year of the ROC that has passed or begins soon.
fn roc(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    if c[2] != c[4] || !stands_alone(around) || around.before.ends_with('-') {
        return FormMatch::Pass;
    }
    let year = c[1].parse::<i32>().map_or(0, |year| year + 1911);
    if year > around.now.year() + 1 {
        return FormMatch::Pass;
    }
    FormMatch::from(day(&year.to_string(), &c[3], &c[5]).map(DateMatch::day))
}

fn reiwa(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let is_word = around.before.ends_with(|c: char| c.is_alphanumeric());
    if is_word || !ends_alone(around.after) {
        return FormMatch::Pass;
    }
    let year = c[1].parse::<i32>().map_or(0, |year| year + 2018);
    FormMatch::from(day(&year.to_string(), &c[2], &c[3]).map(DateMatch::day))
}

/// `28/11/26`, `11/28/26`: no year can be first; the day first, unless there is no such month.
fn short_year_last(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let year = c[5].parse::<i32>().map_or(0, |year| year + 2000);
    if c[2] != c[4] || year > around.now.year() + 1 || around.after.starts_with("20") {
        return FormMatch::Pass;
    }
    let year = year.to_string();
    let date = day(&year, &c[3], &c[1]).or_else(|| day(&year, &c[1], &c[3]));
    FormMatch::from(date.map(DateMatch::day))
}

/// `26-11-29` alone: the year first.
fn short_year(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let year = c[1].parse::<i32>().map_or(0, |year| year + 2000);
    if c[2] != c[4] || year > around.now.year() + 1 || around.after.starts_with("20") {
        return FormMatch::Pass;
    }
    FormMatch::from(day(&year.to_string(), &c[3], &c[5]).map(DateMatch::day))
}
