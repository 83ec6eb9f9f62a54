//! Whether the time of a pass is trusted: before it, by the newest stored pass, and after it, by
//! the controls.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;

use super::clock::ClockDoubt;
use super::error::EngineError;
use super::setup::Engine;
use crate::model::round::Pass;
use crate::model::{Code, Time};

/// How often the time is stored while nothing is due.
const NOTE_EVERY: TimeDelta = TimeDelta::days(1);

impl Engine {
    /// Refuses a time that cannot follow the newest pass; nothing may be recorded with it.
    pub async fn check_clock(&self, now: Time) -> Result<(), EngineError> {
        let newest = self.store.last_pass().await?;
        match newest.and_then(|newest| ClockDoubt::check(now, newest)) {
            Some(doubt) => Err(EngineError::Clock(doubt)),
            None => Ok(()),
        }
    }

    /// Records that a person confirms this time.
    pub async fn accept_clock(&self, now: Time) -> Result<(), EngineError> {
        Ok(self.store.set_last_pass(now).await?)
    }

    /// Records a trusted time at which nothing was due, so that a schedule of months does not count
    /// as a pause.
    pub async fn note_idle(&self, now: Time) -> Result<(), EngineError> {
        let newest = self.store.last_pass().await?;
        if newest.is_some_and(|newest| now - newest > NOTE_EVERY) {
            self.store.set_last_pass(now).await?;
        }
        Ok(())
    }
}

impl<M, S> Engine<M, S> {
    /// Whether the controls of the last pass proved the clock wrong: work that depends on the time
    /// must wait.
    #[must_use]
    pub fn is_clock_wrong(&self) -> bool {
        self.clock_wrong.load(Ordering::Relaxed)
    }

    pub(super) fn note_clock(&self, pass: &Pass) {
        let wrong = is_clock_wrong(pass);
        self.clock_wrong.store(wrong, Ordering::Relaxed);
    }
}

/// Whether a vantage's controls prove the clock wrong. All vantages of a process use the same
/// clock.
#[must_use]
pub fn is_clock_wrong(pass: &Pass) -> bool {
    let mut codes = pass.vantages.iter().filter_map(|v| v.code);
    codes.any(|code| code == Code::VantageClock)
}
