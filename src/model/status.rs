//! The settled and confirmed verdict of a (probe, vantage), and the history that the tracker needs.

use serde::{Deserialize, Serialize};

use super::discriminator::Attribution;
use super::ids::{MeasurementUid, ProbeKey, VantageId};
use super::observation::Observation;
use super::round::OoniControl;
use super::time::Time;
use super::verdict::{Code, Locus};

/// One (probe, vantage).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // Each is an independent fact.
pub struct Status {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// From the round that last set or confirmed the code.
    #[serde(flatten)]
    pub observed: Observation,
    pub since: Time,
    /// The newest round that observed the probe (skipped and unusable rounds do not count).
    pub last_checked: Time,
    /// The newest round that settled at baseline or better.
    pub last_verified: Option<Time>,
    /// What is normal here; `None` until a code qualifies.
    pub baseline: Option<Code>,
    /// Declared in the probe file: the baseline does not rise or fall by itself.
    pub baseline_fixed: bool,
    /// The newest settled round at baseline or better.
    pub last_good: Option<Time>,
    /// The newest settled round that was `ok`; see [`Status::last_ok`].
    #[serde(default)]
    pub ok_at: Option<Time>,
    /// When it became worse than its baseline; `None` while it is not worse, and when it was never
    /// better ("already restricted": there was no turn).
    pub first_bad: Option<Time>,
    /// It was `ok` here at least once.
    pub was_ok: bool,
    /// The first confirmed status was worse than `ok`: "already restricted".
    pub already_restricted: bool,
    /// The last 21 settled codes, oldest first, for flapping.
    pub settled: Vec<Code>,
    pub flapping: bool,
    /// When people were notified of the flapping.
    #[serde(default)]
    #[serde(rename = "flapping_told")]
    pub flapping_notified: Option<Time>,
    /// The measurement behind the observation.
    pub measurement: Option<MeasurementUid>,
    /// The result of a comparison in that measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "elsewhere")]
    pub ooni_control: Option<OoniControl>,
    /// The newest round was not settled: this code is suspected.
    pub suspected: Option<Code>,
    /// How long the same code has been suspected, round after round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Suspicion>,
    /// Since when it has not been observed (challenge, robots, back-off, gaps): shown as `blind`
    /// after 14 days.
    #[serde(rename = "blind_since")]
    pub no_data_since: Option<Time>,
    /// When people were notified that there is no data.
    #[serde(default)]
    #[serde(rename = "blind_told")]
    pub no_data_notified: Option<Time>,
    /// The network incident of the vantage that this turn was folded into.
    #[serde(default)]
    pub folded_into: Option<i64>,
    /// What discriminators found when the status turned to this code.
    #[serde(default)]
    #[serde(rename = "told")]
    pub attribution: Option<Attribution>,
}

/// Rounds in a row that began with the same code and did not confirm it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    pub since: Time,
    pub rounds: u32,
}

impl Status {
    /// A status at first sight, without history.
    #[must_use]
    pub fn new(probe: ProbeKey, vantage: VantageId, code: Code, locus: Locus, at: Time) -> Self {
        Self {
            probe,
            vantage,
            observed: Observation::new(code, locus),
            since: at,
            last_checked: at,
            last_verified: None,
            baseline: None,
            baseline_fixed: false,
            last_good: None,
            ok_at: None,
            first_bad: None,
            was_ok: false,
            already_restricted: false,
            settled: Vec::new(),
            flapping: false,
            flapping_notified: None,
            measurement: None,
            ooni_control: None,
            suspected: None,
            suspicion: None,
            no_data_since: None,
            no_data_notified: None,
            folded_into: None,
            attribution: None,
        }
    }

    /// The newest check that was `ok`. For records of older versions it is derived when `ok` is the
    /// baseline.
    #[must_use]
    pub fn last_ok(&self) -> Option<Time> {
        let normal = self.last_good.filter(|_| self.baseline == Some(Code::Ok));
        self.ok_at.or(normal)
    }

    /// The key of its row.
    #[must_use]
    pub fn key(&self) -> (ProbeKey, VantageId) {
        (self.probe.clone(), self.vantage.clone())
    }
}
