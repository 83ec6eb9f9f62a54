//! Who looks on while a pass runs: a progress bar, `--jsonl`, the demo.

use crate::model::round::VantageRound;
use crate::model::{Measurement, MeasurementUid, Verdict};

/// Told of each step. Calls come from several tasks at once, and must return soon.
pub trait Observer: Send + Sync {
    /// So many rounds are to be made.
    fn planned(&self, _rounds: usize) {}
    /// A vantage was checked by its controls.
    fn vantage(&self, _round: &VantageRound) {}
    /// One attempt was measured and judged; it is not stored yet.
    fn measured(&self, _measurement: &Measurement, _verdict: &Verdict) {}
    /// That attempt is in the store: from now on it may be reported as done.
    fn stored(&self, _uid: &MeasurementUid) {}
    /// A round is waiting to confirm a suspicion.
    fn confirming(&self, _probe: &crate::model::ProbeKey, _after: std::time::Duration) {}
    /// A round is done.
    fn round_done(&self) {}
}

/// Looks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct SilentObserver;

impl Observer for SilentObserver {}
