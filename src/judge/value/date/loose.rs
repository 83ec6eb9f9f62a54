//! Dates that need the time of the visit: days without a year, "3 hours ago", "yesterday".

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};
use regex::Captures;

use super::absolute::{begins_alone, ends_alone, range};
use super::forms::{DateConfidence, DateForm, DateMatch, FormContext, FormMatch};
use super::period::months;

pub(super) const FORMS: &[DateForm] = &[
    // Days without a year.
    DateForm {
        pattern: r"(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?",
        read: |c, around| {
            if !begins_alone(around.before) || !ends_alone(around.after) {
                return FormMatch::Pass;
            }
            let Some(date) = latest(around, &c[1], &c[2]) else {
                return FormMatch::Pass;
            };
            let mut found = DateMatch::day(date).with_kind(DateConfidence::NoYear);
            if let Some((until, more)) = range(date, around.after) {
                found.until = Some(until);
                found.more = more;
            }
            FormMatch::Date(found)
        },
    },
    DateForm {
        pattern: r"(?:^|[\[( •·]|:)(\d\d)([-/])(\d\d)(?:[\]) ]|$)",
        read: month_day,
    },
    // A time ago.
    DateForm {
        pattern: r"(\d{1,4}|半|数|數|几|幾|多|몇) ?[个個]?(秒钟|秒鐘|秒|分钟|分鐘|分|小时|小時|钟头|鐘頭|時間|天|日|星期|礼拜|周|週間|週|月|ヶ月|か月|ヵ月|초|분|시간|일|주일|주|개월|달) ?(?:以|之)?(前|전)",
        read: ago,
    },
    DateForm {
        pattern: r"\b(\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|half an|a few) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?) ago\b",
        read: ago,
    },
    // Words.
    DateForm {
        pattern: r"刚刚|剛剛|刚才|剛才|刚发布|片刻前|just now|moments? ago|방금|たった今|さきほど",
        read: |_, around| word(around, 0),
    },
    DateForm {
        pattern: r"大前天|一昨々日|그끄저께",
        read: |_, around| word(around, 3),
    },
    DateForm {
        pattern: r"前天|前日|the day before yesterday|그저께|그제|一昨日|おととい",
        read: |_, around| {
            if around.before.ends_with(['以', '之', '从', '从', '目']) {
                FormMatch::None
            } else {
                word(around, 2)
            }
        },
    },
    DateForm {
        pattern: r"昨天|昨日|昨晚|昨夜|\byesterday\b|어제|きのう",
        read: |_, around| word(around, 1),
    },
    DateForm {
        pattern: r"今天|今日|本日|\btoday\b|오늘",
        read: |_, around| word(around, 0),
    },
    // Periods without a year: the newest that has begun.
    DateForm {
        pattern: r"(\d{1,2}) ?月?份? ?[-~至到] ?(\d{1,2}) ?月",
        read: |c, around| {
            if begins_alone(around.before) && !around.after.starts_with(['期', '龄']) {
                newest(around, &c[2], 1)
            } else {
                FormMatch::Pass
            }
        },
    },
    DateForm {
        pattern: r"(\d{1,2}) ?月份",
        read: |c, around| {
            if begins_alone(around.before) {
                newest(around, &c[1], 1)
            } else {
                FormMatch::Pass
            }
        },
    },
    DateForm {
        pattern: r"(?:前 ?|第 ?|1 ?[-~至] ?)([1-4]) ?[个個]?季度?",
        read: |c, around| {
            newest(
                around,
                ["3", "6", "9", "12"][usize::from(c[1].as_bytes()[0] - b'1')],
                3,
            )
        },
    },
    DateForm {
        pattern: r"^\W{0,2}(上|下)半年",
        read: |c, around| newest(around, if &c[1] == "上" { "6" } else { "12" }, 6),
    },
    // A year, if the text has nothing else.
    DateForm {
        pattern: r"^\W?((?:19|20)\d\d) ?(?:[年년]度?|年报|年鉴)\W?$",
        read: |c, _| {
            let year = c[1].parse().ok();
            FormMatch::from(
                year.and_then(|y| DateMatch::months(y, 1, 12))
                    .map(|f| f.with_kind(DateConfidence::Whole)),
            )
        },
    },
];

/// The newest such day that is not after today.
pub(super) fn latest(around: &FormContext<'_>, month: &str, day: &str) -> Option<NaiveDate> {
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let today = around.now.date();
    // The 29th of February: at most eight years back.
    let of_year = |back| NaiveDate::from_ymd_opt(today.year() - back, month, day);
    (0..=8).filter_map(of_year).find(|date| *date <= today)
}

/// The newest period that ends with this month, has this many months, and has begun.
fn newest(around: &FormContext<'_>, month: &str, takes: u32) -> FormMatch {
    let today = around.now.date();
    let has_begun = month
        .parse::<u32>()
        .is_ok_and(|month| month < today.month() + takes);
    let year = if has_begun {
        today.year()
    } else {
        today.year() - 1
    };
    match months(&year.to_string(), month, month) {
        FormMatch::Date(found) => FormMatch::Date(found.with_kind(DateConfidence::Whole)),
        other => other,
    }
}

/// `11-29`: alone, in brackets, or at an end of the text; not next to other figures.
fn month_day(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let (before, after) = (around.before.trim_end(), around.after.trim_start());
    let bracketed = c[0].starts_with(['[', '(']) && c[0].ends_with([']', ')']);
    let labelled = c[0].starts_with(':') || before.ends_with(':') || before.is_empty();
    let ends = after.is_empty() || starts_with_time(after);
    let figures =
        before.ends_with(|c: char| c.is_ascii_digit()) || before.ends_with(['第', '-', '~']);
    let unit = after
        .chars()
        .next()
        .is_some_and(|c| matches!(c, '页' | '岁' | '%' | '元' | '号' | '人' | '次'));
    let placed = bracketed || ends || (labelled && !unit);
    if !placed || figures || (&c[2] == "/" && !(ends && labelled || bracketed)) {
        return FormMatch::Pass;
    }
    FormMatch::from(
        latest(around, &c[1], &c[3]).map(|d| DateMatch::day(d).with_kind(DateConfidence::NoYear)),
    )
}

fn starts_with_time(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && text[digits..].starts_with(':')
}

fn word(around: &FormContext<'_>, days: u64) -> FormMatch {
    /// In a longer text such a word refers to another day than the visit's.
    const SHORT: usize = 40;
    let length = around.before.chars().count() + around.after.chars().count();
    let date = around.now.date().checked_sub_days(Days::new(days));
    if length > SHORT {
        return FormMatch::None;
    }
    FormMatch::from(date.map(|date| DateMatch::day(date).with_kind(DateConfidence::Word)))
}

fn ago(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    // `请于15日前提交`, `提前3天前往`: a deadline.
    let asked = around
        .before
        .trim_end()
        .ends_with(['于', '於', '在', '月', '到', '至', '应']);
    let is_day = matches!(&c[2], "日" | "일");
    let asked = asked && is_day || around.before.ends_with('提');
    let alone = around.before.chars().count() <= 12 && around.after.chars().count() <= 12;
    if asked
        || is_day && !alone
        || around
            .before
            .ends_with(|c: char| c.is_ascii_digit() || c == '.')
    {
        return FormMatch::None;
    }
    let read = || {
        let many = count(&c[1])?;
        let now = around.now;
        let then = match unit(&c[2])? {
            Unit::Seconds(seconds) => {
                let seconds = if &c[1] == "半" || c[1].starts_with("half") {
                    seconds / 2
                } else {
                    seconds * many
                };
                now.checked_sub_signed(TimeDelta::try_seconds(seconds)?)?
            }
            Unit::Months => now.checked_sub_months(Months::new(u32::try_from(many).ok()?))?,
        };
        Some(DateMatch::day(then.date()).with_kind(DateConfidence::Ago))
    };
    FormMatch::from(read())
}

/// The number; for "a few", the smallest.
fn count(text: &str) -> Option<i64> {
    const WORDS: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    if let Some(at) = WORDS.iter().position(|word| *word == text) {
        return i64::try_from(at + 1).ok();
    }
    match text {
        "a" | "an" | "半" | "half an" => Some(1),
        "数" | "數" | "几" | "幾" | "多" | "몇" | "a few" => Some(2),
        digits => digits.parse().ok(),
    }
}

enum Unit {
    Seconds(i64),
    Months,
}

fn unit(text: &str) -> Option<Unit> {
    let seconds = match text {
        "秒钟" | "秒鐘" | "秒" | "초" | "s" => 1,
        "分钟" | "分鐘" | "分" | "분" | "m" => 60,
        "小时" | "小時" | "钟头" | "鐘頭" | "時間" | "시간" | "h" => 3600,
        "天" | "日" | "일" | "d" => 86_400,
        "星期" | "礼拜" | "周" | "週間" | "週" | "주일" | "주" | "w" => 7 * 86_400,
        "月" | "ヶ月" | "か月" | "ヵ月" | "개월" | "달" => return Some(Unit::Months),
        word if word.starts_with("sec") => 1,
        word if word.starts_with("mo") => return Some(Unit::Months),
        word if word.starts_with("min") => 60,
        word if word.starts_with('h') => 3600,
        word if word.starts_with('d') => 86_400,
        word if word.starts_with('w') => 7 * 86_400,
        _ => return None,
    };
    Some(Unit::Seconds(seconds))
}
