//! Days of instants and of months.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate};

use crate::model::time::BEIJING;

pub(super) fn epoch(text: &str, factor: i64) -> Option<NaiveDate> {
    let whole = text.split('.').next().unwrap_or(text);
    let ms = whole.parse::<i64>().ok()?.checked_mul(factor)?;
    DateTime::from_timestamp_millis(ms).map(|t| beijing(&t))
}

pub(super) fn beijing<Tz: chrono::TimeZone>(t: &DateTime<Tz>) -> NaiveDate {
    t.with_timezone(&BEIJING).date_naive()
}

/// The last day of the period of `months` months that begins with `first`'s month.
pub(super) fn last_of_months(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    first
        .with_day(1)?
        .checked_add_months(Months::new(months))?
        .checked_sub_days(Days::new(1))
}
