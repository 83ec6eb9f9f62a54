//! The rounds of a pass: many in parallel, then those of siblings outside the schedule.

use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};

use crate::engine::due::Job;
use crate::engine::error::EngineError;
use crate::engine::judgement::{KnownPast, WantedPast};
use crate::engine::observer::Observer;
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::setup::Engine;
use crate::model::round::Round;
use crate::model::tracker_state::TrackerState;
use crate::model::{PassId, Probe, Status};
use crate::track::sibling;

use super::report::PassOptions;
use super::round;

/// The pasts of so many rounds are read at once.
const READ_AT_ONCE: usize = 64;

impl<M: Measurer, S: PassStore> Engine<M, S> {
    /// Makes the rounds, in the order of probe and vantage.
    pub(super) async fn make_rounds(
        self: &Arc<Self>,
        pass: &PassId,
        jobs: Vec<Job>,
        tracker: &TrackerState,
        options: &PassOptions,
    ) -> Result<Vec<Round>, EngineError> {
        let mut tasks = JoinSet::new();
        let mut rounds = Vec::with_capacity(jobs.len());
        let mut jobs = jobs.into_iter();
        loop {
            let batch: Vec<Job> = jobs.by_ref().take(READ_AT_ONCE).collect();
            if batch.is_empty() {
                break;
            }
            let known = self.store.known_pasts(self.wanted(&batch)).await?;
            for (job, known) in batch.into_iter().zip(known) {
                if tasks.len() >= self.in_flight
                    && let Some(done) = tasks.join_next().await
                {
                    rounds.extend(flatten(done)?);
                }
                let key = (job.probe.clone(), job.vantage.clone());
                let status = tracker.statuses.get(&key).cloned();
                let (engine, observer) = (Arc::clone(self), Arc::clone(&options.observer));
                let pass = pass.clone();
                tasks.spawn(async move {
                    let before = (status.as_ref(), &known);
                    let made = engine
                        .one_round(&job, &pass, before, observer.as_ref())
                        .await;
                    observer.round_done();
                    made
                });
            }
        }
        while let Some(done) = tasks.join_next().await {
            rounds.extend(flatten(done)?);
        }
        rounds.sort_by(|a, b| (&a.probe, &a.vantage).cmp(&(&b.probe, &b.vantage)));
        Ok(rounds)
    }

    /// Adds the rounds of siblings that are not scheduled now: they distinguish a withdrawal from a
    /// redesign. First the control of a type that lost its button; when the control lost its own,
    /// the other types.
    pub(super) async fn add_siblings(
        self: &Arc<Self>,
        pass: &PassId,
        rounds: &mut Vec<Round>,
        tracker: &TrackerState,
        options: &PassOptions,
    ) -> Result<(), EngineError> {
        for _ in 0..2 {
            let unseen = sibling::unseen(&rounds.iter(), &self.workspace.catalogue, tracker);
            let jobs = unseen.into_iter().map(|(probe, vantage)| Job {
                probe,
                vantage,
                since: None,
                slot: None,
                gaps: Vec::new(),
            });
            let made = self.make_rounds(pass, jobs.collect(), tracker, options);
            rounds.extend(made.await?);
        }
        Ok(())
    }

    /// The pasts that these rounds need.
    fn wanted(&self, jobs: &[Job]) -> Vec<WantedPast> {
        let catalogue = &self.workspace.catalogue;
        let wanted = jobs.iter().map(|job| WantedPast {
            probe: job.probe.clone(),
            vantage: job.vantage.clone(),
            looks_back: catalogue.probe(&job.probe).is_some_and(Probe::looks_back),
        });
        wanted.collect()
    }

    async fn one_round(
        &self,
        job: &Job,
        pass: &PassId,
        before: (Option<&Status>, &KnownPast),
        observer: &dyn Observer,
    ) -> Result<Option<Round>, EngineError> {
        let catalogue = &self.workspace.catalogue;
        let parts = catalogue.probe(&job.probe).and_then(|probe| {
            Some((
                probe,
                catalogue.source(&probe.source)?,
                self.vantage(&job.vantage)?,
            ))
        });
        let Some((probe, source, vantage)) = parts else {
            return Ok(None);
        };
        round::make(self, probe, source, vantage, pass, before, observer)
            .await
            .map(Some)
    }
}

type Joined = Result<Result<Option<Round>, EngineError>, JoinError>;

fn flatten(done: Joined) -> Result<Option<Round>, EngineError> {
    done.map_err(|e| EngineError::Task(e.to_string()))?
}
