//! Records that an agent sends: checked line by line, stored, and judged like those of an `ingest`.

use std::io::{self, BufRead};

use super::error::EngineError;
use super::ingest::{IngestReport, Ingestor};
use super::jsonl::{self, ParseMode, RecordLine};
use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::clock::Clock;
use crate::model::{Measurement, VantageId};
use crate::store::{Lock, LockError, LockScope, Store};
use crate::text::clean;

/// So many refused lines are named.
const MOST_NAMED: usize = 100;

/// What became of the records of one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IntakeReport {
    /// New records; they are on disk.
    pub taken: u64,
    /// Records that were stored before; they change nothing.
    pub known: u64,
    /// The first lines that were refused, and why.
    pub refused: Vec<RefusedLine>,
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// From 1.
    pub line: u64,
    pub why: String,
}

/// Why the records of a request were not taken. Whatever of them was stored counts as known when
/// they are sent again.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// A pass, or another intake, is at work.
    #[error("a pass is being made")]
    Busy,
    #[error("the records cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Takes in the records of `lines`, all of which must be of `vantage`. It blocks while it waits for
/// the lock of statuses and incidents, and does not wait for a pass.
pub async fn take_in(
    workspace: &Workspace,
    store: &Store,
    clock: &dyn Clock,
    vantage: &VantageId,
    lines: impl BufRead,
) -> Result<IntakeReport, IntakeError> {
    let now = clock.now();
    let who = "serve (records of an agent)";
    let pass = Lock::acquire(LockScope::Pass, store.path(), who, now);
    let _pass = pass.map_err(|error| match error {
        LockError::Held { .. } | LockError::Daemon { .. } => IntakeError::Busy,
        error => IntakeError::Engine(error.into()),
    })?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    let mut ingestor = Ingestor::new(workspace, &judge, store, clock);
    let mut refused = Vec::new();
    for line in jsonl::lines(lines, ParseMode::Lenient, now) {
        let fault = match line? {
            RecordLine::Bad { number, why } => Some((number, clean::line(&why, 300))),
            RecordLine::Record {
                number,
                measurement,
                ..
            } => {
                let fault = take_one(&mut ingestor, *measurement, vantage).await?;
                fault.map(|why| (number, why.to_owned()))
            }
        };
        let fault = fault.map(|(line, why)| RefusedLine { line, why });
        refused.extend(fault.filter(|_| refused.len() < MOST_NAMED));
    }
    let patience = super::edits::PATIENCE;
    let state = Lock::wait(patience, LockScope::TrackerState, store.path(), who, now).await;
    let _state = state.map_err(|error| match error {
        LockError::Held { .. } => IntakeError::Busy,
        error => IntakeError::Engine(error.into()),
    })?;
    let IngestReport {
        new,
        known,
        evidence_notes,
        ..
    } = ingestor.finish().await?;
    for note in evidence_notes {
        tracing::warn!("{note}");
    }
    Ok(IntakeReport {
        taken: new,
        known,
        refused,
    })
}

/// Stores one record, or says why it is refused.
async fn take_one(
    ingestor: &mut Ingestor<'_>,
    measurement: Measurement,
    vantage: &VantageId,
) -> Result<Option<&'static str>, IntakeError> {
    let stated = measurement.extra().map(|extra| &extra.vantage);
    if stated != Some(vantage) {
        return Ok(Some("the record is of another vantage than the token"));
    }
    let before = ingestor.foreign();
    ingestor.ingest(measurement).await?;
    let is_foreign = ingestor.foreign() > before;
    Ok(is_foreign.then_some("the record is of no probe here"))
}
