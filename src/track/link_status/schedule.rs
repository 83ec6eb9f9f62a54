//! When the next check of a link is due.

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::LinkStatus;
use crate::model::settings::LinkSettings;

use super::check::ONE_CHECK;

/// Days after which a new link is checked again.
const NEW: [TimeDelta; 2] = [TimeDelta::days(1), TimeDelta::days(3)];
/// Days between the checks of a link that is gone; the last one holds for all later checks.
const GONE: [TimeDelta; 4] = [
    TimeDelta::days(7),
    TimeDelta::days(14),
    TimeDelta::days(28),
    TimeDelta::days(56),
];
const NEXT_DAY: TimeDelta = TimeDelta::days(1);
/// The interval is never stretched to more than this.
const LONGEST: TimeDelta = TimeDelta::days(3650);

/// How often links are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkPolicy {
    pub every: TimeDelta,
    pub doubtful: TimeDelta,
    /// By how much all intervals are stretched, in thousandths; at least 1,000.
    stretch_permille: i64,
}

impl LinkPolicy {
    /// The policy for `links` watched links and at most `daily` checks a day. When `daily` is too
    /// small, all intervals stretch alike.
    #[must_use]
    pub fn new(every: TimeDelta, doubtful: TimeDelta, daily: u64, links: u64) -> Self {
        let days_needed = i128::from(links) * 86_400_000 / i128::from(daily.max(1));
        let every_ms = i128::from(every.num_milliseconds().max(1));
        let permille = (days_needed * 1000 / every_ms).clamp(1000, 1_000_000_000);
        Self {
            every,
            doubtful,
            stretch_permille: i64::try_from(permille).unwrap_or(1000),
        }
    }

    /// The policy of a configuration for `links` watched links.
    #[must_use]
    pub fn from_settings(settings: &LinkSettings, links: u64) -> Self {
        let delta = |d| TimeDelta::from_std(d).unwrap_or(LONGEST);
        let (every, doubtful) = (delta(settings.every), delta(settings.doubtful));
        Self::new(every, doubtful, settings.daily, links)
    }

    /// Whether `daily` is too small for `every`.
    #[must_use]
    pub fn is_stretched(&self) -> bool {
        self.stretch_permille > 1000
    }

    /// The interval between two checks of a healthy link.
    #[must_use]
    pub fn interval(&self) -> TimeDelta {
        self.stretched(self.every)
    }

    /// The newest observation of a vantage counts for this long: until its next check, which may
    /// come later than those of the other vantages.
    #[must_use]
    pub fn validity(&self) -> TimeDelta {
        self.interval() + ONE_CHECK
    }

    fn stretched(&self, by: TimeDelta) -> TimeDelta {
        let ms = i128::from(by.num_milliseconds()) * i128::from(self.stretch_permille) / 1000;
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        TimeDelta::try_milliseconds(ms)
            .unwrap_or(LONGEST)
            .min(LONGEST)
    }
}

/// When the link is due after a check at `at`.
#[must_use]
pub fn next_due(status: &LinkStatus, at: Time, policy: &LinkPolicy) -> Time {
    if status.remarks.contains(&LinkRemark::HostEvent) {
        return at + NEXT_DAY;
    }
    if status.remarks.contains(&LinkRemark::Doubtful) {
        return at + policy.stretched(policy.doubtful);
    }
    if status.state == LinkState::Gone && !status.remarks.contains(&LinkRemark::Person) {
        let nth = usize::try_from(status.gone_checks).unwrap_or(usize::MAX);
        let wait = GONE[nth.min(GONE.len() - 1)];
        return at + policy.stretched(wait);
    }
    let usual = at + policy.interval();
    let first = status.first_checked.unwrap_or(at);
    let as_new = NEW.map(|wait| first + policy.stretched(wait));
    as_new
        .into_iter()
        .find(|due| *due > at)
        .map_or(usual, |due| due.min(usual))
}
