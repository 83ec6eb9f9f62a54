//! How long a probe's verdict can be compared: one interval of its schedule, plus the jitter that
//! may delay the next round.
//!
//! Thousands of probes share a few expressions, and a pass asks for all probes at one time: what
//! was parsed and computed last is remembered for each thread.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::model::{Probe, Settings, Time};
use crate::schedule::{Cron, plan};

/// The tolerance, beyond its jitter, for a probe that missed two rounds.
const GRACE: TimeDelta = TimeDelta::minutes(10);

/// More expressions than this are not remembered at once.
const MOST: usize = 64;

/// One expression, and its newest interval.
struct Remembered {
    /// `None`: it cannot be read.
    cron: Option<Rc<Cron>>,
    interval: Option<(Tz, Time, Duration)>,
}

thread_local! {
    static REMEMBERED: RefCell<HashMap<String, Remembered>> = RefCell::default();
}

/// Calls `with` with what is remembered of an expression, which is parsed now if it is new.
fn remembered<T>(text: &str, with: impl FnOnce(&mut Remembered) -> T) -> T {
    REMEMBERED.with_borrow_mut(|all| {
        if let Some(known) = all.get_mut(text) {
            return with(known);
        }
        if all.len() >= MOST {
            all.clear();
        }
        with(all.entry(text.to_owned()).or_insert_with(|| Remembered {
            cron: Cron::parse(text).ok().map(Rc::new),
            interval: None,
        }))
    })
}

fn expression<'a>(probe: Option<&'a Probe>, settings: &'a Settings) -> &'a str {
    probe
        .and_then(|p| p.schedule.as_deref())
        .unwrap_or(&settings.schedule.default)
}

/// The parsed expression of a probe; `None` when it cannot be read.
fn cron_of(probe: Option<&Probe>, settings: &Settings) -> Option<Rc<Cron>> {
    remembered(expression(probe, settings), |known| known.cron.clone())
}

/// When a probe last checked at `last` becomes late: two rounds were due since, and the second is
/// over.
#[must_use]
pub fn late_from(probe: Option<&Probe>, settings: &Settings, last: Time) -> Option<Time> {
    let schedule = &settings.schedule;
    let cron = cron_of(probe, settings)?;
    let first = cron.next_after(last, schedule.timezone)?;
    let second = cron.next_after(first, schedule.timezone)?;
    let jitter = TimeDelta::from_std(schedule.jitter).ok()?;
    second.checked_add_signed(jitter + GRACE)
}

/// The first round of the probe that is due after `last`.
#[must_use]
pub fn next_due(probe: Option<&Probe>, settings: &Settings, last: Time) -> Option<Time> {
    cron_of(probe, settings)?.next_after(last, settings.schedule.timezone)
}

/// A round that was due at `due` is overdue from this time on.
#[must_use]
pub fn overdue_from(settings: &Settings, due: Time) -> Option<Time> {
    let jitter = TimeDelta::from_std(settings.schedule.jitter).ok()?;
    due.checked_add_signed(jitter + GRACE)
}

/// One interval of the probe's schedule around `now`. An expression that cannot be read or never
/// fires (the configuration refuses both) counts as a day.
#[must_use]
pub fn interval(probe: Option<&Probe>, settings: &Settings, now: Time) -> Duration {
    let schedule = &settings.schedule;
    gap_of(expression(probe, settings), schedule.timezone, now) + schedule.jitter
}

/// The longest gap between the fires of an expression around `now`.
fn gap_of(text: &str, zone: Tz, now: Time) -> Duration {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    remembered(text, |known| {
        if let Some((of_zone, at, gap)) = known.interval
            && (of_zone, at) == (zone, now)
        {
            return gap;
        }
        let cron = known.cron.as_ref();
        let gap = cron
            .map(|cron| plan::interval(cron, zone, now))
            .filter(|gap| !gap.is_zero())
            .unwrap_or(DAY);
        known.interval = Some((zone, now, gap));
        gap
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each expression, zone and time gives its own answer, whatever was asked before.
    #[test]
    fn what_is_remembered_is_never_another_answer() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let hours = |text: &str, zone, now| gap_of(text, zone, now).as_secs() / 3600;
        let (utc, berlin) = (Tz::UTC, Tz::Europe__Berlin);
        let (spring, night) = (at("2026-03-02T00:00:00Z"), at("2026-10-25T00:30:00Z"));
        for _ in 0..2 {
            for (text, want) in [("0 6 * * *", 24), ("0 */6 * * *", 6), ("nonsense", 24)] {
                assert_eq!(hours(text, utc, spring), want, "{text}");
            }
            // The night in which clocks change, and another zone in the same night.
            assert_eq!(hours("0 6 * * *", utc, night), 24);
            assert_eq!(hours("0 6 * * *", berlin, night), 25);
            assert_eq!(hours("0 6 * * *", berlin, spring), 24);
        }
        for n in 0..60 {
            for hour in [6, 7] {
                assert_eq!(hours(&format!("{n} {hour} * * *"), utc, spring), 24);
            }
        }
        REMEMBERED.with_borrow(|all| assert!(all.len() <= MOST));
    }
}
