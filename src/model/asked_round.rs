//! Rounds that a person asked for at once ("look again").

use chrono::TimeDelta;

use super::ids::{ProbeKey, VantageId};
use super::time::Time;

/// A round that is not made within this time after the request is dropped.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
/// A pair that is asked for again within this time is measured once.
pub const ASKED_ONCE: TimeDelta = TimeDelta::seconds(60);

/// A round of a probe from a vantage that a person asked for. The round waits until the probe is
/// checked from that vantage after the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRound {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub incident: i64,
    pub asked: Time,
    /// Who asked.
    pub by: String,
    /// When the lease of the agent that makes the round ends.
    pub leased: Option<Time>,
}

impl AskedRound {
    /// Whether the round is for `vantage`, and no agent has a lease on it at `now`.
    #[must_use]
    pub fn is_free(&self, vantage: &VantageId, now: Time) -> bool {
        self.vantage == *vantage && self.leased.is_none_or(|until| until <= now)
    }
}
