//! A pass: controls first, then every round that is due, then one commit of what it all means.
//!
//! Measurements are stored as they are made; statuses, incidents, mails and roll-ups are written once,
//! in one transaction, at the end. A pass that is cut short has therefore lost nothing that was
//! reported, and its rounds stay due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::alert::compose;
use crate::judge::{settle, sibling, track};
use crate::model::book::Book;
use crate::model::event::PassOutcome;
use crate::model::round::{Pass, Round, VantageRound};
use crate::model::{ProbeKey, RoundId, VantageId};
use crate::store::PassCommit;

use super::controls;
use super::due::Job;
use super::error::EngineError;
use super::observer::Observer;
use super::round;
use super::setup::Engine;

/// Rounds in flight at once: many may be waiting to confirm while few fetch (`concurrency` bounds those).
const IN_FLIGHT: usize = 1024;

/// How a pass is to be made.
#[derive(Clone)]
pub struct PassOptions {
    /// Compose mails.
    pub alerts: bool,
    pub observer: Arc<dyn Observer>,
}

/// What a pass did.
#[derive(Debug, Clone, PartialEq)]
pub struct PassReport {
    pub pass: Pass,
    pub outcome: PassOutcome,
    /// The book after the pass.
    pub book: Book,
    /// Mails put into the outbox.
    pub mails: usize,
}

impl Engine {
    /// Makes one pass over `jobs` and commits it.
    pub async fn pass(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        options: &PassOptions,
    ) -> Result<PassReport, EngineError> {
        let mut book = self.store.book().await?;
        options.observer.planned(jobs.len());
        let pass = self.measure(jobs, &book, options).await?;
        let settings = &self.workspace.settings;
        let catalogue = &self.workspace.catalogue;
        let outcome = track::track(&mut book, &pass, catalogue, settings);
        let mails = if options.alerts {
            let notes = self.store.notes().await?;
            compose::compose(&outcome, &book, catalogue, settings, &notes, pass.at)
        } else {
            Vec::new()
        };
        let (back_offs, robots) = self.prober.manners();
        let composed = mails.len();
        self.store
            .commit(PassCommit {
                pass: pass.clone(),
                outcome: outcome.clone(),
                mails,
                back_offs,
                robots,
            })
            .await?;
        Ok(PassReport {
            pass,
            outcome,
            book,
            mails: composed,
        })
    }

    /// Everything before judgement over time: vantages checked, rounds made.
    async fn measure(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        book: &Book,
        options: &PassOptions,
    ) -> Result<Pass, EngineError> {
        let wanted: BTreeSet<VantageId> = jobs.iter().map(|j| j.vantage.clone()).collect();
        let vantages = self.check_vantages(&wanted, options).await?;
        let usable: BTreeSet<&VantageId> = vantages
            .iter()
            .filter(|v| v.usable)
            .map(|v| &v.vantage)
            .collect();
        let mut rounds = self
            .make_rounds(
                jobs.into_iter()
                    .filter(|j| usable.contains(&j.vantage))
                    .collect(),
                book,
                options,
            )
            .await?;
        sibling::reconsider(&mut rounds, &self.workspace.catalogue);
        let vantages = self.check_again(vantages, &rounds, book, options).await?;
        let lost: BTreeSet<VantageId> = vantages
            .iter()
            .filter(|v| !v.usable)
            .map(|v| v.vantage.clone())
            .collect();
        rounds.retain(|r| !lost.contains(&r.vantage));
        Ok(Pass {
            at: self.clock.now(),
            vantages,
            rounds,
            path_controls: Vec::new(),
        })
    }

    async fn check_vantages(
        self: &Arc<Self>,
        wanted: &BTreeSet<VantageId>,
        options: &PassOptions,
    ) -> Result<Vec<VantageRound>, EngineError> {
        let mut tasks = JoinSet::new();
        for id in wanted {
            let (engine, id, observer) =
                (Arc::clone(self), id.clone(), Arc::clone(&options.observer));
            tasks.spawn(async move {
                let vantage = engine.vantage(&id).ok_or_else(|| unknown_vantage(&id))?;
                let round = RoundId(uuid::Uuid::now_v7().simple().to_string());
                controls::check(&engine, vantage, &round, observer.as_ref()).await
            });
        }
        let mut checked = Vec::new();
        while let Some(done) = tasks.join_next().await {
            checked.push(done.map_err(|e| EngineError::Task(e.to_string()))??);
        }
        checked.sort_by(|a, b| a.vantage.cmp(&b.vantage));
        Ok(checked)
    }

    async fn make_rounds(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        book: &Book,
        options: &PassOptions,
    ) -> Result<Vec<Round>, EngineError> {
        let mut tasks = JoinSet::new();
        let mut rounds = Vec::with_capacity(jobs.len());
        for job in jobs {
            if tasks.len() >= IN_FLIGHT
                && let Some(done) = tasks.join_next().await
            {
                rounds.extend(flatten(done)?);
            }
            let status = book
                .statuses
                .get(&(job.probe.clone(), job.vantage.clone()))
                .cloned();
            let (engine, observer) = (Arc::clone(self), Arc::clone(&options.observer));
            tasks.spawn(async move {
                let made = engine
                    .one_round(&job, status.as_ref(), observer.as_ref())
                    .await;
                observer.round_done();
                made
            });
        }
        while let Some(done) = tasks.join_next().await {
            rounds.extend(flatten(done)?);
        }
        rounds.sort_by(|a, b| (&a.probe, &a.vantage).cmp(&(&b.probe, &b.vantage)));
        Ok(rounds)
    }

    async fn one_round(
        &self,
        job: &Job,
        status: Option<&crate::model::Status>,
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
        round::make(self, probe, source, vantage, status, observer)
            .await
            .map(Some)
    }

    /// Controls again for each vantage from which a status would turn worse on a transport code.
    async fn check_again(
        self: &Arc<Self>,
        vantages: Vec<VantageRound>,
        rounds: &[Round],
        book: &Book,
        options: &PassOptions,
    ) -> Result<Vec<VantageRound>, EngineError> {
        let turning: BTreeSet<VantageId> = rounds
            .iter()
            .filter(|r| turns_worse_in_transport(r, book))
            .map(|r| r.vantage.clone())
            .collect();
        let again = self.check_vantages(&turning, options).await?;
        let mut by_id: BTreeMap<VantageId, VantageRound> = vantages
            .into_iter()
            .map(|v| (v.vantage.clone(), v))
            .collect();
        for round in again {
            by_id.insert(round.vantage.clone(), round);
        }
        Ok(by_id.into_values().collect())
    }
}

fn turns_worse_in_transport(round: &Round, book: &Book) -> bool {
    let key: (ProbeKey, VantageId) = (round.probe.clone(), round.vantage.clone());
    let status = book.statuses.get(&key);
    settle::settle(status, &round.attempts)
        .code()
        .is_some_and(|code| code.is_transport() && status.is_none_or(|s| s.code != code))
}

type Joined = Result<Result<Option<Round>, EngineError>, tokio::task::JoinError>;

fn flatten(done: Joined) -> Result<Option<Round>, EngineError> {
    done.map_err(|e| EngineError::Task(e.to_string()))?
}

fn unknown_vantage(id: &VantageId) -> EngineError {
    EngineError::Unknown {
        kind: "vantage",
        id: id.to_string(),
        near: None,
    }
}
