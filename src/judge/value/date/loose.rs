//! Dates that need the time of the visit: days without a year, "3 hours ago", "yesterday".

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};
use regex::Captures;

use super::absolute::{begins_alone, ends_alone, range};
use super::forms::{DateConfidence, DateForm, DateMatch, FormContext, FormMatch};
use super::period::{months, whole_year};

pub(super) const FORMS: &[DateForm] = &[
    // Days without a year.
    DateForm {
        pattern: r"(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?",
        read: |c, around| {
            let has_unit = c[0].ends_with(['日', '号', '號', '일']);
            if !begins_alone(around.before) || !has_unit && !ends_alone(around.after) {
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
    // A day of this month or of the last one.
    DateForm {
        pattern: r"(本月|这个月|這個月|이번 ?달|今月|上月|上个月|上個月|지난 ?달|先月) ?(\d{1,2}) ?[日号號일]",
        read: day_of_month,
    },
    // A time ago.
    DateForm {
        pattern: r"\b(\d{1,3}) (d|days?|w|wks?|weeks?|mos?|months?|y|yrs?|years?),? (?:and )?\d{1,2} (h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?),? ago\b",
        read: ago_in_two,
    },
    DateForm {
        pattern: r"(하루|이틀|사흘|나흘) ?전",
        read: |c, around| {
            let days = match &c[1] {
                "하루" => 1,
                "이틀" => 2,
                "사흘" => 3,
                _ => 4,
            };
            word(around, days)
        },
    },
    DateForm {
        pattern: r"(\d{1,4}|半|数|數|几|幾|多|몇) ?[个個]?(年|년|秒钟|秒鐘|秒|分钟|分鐘|分|小时|小時|钟头|鐘頭|時間|天|日|星期|礼拜|周|週間|週|月|ヶ月|か月|ヵ月|초|분|시간|일|주일|주|개월|달) ?(?:以|之)?(前|전)",
        read: ago,
    },
    DateForm {
        pattern: r"\b(\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|half an|a few) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?|y|yrs?|years?) ago\b",
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
        pattern: r"今天|今日|本日|今早|今晨|今晚|\btoday\b|오늘",
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
        pattern: r"(?:前 ?|首 ?|第 ?|1 ?[-~至] ?)([1-4]) ?[个個]?季度?",
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
        read: |c, _| whole_year(&c[1]),
    },
    // Years in a row, as the headings of a table: the newest.
    DateForm {
        pattern: r"^\W?(?:(?:19|20)\d\d ?[年년][度도]?[ ,、/|]{1,3}){1,60}(?:19|20)\d\d ?[年년][度도]?\W?$",
        read: |c, _| {
            let years = c[0].split(|c: char| !c.is_ascii_digit());
            whole_year(years.max().unwrap_or_default())
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
    // `请于15日前提交`, `提前3天前往`: a deadline. `10年前` in a sentence is no time of writing.
    let asked = around
        .before
        .trim_end()
        .ends_with(['于', '於', '在', '月', '到', '至', '应']);
    let is_day = matches!(&c[2], "日" | "일");
    let is_year = matches!(&c[2], "年" | "년");
    let asked = asked && is_day || around.before.ends_with('提');
    let alone = around.before.chars().count() <= 12 && around.after.chars().count() <= 12;
    if asked
        || (is_day || is_year) && !alone
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
                let seconds = if is_half(&c[1]) {
                    seconds / 2
                } else {
                    seconds * many
                };
                now.checked_sub_signed(TimeDelta::try_seconds(seconds)?)?
            }
            Unit::Months(months) => {
                let half = if is_half(&c[1]) { 2 } else { 1 };
                now.checked_sub_months(Months::new(u32::try_from(many).ok()? * months / half))?
            }
        };
        Some(DateMatch::day(then.date()).with_kind(DateConfidence::Ago))
    };
    FormMatch::from(read())
}

fn is_half(count: &str) -> bool {
    count == "半" || count.starts_with("half")
}

/// `1 day, 3 hours ago`: the smaller unit does not reach over another one of the larger.
fn ago_in_two(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let read = || {
        let many = u32::try_from(count(&c[1])?).ok()?;
        let then = match unit(&c[2])? {
            Unit::Seconds(seconds) => {
                let delta = TimeDelta::try_seconds(seconds * i64::from(many))?;
                around.now.checked_sub_signed(delta)?
            }
            Unit::Months(months) => around.now.checked_sub_months(Months::new(many * months))?,
        };
        let smaller = c[0].trim_end_matches(" ago").rsplit(' ').nth(1)?;
        let then = match unit(&c[3])? {
            Unit::Seconds(seconds) => {
                let delta = TimeDelta::try_seconds(seconds * smaller.parse::<i64>().ok()?)?;
                then.checked_sub_signed(delta)?
            }
            Unit::Months(months) => {
                then.checked_sub_months(Months::new(smaller.parse::<u32>().ok()? * months))?
            }
        };
        Some(DateMatch::day(then.date()).with_kind(DateConfidence::Ago))
    };
    FormMatch::from(read())
}

/// `本月15日`, `上月28日`.
fn day_of_month(c: &Captures<'_>, around: &FormContext<'_>) -> FormMatch {
    let is_this = matches!(&c[1], "本月" | "这个月" | "這個月" | "今月") || c[1].starts_with('이');
    let read = || {
        let first = around.now.date().with_day(1)?;
        let month = first.checked_sub_months(Months::new(u32::from(!is_this)))?;
        let date = month.with_day(c[2].parse().ok()?)?;
        Some(DateMatch::day(date).with_kind(DateConfidence::NoYear))
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
    Months(u32),
}

fn unit(text: &str) -> Option<Unit> {
    let seconds = match text {
        "秒钟" | "秒鐘" | "秒" | "초" | "s" => 1,
        "分钟" | "分鐘" | "分" | "분" | "m" => 60,
        "小时" | "小時" | "钟头" | "鐘頭" | "時間" | "시간" | "h" => 3600,
        "天" | "日" | "일" | "d" => 86_400,
        "星期" | "礼拜" | "周" | "週間" | "週" | "주일" | "주" | "w" => 7 * 86_400,
        "月" | "ヶ月" | "か月" | "ヵ月" | "개월" | "달" => return Some(Unit::Months(1)),
        "年" | "년" => return Some(Unit::Months(12)),
        word if word.starts_with("sec") => 1,
        word if word.starts_with("mo") => return Some(Unit::Months(1)),
        word if word.starts_with('y') => return Some(Unit::Months(12)),
        word if word.starts_with("min") => 60,
        word if word.starts_with('h') => 3600,
        word if word.starts_with('d') => 86_400,
        word if word.starts_with('w') => 7 * 86_400,
        _ => return None,
    };
    Some(Unit::Seconds(seconds))
}
