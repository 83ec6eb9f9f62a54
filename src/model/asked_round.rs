//! Rounds that a person asked for at once ("look again").

use chrono::TimeDelta;

use super::ids::{ProbeKey, VantageId};
use super::time::Time;

/// A round that was not made within this time is not made any more.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
/// A pair that is asked for again within this time is measured once.
pub const ASKED_ONCE: TimeDelta = TimeDelta::seconds(60);

/// A round of a probe from a vantage that a person asked for. It waits while the newest check of
/// its pair is older than the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRound {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub incident: i64,
    pub asked: Time,
    /// Who asked.
    pub by: String,
    /// The end of the lease of the agent that makes it.
    pub leased: Option<Time>,
}

impl AskedRound {
    /// Whether a vantage has to make it at `now`, and nobody does.
    #[must_use]
    pub fn is_free(&self, vantage: &VantageId, now: Time) -> bool {
        self.vantage == *vantage && self.leased.is_none_or(|until| until <= now)
    }
}
