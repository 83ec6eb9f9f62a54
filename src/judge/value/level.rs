//! Rows that mostly differed before, and are all equal now, or hold only a few values.

use super::column::{ColumnSummary, MOSTLY};
use super::context::ValueContext;
use crate::model::Fact;
use crate::model::page::{RowSeries, Value, column_of, distinct_of};

/// How many of the last healthy answers are compared, if available; in each the rows mostly
/// differed.
const LAST: usize = 5;
/// Where the most frequent text never had more than this share of the rows, …
const SOME: f64 = 0.25;
/// … one text in this share of them or more is no value.
const HALF: f64 = 0.5;
/// At this share of the earlier different values or less, the rows hold only a few.
const FEW: f64 = 0.25;
/// The same for figures that have lost their decimals.
const FEW_WHOLE: f64 = 0.5;

/// Whether the rows, which mostly differed in the last healthy answers, are equal now: all or half
/// of them, or in a few groups.
pub(super) fn levelled(
    name: &str,
    column: &ColumnSummary,
    context: &ValueContext<'_>,
) -> Option<Fact> {
    let past = context.past(&distinct_of(name));
    let shares: Vec<f64> = past
        .iter()
        .rev()
        .take(LAST)
        .filter_map(|past| match past.value {
            Value::Distinct(share) => Some(share),
            _ => None,
        })
        .collect();
    let least = shares.iter().copied().reduce(f64::min)?;
    if least < MOSTLY {
        return None;
    }
    let equal = |(only, alike): (String, usize)| Fact::ValueLevelled {
        value: name.to_owned(),
        rows: alike as u64,
        only,
    };
    // Words come in batches: many rows of one publisher hide nothing.
    let had_figures = !context.past(&column_of(name)).is_empty();
    let half = || {
        let alike = context.answers().range(&RowSeries::Alike.series(name))?;
        let enough = had_figures && shares.len() == LAST && alike.most <= SOME;
        let most = column.most.clone().filter(|_| enough)?;
        (share(most.1, column.rows) >= HALF).then_some(most)
    };
    let all = column.only.clone().or_else(half).map(equal);
    all.or_else(|| {
        // Days of the week are a column beside dates, and hide no figures.
        let enough = had_figures && shares.len() == LAST && !column.of_weekdays;
        let different = column.different.filter(|_| enough)?;
        let cells = context
            .extracted
            .get(name)
            .and_then(|now| now.cells.as_ref());
        let is_rounded = cells.is_some_and(|now| now.lost_decimals(name, &context.answers()));
        let few = if is_rounded { FEW_WHOLE } else { FEW };
        (share(different, column.rows) <= few * least).then(|| Fact::ValuesFew {
            value: name.to_owned(),
            rows: column.rows as u64,
            different: different as u64,
        })
    })
}

#[allow(clippy::cast_precision_loss)] // counts of matches stay far below 2^53
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::{History, PastValue};
    use crate::model::time::from_micros;
    use crate::schedule::calendar::Calendars;
    use std::collections::BTreeMap;

    fn column(count: usize, text: impl Fn(usize) -> String) -> ColumnSummary {
        let texts: Vec<String> = (0..count).map(text).collect();
        ColumnSummary::of_texts(texts.iter().map(String::as_str)).unwrap()
    }

    /// Whether rows have been levelled, after some answers of one kind.
    fn is_level(known: &ColumnSummary, answers: i64, now: &ColumnSummary) -> bool {
        let past = |n| PastValue {
            at: from_micros(n),
            value: Value::Distinct(known.distinct),
        };
        let alike = |n| PastValue {
            at: from_micros(n),
            value: Value::Number(known.alike().unwrap()),
        };
        let digest = |n| {
            let value = Value::Column(known.digest.clone()?);
            let at = from_micros(n);
            Some(PastValue { at, value })
        };
        let history: History = [
            (distinct_of("v"), (0..answers).map(past).collect()),
            (column_of("v"), (0..answers).filter_map(digest).collect()),
            (
                RowSeries::Alike.series("v"),
                (0..answers).map(alike).collect(),
            ),
        ]
        .into();
        let calendars = Calendars::default();
        let context = ValueContext {
            taken: &BTreeMap::new(),
            extracted: &BTreeMap::new(),
            specs: &[],
            history: &history,
            calendars: &calendars,
            now: from_micros(100),
        };
        levelled("v", now, &context).is_some()
    }

    #[test]
    fn rows_that_differed_and_hold_a_few_values() {
        let known = column(40, |n| format!("{n}.7"));
        let lost: [&dyn Fn(usize) -> String; 6] = [
            &|n| format!("{}.25", n % 4),
            &|n| ["高", "中", "低"][n % 3].to_owned(),
            &|n| {
                if n < 18 {
                    format!("{n}.7")
                } else {
                    "登入後顯示".to_owned()
                }
            },
            &|n| {
                if n % 2 == 0 {
                    "9999".to_owned()
                } else {
                    format!("{n}.7")
                }
            },
            &|_| "同一".to_owned(),
            &|n| format!("{}", n / 5),
        ];
        for now in lost {
            assert!(is_level(&known, 5, &column(40, now)), "{}", now(30));
        }
        let same: [&dyn Fn(usize) -> String; 4] = [
            &|n| format!("{}.1", n + 3),
            &|n| {
                if n < 30 {
                    format!("{n}.7")
                } else {
                    "持平".to_owned()
                }
            },
            &|n| format!("{}", n / 2),
            &|n| {
                if n % 4 == 0 {
                    String::new()
                } else {
                    format!("{n}.7")
                }
            },
        ];
        for now in same {
            assert!(!is_level(&known, 5, &column(40, now)), "{}", now(30));
        }
        let days = [
            "月曜日",
            "火曜日",
            "水曜日",
            "木曜日",
            "金曜日",
            "土曜日",
            "日曜日",
        ];
        let weekdays: [&dyn Fn(usize) -> String; 4] = [
            &|n| days[n % 7].to_owned(),
            &|n| format!("周{}", ["一", "二", "三", "四", "五", "六", "日"][n % 7]),
            &|n| format!("({})", ["월", "화", "수", "목", "금"][n % 5]),
            &|n| ["Mon", "Tuesday", "Wed.", "Thursday", "Fri"][n % 5].to_owned(),
        ];
        for now in weekdays {
            assert!(!is_level(&known, 5, &column(40, now)), "{}", now(3));
        }
        let few = column(40, |n| format!("{}", n % 3));
        assert!(!is_level(&few, 5, &few), "always few");
        assert!(
            !is_level(&known, 2, &column(40, |n| format!("{}", n % 4))),
            "too early"
        );
    }

    #[test]
    fn a_batch_of_equal_words_hides_nothing() {
        let publisher = |n: usize| format!("{}出版社", ["甲", "乙", "丙", "丁", "戊"][n % 5]);
        let letters: Vec<char> = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往".chars().collect();
        let name = |n: usize| format!("{}书局", letters[n]);
        let known = column(20, name);
        assert!(known.digest.is_none());
        let batch = column(20, |n| if n < 10 { publisher(0) } else { name(n) });
        assert!(!is_level(&known, 5, &batch), "half of one publisher");
        assert!(!is_level(&known, 5, &column(20, publisher)), "of a few");
        let hidden = column(20, |n| {
            if n < 17 {
                "登录可见".to_owned()
            } else {
                name(n)
            }
        });
        assert!(is_level(&known, 5, &hidden), "nearly all are equal");
    }
}
