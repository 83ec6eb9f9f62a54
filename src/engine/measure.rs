//! The measuring half of a pass: controls first, then every round that is due, then the controls again
//! where something would turn worse.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::judge::{settle, sibling};
use crate::model::book::Book;
use crate::model::discriminator::Said;
use crate::model::round::{Pass, Round, VantageRound};
use crate::model::{Code, PassId, RoundId, Time, VantageId};
use crate::store::{Missed, MissedKind, SetAside};

use super::controls::{self, Look};
use super::due::Job;
use super::error::EngineError;
use super::observer::Observer;
use super::pass::PassOptions;
use super::round::{self, MadeRound};
use super::setup::Engine;

/// Rounds in flight at once: many may be waiting to confirm while few fetch (`concurrency` bounds those).
const IN_FLIGHT: usize = 1024;

/// What measuring gave.
pub(super) struct Measured {
    pub pass: Pass,
    /// Rounds that were not made because their vantage does not work.
    pub missed: Vec<Missed>,
    /// Rounds that were made, and then their vantage proved not to work.
    pub set_aside: Vec<SetAside>,
    /// Verdicts that the pass as a whole changed.
    pub reconsidered: Vec<sibling::Reconsidered>,
}

impl Engine {
    /// Everything before judgement over time.
    pub(super) async fn measure(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        book: &Book,
        options: &PassOptions,
    ) -> Result<Measured, EngineError> {
        let ids: BTreeMap<VantageId, RoundId> = jobs
            .iter()
            .map(|j| (j.vantage.clone(), RoundId(fresh_id())))
            .collect();
        let pass = PassId(fresh_id());
        let vantages = self
            .check_vantages(&pass, &ids, Look::First, options)
            .await?;
        let lost = unusable(&vantages);
        let (not_made, to_make): (Vec<Job>, Vec<Job>) =
            jobs.into_iter().partition(|j| lost.contains(&j.vantage));
        let mut made = self.make_rounds(&pass, to_make, book, options).await?;
        // The control of a type that lost its button; when that lost its own, the other types.
        for _ in 0..2 {
            let siblings = self.unseen_siblings(&made, book);
            made.extend(self.make_rounds(&pass, siblings, book, options).await?);
        }
        let mut rounds: Vec<Round> = made.into_iter().map(|m| m.round).collect();
        let reconsidered = sibling::reconsider(&mut rounds, &self.workspace.catalogue, book);
        let vantages = self
            .check_again(&pass, vantages, ids.clone(), &rounds, book, options)
            .await?;
        let lost = unusable(&vantages);
        let set_aside = rounds
            .extract_if(.., |r| lost.contains(&r.vantage))
            .filter_map(|r| SetAside::of(&r))
            .collect();
        let path_controls = self.check_path(&pass, &vantages, &ids, options).await?;
        let at = ended(self.clock.now(), &vantages);
        let missed = not_made
            .into_iter()
            .map(|j| Missed {
                at: j.slot.unwrap_or(at),
                probe: j.probe,
                vantage: j.vantage,
                kind: MissedKind::VantageOffline,
            })
            .collect();
        Ok(Measured {
            pass: Pass {
                at,
                vantages,
                rounds,
                path_controls,
            },
            missed,
            set_aside,
            reconsidered,
        })
    }

    /// The path controls (`[path]`) from every vantage that works: how many fail in transport, of how many.
    async fn check_path(
        &self,
        pass: &PassId,
        vantages: &[VantageRound],
        ids: &BTreeMap<VantageId, RoundId>,
        options: &PassOptions,
    ) -> Result<Vec<(VantageId, u32, u32)>, EngineError> {
        if self.workspace.settings.path.controls.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for checked in vantages.iter().filter(|v| v.usable) {
            let round = ids.get(&checked.vantage);
            if let (Some(vantage), Some(round)) = (self.vantage(&checked.vantage), round) {
                let observer = options.observer.as_ref();
                let (failed, all) = controls::path(self, vantage, round, pass, observer).await?;
                found.push((checked.vantage.clone(), failed, all));
            }
        }
        Ok(found)
    }

    async fn check_vantages(
        self: &Arc<Self>,
        pass: &PassId,
        wanted: &BTreeMap<VantageId, RoundId>,
        look: Look,
        options: &PassOptions,
    ) -> Result<Vec<VantageRound>, EngineError> {
        let mut tasks = JoinSet::new();
        for (id, round) in wanted {
            let (id, round, pass) = (id.clone(), round.clone(), pass.clone());
            let (engine, observer) = (Arc::clone(self), Arc::clone(&options.observer));
            tasks.spawn(async move {
                let vantage = engine.vantage(&id).ok_or_else(|| unknown_vantage(&id))?;
                let observer = observer.as_ref();
                controls::check(&engine, vantage, &round, Some(&pass), look, observer).await
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
        pass: &PassId,
        jobs: Vec<Job>,
        book: &Book,
        options: &PassOptions,
    ) -> Result<Vec<MadeRound>, EngineError> {
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
            let pass = pass.clone();
            tasks.spawn(async move {
                let made = engine
                    .one_round(&job, &pass, status.as_ref(), observer.as_ref())
                    .await;
                observer.round_done();
                made
            });
        }
        while let Some(done) = tasks.join_next().await {
            rounds.extend(flatten(done)?);
        }
        rounds.sort_by(|a, b| {
            (&a.round.probe, &a.round.vantage).cmp(&(&b.round.probe, &b.round.vantage))
        });
        Ok(rounds)
    }

    /// Rounds of siblings that the schedule did not ask for now: they tell a withdrawal from a redesign.
    fn unseen_siblings(&self, made: &[MadeRound], book: &Book) -> Vec<Job> {
        let rounds = made.iter().map(|m| &m.round);
        sibling::unseen(&rounds, &self.workspace.catalogue, book)
            .into_iter()
            .map(|(probe, vantage)| Job {
                probe,
                vantage,
                since: None,
                slot: None,
                gaps: Vec::new(),
            })
            .collect()
    }

    async fn one_round(
        &self,
        job: &Job,
        pass: &PassId,
        status: Option<&crate::model::Status>,
        observer: &dyn Observer,
    ) -> Result<Option<MadeRound>, EngineError> {
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
        round::make(self, probe, source, vantage, pass, status, observer)
            .await
            .map(Some)
    }

    /// Controls again for each vantage from which a status would turn worse on a transport code.
    async fn check_again(
        self: &Arc<Self>,
        pass: &PassId,
        vantages: Vec<VantageRound>,
        mut ids: BTreeMap<VantageId, RoundId>,
        rounds: &[Round],
        book: &Book,
        options: &PassOptions,
    ) -> Result<Vec<VantageRound>, EngineError> {
        let turning: BTreeSet<VantageId> = rounds
            .iter()
            .filter(|r| {
                let key = (r.probe.clone(), r.vantage.clone());
                settle::needs_controls_again(book.statuses.get(&key), &r.attempts)
            })
            .map(|r| r.vantage.clone())
            .collect();
        ids.retain(|id, _| turning.contains(id) && !self.answered_beside(id, rounds));
        let again = self
            .check_vantages(pass, &ids, Look::Again, options)
            .await?;
        let mut by_id: BTreeMap<VantageId, VantageRound> = vantages
            .into_iter()
            .map(|v| (v.vantage.clone(), v))
            .collect();
        for round in again {
            by_id.insert(round.vantage.clone(), round);
        }
        Ok(by_id.into_values().collect())
    }

    /// Every control of a vantage is left alone, because a name was sent to it in this pass, and it answered: that
    /// is as good as a look at it, and the first look stands.
    fn answered_beside(&self, vantage: &VantageId, rounds: &[Round]) -> bool {
        let is_free = |v| !controls::to_try(self, v).is_empty();
        let told = rounds.iter().filter(|r| r.vantage == *vantage);
        let mut said = told
            .flat_map(|r| &r.attempts)
            .filter_map(|a| a.told.as_ref())
            .flat_map(|t| &t.said);
        !self.vantage(vantage).is_none_or(is_free) && said.any(control_answered)
    }
}

/// Whether a control answered a discriminator, be it with an alert.
fn control_answered(said: &Said) -> bool {
    matches!(
        said,
        Said::ControlPasses { .. }
            | Said::ControlFailsAlike { .. }
            | Said::ControlAnswersAlike { .. }
    )
}

/// When the pass ended: by the controls' clock where they prove ours wrong and nothing was measured by it.
fn ended(now: Time, vantages: &[VantageRound]) -> Time {
    let wrong = |v: &VantageRound| v.code == Some(Code::VantageClock);
    let dated = vantages.iter().map(|v| v.at).max();
    dated.filter(|_| vantages.iter().all(wrong)).unwrap_or(now)
}

fn fresh_id() -> String {
    Uuid::now_v7().simple().to_string()
}

fn unusable(vantages: &[VantageRound]) -> BTreeSet<VantageId> {
    vantages
        .iter()
        .filter(|v| !v.usable)
        .map(|v| v.vantage.clone())
        .collect()
}

type Joined = Result<Result<Option<MadeRound>, EngineError>, tokio::task::JoinError>;

fn flatten(done: Joined) -> Result<Option<MadeRound>, EngineError> {
    done.map_err(|e| EngineError::Task(e.to_string()))?
}

fn unknown_vantage(id: &VantageId) -> EngineError {
    EngineError::Unknown {
        kind: "vantage",
        id: id.to_string(),
        near: None,
    }
}
