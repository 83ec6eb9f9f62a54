//! Observers of a running pass: a progress bar, `--jsonl`, the demo.

use crate::model::round::VantageRound;
use crate::model::{Measurement, MeasurementUid, Verdict};

/// Receives each step. Calls come from several tasks at once, and must return quickly.
pub trait Observer: Send + Sync {
    /// This many rounds will be made.
    fn planned(&self, _rounds: usize) {}
    /// A vantage was checked by its controls.
    fn vantage(&self, _round: &VantageRound) {}
    /// One attempt was measured and judged; it is not stored yet.
    fn measured(&self, _measurement: &Measurement, _verdict: &Verdict) {}
    /// This attempt is in the store: from now on it may be reported as done.
    fn stored(&self, _uid: &MeasurementUid) {}
    /// A round is waiting to confirm a suspicion.
    fn confirming(&self, _probe: &crate::model::ProbeKey, _after: std::time::Duration) {}
    /// A round is done.
    fn round_done(&self) {}
}

/// Ignores everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct SilentObserver;

impl Observer for SilentObserver {}
