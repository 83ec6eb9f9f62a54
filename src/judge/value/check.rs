//! Holding a taken value against its limits and its own history.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::take::Taken;
use super::{calendar, change};
use crate::model::page::{History, PastValue, Value};
use crate::model::probe::{ValueKind, ValueSpec};
use crate::model::time::BEIJING;
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
    pub evidence: Evidence,
}

/// What a value is held against beside its own limits.
#[derive(Clone, Copy)]
pub(in crate::judge) struct Beside<'a> {
    /// All values of the same answer.
    pub taken: &'a BTreeMap<String, Taken>,
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

/// The first limit that the value breaks, if any.
pub(in crate::judge) fn fault(spec: &ValueSpec, beside: &Beside<'_>) -> Option<Fault> {
    let taken = beside.taken.get(&spec.name)?;
    let (code, fact) = match taken {
        Taken::Missing { within_empty: true } => (
            Code::ContentEmpty,
            "the list it stands in is empty".to_owned(),
        ),
        Taken::Missing { .. } => (Code::ContentChanged, "nothing matches".to_owned()),
        Taken::Null => (Code::ContentNulls, "it is there, and empty".to_owned()),
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
    let above = code == Code::ContentChanged && matches!(taken, Taken::Value(_));
    Some(Fault {
        name: spec.name.clone(),
        code,
        above,
        evidence: Evidence {
            fact: format!("value `{}`: {fact}", spec.name),
            place: format!("x_accesswatch.values.{}", spec.name),
        },
    })
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
        let code = match value {
            Value::Count(_) => Code::ContentEmpty,
            _ => Code::ContentShrunk,
        };
        return Some((
            code,
            format!("{} is below the least of {min}", value.show()),
        ));
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
    if age.days < -AHEAD && !ends_this_month(*date, beside.now) {
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

/// A month alone is read as its last day, so that this month's is no date ahead (Beijing's month).
fn ends_this_month(date: NaiveDate, now: Time) -> bool {
    let today = now.with_timezone(&BEIJING).date_naive();
    let same_month = (date.year(), date.month()) == (today.year(), today.month());
    same_month && date.succ_opt().is_some_and(|next| next.day() == 1)
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
