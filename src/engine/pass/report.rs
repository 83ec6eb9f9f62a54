//! The options of a pass, and its report.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::observer::Observer;
use crate::model::event::PassOutcome;
use crate::model::round::Pass;
use crate::model::tracker_state::TrackerState;
use crate::store::{DiscardedRound, MissedRound};
use crate::track::sibling;

/// The options of a pass.
#[derive(Clone)]
pub struct PassOptions {
    /// Compose mails.
    pub alerts: bool,
    /// How long mails wait for others that may join them (the daemon's `group_wait`).
    pub group_wait: Duration,
    pub observer: Arc<dyn Observer>,
}

/// The report of a pass.
#[derive(Debug, Clone, PartialEq)]
pub struct PassReport {
    pub pass: Pass,
    pub outcome: PassOutcome,
    /// The tracker state after the pass.
    pub tracker: TrackerState,
    /// Mails added to the outbox.
    pub mails: usize,
    /// The problems with the files of evidence.
    pub evidence_notes: Vec<String>,
    /// Why the day chain could not be brought forward.
    pub chain_fault: Option<String>,
}

/// The result of measuring.
pub(super) struct MeasuredPass {
    pub pass: Pass,
    /// Rounds that were not made: nothing ran, or their vantage does not work.
    pub missed: Vec<MissedRound>,
    /// Rounds that were made before their vantage proved not to work.
    pub set_aside: Vec<DiscardedRound>,
    /// Verdicts that the whole pass changed.
    pub reconsidered: Vec<sibling::SiblingVerdict>,
}
