//! How long a probe's verdict can be compared: one interval of its schedule, plus the jitter that
//! may delay the next round.

use std::time::Duration;

use chrono::TimeDelta;

use crate::model::{Probe, Settings, Time};
use crate::schedule::{Cron, plan};

/// The tolerance, beyond its jitter, for a probe that missed two rounds.
const GRACE: TimeDelta = TimeDelta::minutes(10);

/// When a probe last checked at `last` becomes late: two rounds were due since, and the second is
/// over.
#[must_use]
pub fn late_from(probe: Option<&Probe>, settings: &Settings, last: Time) -> Option<Time> {
    let schedule = &settings.schedule;
    let text = probe
        .and_then(|p| p.schedule.as_deref())
        .unwrap_or(&schedule.default);
    let cron = Cron::parse(text).ok()?;
    let first = cron.next_after(last, schedule.timezone)?;
    let second = cron.next_after(first, schedule.timezone)?;
    let jitter = TimeDelta::from_std(schedule.jitter).ok()?;
    second.checked_add_signed(jitter + GRACE)
}

/// One interval of the probe's schedule around `now`. An expression that is invalid or never fires
/// (the configuration refuses both) counts as one day.
#[must_use]
pub fn interval(probe: Option<&Probe>, settings: &Settings, now: Time) -> Duration {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let schedule = &settings.schedule;
    let text = probe
        .and_then(|p| p.schedule.as_deref())
        .unwrap_or(&schedule.default);
    let gap = Cron::parse(text)
        .map(|cron| plan::interval(&cron, schedule.timezone, now))
        .ok()
        .filter(|gap| !gap.is_zero())
        .unwrap_or(DAY);
    gap + schedule.jitter
}
