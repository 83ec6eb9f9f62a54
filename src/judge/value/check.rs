//! Holding a taken value against its limits and its own history.

use std::collections::BTreeMap;

use super::take::{Taken, Told};
use super::{calendar, change, column};
use crate::model::page::{History, PastValue, Value};
use crate::model::probe::{ValueKind, ValueSpec};
use crate::model::verdict::Evidence;
use crate::model::{Code, Time};
use crate::schedule::calendar::Calendars;

/// A fall is judged against the median of this many last good values …
const MEDIAN_OF: usize = 30;
/// … when there are at least so many.
const MEDIAN_NEEDS: usize = 8;
/// How many days a watched date may lie ahead before it is misdated (time zones, evening editions).
const AHEAD: i64 = 2;

/// A limit that a value broke.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct Fault {
    /// The value's.
    pub name: String,
    pub code: Code,
    /// A number above its `max`: nothing is missing.
    pub above: bool,
    /// What must hold of the page beside it for this to be a fault of the data, and not another design.
    pub frame: Frame,
    pub evidence: Evidence,
}

/// How much of the page's frame (its title and markers) must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum Frame {
    Any,
    /// A part, where there are any markers.
    Part,
    Whole,
}

/// What a value is held against beside its own limits.
#[derive(Clone, Copy)]
pub(in crate::judge) struct Beside<'a> {
    /// All values of the same answer.
    pub taken: &'a BTreeMap<String, Taken>,
    pub told: &'a BTreeMap<String, Told>,
    /// The good values so far.
    pub history: &'a History,
    pub calendars: &'a Calendars,
    pub now: Time,
}

impl<'a> Beside<'a> {
    /// The good values of this name, oldest first.
    pub(super) fn past(&self, name: &str) -> &'a [PastValue] {
        self.history.get(name).map_or(&[][..], Vec::as_slice)
    }
}

/// So many good numbers make it one that was always there.
const NUMBERS: usize = 3;
/// A longer text beside no figure is another piece of the page.
const MAX_WORDS: usize = 20;

/// The first limit that the value breaks, if any.
pub(in crate::judge) fn fault(spec: &ValueSpec, beside: &Beside<'_>) -> Option<Fault> {
    let taken = beside.taken.get(&spec.name)?;
    let own = own(spec, taken, beside);
    let says_more = own
        .as_ref()
        .is_some_and(|(code, ..)| *code != Code::ContentChanged);
    let found = if says_more {
        own
    } else {
        let told = beside.told.get(&spec.name);
        let column = told.and_then(|told| told.column.as_ref());
        let levelled = column.and_then(|c| column::levelled(&spec.name, c, beside));
        let levelled = levelled.map(|fact| (Code::ContentNulls, fact, Frame::Part));
        levelled.or(own)
    };
    let (code, fact, frame) = found?;
    let above = code == Code::ContentChanged && matches!(taken, Taken::Value(_));
    Some(Fault {
        name: spec.name.clone(),
        code,
        above,
        frame,
        evidence: Evidence {
            fact: format!("value `{}`: {fact}", spec.name),
            place: format!("x_accesswatch.values.{}", spec.name),
        },
    })
}

fn own(spec: &ValueSpec, taken: &Taken, beside: &Beside<'_>) -> Option<(Code, String, Frame)> {
    let (code, fact) = match taken {
        Taken::Missing { within_empty: true } => (
            Code::ContentEmpty,
            "the list it stands in is empty".to_owned(),
        ),
        Taken::Missing { .. } => (Code::ContentChanged, "nothing matches".to_owned()),
        Taken::NotEvaluated => return None,
        Taken::Null => (
            Code::ContentNulls,
            "it is there, and holds no value".to_owned(),
        ),
        Taken::Unreadable(text) if words_for_a_number(spec, text, beside) => {
            let fact = format!("`{text}` stands where there was a number");
            return Some((Code::ContentNulls, fact, Frame::Whole));
        }
        Taken::Unreadable(text) => {
            let kind = if spec.kind == ValueKind::Date {
                "date"
            } else {
                "number"
            };
            (
                Code::ContentChanged,
                format!("no {kind} can be read from `{text}`"),
            )
        }
        Taken::Value(value) => of_value(spec, value, beside)?,
    };
    Some((code, fact, Frame::Any))
}

/// A few words without a figure, in place of what was a number each time: whatever they say, the number is gone.
fn words_for_a_number(spec: &ValueSpec, text: &str, beside: &Beside<'_>) -> bool {
    let past = beside.past(&spec.name);
    let numbers = past
        .iter()
        .rev()
        .take_while(|p| matches!(p.value, Value::Number(_)));
    spec.kind == ValueKind::Number
        && numbers.take(NUMBERS).count() == NUMBERS
        && text.chars().count() <= MAX_WORDS
}

fn of_value(spec: &ValueSpec, value: &Value, beside: &Beside<'_>) -> Option<(Code, String)> {
    let unchanged = || {
        change::misdated(spec, value, beside)
            .or_else(|| change::frozen(spec, value, beside))
            .map(|fact| (Code::ContentNulls, fact))
    };
    bounds(spec, value)
        .or_else(|| age(spec, value, beside))
        .or_else(unchanged)
        .or_else(|| fall(spec, value, beside.past(&spec.name)))
}

fn bounds(spec: &ValueSpec, value: &Value) -> Option<(Code, String)> {
    let number = value.number()?;
    if let Some(min) = spec.min.filter(|min| number < *min) {
        let fact = match value {
            Value::Count(0) => {
                let fact = format!("0 rows; at least {min} expected");
                return Some((Code::ContentEmpty, fact));
            }
            Value::Count(1) => format!("1 row; at least {min} expected"),
            Value::Count(rows) => format!("{rows} rows; at least {min} expected"),
            _ => format!("{} is below the least of {min}", value.show()),
        };
        return Some((Code::ContentShrunk, fact));
    }
    let max = spec.max.filter(|max| number > *max)?;
    Some(match value {
        Value::NullShare(share) => {
            let text = format!(
                "{:.0} % of the values are empty; {:.0} % are allowed",
                share * 100.0,
                max * 100.0
            );
            (Code::ContentNulls, text)
        }
        _ => (
            Code::ContentChanged,
            format!("{} is above the most of {max}", value.show()),
        ),
    })
}

fn age(spec: &ValueSpec, value: &Value, beside: &Beside<'_>) -> Option<(Code, String)> {
    let (Value::Date(date), Some(limit)) = (value, spec.max_age) else {
        return None;
    };
    let age = calendar::age(*date, beside.now, spec, beside.calendars);
    if age.days < -AHEAD {
        return Some((
            Code::ContentNulls,
            format!("the newest date, {date}, lies {} days ahead", -age.days),
        ));
    }
    calendar::is_over(age.days, limit).then(|| {
        let allowed = limit.as_secs() / 86_400;
        let (days, counted) = (age.days, age.counted);
        (
            Code::ContentStale,
            format!("the newest date is {date}, {days} {counted} old; {allowed} are allowed"),
        )
    })
}

fn fall(spec: &ValueSpec, value: &Value, past: &[PastValue]) -> Option<(Code, String)> {
    let allowed = spec.max_drop?;
    let number = value.number()?;
    let mut numbers: Vec<f64> = past
        .iter()
        .rev()
        .filter_map(|p| p.value.number())
        .take(MEDIAN_OF)
        .collect();
    if numbers.len() < MEDIAN_NEEDS {
        return None;
    }
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let median = if numbers.len() % 2 == 1 {
        numbers[middle]
    } else {
        f64::midpoint(numbers[middle - 1], numbers[middle])
    };
    (number < median * (1.0 - allowed)).then(|| {
        let text = format!(
            "{} is more than {:.0} % below {median}, the median of the last {} good values",
            value.show(),
            allowed * 100.0,
            numbers.len()
        );
        (Code::ContentShrunk, text)
    })
}
