//! Times as pages show them: in the library's zone, with the instant in UTC for programs.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::context::PageContext;
use crate::i18n::dates;
use crate::i18n::mail::fill;
use crate::i18n::pages::PageText;
use crate::model::Time;
use crate::model::rounded_duration::RoundedDuration;
use crate::model::settings::Language;
use crate::model::time::{BEIJING, iso};

/// A `<time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeView {
    pub iso: String,
    pub text: String,
}

/// A sentence with one time in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedSentence {
    pub before: String,
    pub time: TimeView,
    pub after: String,
}

/// Stands for the time while the sentence is filled; it is in no text of ours.
const MARK: &str = "\u{e000}";

impl PageContext<'_> {
    /// `13 March 2026 21:00 Berlin time`.
    pub fn moment(&self, t: Time) -> String {
        self.in_zone(t, self.zone, true)
    }

    fn in_zone(&self, t: Time, zone: chrono_tz::Tz, with_year: bool) -> String {
        let language = self.language();
        let clock = dates::day_and_time(language, t, zone, with_year);
        let name = dates::zone(language, t, zone);
        match language {
            Language::En => format!("{clock} {name}"),
            Language::Ko | Language::Zh => format!("{name} {clock}"),
        }
    }

    /// The same with Beijing time after it, where that is another.
    pub fn moment_and_beijing(&self, t: Time) -> String {
        let own = self.moment(t);
        let (here, there) = (t.with_timezone(&self.zone), t.with_timezone(&BEIJING));
        if here.naive_local() == there.naive_local() {
            return own;
        }
        self.texts
            .marks
            .remark(&own, &self.in_zone(t, BEIJING, false))
    }

    /// `40 minutes`.
    pub fn lasted(&self, from: Time, to: Time) -> String {
        let say = &self.texts.say;
        let (template, n) = match RoundedDuration::between(from, to) {
            RoundedDuration::Minutes(n) => (say.duration_minutes, n),
            RoundedDuration::Hours(n) => (say.duration_hours, n),
            RoundedDuration::Days(n) => (say.duration_days, n),
        };
        fill(template, &[("n", &n.to_string())])
    }

    /// `40 minutes ago`.
    pub fn age(&self, t: Time) -> String {
        let lasted = self.lasted(t, self.now);
        self.fill(PageText::Ago, &[("lasted", &lasted)])
    }

    /// `5 March`, in the library's zone; the year where it is another.
    pub fn day_of(&self, t: Time) -> String {
        let day = t.with_timezone(&self.zone).date_naive();
        self.day(day)
    }

    /// `5 Mar`, for drawings.
    pub fn short_day(&self, t: Time) -> String {
        let local = t.with_timezone(&self.zone);
        match self.language() {
            Language::En => local.format("%-d %b").to_string(),
            Language::Ko | Language::Zh => self.day_of(t),
        }
    }

    /// The same of a day.
    pub fn day(&self, day: NaiveDate) -> String {
        let this_year = self.now.with_timezone(&self.zone).year();
        dates::day(self.language(), day, day.year() != this_year)
    }

    /// `5 March`; of what is younger than a day also the time.
    pub fn since(&self, t: Time) -> TimeView {
        let text = if self.now - t < TimeDelta::hours(24) {
            dates::day_and_time(self.language(), t, self.zone, false)
        } else {
            self.day_of(t)
        };
        TimeView { iso: iso(t), text }
    }

    /// A sentence around a time.
    pub fn timed(
        &self,
        text: PageText,
        name: &str,
        time: TimeView,
        others: &[(&str, &str)],
    ) -> TimedSentence {
        let mut values = others.to_vec();
        values.push((name, MARK));
        let filled = self.fill(text, &values);
        let (before, after) = filled.split_once(MARK).unwrap_or((&filled, ""));
        TimedSentence {
            before: before.to_owned(),
            time,
            after: after.to_owned(),
        }
    }
}
