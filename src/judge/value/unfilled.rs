//! Columns that hold no value, and nothing is lost: a new column stands before the known ones, or
//! the market that the table is of is closed.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use super::context::ValueContext;
use super::extract::Extraction;
use super::neighbours;
use crate::model::page::{PastValue, Value, column_of};
use crate::model::probe::ValueSpec;
use crate::model::time::BEIJING;

/// The calendar of working days.
const USUAL: &str = "cn-workday";
/// A column was as empty as this for at least so long, longer than any market is closed,
const WEEKS: TimeDelta = TimeDelta::days(21);
/// in at least as many good answers.
const FEWEST_ANSWERS: usize = 8;
/// A page with an older date is not of the last working day.
const MOST_DAYS: i64 = 12;

/// Whether nothing is lost by this column's empty cells.
pub(super) fn is_no_loss(spec: &ValueSpec, context: &ValueContext<'_>) -> bool {
    has_moved(&spec.name, context)
        || neighbours::stands_elsewhere(&spec.name, context)
        || has_been_so(&spec.name, context)
        || shows_dashes(&spec.name, context) && is_closed(context)
}

/// The values that the column held last stand in another column of the answer, which held others at
/// that time.
fn has_moved(name: &str, context: &ValueContext<'_>) -> bool {
    fn held(past: &PastValue) -> Option<&String> {
        match &past.value {
            Value::Column(held) => Some(held),
            _ => None,
        }
    }
    let last = context.past(&column_of(name)).last();
    let Some((at, known)) = last.and_then(|past| Some((past.at, held(past)?))) else {
        return false;
    };
    let held_then = |other: &str| {
        let mut past = context.past(&column_of(other)).iter().rev();
        past.find(|past| past.at <= at).and_then(held)
    };
    let mut others = context.extracted.iter().filter(|(other, _)| *other != name);
    others.any(|(other, value)| {
        let column = value.column.as_ref();
        let digest = column.and_then(|column| column.digest.as_ref());
        digest == Some(known) && held_then(other) != Some(known)
    })
}

/// Good answers of some weeks had no fuller column: a new one is filled over months.
fn has_been_so(name: &str, context: &ValueContext<'_>) -> bool {
    let empty = |value: &Value| match value {
        Value::NullShare(share) => Some(*share),
        _ => None,
    };
    let Some(Extraction::Value(now)) = context.taken.get(name) else {
        return false;
    };
    let Some(now) = empty(now) else {
        return false;
    };
    let since = context.now - WEEKS;
    let past = context.past(name);
    let recent = past.iter().filter(|past| past.at >= since);
    let shares: Vec<f64> = recent.filter_map(|past| empty(&past.value)).collect();
    let reaches_back = past.iter().any(|past| past.at < since);
    reaches_back && shares.len() >= FEWEST_ANSWERS && shares.iter().all(|share| *share >= now)
}

/// All cells, or nearly all, show the same dash: a mask or a word means something else.
fn shows_dashes(name: &str, context: &ValueContext<'_>) -> bool {
    let extracted = context.extracted.get(name);
    let column = extracted.and_then(|value| value.column.as_ref());
    let only = column.and_then(|column| column.only.as_ref());
    let is_dash = |c: char| matches!(c, '-' | '‐'..='―' | '−' | '－' | 'ー' | '─');
    only.is_some_and(|(text, _)| {
        let text = text.trim_matches('`');
        !text.is_empty() && text.chars().all(is_dash)
    })
}

/// Today is no working day, and every date of the answer is that of the last one.
fn is_closed(context: &ValueContext<'_>) -> bool {
    let today = context.now.with_timezone(&BEIJING).date_naive();
    let dates = context.taken.values().filter_map(|taken| match taken {
        Extraction::Value(Value::Date(date)) => Some(*date),
        _ => None,
    });
    let dates: Vec<NaiveDate> = dates.collect();
    !dates.is_empty()
        && dates
            .into_iter()
            .all(|date| is_last_open(date, today, context))
}

/// The days after `date`, up to and including today, are all closed.
fn is_last_open(date: NaiveDate, today: NaiveDate, context: &ValueContext<'_>) -> bool {
    let days = (today - date).num_days();
    let open = match context.calendars.get(USUAL) {
        Some(calendar) => calendar.count(date, today).open,
        None => crate::schedule::calendar::weekdays(date, today),
    };
    // Some working days are Saturdays or Sundays, on which markets are closed all the same.
    let is_weekend = |day: NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let weekend = || {
        date.iter_days()
            .skip(1)
            .take_while(|day| *day <= today)
            .all(is_weekend)
    };
    (1..=MOST_DAYS).contains(&days) && (open == 0 || weekend())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::judge::value::column::ColumnSummary;
    use crate::judge::value::extract::ExtractedValue;
    use crate::model::page::History;
    use crate::model::time::from_micros;
    use crate::schedule::calendar::Calendars;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn closed(today: &str, dates: &[&str]) -> bool {
        let taken: BTreeMap<String, Extraction> = dates
            .iter()
            .enumerate()
            .map(|(n, date)| (n.to_string(), Extraction::Value(Value::Date(day(date)))))
            .collect();
        let noon = day(today).and_hms_opt(4, 0, 0).unwrap().and_utc();
        is_closed(&ValueContext {
            taken: &taken,
            extracted: &BTreeMap::new(),
            specs: &[],
            history: &History::new(),
            calendars: &Calendars::default(),
            now: noon,
        })
    }

    #[test]
    fn a_market_is_closed_on_days_without_work_alone() {
        assert!(closed("2026-11-14", &["2026-11-13"]), "Saturday");
        assert!(
            closed("2026-11-15", &["2026-11-13", "2026-11-13"]),
            "Sunday"
        );
        assert!(!closed("2026-11-16", &["2026-11-13"]), "Monday");
        assert!(!closed("2026-11-13", &["2026-11-13"]), "Friday");
        assert!(!closed("2026-11-15", &["2026-11-12"]), "Friday is missing");
        assert!(
            !closed("2026-11-14", &["2026-11-13", "2026-10-30"]),
            "another date is old"
        );
        assert!(!closed("2026-11-14", &[]), "a page without a date");
    }

    #[test]
    fn values_that_stand_in_another_column_are_not_lost() {
        let column = |from: u32| {
            let texts: Vec<String> = (from..from + 9).map(|n| format!("{n}.5")).collect();
            ColumnSummary::of_texts(texts.iter().map(String::as_str))
        };
        let value = |column: Option<ColumnSummary>| ExtractedValue {
            column,
            ..ExtractedValue::from(Extraction::Value(Value::NullShare(0.0)))
        };
        let held = column(10).unwrap().digest.unwrap();
        let past = PastValue {
            at: from_micros(0),
            value: Value::Column(held),
        };
        let history: History = [(column_of("second"), vec![past.clone()])].into();
        let both = [("second", past.clone()), ("third", past)];
        let both: History = both
            .map(|(name, past)| (column_of(name), vec![past]))
            .into();
        let moved = |third: u32, history: &History| {
            let extracted: BTreeMap<String, ExtractedValue> = [
                ("second".to_owned(), value(None)),
                ("third".to_owned(), value(column(third))),
            ]
            .into();
            has_moved(
                "second",
                &ValueContext {
                    taken: &BTreeMap::new(),
                    extracted: &extracted,
                    specs: &[],
                    history,
                    calendars: &Calendars::default(),
                    now: from_micros(1),
                },
            )
        };
        assert!(moved(10, &history));
        assert!(!moved(40, &history));
        assert!(!moved(10, &both), "the other column held the same before");
        // Days later the other column has held these values, too.
        let days = |from: u32, at: i64| PastValue {
            at: from_micros(at),
            value: Value::Column(column(from).unwrap().digest.unwrap()),
        };
        let later: History = [
            (column_of("second"), vec![days(10, 0)]),
            (column_of("third"), vec![days(40, 0), days(10, 1)]),
        ]
        .into();
        assert!(moved(10, &later));
    }

    #[test]
    fn a_column_that_was_as_empty_for_weeks_is_not_lost() {
        let been_so = |days: std::ops::RangeInclusive<i64>, share: f64, now: f64| {
            let past = days.map(|n| PastValue {
                at: from_micros(n * 86_400_000_000),
                value: Value::NullShare(share),
            });
            let history: History = [("v".to_owned(), past.collect())].into();
            let taken: BTreeMap<String, Extraction> =
                [("v".to_owned(), Extraction::Value(Value::NullShare(now)))].into();
            has_been_so(
                "v",
                &ValueContext {
                    taken: &taken,
                    extracted: &BTreeMap::new(),
                    specs: &[],
                    history: &history,
                    calendars: &Calendars::default(),
                    now: from_micros(31 * 86_400_000_000),
                },
            )
        };
        assert!(been_so(1..=30, 0.8, 0.8));
        assert!(been_so(1..=30, 0.8, 0.6), "it fills");
        assert!(!been_so(1..=30, 0.6, 0.8), "it empties");
        assert!(!been_so(12..=30, 0.8, 0.8), "a holiday");
    }
}
