//! freshness.csv: one row per value and UTC day: the age of the newest item.

use std::time::Duration;

use chrono::{Days, NaiveDate};

use crate::model::Catalogue;
use crate::model::page::Value;
use crate::model::probe::ValueSpec;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};
use crate::schedule::calendar::{Calendars, weekdays};
use crate::store::FreshnessRow;

/// The table.
pub struct FreshnessTable;

/// A value of a day, and when the next item was due.
pub struct FreshnessEntry<'a> {
    fresh: &'a FreshnessRow,
    expected_by: Option<NaiveDate>,
}

impl Tabular for FreshnessTable {
    const NAME: &'static str = "freshness";
    type Row<'a> = FreshnessEntry<'a>;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "source_id" Text "the source" => |r| Cell::text(r.fresh.probe.source.as_str());
        "probe_id" Text "the probe within the source" =>
            |r| Cell::text(r.fresh.probe.probe.as_str());
        "value" Text "the name of the value in the probe's file" =>
            |r| Cell::text(&r.fresh.value_name);
        "day" Date "in UTC" => |r| Cell::Day(r.fresh.day);
        "latest" Text
            "the value: of dates the latest that any vantage saw that day, of all else the last \
             one seen" =>
            |r| latest(&r.fresh.value);
        "expected_by" Date
            "when the next item was due: the latest date and the probe's max_age; with a \
             calendar, its closed days are not counted" =>
            |r| Cell::maybe(r.expected_by, Cell::Day);
        "days_late" Number "days from expected_by to day; 0 while it is in time" =>
            |r| Cell::maybe(r.expected_by, |by| Cell::Whole((r.fresh.day - by).num_days().max(0)));
        "rows" Number "where the value is a count of matches" => |r| r.count();
        "null_share" Number "where the value is the share of empty ones, 0 to 1" => |r| r.null_share();
        "changed" YesNo "whether it differs from the newest day before; empty on the first day" =>
            |r| Cell::maybe(r.fresh.changed, Cell::Yes);
    };
}

impl<'a> FreshnessEntry<'a> {
    /// The limits are the probe's current ones.
    pub fn new(fresh: &'a FreshnessRow, catalogue: &Catalogue, calendars: &Calendars) -> Self {
        let spec = catalogue
            .probe(&fresh.probe)
            .and_then(|p| p.values.iter().find(|v| v.name == fresh.value_name));
        Self {
            fresh,
            expected_by: expected_by(&fresh.value, spec, calendars),
        }
    }

    /// When the next item is due, where the probe states a limit.
    pub fn expected_by(&self) -> Option<NaiveDate> {
        self.expected_by
    }

    fn count(&self) -> Cell<'_> {
        match self.fresh.value {
            Value::Count(n) => whole(n),
            _ => Cell::Empty,
        }
    }

    fn null_share(&self) -> Cell<'_> {
        match self.fresh.value {
            Value::NullShare(share) => Cell::Number(share, 4),
            _ => Cell::Empty,
        }
    }
}

fn whole(n: u64) -> Cell<'static> {
    Cell::Whole(i64::try_from(n).unwrap_or(i64::MAX))
}

fn latest(value: &Value) -> Cell<'_> {
    match value {
        Value::Date(day) => Cell::Day(*day),
        // Typed, so that a minus sign is not read as a formula.
        Value::Number(x) if x.is_finite() => Cell::Number(*x, decimals(*x)),
        Value::Count(n) => whole(*n),
        Value::NullShare(share) => Cell::Number(*share, 4),
        other => Cell::Text(other.show().into()),
    }
}

/// The number of decimals of a number, up to six.
fn decimals(x: f64) -> u8 {
    let text = x.to_string();
    let after = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    u8::try_from(after.min(6)).unwrap_or(6)
}

/// When the next item is due after the newest one: its date and the limit of its probe.
#[must_use]
pub fn expected_by(
    value: &Value,
    spec: Option<&ValueSpec>,
    calendars: &Calendars,
) -> Option<NaiveDate> {
    let (Value::Date(latest), Some(spec)) = (value, spec) else {
        return None;
    };
    let days = whole_days(spec.max_age?);
    let Some(name) = &spec.calendar else {
        return latest.checked_add_days(Days::new(days));
    };
    let calendar = calendars.get(name);
    let mut left = days.min(3_660);
    let mut day = *latest;
    while left > 0 {
        let next = day.succ_opt()?;
        let open = calendar.map_or_else(|| weekdays(day, next), |c| c.count(day, next).open);
        left -= u64::from(open > 0);
        day = next;
    }
    Some(day)
}

fn whole_days(age: Duration) -> u64 {
    age.as_secs().div_ceil(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::probe::{ValueFrom, ValueKind};

    fn spec(calendar: Option<&str>) -> ValueSpec {
        ValueSpec {
            name: "newest".into(),
            from: ValueFrom::Text,
            regex: None,
            kind: ValueKind::Date,
            format: None,
            min: None,
            max: None,
            max_drop: None,
            max_age: Some(Duration::from_secs(3 * 86_400)),
            calendar: calendar.map(str::to_owned),
            must_change: None,
            changes_with: None,
        }
    }

    #[test]
    fn the_next_item_is_due_after_max_age() {
        let friday = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let value = Value::Date(friday);
        let none = Calendars::default();
        let by = |s: &ValueSpec| expected_by(&value, Some(s), &none).unwrap().to_string();
        assert_eq!(by(&spec(None)), "2026-11-23");
        assert_eq!(by(&spec(Some("cn-workday"))), "2026-11-25");
        assert_eq!(
            expected_by(&Value::Count(1), Some(&spec(None)), &none),
            None
        );
    }

    #[test]
    fn numbers_keep_their_decimals() {
        assert_eq!(latest(&Value::Number(-0.25)), Cell::Number(-0.25, 2));
        assert_eq!(latest(&Value::Number(40.0)), Cell::Number(40.0, 0));
        assert_eq!(latest(&Value::Count(7)), Cell::Whole(7));
        assert_eq!(latest(&Value::NullShare(0.25)), Cell::Number(0.25, 4));
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        assert_eq!(latest(&Value::Date(day)), Cell::Day(day));
    }
}
