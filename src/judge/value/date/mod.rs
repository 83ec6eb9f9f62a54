//! Dates as pages write them, read as a reader reads them, or not at all.
//!
//! A text is first put into one spelling ([`spelling`]). Then each form of [`mod@find`] claims the
//! pieces that it reads; forms without a date (numbers of documents, file names, phone numbers)
//! come first. Then [`newest`] chooses. A date with a time zone becomes the day in Beijing, where
//! the sources are.

mod absolute;
mod barren;
mod days;
mod english;
mod find;
mod forms;
mod loose;
mod needed;
mod period;
mod role;
mod spelling;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime};

use crate::model::Time;
use crate::model::time::BEIJING;
use crate::text::normalise::nfkc;
use days::{beijing, epoch, last_of_months};

/// How much text is searched for dates.
const MAX_CHARS: usize = 4000;
/// How many days a date may be in the future and still count as today's (time zones, evening
/// editions), when others are not.
const EVENING: u64 = 1;

/// The date that a text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadDate {
    /// The last day of a period that is over; today for a current period.
    pub date: NaiveDate,
    /// The first day of the period, while it is current.
    pub running_since: Option<NaiveDate>,
    /// The text states a number of hours: at another hour of the same day the date may be another.
    pub asks_hour: bool,
}

impl ReadDate {
    fn day(date: NaiveDate) -> Self {
        Self {
            date,
            running_since: None,
            asks_hour: false,
        }
    }

    fn period(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> Self {
        if first <= today && today <= last {
            return Self {
                date: today,
                running_since: Some(first),
                asks_hour: false,
            };
        }
        Self::day(last)
    }
}

/// The local time in Beijing, for relative words ("yesterday") and days without a year.
#[must_use]
pub fn local(now: Time) -> NaiveDateTime {
    now.with_timezone(&BEIJING).naive_local()
}

/// The newest date in a text; with a format, the date that the format reads: strftime, `epoch_s`,
/// `epoch_ms`. `now` is the time of the fetch, in Beijing.
#[must_use]
pub fn newest(text: &str, format: Option<&str>, now: NaiveDateTime) -> Option<NaiveDate> {
    read(text, format, now).map(|read| read.date)
}

/// [`newest`], for a day without a known hour.
#[must_use]
pub fn newest_on(text: &str, format: Option<&str>, today: NaiveDate) -> Option<NaiveDate> {
    newest(text, format, today.and_hms_opt(12, 0, 0)?)
}

/// [`newest`], and whether it is that of a current period.
#[must_use]
pub fn read(text: &str, format: Option<&str>, now: NaiveDateTime) -> Option<ReadDate> {
    let text = nfkc(text);
    let text = text.trim();
    match format {
        Some("epoch_s") => epoch(text, 1000).map(ReadDate::day),
        Some("epoch_ms") => epoch(text, 1).map(ReadDate::day),
        Some(format) => formatted(text, format, now.date()),
        None => {
            let end = text
                .char_indices()
                .nth(MAX_CHARS)
                .map_or(text.len(), |(at, _)| at);
            guessed(&text[..end], now)
        }
    }
}

fn formatted(text: &str, format: &str, today: NaiveDate) -> Option<ReadDate> {
    if let Ok((date, _)) = NaiveDate::parse_and_remainder(text, format) {
        return Some(ReadDate::day(date));
    }
    if let Ok((t, _)) = DateTime::parse_and_remainder(text, format) {
        return Some(ReadDate::day(beijing(&t)));
    }
    if let Ok((t, _)) = NaiveDateTime::parse_and_remainder(text, format) {
        return Some(ReadDate::day(t.date()));
    }
    // A format of year and month alone, or of a year: the last day of it.
    let first_of = |before: &str, fields: &str| {
        let text = format!("{before} {text}");
        let read = NaiveDate::parse_and_remainder(&text, &format!("{fields} {format}")).ok();
        read.map(|(first, _)| first)
    };
    let month = first_of("01", "%d").map(|first| (first, 1));
    let year = || first_of("01 01", "%d %m").map(|first| (first, 12));
    let (first, months) = month.or_else(year)?;
    Some(ReadDate::period(
        first,
        last_of_months(first, months)?,
        today,
    ))
}

fn guessed(text: &str, now: NaiveDateTime) -> Option<ReadDate> {
    if let Ok(t) = DateTime::parse_from_rfc2822(text) {
        return Some(ReadDate::day(beijing(&t)));
    }
    if let Ok(t) = DateTime::parse_from_rfc3339(text) {
        return Some(ReadDate::day(beijing(&t)));
    }
    if let Some(date) = whole_epoch(text, now) {
        return Some(ReadDate::day(date));
    }
    let text = spelling::one(text, now.date());
    let found = find::find(&text, now);
    let asks_hour = found
        .iter()
        .any(|piece| piece.kind == forms::DateConfidence::Ago);
    let read = choose(&text, &found, now.date())?;
    Some(ReadDate { asks_hour, ..read })
}

/// Ten or thirteen digits alone are an epoch, if its time is plausible.
fn whole_epoch(text: &str, now: NaiveDateTime) -> Option<NaiveDate> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let date = match text.len() {
        13 => epoch(text, 1),
        10 => epoch(text, 1000),
        _ => None,
    }?;
    (1990..=now.year() + 5)
        .contains(&date.year())
        .then_some(date)
}

/// The newest date of the most certain kind, without deadlines, without ends of ranges in the
/// future, and without a future date when others are not in the future.
fn choose(text: &str, found: &[forms::DatePiece], today: NaiveDate) -> Option<ReadDate> {
    use forms::DateConfidence;
    let stated = role::stated_dates(text, found, today);
    let firm = |kind: &DateConfidence| {
        matches!(
            kind,
            DateConfidence::Day | DateConfidence::Period | DateConfidence::Ago
        )
    };
    let has_day = stated.iter().any(|p| p.kind == DateConfidence::Day);
    let has_firm = stated.iter().any(|p| firm(&p.kind));
    let counts = |piece: &&&forms::DatePiece| match piece.kind {
        DateConfidence::Day | DateConfidence::Period | DateConfidence::Ago => true,
        DateConfidence::NoYear | DateConfidence::Word => !has_day,
        DateConfidence::Whole => !has_firm,
    };
    let reads: Vec<ReadDate> = stated
        .iter()
        .filter(counts)
        .map(|p| ReadDate::period(p.first, p.last, today))
        .map(|read| {
            if read.running_since == Some(read.date) {
                ReadDate::day(read.date)
            } else {
                read
            }
        })
        .collect();
    let evening = today.checked_add_days(Days::new(EVENING)).unwrap_or(today);
    let not_ahead = reads.iter().filter(|read| read.date <= evening).max();
    not_ahead.or_else(|| reads.iter().max()).copied()
}
