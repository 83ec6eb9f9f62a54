//! Months, quarters, half years and weeks: they count as their last day, or as today while they are
//! current.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use regex::Captures;

use super::absolute::{begins_alone, ends_alone, stands_alone};
use super::forms::{DateForm, DateMatch, FormContext, FormMatch};

pub(super) const FORMS: &[DateForm] = &[
    // Quarters.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]? ?第? ?([1-4]) ?(?:季度?|分期)? ?[-~至到、和,] ?第? ?([1-4]) ?(?:季|四半期|분기)",
        read: |c, _| quarters(&c[1], &c[3]),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]? ?(?:第|前)? ?([1-4]) ?[个個]? ?(?:季|四半期|분기)",
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
    // Half years, whole years.
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]?度? ?(上半|下半|상반|하반)",
        read: |c, _| half(&c[1], matches!(&c[2], "上半" | "상반")),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?-?h([12])\b",
        read: |c, _| half(&c[1], &c[2] == "1"),
    },
    DateForm {
        pattern: r"\bh([12]) ?'?((?:19|20|21)\d\d)\b",
        read: |c, _| half(&c[2], &c[1] == "1"),
    },
    DateForm {
        pattern: r"((?:19|20|21)\d\d) ?[年년]? ?(?:全年|1 ?[-~至到] ?4 ?季)",
        read: |c, _| quarters(&c[1], "4"),
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
        pattern: r"((?:19|20|21)\d\d) ?[年년] ?前 ?(\d{1,2}) ?[个個]月",
        read: |c, _| months(&c[1], "1", &c[2]),
    },
    // Parts of a month, weeks, issues.
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
        pattern: r"((?:19|20|21)\d\d) ?[年년] ?(\d{1,2}) ?[月월]",
        read: |c, around| {
            if begins_alone(around.before) {
                months(&c[1], &c[2], &c[2])
            } else {
                FormMatch::Pass
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
        _ => months(&c[1], &c[2], &c[4]),
    }
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
