//! How long a probe's verdict stays comparable: one interval of its schedule, and the jitter that may
//! delay its renewal.

use std::time::Duration;

use crate::model::{Probe, Settings, Time};
use crate::schedule::{Cron, plan};

/// One interval of the probe's schedule around `now`. An expression that cannot be read or never fires
/// (the configuration refuses both) counts as a day.
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
