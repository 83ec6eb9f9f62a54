//! Months, quarters, half years and weeks: they count as their last day, or as today while they are
//! current.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use regex::Captures;

use super::absolute::{begins_alone, ends_alone, stands_alone};
use super::forms::{DateConfidence, DateForm, DateMatch, FormContext, FormMatch};

pub(super) const FORMS: &[DateForm] = &[
    // A Japanese fiscal year begins in April.
    DateForm {
        pattern: r"((?:19|20)\d\d) ?年度 ?第? ?([1-4]) ?四半期",
        read: |c, _| {
            let year = c[1].parse::<i32>().unwrap_or_default();
            match &c[2] {
                "4" => quarters(&(year + 1).to_string(), "1"),
                quarter => quarters(
                    &c[1],
                    ["2", "3", "4"][usize::from(quarter.as_bytes()[0] - b'1')],
                ),
            }
        },
    },
    // Quarters.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]? ?(?:第? ?[1-4] ?(?:季度?|分期)? ?[-~至到、和及,] ?){1,3}第? ?([1-4]) ?(?:季|四半期|분기)",
        read: |c, _| quarters(&c[1], &c[2]),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]?[度도]? ?(?:第|前|首)? ?([1-4])(?:/4)? ?[个個]? ?(?:季|四半期|분기)",
        read: |c, _| quarters(&c[1], &c[2]),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]? ?[-/.,]? ?q([1-4])\b",
        read: |c, around| {
            if begins_alone(around.before) {
                quarters(&c[1], &c[2])
            } else {
                FormMatch::Pass
            }
        },
    },
    DateForm {
        pattern: r"\bq([1-4]) ?[-/,.]? ?'?((?:19|20|21)\d\d)\b",
        read: |c, _| quarters(&c[2], &c[1]),
    },
    DateForm {
        pattern: r"\b([1-4])q ?[-/,.]? ?'?((?:19|20|21)\d\d)\b",
        read: |c, _| quarters(&c[2], &c[1]),
    },
    // `Q3'26`, `3Q26`, `1H26`: the year without its century.
    DateForm {
        pattern: r"\b(?:q([1-4])|([1-4])q)'?([0-3]\d)\b",
        read: |c, around| {
            let quarter = c.get(1).or_else(|| c.get(2)).map_or("", |q| q.as_str());
            short(&c[3], around, |year| quarters(year, quarter))
        },
    },
    DateForm {
        pattern: r"\b(?:h([12])|([12])h)'?([0-3]\d)\b",
        read: |c, around| {
            let first = c
                .get(1)
                .or_else(|| c.get(2))
                .is_some_and(|h| h.as_str() == "1");
            short(&c[3], around, |year| half(year, first))
        },
    },
    // Half years, whole years.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]?[度도]? ?(上半|下半|상반|하반)",
        read: |c, _| half(&c[1], matches!(&c[2], "上半" | "상반")),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?-?(?:h([12])|([12])h)\b",
        read: |c, _| half(&c[1], c[0].ends_with("h1") || c[0].ends_with("1h")),
    },
    DateForm {
        pattern: r"\b(?:h([12])|([12])h) ?'?((?:19|20|21)\d\d)\b",
        read: |c, _| half(&c[3], c[0].starts_with("h1") || c[0].starts_with("1h")),
    },
    // Reports that are named by their period.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?年? ?(?:中报|中報|中期报告|中期報告|半年报|半年報|半年度)",
        read: |c, _| half(&c[1], true),
    },
    DateForm {
        pattern: r"((?:19|20)\d\d) ?年? ?(?:年[报報]|年?度[报報]告)",
        read: |c, _| whole_year(&c[1]),
    },
    // The end of a year that is over.
    DateForm {
        pattern: r"((?:19|20)\d\d) ?年?(?:年末|年底|年终|末|底)",
        read: |c, around| {
            let is_over = c[1].parse().is_ok_and(|year: i32| year < around.now.year());
            if is_over {
                months(&c[1], "12", "12")
            } else {
                FormMatch::None
            }
        },
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]? ?(?:全年|1 ?[-~至到] ?4 ?季)",
        read: |c, _| quarters(&c[1], "4"),
    },
    // Months that are listed: `2026年1月、2月、3月`.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?年 ?(?:\d{1,2} ?月?份? ?[、和及,] ?){2,11}(\d{1,2}) ?月",
        read: |c, _| months(&c[1], &c[2], &c[2]),
    },
    // From month to month; both have the year of the first.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년/.-] ?(\d{1,2}) ?[月월]?份? ?[-~至到、,和] ?(?:((?:19|20|21)\d\d) ?[年년/.-] ?)?(\d{1,2}) ?[月월]",
        read: from_to,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년/.] ?(\d{1,2}) ?[-~] ?()(\d{1,2})",
        read: |c, around| {
            let day_follows = around
                .after
                .trim_start()
                .starts_with(['日', '号', '期', '-', '/', ':']);
            let grows = c[2].parse::<u32>().ok() < c[4].parse::<u32>().ok();
            if day_follows || !grows || !stands_alone(around) {
                FormMatch::Pass
            } else {
                from_to(c, around)
            }
        },
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?- ?(\d\d) ?(?:~|至|到|--|to) ?((?:19|20|21)\d\d) ?- ?(\d\d)",
        read: from_to,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[./] ?(\d{1,2}) ?[-~至到] ?((?:19|20|21)\d\d) ?[./] ?(\d{1,2})",
        read: |c, around| {
            if around.after.starts_with(['.', '/', '-']) || !ends_alone(around.after) {
                FormMatch::Pass
            } else {
                from_to(c, around)
            }
        },
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년] ?[前首] ?(\d{1,2}) ?[个個]月",
        read: |c, _| months(&c[1], "1", &c[2]),
    },
    // Parts of a month, weeks, issues.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년] ?(\d{1,2}) ?[月월]份? ?第? ?([1-5]) ?(?:주|周|週)",
        read: week_of_month,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?年 ?(\d{1,2}) ?月份? ?([上中下])旬",
        read: ten_days,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?(?:年 ?第? ?|-?w)(\d{1,2})(?: ?[周週]|\b)",
        read: |c, around| {
            let is_week = c[0].ends_with(['周', '週']) || c[0].contains('w');
            if is_week && stands_alone(around) {
                week(&c[1], &c[2])
            } else {
                FormMatch::Pass
            }
        },
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?年?,? ?(?:第? ?\d{1,3} ?卷)?,? ?第? ?(\d{1,3}) ?期",
        read: issue,
    },
    // A month.
    DateForm {
        pattern: r"((?:19|20|21)\d\d)(?: ?[年년]|\.) ?(\d{1,2}) ?[月월]",
        read: |c, around| {
            if begins_alone(around.before) {
                months(&c[1], &c[2], &c[2])
            } else {
                FormMatch::Pass
            }
        },
    },
    DateForm {
        pattern: r"(\d{1,2}) ?月,? ((?:19|20|21)\d\d)\b",
        read: |c, around| {
            let goes_on = around.after.starts_with(['年', '-', '/', '.']);
            if goes_on || !begins_alone(around.before) {
                FormMatch::Pass
            } else {
                months(&c[2], &c[1], &c[1])
            }
        },
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年-]?m(\d{1,2})\b",
        read: |c, _| months(&c[1], &c[2], &c[2]),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[-/] ?(\d\d)",
        read: bare_month,
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d)\.(\d\d)",
        read: bare_month,
    },
    DateForm {
        pattern: r"\b(\d\d)/((?:19|20|21)\d\d)\b",
        read: |c, around| {
            if stands_alone(around) {
                months(&c[2], &c[1], &c[1])
            } else {
                FormMatch::Pass
            }
        },
    },
    // Six digits alone, or after a word that labels them.
    DateForm {
        pattern: r"(?:^\W{0,2}|(?:月份?|时间|時間|日期|期间|报告期|数据期|统计期|截至|period|month|date)[ :]{0,2})((?:19|20)\d\d)(0[1-9]|1[0-2])(?:[^\w.]|$)",
        read: |c, _| months(&c[1], &c[2], &c[2]),
    },
];

fn quarters(year: &str, to: &str) -> FormMatch {
    let read = || {
        let to: u32 = to.parse().ok().filter(|q| (1..=4).contains(q))?;
        DateMatch::months(year.parse().ok()?, to * 3 - 2, to * 3)
    };
    FormMatch::from(read())
}

fn half(year: &str, first: bool) -> FormMatch {
    let (from, to) = if first { (1, 6) } else { (7, 12) };
    FormMatch::from(
        year.parse()
            .ok()
            .and_then(|y| DateMatch::months(y, from, to)),
    )
}

pub(super) fn months(year: &str, from: &str, to: &str) -> FormMatch {
    let read = || {
        let to: u32 = to.parse().ok().filter(|m| (1..=12).contains(m))?;
        let from: u32 = from.parse().ok().filter(|m| (1..=to).contains(m))?;
        // A period of several months has new content with its last month.
        let first = if from == to { from } else { to };
        DateMatch::months(year.parse().ok()?, first, to)
    };
    FormMatch::from(read())
}

fn from_to(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    if !begins_alone(around.before) {
        return FormMatch::Pass;
    }
    let later = c.get(3).map(|y| y.as_str()).filter(|y| !y.is_empty());
    match later {
        Some(year) if *year != c[1] => months(year, &c[4], &c[4]),
        _ => current(&c[1], &c[2], &c[4], around).unwrap_or_else(|| months(&c[1], &c[2], &c[4])),
    }
}

/// Weeks of seven days from the first of the month on.
fn week_of_month(c: &Captures<'_>, _: &FormContext<'_>) -> FormMatch {
    let read = || {
        let (year, month) = (c[1].parse().ok()?, c[2].parse().ok()?);
        let last = DateMatch::months(year, month, month)?.last;
        let week: u32 = c[3].parse().ok()?;
        let first = NaiveDate::from_ymd_opt(year, month, week * 7 - 6)?;
        let end = first.checked_add_days(Days::new(6))?;
        Some(DateMatch::period(first, end.min(last)))
    };
    FormMatch::from(read())
}

/// A period that has begun, and whose last month has not: it is current.
fn current(year: &str, from: &str, to: &str, around: &FormContext<'_>) -> Option<FormMatch> {
    let (year, from, to) = (year.parse().ok()?, from.parse().ok()?, to.parse().ok()?);
    let found = DateMatch::months(year, from, to)?;
    let today = around.now.date();
    let last_month = NaiveDate::from_ymd_opt(year, to, 1)?;
    (found.first <= today && today < last_month).then_some(FormMatch::Date(found))
}

/// Reads a year without its century, if it is this one's or an earlier one.
fn short(year: &str, around: &FormContext<'_>, read: impl Fn(&str) -> FormMatch) -> FormMatch {
    let year = year.parse::<i32>().map_or(0, |year| year + 2000);
    if (2010..=around.now.year() + 1).contains(&year) {
        read(&year.to_string())
    } else {
        FormMatch::Pass
    }
}

/// A whole year; a date only where there is no other.
pub(super) fn whole_year(year: &str) -> FormMatch {
    let found = year.parse().ok().and_then(|y| DateMatch::months(y, 1, 12));
    FormMatch::from(found.map(|f| f.with_kind(DateConfidence::Whole)))
}

fn ten_days(c: &Captures<'_>, _: &FormContext<'_>) -> FormMatch {
    let read = || {
        let (year, month) = (c[1].parse().ok()?, c[2].parse().ok()?);
        let whole = DateMatch::months(year, month, month)?;
        let of = |day| NaiveDate::from_ymd_opt(year, month, day);
        let (first, last) = match &c[3] {
            "上" => (of(1)?, of(10)?),
            "中" => (of(11)?, of(20)?),
            _ => (of(21)?, whole.last),
        };
        Some(DateMatch::period(first, last))
    };
    FormMatch::from(read())
}

fn week(year: &str, week: &str) -> FormMatch {
    let read = || {
        let (year, week) = (year.parse().ok()?, week.parse().ok()?);
        let first = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
        Some(DateMatch::period(
            first,
            first.checked_add_days(Days::new(6))?,
        ))
    };
    FormMatch::from(read())
}

/// An issue that is numbered by its month. It may be published before the month begins.
fn issue(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let read = || {
        let month: u32 = c[2].parse().ok()?;
        let found = DateMatch::months(c[1].parse().ok()?, month, month)?;
        let today = around.now.date();
        let ahead = found.first > today
            && found.first.year() * 12 <= today.year() * 12 + 12
            && (found.first - today).num_days() < 100;
        Some(if ahead {
            DateMatch::period(today, found.last)
        } else {
            found
        })
    };
    // A number above twelve is not a month, and nothing else is read from it.
    read().map_or(FormMatch::None, FormMatch::Date)
}

/// `2026-10`, `2026.11`, `2026/10`: neither a part of a number nor a price.
fn bare_month(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let amount = |c: char| {
        c.is_ascii_alphabetic() || matches!(c, '%' | '元' | '万' | '亿' | '点' | '倍' | '_')
    };
    let before = around.before.chars().next_back();
    let joined = before.is_some_and(|c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '$' | '¥')
    });
    let continues = around.after.starts_with(['-', '/', '_']) || around.after.starts_with(amount);
    if joined || continues || !ends_alone(around.after) {
        return FormMatch::Pass;
    }
    months(&c[1], &c[2], &c[2])
}
