//! Records that an agent sends: checked line by line, stored, and judged like those of an `ingest`.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::agents::link_tasks::LinkIntake;
use super::error::EngineError;
use super::ingest::{IngestReport, Ingestor};
use super::jsonl::{self, ParseMode, RecordLine};
use super::ports::PassStore as _;
use super::setup::Engine;
use crate::config::Workspace;
use crate::model::clock::Clock;
use crate::model::{Measurement, VantageId};
use crate::store::{Lock, LockError, LockScope, Reader, Store};
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

/// What a batch is of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassPart {
    /// Its sender says nothing: every record is derived at once, whatever its time.
    Unstated,
    /// More follows: the records are stored, and derived with the end of the pass.
    Continues,
    /// The pass ends: it is tracked like a pass made here.
    Ended,
}

/// Takes in the records of `lines`, all of which must be of `vantage`. It blocks while it waits for
/// the lock of statuses and incidents, and does not wait for a pass.
pub async fn take_in(
    workspace: &Workspace,
    store: &Store,
    clock: &Arc<dyn Clock>,
    vantage: &VantageId,
    part: PassPart,
    lines: impl BufRead,
) -> Result<IntakeReport, IntakeError> {
    let now = clock.now();
    let who = "serve (records of an agent)";
    let pass = Lock::acquire(LockScope::Pass, store.path(), who, now);
    let _pass = pass.map_err(|error| match error {
        LockError::Held { .. } | LockError::Daemon { .. } => IntakeError::Busy,
        error => IntakeError::Engine(error.into()),
    })?;
    let engine = Engine::with_ports(workspace.clone(), (), store.clone(), Arc::clone(clock));
    let mut ingestor = Ingestor::new(workspace, &engine.judge, store, clock.as_ref());
    if part != PassPart::Unstated {
        ingestor = ingestor.comparing();
    }
    let mut cited = LinkIntake::new(workspace, store, vantage);
    let mut refused = Vec::new();
    for line in jsonl::lines(lines, ParseMode::Lenient, now) {
        let fault = match line? {
            RecordLine::Bad { number, why } => Some((number, clean::line(&why, 300))),
            RecordLine::Record {
                number,
                measurement,
                ..
            } => {
                let fault = if measurement.link().is_some() {
                    cited.add(*measurement).await?
                } else {
                    take_one(&mut ingestor, *measurement, vantage).await?
                };
                fault.map(|why| (number, why.to_owned()))
            }
        };
        let fault = fault.map(|(line, why)| RefusedLine { line, why });
        refused.extend(fault.filter(|_| refused.len() < MOST_NAMED));
    }
    store
        .hear_agent(vantage, now)
        .await
        .map_err(EngineError::from)?;
    let done = match part {
        PassPart::Unstated => derive_all(&engine, ingestor).await?,
        PassPart::Continues => ingestor.store_only().await?,
        PassPart::Ended => derive_pass(&engine, ingestor, vantage).await?,
    };
    for note in done.evidence_notes {
        tracing::warn!("{note}");
    }
    Ok(IntakeReport {
        taken: done.new + cited.new,
        known: done.known + cited.known,
        refused,
    })
}

/// Derives all records at once, then composes the mails that are due.
async fn derive_all(
    engine: &Engine<(), Store>,
    ingestor: Ingestor<'_>,
) -> Result<IngestReport, IntakeError> {
    let store = &engine.store;
    let before = store.state().await.map_err(EngineError::from)?;
    let patience = super::edits::PATIENCE;
    let (who, now) = ("serve (records of an agent)", engine.clock.now());
    let state = Lock::wait(patience, LockScope::TrackerState, store.path(), who, now).await;
    let state = state.map_err(|error| match error {
        LockError::Held { .. } => IntakeError::Busy,
        error => IntakeError::Engine(error.into()),
    })?;
    let mut done = ingestor.finish().await?;
    drop(state);
    if done.new > 0 {
        engine
            .mail_after(&before, None, Vec::new(), &mut done.evidence_notes)
            .await?;
    }
    Ok(done)
}

/// Tracks the passes that the records complete.
async fn derive_pass(
    engine: &Engine<(), Store>,
    ingestor: Ingestor<'_>,
    vantage: &VantageId,
) -> Result<IngestReport, IntakeError> {
    let reader = engine.store.reader().map_err(EngineError::from)?;
    let agent = reader.agent(vantage).map_err(EngineError::from)?;
    drop(reader);
    let derived = agent.and_then(|agent| agent.derived);
    let workspace = &engine.workspace;
    let watched = (&workspace.catalogue, &workspace.settings.vantages);
    let put = engine.store.put_watched(watched.0, watched.1).await;
    put.map_err(EngineError::from)?;
    let mut done = ingestor.store_only().await?;
    let left = engine.store.with_reader(Reader::underived).await;
    let mut late = left.map_err(EngineError::from)?.series;
    late.retain(|(probe, of), at| {
        let is_behind = derived.is_some_and(|derived| *at <= derived);
        of == vantage && is_behind && workspace.catalogue.probe(probe).is_some()
    });
    let notes = engine.derive_agent(vantage, late).await?;
    done.evidence_notes.extend(notes);
    Ok(done)
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
