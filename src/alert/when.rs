//! Times and durations as mails write them: UTC, Beijing, then the reader's zone when it is another.

use chrono_tz::Tz;

use crate::i18n::mail::{Texts, fill};
use crate::model::Time;
use crate::model::time::BEIJING;

/// `2026-11-23 09:00 UTC; 2026-11-23 17:00 Beijing; 2026-11-23 10:00 Europe/Berlin`.
pub(super) fn instant(t: Time, zone: Tz, texts: &Texts) -> String {
    let form = "%Y-%m-%d %H:%M";
    let both = format!(
        "{} UTC{}{} {}",
        t.format(form),
        texts.marks.item,
        t.with_timezone(&BEIJING).format(form),
        texts.say.beijing
    );
    let universal = matches!(zone, Tz::UTC | Tz::Etc__UTC | Tz::GMT | Tz::Etc__GMT);
    if zone == BEIJING || universal {
        return both;
    }
    format!(
        "{both}{}{} {}",
        texts.marks.item,
        t.with_timezone(&zone).format(form),
        zone.name()
    )
}

/// `2026-11-23 09:00 UTC`, for tables and lists.
pub(super) fn short(t: Time) -> String {
    format!("{} UTC", t.format("%Y-%m-%d %H:%M"))
}

/// The day in the reader's zone, `2026-11-23`.
pub(super) fn day(t: Time, zone: Tz) -> String {
    t.with_timezone(&zone).format("%Y-%m-%d").to_string()
}

/// `35 min`, `7 h`, `12 days`: rounded down, to the unit that reads best.
pub(super) fn duration(from: Time, to: Time, texts: &Texts) -> String {
    let minutes = (to - from).num_minutes().max(0);
    let (template, n) = match minutes {
        0..=119 => (texts.say.duration_minutes, minutes),
        120..=2879 => (texts.say.duration_hours, minutes / 60),
        _ => (texts.say.duration_days, minutes / 1440),
    };
    fill(template, &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::mail::texts;
    use crate::model::settings::Language;

    fn t(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn three_zones_and_no_doubles() {
        let at = t("2026-11-23T20:30:00Z");
        let en = texts(Language::En);
        assert_eq!(
            instant(at, chrono_tz::Europe::Berlin, en),
            "2026-11-23 20:30 UTC; 2026-11-24 04:30 Beijing; 2026-11-23 21:30 Europe/Berlin"
        );
        let two = "2026-11-23 20:30 UTC; 2026-11-24 04:30 Beijing";
        assert_eq!(instant(at, BEIJING, en), two);
        assert_eq!(instant(at, chrono_tz::UTC, en), two);
        assert_eq!(
            instant(at, BEIJING, texts(Language::Zh)),
            "2026-11-23 20:30 UTC；2026-11-24 04:30 北京时间"
        );
    }

    #[test]
    fn durations_read_well() {
        let start = t("2026-11-23T00:00:00Z");
        let en = texts(Language::En);
        for (end, text) in [
            ("2026-11-23T00:35:59Z", "35 min"),
            ("2026-11-23T07:59:00Z", "7 h"),
            ("2026-12-05T01:00:00Z", "12 days"),
            ("2026-11-22T00:00:00Z", "0 min"),
        ] {
            assert_eq!(duration(start, t(end), en), text);
        }
    }
}
