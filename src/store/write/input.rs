//! The input of the store: measurements as they are made, and passes.

use std::collections::BTreeMap;

use crate::model::event::PassOutcome;
use crate::model::last_reading::LastReading;
use crate::model::mail::NewMail;
use crate::model::page::Value;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::round::{Pass, Round};
use crate::model::source::StoreBody;
use crate::model::{
    Level, Measurement, MeasurementUid, Observation, ProbeKey, RoundId, Time, VantageId, Verdict,
};
use crate::store::rows::evidence::NewEvidence;
use crate::track::hourly;

/// The probe, vantage and round of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MeasurementKey {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub round: RoundId,
    /// 0 for the first attempt, then 1, 2, … for confirmations.
    pub attempt: u32,
    /// A control's record: stored, but not a check of a source.
    pub control: bool,
}

impl MeasurementKey {
    /// The key that the record itself states; `None` for records of other programs.
    #[must_use]
    pub fn from_measurement(measurement: &Measurement) -> Option<Self> {
        let extra = measurement.extra()?;
        Some(Self {
            probe: measurement.key()?,
            vantage: extra.vantage.clone(),
            round: extra.round.clone(),
            attempt: extra.attempt,
            control: extra.control,
        })
    }

    /// The key of a record of another program (OONI) for a probe: the vantage is `ooni:CC:ASN`, the
    /// round an hour.
    #[must_use]
    pub fn foreign(measurement: &Measurement, probe: ProbeKey) -> Self {
        let vantage = measurement.foreign_vantage();
        Self {
            probe,
            round: hourly::round_id(&vantage, measurement.started()),
            vantage,
            attempt: 0,
            control: false,
        }
    }
}

/// One judged measurement for the store.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMeasurement {
    pub measurement: Measurement,
    pub verdict: Verdict,
    pub place: MeasurementKey,
    pub level: Option<Level>,
    /// What `judge` took from the answer.
    pub values: BTreeMap<String, Value>,
    pub store_body: StoreBody,
    /// Made by this process, so its `body_sha256` is trusted. The bodies of other records are
    /// hashed again: a wrong hash must not give one page's body to another.
    pub own: bool,
    /// When it enters the store: the UTC day is its day in the day chain.
    pub entered: Time,
    /// What was read of its page, when it is not the known reading of its series.
    pub reading: Option<LastReading>,
}

/// Why an expected round was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MissedKind {
    /// The vantage was not usable.
    VantageOffline,
    /// The machine was off, or an agent did not report.
    Gap,
}

impl MissedKind {
    pub(in crate::store) fn as_str(self) -> &'static str {
        match self {
            MissedKind::VantageOffline => "vantage_offline",
            MissedKind::Gap => "gap",
        }
    }
}

/// An expected round that was not made: shown, never counted as up or down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MissedRound {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// When it was expected.
    pub at: Time,
    pub kind: MissedKind,
}

/// A round that was made while its vantage did not work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DiscardedRound {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub round: RoundId,
    /// When its first attempt began.
    pub at: Time,
}

impl DiscardedRound {
    /// The discarded round; `None` for a round without attempts.
    #[must_use]
    pub fn from_round(round: &Round) -> Option<Self> {
        Some(Self {
            probe: round.probe.clone(),
            vantage: round.vantage.clone(),
            round: round.id.clone(),
            at: round.attempts.iter().map(|a| a.started).min()?,
        })
    }
}

/// Everything that one pass changed; stored in one transaction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PassCommit {
    pub pass: Pass,
    pub outcome: PassOutcome,
    pub mails: Vec<NewMail>,
    /// The prober's current back-offs.
    pub back_offs: Vec<BackOff>,
    pub robots: Vec<RobotsCopy>,
    pub missed: Vec<MissedRound>,
    /// Rounds that were made and are not in the pass, because their vantage did not work.
    pub set_aside: Vec<DiscardedRound>,
    /// Verdicts that the whole pass changed (`track::sibling`), after the measurements were stored.
    pub reconsidered: Vec<(MeasurementUid, Observation)>,
    /// The changes of statuses, and the exchanges that prove them; they are on disk.
    pub evidence: NewEvidence,
}
