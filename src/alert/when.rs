//! Times and durations as mails write them: the reader's zone first, then Beijing, then UTC.

use chrono::Datelike;
use chrono_tz::Tz;

use crate::i18n::dates;
use crate::i18n::mail::{Texts, fill};
use crate::model::Time;
use crate::model::rounded_duration::RoundedDuration;
use crate::model::settings::{Language, Settings};
use crate::model::time::BEIJING;

/// The zone of a reader: the zone of `[schedule]` when it is the library's own. When it is the zone
/// of the watched sites, readers of Korean get Korea's.
pub(super) fn zone(settings: &Settings, language: Language) -> Tz {
    let zone = settings.schedule.timezone;
    match language {
        Language::Ko if zone == BEIJING => Tz::Asia__Seoul,
        _ => zone,
    }
}

/// `23 November 2026 10:00 Berlin time; 17:00 Beijing time; 09:00 UTC`; the day is repeated where
/// it differs.
pub(super) fn instant(t: Time, zone: Tz, texts: &Texts) -> String {
    let language = texts.language;
    let mut zones = vec![zone];
    for other in [BEIJING, Tz::UTC] {
        if !zones.iter().any(|z| is_same(*z, other, t, language)) {
            zones.push(other);
        }
    }
    let first = t.with_timezone(&zone).date_naive();
    let each = zones.iter().enumerate().map(|(at, zone)| {
        let local = t.with_timezone(zone);
        let clock = if at > 0 && local.date_naive() == first {
            local.format("%H:%M").to_string()
        } else {
            dates::day_and_time(language, t, *zone, at == 0)
        };
        let name = dates::zone(language, t, *zone);
        match language {
            Language::En => format!("{clock} {name}"),
            Language::Ko | Language::Zh => format!("{name} {clock}"),
        }
    });
    each.collect::<Vec<_>>().join(texts.marks.item)
}

/// Two zones with the same name are written once.
fn is_same(one: Tz, other: Tz, t: Time, language: Language) -> bool {
    one == other || dates::zone(language, t, one) == dates::zone(language, t, other)
}

/// `23 November 10:00`, for tables and lists; with the year when it is not the year of `now`.
pub(super) fn short(t: Time, now: Time, zone: Tz, texts: &Texts) -> String {
    dates::day_and_time(texts.language, t, zone, is_of_another_year(t, now, zone))
}

/// `9 November`; with the time when it is less than a day old.
pub(super) fn since(t: Time, now: Time, zone: Tz, texts: &Texts) -> String {
    if now - t < chrono::TimeDelta::hours(24) {
        return short(t, now, zone, texts);
    }
    day_of(t, now, zone, texts)
}

/// `9 November`; with the year when it is not the year of `now`.
pub(super) fn day_of(t: Time, now: Time, zone: Tz, texts: &Texts) -> String {
    let date = t.with_timezone(&zone).date_naive();
    dates::day(texts.language, date, is_of_another_year(t, now, zone))
}

fn is_of_another_year(t: Time, now: Time, zone: Tz) -> bool {
    t.with_timezone(&zone).year() != now.with_timezone(&zone).year()
}

/// `35 minutes`, `7 hours`, `12 days`: rounded to the unit that reads best.
pub(super) fn duration(from: Time, to: Time, texts: &Texts) -> String {
    let (template, n) = match RoundedDuration::between(from, to) {
        RoundedDuration::Minutes(n) => (texts.say.duration_minutes, n),
        RoundedDuration::Hours(n) => (texts.say.duration_hours, n),
        RoundedDuration::Days(n) => (texts.say.duration_days, n),
    };
    fill(template, &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::mail::texts;

    fn t(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn the_readers_clock_comes_first_and_none_twice() {
        let at = t("2026-11-23T20:30:00Z");
        let (en, ko, zh) = (
            texts(Language::En),
            texts(Language::Ko),
            texts(Language::Zh),
        );
        assert_eq!(
            instant(at, Tz::Europe__Berlin, en),
            "23 November 2026 21:30 Berlin time; 24 November 04:30 Beijing time; 20:30 UTC"
        );
        assert_eq!(
            instant(at, Tz::Asia__Seoul, ko),
            "한국 시간 2026년 11월 24일 05:30; 베이징 시간 04:30; UTC 11월 23일 20:30"
        );
        assert_eq!(
            instant(at, BEIJING, zh),
            "北京时间 2026年11月24日 04:30；UTC 11月23日 20:30"
        );
        assert_eq!(
            instant(at, Tz::UTC, en),
            "23 November 2026 20:30 UTC; 24 November 04:30 Beijing time"
        );
    }

    #[test]
    fn what_is_fresh_has_its_time_and_what_is_old_its_year() {
        let now = t("2026-11-23T20:30:00Z");
        let en = texts(Language::En);
        let said = |at: &str| since(t(at), now, Tz::UTC, en);
        assert_eq!(said("2026-11-23T01:20:00Z"), "23 November 01:20");
        assert_eq!(said("2026-11-09T01:20:00Z"), "9 November");
        assert_eq!(said("2025-11-09T01:20:00Z"), "9 November 2025");
    }

    #[test]
    fn durations_are_rounded_and_named() {
        let start = t("2026-11-23T00:00:00Z");
        let en = texts(Language::En);
        for (end, text) in [
            ("2026-11-23T00:01:00Z", "1 minute"),
            ("2026-11-23T07:59:59Z", "8 hours"),
            ("2026-11-26T23:59:59Z", "4 days"),
            ("2026-11-29T18:00:00Z", "7 days"),
            ("2026-11-22T00:00:00Z", "0 minutes"),
        ] {
            assert_eq!(duration(start, t(end), en), text);
        }
    }
}
