//! How a pass is to be made, and what it did.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::observer::Observer;
use crate::model::event::PassOutcome;
use crate::model::round::Pass;
use crate::model::tracker_state::TrackerState;
use crate::store::{DiscardedRound, MissedRound};
use crate::track::sibling;

/// How a pass is to be made.
#[derive(Clone)]
pub struct PassOptions {
    /// Compose mails.
    pub alerts: bool,
    /// Mails wait this long for what may join them (the daemon's `group_wait`).
    pub group_wait: Duration,
    pub observer: Arc<dyn Observer>,
}

/// What a pass did.
#[derive(Debug, Clone, PartialEq)]
pub struct PassReport {
    pub pass: Pass,
    pub outcome: PassOutcome,
    /// The book after the pass.
    pub tracker: TrackerState,
    /// Mails put into the outbox.
    pub mails: usize,
    /// What did not go well with the files of evidence.
    pub evidence_notes: Vec<String>,
    /// Why the day chain could not be brought forward.
    pub chain_fault: Option<String>,
}

/// What measuring gave.
pub(super) struct MeasuredPass {
    pub pass: Pass,
    /// Rounds that were not made: nothing ran, or their vantage does not work.
    pub missed: Vec<MissedRound>,
    /// Rounds that were made, and then their vantage proved not to work.
    pub set_aside: Vec<DiscardedRound>,
    /// Verdicts that the pass as a whole changed.
    pub reconsidered: Vec<sibling::SiblingVerdict>,
}
