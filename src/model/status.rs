//! The settled and confirmed verdict of (probe, vantage), and what the tracker must remember of it.

use serde::{Deserialize, Serialize};

use super::discriminator::Attribution;
use super::ids::{MeasurementUid, ProbeKey, VantageId};
use super::observation::Observation;
use super::round::OoniControl;
use super::time::Time;
use super::verdict::{Code, Locus};

/// One (probe, vantage).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own; none excludes another.
pub struct Status {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// Of the round that set the code or confirmed it last.
    #[serde(flatten)]
    pub observed: Observation,
    pub since: Time,
    /// The newest round that observed the probe (skipped and unusable rounds do not count).
    pub last_checked: Time,
    /// The newest round that settled at baseline or better.
    pub last_verified: Option<Time>,
    /// What is normal here; none until something may be.
    pub baseline: Option<Code>,
    /// Declared in the probe file: it does not rise or fall by itself.
    pub baseline_fixed: bool,
    /// The newest settled round at baseline or better.
    pub last_good: Option<Time>,
    /// The newest settled round that was `ok`; see [`Status::last_ok`].
    #[serde(default)]
    pub ok_at: Option<Time>,
    /// When it turned worse than its baseline; none while it is not worse, and none when it has
    /// never been seen better ("already restricted": there was no turn).
    pub first_bad: Option<Time>,
    /// Was `ok` here once.
    pub was_ok: bool,
    /// The first confirmed status was worse than `ok`: "already restricted".
    pub already_restricted: bool,
    /// The last 21 settled codes, oldest first, for flapping.
    pub settled: Vec<Code>,
    pub flapping: bool,
    /// When people were told that it goes back and forth.
    #[serde(default)]
    #[serde(rename = "flapping_told")]
    pub flapping_notified: Option<Time>,
    /// The measurement that showed it.
    pub measurement: Option<MeasurementUid>,
    /// What a comparison in that measurement saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "elsewhere")]
    pub ooni_control: Option<OoniControl>,
    /// The newest round was not settled: this code is suspected.
    pub suspected: Option<Code>,
    /// Not observed since (challenge, robots, back-off, gaps): shown as `blind` after 14 days.
    #[serde(rename = "blind_since")]
    pub no_data_since: Option<Time>,
    /// When people were told of this blindness.
    #[serde(default)]
    #[serde(rename = "blind_told")]
    pub no_data_notified: Option<Time>,
    /// The incident of the vantage's network that this turn was folded into.
    #[serde(default)]
    pub folded_into: Option<i64>,
    /// What discriminators said when it turned to this code.
    #[serde(default)]
    #[serde(rename = "told")]
    pub attribution: Option<Attribution>,
}

impl Status {
    /// A status as it is first seen, with nothing remembered yet.
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
            no_data_since: None,
            no_data_notified: None,
            folded_into: None,
            attribution: None,
        }
    }

    /// The newest check that was `ok`. Records of an older version tell it where that is what is normal.
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
