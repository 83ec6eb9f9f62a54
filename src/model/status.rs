//! The settled and confirmed verdict of (probe, vantage), and what the tracker must remember of it.

use serde::{Deserialize, Serialize};

use super::ids::{MeasurementUid, ProbeKey, VantageId};
use super::time::Time;
use super::verdict::{Code, Locus};

/// One (probe, vantage).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub code: Code,
    pub locus: Locus,
    pub since: Time,
    /// The newest round that observed the probe (skipped and unusable rounds do not count).
    pub last_checked: Time,
    /// The newest round that settled at baseline or better.
    pub last_verified: Option<Time>,
    /// What is normal here; none until something may be.
    pub baseline: Option<Code>,
    /// Set by the probe file or by `baseline accept`: it does not rise or fall by itself.
    pub baseline_fixed: bool,
    pub last_good: Option<Time>,
    pub first_bad: Option<Time>,
    /// Was `ok` here once.
    pub was_ok: bool,
    /// The first confirmed status was worse than `ok`: "already restricted".
    pub already_restricted: bool,
    /// The last 21 settled codes, oldest first, for flapping.
    pub settled: Vec<Code>,
    pub flapping: bool,
    /// Of the round that set `code` or confirmed it last.
    pub http_status: Option<u16>,
    pub signature: Option<String>,
    pub measurement: Option<MeasurementUid>,
    /// The sentence of that verdict.
    pub text: String,
    /// The newest round was not settled: this code is suspected.
    pub suspected: Option<Code>,
    /// Not observed since (challenge, robots, back-off, gaps): shown as `blind` after 14 days.
    pub blind_since: Option<Time>,
}
