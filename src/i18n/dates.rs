//! Days and clocks as readers of a language write them.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use super::messages::{ZONES, key};
use crate::model::Time;
use crate::model::settings::Language;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `23 November 2026`, `2026년 11월 23일`, `2026年11月23日`; the year only on request.
#[must_use]
pub fn day(language: Language, day: NaiveDate, with_year: bool) -> String {
    let (year, month, date) = (day.year(), day.month(), day.day());
    let name = MONTHS[day.month0() as usize];
    match (language, with_year) {
        (Language::En, false) => format!("{date} {name}"),
        (Language::En, true) => format!("{date} {name} {year}"),
        (Language::Ko, false) => format!("{month}월 {date}일"),
        (Language::Ko, true) => format!("{year}년 {month}월 {date}일"),
        (Language::Zh, false) => format!("{month}月{date}日"),
        (Language::Zh, true) => format!("{year}年{month}月{date}日"),
    }
}

/// Both ends of a span with its year: `2` and `13 March 2026` within a month.
#[must_use]
pub fn span(language: Language, from: NaiveDate, to: NaiveDate) -> (String, String) {
    if (from.year(), from.month()) != (to.year(), to.month()) {
        return (day(language, from, true), day(language, to, true));
    }
    match language {
        Language::En => (from.day().to_string(), day(language, to, true)),
        Language::Ko => (day(language, from, true), format!("{}일", to.day())),
        Language::Zh => (day(language, from, true), format!("{}日", to.day())),
    }
}

/// A day and the time of day in a zone.
#[must_use]
pub fn day_and_time(language: Language, t: Time, zone: Tz, with_year: bool) -> String {
    let local = t.with_timezone(&zone);
    let date = day(language, local.date_naive(), with_year);
    let (hour, minute) = (local.hour(), local.minute());
    format!("{date} {hour:02}:{minute:02}")
}

/// The name of a zone's clock: `Berlin time`, `한국 시간`, `柏林时间`.
#[must_use]
pub fn zone(language: Language, t: Time, zone: Tz) -> String {
    match ALIKE.iter().find(|zones| zones.contains(&zone)) {
        Some(known) => ZONES.text(language, &key_of(known[0])).to_owned(),
        // The same in every language.
        None => format!("UTC{}", t.with_timezone(&zone).format("%:z")),
    }
}

/// The key of a zone: `zone-asia-shanghai`.
fn key_of(zone: Tz) -> String {
    key("zone", &zone.name().to_lowercase().replace('/', "-"))
}

/// Every key of `zones.ftl`.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    ALIKE.iter().map(|zones| key_of(zones[0])).collect()
}

/// Zones with a named clock; all zones of a row have the name of the first.
const ALIKE: &[&[Tz]] = &[
    &[Tz::UTC, Tz::Etc__UTC, Tz::GMT, Tz::Etc__GMT],
    &[Tz::Asia__Shanghai, Tz::PRC, Tz::Asia__Chongqing],
    &[Tz::Asia__Seoul, Tz::ROK],
    &[Tz::Asia__Tokyo, Tz::Japan],
    &[Tz::Asia__Hong_Kong],
    &[Tz::Asia__Taipei],
    &[Tz::Asia__Macau],
    &[Tz::Asia__Singapore, Tz::Singapore],
    &[Tz::Asia__Bangkok],
    &[Tz::Asia__Kolkata],
    &[Tz::Europe__Berlin],
    &[Tz::Europe__Vienna],
    &[Tz::Europe__Zurich],
    &[Tz::Europe__Paris],
    &[Tz::Europe__London],
    &[Tz::Europe__Dublin],
    &[Tz::Europe__Amsterdam],
    &[Tz::Europe__Brussels],
    &[Tz::Europe__Copenhagen],
    &[Tz::Europe__Stockholm],
    &[Tz::Europe__Oslo],
    &[Tz::Europe__Helsinki],
    &[Tz::Europe__Rome],
    &[Tz::Europe__Madrid],
    &[Tz::Europe__Prague],
    &[Tz::Europe__Warsaw],
    &[Tz::America__New_York, Tz::US__Eastern],
    &[Tz::America__Chicago, Tz::US__Central],
    &[Tz::America__Denver, Tz::US__Mountain],
    &[Tz::America__Los_Angeles, Tz::US__Pacific],
    &[Tz::America__Toronto],
    &[Tz::America__Vancouver],
    &[Tz::Australia__Sydney],
    &[Tz::Australia__Melbourne],
    &[Tz::Pacific__Auckland],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::Language::{En, Ko, Zh};

    #[test]
    fn days_read_as_they_are_written() {
        let t: Time = "2026-11-09T20:05:00Z".parse().unwrap();
        let seoul = Tz::Asia__Seoul;
        assert_eq!(day_and_time(En, t, Tz::UTC, false), "9 November 20:05");
        assert_eq!(day_and_time(Ko, t, seoul, true), "2026년 11월 10일 05:05");
        assert_eq!(day_and_time(Zh, t, seoul, false), "11月10日 05:05");
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let march = |language| span(language, date("2026-03-02"), date("2026-03-13"));
        assert_eq!(march(En), ("2".to_owned(), "13 March 2026".to_owned()));
        assert_eq!(march(Zh), ("2026年3月2日".to_owned(), "13日".to_owned()));
        let (from, _) = span(En, date("2026-02-28"), date("2026-03-13"));
        assert_eq!(from, "28 February 2026");
        assert_eq!(zone(Ko, t, seoul), "한국 시간");
        assert_eq!(zone(Zh, t, Tz::Europe__Berlin), "柏林时间");
        assert_eq!(zone(Zh, t, Tz::Asia__Kathmandu), "UTC+05:45");
    }
}
