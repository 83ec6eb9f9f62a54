//! How long a probe's verdict can be compared: one interval of its schedule, plus the jitter that
//! may delay the next round.

use std::time::Duration;

use chrono::TimeDelta;

use crate::model::{Probe, Settings, Time};
use crate::schedule::{Cron, remembered};

/// The tolerance, beyond its jitter, for a probe that missed two rounds.
const GRACE: TimeDelta = TimeDelta::minutes(10);

fn expression<'a>(probe: Option<&'a Probe>, settings: &'a Settings) -> &'a str {
    probe
        .and_then(|p| p.schedule.as_deref())
        .unwrap_or(&settings.schedule.default)
}

/// The parsed expression of a probe; `None` when it cannot be read.
fn cron_of(probe: Option<&Probe>, settings: &Settings) -> Option<Cron> {
    remembered::cron(expression(probe, settings)).ok()
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
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let schedule = &settings.schedule;
    let gap = remembered::interval(expression(probe, settings), schedule.timezone, now);
    let gap = if gap.is_zero() { DAY } else { gap };
    gap + schedule.jitter
}
