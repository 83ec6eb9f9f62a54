//! Values that should have changed and did not: frozen, or an old value under a new date.

use chrono::NaiveDate;

use super::calendar;
use super::context::ValueContext;
use super::extract::Extraction;
use crate::model::Time;
use crate::model::fact::{Fact, Held};
use crate::model::page::{PastValue, Value};
use crate::model::probe::ValueSpec;
use crate::model::time::BEIJING;

/// The value has not changed for the whole time in which it must change, and was observed at the
/// start of that time.
pub(super) fn frozen(spec: &ValueSpec, value: &Value, context: &ValueContext<'_>) -> Option<Fact> {
    let limit = spec.must_change?;
    let mut oldest = None;
    for earlier in context.past(&spec.name).iter().rev() {
        if earlier.value != *value {
            break;
        }
        oldest = Some(earlier.at);
    }
    let oldest = oldest?;
    let frozen = |age| Fact::ValueFrozen {
        value: spec.name.clone(),
        what: what(value),
        since: oldest.date_naive(),
        age,
    };
    if spec.calendar.is_none() {
        let span = chrono::Duration::from_std(limit).ok()?;
        let due = context.now.checked_sub_signed(span)?;
        return (oldest <= due).then(|| frozen(None));
    }
    let age = calendar::age(day(oldest), context.now, spec, context.calendars);
    calendar::is_over(age.days, limit).then(|| frozen(Some(age)))
}

/// The date next to it is newer than the last time when the same value was seen.
pub(super) fn misdated(
    spec: &ValueSpec,
    value: &Value,
    context: &ValueContext<'_>,
) -> Option<Fact> {
    let name = spec.changes_with.as_deref()?;
    let Some(Extraction::Value(Value::Date(now))) = context.taken.get(name) else {
        return None;
    };
    let last = context.past(&spec.name).last()?;
    if last.value != *value {
        return None;
    }
    let then = dated(context.past(name), last.at)?;
    // The date of a current month is today, because it advanced by itself.
    let running_since = context
        .extracted
        .get(name)
        .and_then(|value| value.running_since);
    if running_since.is_some_and(|since| since <= then) {
        return None;
    }
    (*now > then).then(|| Fact::ValueMisdated {
        value: spec.name.clone(),
        what: what(value),
        date: name.to_owned(),
        then,
        now: *now,
    })
}

/// The date in the same answer.
fn dated(past: &[PastValue], at: Time) -> Option<NaiveDate> {
    let same = past.iter().rev().find(|p| p.at == at)?;
    match same.value {
        Value::Date(date) => Some(date),
        _ => None,
    }
}

fn what(value: &Value) -> Held {
    match value {
        Value::Hash(_) => Held::Content,
        _ => Held::Value,
    }
}

fn day(at: Time) -> NaiveDate {
    at.with_timezone(&BEIJING).date_naive()
}
