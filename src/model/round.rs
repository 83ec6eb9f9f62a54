//! A pass and its rounds: what the engine hands to the tracker.

use serde::{Deserialize, Serialize};

use super::discriminator::Attribution;
use super::failure::Failure;
use super::ids::{MeasurementUid, ProbeKey, RoundId, VantageId};
use super::observation::Observation;
use super::time::Time;
use super::verdict::Code;

/// One judged attempt of a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub uid: MeasurementUid,
    /// 0, then confirmations.
    pub attempt: u32,
    pub started: Time,
    pub observed: Observation,
    /// What a comparison in the same record saw (OONI's `control`).
    pub ooni_control: Option<OoniControl>,
    /// What its discriminators came to, when it has any.
    pub attribution: Option<Attribution>,
}

impl Attempt {
    /// What it was seen as without discriminators.
    #[must_use]
    pub fn seen_as(&self) -> Code {
        self.attribution
            .as_ref()
            .map_or(self.observed.code, |t| t.observed_code)
    }
}

/// What somebody else saw of the same page at the same time: whether it was answered, never whether the page
/// is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OoniControl {
    /// `ok` when it was answered.
    pub code: Code,
    pub http_status: Option<u16>,
}

/// One pass over one probe from one vantage: attempt 0 and its confirmations, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub id: RoundId,
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub attempts: Vec<Attempt>,
}

/// How one control did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlResult {
    pub url: String,
    pub passed: bool,
    /// Why not.
    pub failure: Option<Failure>,
    pub http_status: Option<u16>,
    /// By how many seconds its `Date` is ahead of our clock (behind it when negative); none without a `Date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset_s: Option<i64>,
}

impl ControlResult {
    /// It was answered, and not with the body that was agreed.
    pub const REPLACED: &str = "control_body_replaced";
    /// Its certificate is not valid at this date: our clock, when all say so.
    pub const OUT_OF_DATE: &str = "control_certificate_date";

    /// It was answered, with an error of its server.
    #[must_use]
    pub fn is_in_trouble(&self) -> bool {
        !self.passed && self.failure.is_none() && self.http_status.is_some_and(|s| s >= 500)
    }
}

/// How a vantage did before (or during) a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VantageRound {
    pub vantage: VantageId,
    pub at: Time,
    /// One of its controls passed within three tries.
    pub usable: bool,
    pub controls: Vec<ControlResult>,
    /// `vantage.offline`, `vantage.proxy`, `vantage.captive`, … when unusable.
    pub code: Option<Code>,
    /// Every control was answered with an error of its server.
    pub in_trouble: bool,
    /// In words, when unusable.
    pub text: String,
}

/// One pass: everything that was measured between two commits of statuses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pass {
    /// When it ended.
    pub at: Time,
    pub vantages: Vec<VantageRound>,
    pub rounds: Vec<Round>,
    /// Rounds of path controls (`[path]`): per vantage, how many failed in transport, of how many.
    pub path_controls: Vec<(VantageId, u32, u32)>,
}
