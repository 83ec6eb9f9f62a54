//! A pass and its rounds: the input that the engine gives to the tracker.

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
    /// 0 for the first attempt, then 1, 2, … for confirmations.
    pub attempt: u32,
    pub started: Time,
    pub observed: Observation,
    /// The result of a comparison in the same record (OONI's `control`).
    pub ooni_control: Option<OoniControl>,
    /// The result of its discriminators, if it has any.
    pub attribution: Option<Attribution>,
}

impl Attempt {
    /// Its code without discriminators.
    #[must_use]
    pub fn seen_as(&self) -> Code {
        self.attribution
            .as_ref()
            .map_or(self.observed.code, |t| t.observed_code)
    }
}

/// What OONI's control server saw of the same page at the same time: only whether there was an
/// answer, not whether the page is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OoniControl {
    /// `ok` when there was an answer.
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

/// The result of one control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlResult {
    pub url: String,
    pub passed: bool,
    /// Why the control failed.
    pub failure: Option<Failure>,
    pub http_status: Option<u16>,
    /// How many seconds its `Date` is ahead of our clock (negative: behind); `None` without a
    /// `Date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset_s: Option<i64>,
}

impl ControlResult {
    /// It answered with another body than the expected one.
    pub const REPLACED: &str = "control_body_replaced";
    /// Its certificate is not valid on this date. When all controls say so, our clock is wrong.
    pub const OUT_OF_DATE: &str = "control_certificate_date";
    /// It saw the vantage in another network than the operator states.
    pub const MOVED: &str = "control_exit_moved";

    /// Whether it answered with a server error.
    #[must_use]
    pub fn is_in_trouble(&self) -> bool {
        !self.passed && self.failure.is_none() && self.http_status.is_some_and(|s| s >= 500)
    }
}

/// The state of a vantage before or during a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VantageRound {
    pub vantage: VantageId,
    pub at: Time,
    /// At least one of its controls passed within three tries.
    pub usable: bool,
    pub controls: Vec<ControlResult>,
    /// `vantage.offline`, `vantage.proxy`, `vantage.captive`, … when unusable.
    pub code: Option<Code>,
    /// Every control answered with a server error.
    pub in_trouble: bool,
    /// The reason in words, when unusable.
    pub text: String,
}

/// One pass: everything that was measured between two commits of statuses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pass {
    /// When it ended.
    pub at: Time,
    pub vantages: Vec<VantageRound>,
    pub rounds: Vec<Round>,
    /// Rounds of path controls (`[path]`): per vantage, how many failed in transport, out of how
    /// many.
    pub path_controls: Vec<(VantageId, u32, u32)>,
}
