//! A column that does not change while the dates of its answers do: old figures under new dates,
//! where the probe does not say which value changes with which date.
//!
//! One day proves nothing: pages print the day on which they are read, and markets close. The
//! column must therefore have changed often before, and be unchanged for more than twice as long as
//! ever before. Days are counted as open days of the value's calendar, or else of the date's, or
//! else of the usual one.

use chrono::NaiveDate;

use super::column::ColumnSummary;
use super::context::ValueContext;
use super::extract::Extraction;
use crate::model::fact::{Fact, Held};
use crate::model::page::{PastValue, Value, column_of};
use crate::model::probe::ValueSpec;
use crate::schedule::calendar::{Calendars, weekdays};

/// How often the column must have changed.
const CHANGES: usize = 8;
/// How many open days it must be unchanged: by the calendar that the probe names, …
const STILL: i64 = 3;
/// … by the usual one, …
const STILL_USUALLY: i64 = 6;
/// … and where no calendar covers the days: the longest holidays close six weekdays.
const STILL_BY_WEEKDAYS: i64 = 10;
/// The calendar for probes that name none.
const USUAL: &str = "cn-workday";

/// The date and the column of a healthy answer.
struct PastColumn<'a> {
    date: NaiveDate,
    column: &'a str,
}

/// Open days, and how many of them are too many for an unchanged column.
struct OpenDays {
    days: i64,
    needed: i64,
}

/// Counts open days.
#[derive(Clone, Copy)]
struct Counter<'a> {
    /// The calendar that the probe names.
    named: Option<&'a str>,
    calendars: &'a Calendars,
}

/// Whether the column is the same as some open days ago, after changes at shorter intervals. Every
/// date of the answer must have advanced: a page whose own date is unchanged says that nothing new
/// came.
pub(super) fn stands_still(
    spec: &ValueSpec,
    column: &ColumnSummary,
    context: &ValueContext<'_>,
) -> Option<Fact> {
    let digest = column.digest.as_deref()?;
    let columns = context.past(&column_of(&spec.name));
    let mut found = None;
    for (name, taken) in context.taken {
        let Extraction::Value(Value::Date(now)) = taken else {
            continue;
        };
        let past = dated(context.past(name), columns);
        let counter = Counter::new(spec, name, context);
        let then = since_when(&past, digest, *now, counter)?;
        found.get_or_insert((name, then, *now));
    }
    let (date, then, now) = found?;
    Some(Fact::ValueMisdated {
        value: spec.name.clone(),
        what: Held::Content,
        date: date.clone(),
        then,
        now,
    })
}

/// The date since which the column is unchanged, if that is too long ago.
fn since_when(
    past: &[PastColumn<'_>],
    digest: &str,
    now: NaiveDate,
    counter: Counter<'_>,
) -> Option<NaiveDate> {
    let same = past.iter().rev().take_while(|seen| seen.column == digest);
    let then = same.last()?.date;
    let open = counter.open_days(then, now);
    if open.days < open.needed {
        return None;
    }
    let (changes, longest) = habits(past, counter);
    (changes >= CHANGES && open.days > 2 * longest).then_some(then)
}

/// The columns with the dates of the same answers, oldest first.
fn dated<'a>(dates: &[PastValue], columns: &'a [PastValue]) -> Vec<PastColumn<'a>> {
    let pair = |past: &'a PastValue| {
        let Value::Column(column) = &past.value else {
            return None;
        };
        let at = dates.binary_search_by_key(&past.at, |dated| dated.at);
        match dates[at.ok()?].value {
            Value::Date(date) => Some(PastColumn { date, column }),
            _ => None,
        }
    };
    columns.iter().filter_map(pair).collect()
}

/// How often the column changed, and the most open days between two changes.
fn habits(past: &[PastColumn<'_>], counter: Counter<'_>) -> (usize, i64) {
    let mut changes = 0;
    let mut longest = 0;
    let Some(mut since) = past.first().map(|seen| seen.date) else {
        return (0, 0);
    };
    for pair in past.windows(2) {
        if pair[0].column != pair[1].column {
            changes += 1;
            longest = longest.max(counter.open_days(since, pair[1].date).days);
            since = pair[1].date;
        }
    }
    (changes, longest)
}

impl<'a> Counter<'a> {
    /// Counts by the calendar of a value or of the date next to it.
    fn new(spec: &'a ValueSpec, date: &str, context: &ValueContext<'a>) -> Self {
        let dated = context.specs.iter().find(|spec| spec.name == date);
        let of_date = || dated.and_then(|spec| spec.calendar.as_deref());
        Self {
            named: spec.calendar.as_deref().or_else(of_date),
            calendars: context.calendars,
        }
    }

    fn open_days(self, from: NaiveDate, to: NaiveDate) -> OpenDays {
        let Some(calendar) = self.calendars.get(self.named.unwrap_or(USUAL)) else {
            return OpenDays {
                days: weekdays(from, to),
                needed: STILL_BY_WEEKDAYS,
            };
        };
        let counted = calendar.count(from, to);
        let needed = match self.named {
            _ if counted.uncovered > 0 => STILL_BY_WEEKDAYS,
            Some(_) => STILL,
            None => STILL_USUALLY,
        };
        OpenDays {
            days: counted.open,
            needed,
        }
    }
}
