//! A five-field crontab expression in a time zone.
//!
//! The meaning is that of crontab(5): Sunday is 0 or 7; when day of month *and* day of week are
//! restricted (neither begins with `*`), either is enough. The `cron` crate steps through the wall
//! clock; it reads six fields, numbers week days from 1 and requires both days, so each expression
//! is rewritten for it. `zone` handles the zone's clock changes.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;

use super::error::CronError;
use super::field::{CronField, CronSet, DAY, HOUR, MINUTE, MONTH, WEEKDAY};
use super::zone;
use crate::model::Time;

/// A checked expression. Searches end with the year 2100: an expression that never fires gives
/// `None`.
///
/// ```
/// use accesswatch::schedule::Cron;
/// let cron = Cron::parse("20 9,15,21 * * *")?;
/// let now = "2026-11-23T00:00:00Z".parse().unwrap();
/// let next = cron.next_after(now, chrono_tz::Asia::Shanghai).unwrap();
/// assert_eq!(next.to_rfc3339(), "2026-11-23T01:20:00+00:00"); // 09:20 in Shanghai
/// # Ok::<(), accesswatch::schedule::CronError>(())
/// ```
#[derive(Clone)]
pub struct Cron {
    text: String,
    minute: CronSet,
    hour: CronSet,
    day: CronSet,
    month: CronSet,
    weekday: CronSet,
    /// One schedule, or two of which either may fire (day of month, day of week). They are made on
    /// first use: most commands read hundreds of expressions and ask few when they fire.
    schedules: Arc<OnceLock<Vec<cron::Schedule>>>,
}

impl Cron {
    /// Reads five fields or a nickname such as `@daily`.
    ///
    /// # Errors
    /// [`CronError`] names the field and the fix.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let spelled = nickname(text.trim())?;
        let fields: Vec<&str> = spelled.split_ascii_whitespace().collect();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(CronError::Fields(fields.len()));
        };
        Ok(Self {
            text: text.trim().to_owned(),
            minute: MINUTE.parse(minute)?,
            hour: HOUR.parse(hour)?,
            day: DAY.parse(day)?,
            month: MONTH.parse(month)?,
            weekday: WEEKDAY.parse(weekday)?,
            schedules: Arc::default(),
        })
    }

    fn schedules(&self) -> &[cron::Schedule] {
        self.schedules.get_or_init(|| {
            let clock = format!(
                "0 {} {}",
                list(&MINUTE, self.minute),
                list(&HOUR, self.hour)
            );
            let months = list(&MONTH, self.month);
            let line = |day: &str, weekday: &str| format!("{clock} {day} {months} {weekday}");
            let (days, weekdays) = (list(&DAY, self.day), weekday_names(self.weekday));
            let lines = if self.day.star || self.weekday.star {
                vec![line(&days, &weekdays)]
            } else {
                vec![line(&days, "*"), line("*", &weekdays)]
            };
            // The crate documents lists of numbers in range and of day names.
            let schedules = lines.iter().map(|line| cron::Schedule::from_str(line));
            schedules.filter_map(Result::ok).collect()
        })
    }

    /// Whether it fires on any day. Only a day that none of its months has never comes: every
    /// weekday falls on the first of each month, and on 29 February, in some year.
    #[must_use]
    pub fn fires(&self) -> bool {
        let is_day_alone = !self.day.star && self.weekday.star;
        let first_day = self.day.values().next().unwrap_or_default();
        let mut longest = self.month.values().map(|month| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        });
        !is_day_alone || longest.any(|days| first_day <= days)
    }

    /// The expression as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it fires more than once within an hour on some day.
    #[must_use]
    pub fn is_more_than_hourly(&self) -> bool {
        self.minute.values().count() > 1
    }

    /// The first fire later than `t`.
    #[must_use]
    pub fn next_after(&self, t: Time, tz: Tz) -> Option<Time> {
        if self.hour.star {
            return self.next_beat(t, tz);
        }
        let mut naive = zone::wall(tz, t);
        loop {
            naive = self.step(naive)?;
            let fire = zone::promise(tz, naive);
            if fire > t {
                return Some(fire);
            }
            // In the second run of a repeated hour: it already fired in the first.
        }
    }

    /// The newest fire not later than `t`.
    #[must_use]
    pub fn last_at_or_before(&self, t: Time, tz: Tz) -> Option<Time> {
        if self.hour.star {
            return self.last_beat(t, tz);
        }
        // In a repeated hour the wall clock has already shown the times that are ahead of it now.
        let ahead = zone::offset(tz, t).max(zone::offset(tz, t - Duration::hours(26)));
        let mut naive = zone::plus(t.naive_utc(), ahead + TICK);
        loop {
            naive = self.step_back(naive)?;
            let fire = zone::promise(tz, naive);
            if fire <= t {
                return Some(fire);
            }
        }
    }

    /// Wildcard hour: walks over periods with one offset, so that the fires follow the actual
    /// clock.
    fn next_beat(&self, t: Time, tz: Tz) -> Option<Time> {
        let (mut after, mut start) = (t, t);
        loop {
            let ahead = zone::offset(tz, start);
            let naive = self.step(zone::plus(after.naive_utc(), ahead))?;
            let fire = zone::at_offset(naive, ahead);
            let Some(change) = zone::next_change(tz, start, fire) else {
                return Some(fire);
            };
            (after, start) = (change - TICK, change);
        }
    }

    /// [`next_beat`](Self::next_beat), backwards.
    fn last_beat(&self, t: Time, tz: Tz) -> Option<Time> {
        let mut upto = t;
        loop {
            let ahead = zone::offset(tz, upto);
            let naive = self.step_back(zone::plus(upto.naive_utc(), ahead + TICK))?;
            let fire = zone::at_offset(naive, ahead);
            let Some(change) = zone::last_change(tz, fire, upto) else {
                return Some(fire);
            };
            upto = change - TICK;
        }
    }

    /// The next wall-clock time after `naive`.
    fn step(&self, naive: NaiveDateTime) -> Option<NaiveDateTime> {
        let after = naive.and_utc();
        let next = |s: &cron::Schedule| s.after(&after).next();
        let earliest = self.schedules().iter().filter_map(next).min()?;
        Some(earliest.naive_utc())
    }

    /// The wall-clock time before `naive`.
    fn step_back(&self, naive: NaiveDateTime) -> Option<NaiveDateTime> {
        let before = naive.and_utc();
        let last = |s: &cron::Schedule| s.after(&before).next_back();
        let latest = self.schedules().iter().filter_map(last).max()?;
        Some(latest.naive_utc())
    }
}

/// The smallest step of time: changes "later than" to "not earlier than".
const TICK: Duration = Duration::nanoseconds(1);

/// The five fields of a nickname (crontab(5)); other text unchanged.
fn nickname(text: &str) -> Result<&str, CronError> {
    if !text.starts_with('@') {
        return Ok(text);
    }
    match text.to_ascii_lowercase().as_str() {
        "@hourly" => Ok("0 * * * *"),
        "@daily" | "@midnight" => Ok("0 0 * * *"),
        "@weekly" => Ok("0 0 * * 0"),
        "@monthly" => Ok("0 0 1 * *"),
        "@yearly" | "@annually" => Ok("0 0 1 1 *"),
        "@reboot" => Err(CronError::Reboot),
        _ => Err(CronError::Nickname(text.to_owned())),
    }
}

/// The values of a field; `*` for all, which the crate reads faster.
fn list(field: &CronField, set: CronSet) -> String {
    if field.is_full(set) {
        return "*".to_owned();
    }
    let values: Vec<String> = set.values().map(|n| n.to_string()).collect();
    values.join(",")
}

/// The names of the week days, because the crate counts them from 1.
fn weekday_names(set: CronSet) -> String {
    const NAMES: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    if WEEKDAY.is_full(set) {
        return "*".to_owned();
    }
    let names: Vec<&str> = set
        .values()
        .filter_map(|n| NAMES.get(usize::try_from(n).ok()?).copied())
        .collect();
    names.join(",")
}

impl fmt::Debug for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cron({})", self.text)
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Cron {}

impl FromStr for Cron {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
