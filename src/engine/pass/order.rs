//! The order of a pass, defined only here: `run`, the daemon, the demo, the tests' histories and
//! `examples/simulate` all use [`Engine::run_pass`].

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::due::Job;
use crate::engine::error::EngineError;
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::rejudge::catch_up;
use crate::engine::setup::Engine;
use crate::model::round::{Pass, VantageRound};
use crate::model::{Code, PassId, Time, VantageId};
use crate::store::{MissedKind, MissedRound, Reader};
use crate::track::sibling;

use super::report::{MeasuredPass, PassOptions, PassReport};
use super::vantages::{control_rounds, discard, fresh_id, unusable};

impl Engine {
    /// Derives the results that a killed process left, then makes one pass over `jobs` and commits
    /// it.
    pub async fn pass(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        options: &PassOptions,
    ) -> Result<PassReport, EngineError> {
        self.catch_up().await?;
        self.forget_ahead(self.clock.now()).await?;
        let (back_offs, _) = self.store.politeness().await?;
        self.measurer.restore(back_offs, Vec::new());
        let (catalogue, settings) = (&self.workspace.catalogue, &self.workspace.settings);
        self.store
            .put_watched(catalogue, &settings.vantages)
            .await?;
        let unprepared = self.prepare_day_chain().await;
        let mut report = self.run_pass(jobs, options).await?;
        report.chain_fault = unprepared.or(self.close_days(report.pass.at).await);
        Ok(report)
    }

    /// Derives the results that a killed process left; no other process writes results meanwhile.
    pub async fn catch_up(&self) -> Result<bool, EngineError> {
        let left = self.store.with_reader(Reader::underived).await?;
        let now = self.clock.now();
        if left.is_empty() || self.awaits_agents(&left, now).await? {
            return Ok(false);
        }
        let _hold = self.store.hold(now).await?;
        let notes = catch_up::catch_up(&self.workspace, &self.judge, &self.store, now).await?;
        let was_left = notes.is_some();
        self.note_evidence(notes.unwrap_or_default());
        Ok(was_left)
    }
}

impl<M: Measurer, S: PassStore> Engine<M, S> {
    /// Makes one pass over `jobs` and commits it.
    pub async fn run_pass(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        options: &PassOptions,
    ) -> Result<PassReport, EngineError> {
        options.observer.planned(jobs.len());
        let before = self.store.state().await?;
        let pass = PassId(fresh_id());
        let ids = control_rounds(&jobs);
        let gaps = gaps(&jobs);

        // A measurement from a vantage with failing controls would say nothing about any source.
        let vantages = self.check_vantages(&pass, &ids, options).await?;
        let (to_make, not_made) = by_vantage(jobs, &vantages);
        let mut rounds = self.make_rounds(&pass, to_make, &before, options).await?;
        self.add_siblings(&pass, &mut rounds, &before, options)
            .await?;
        let reconsidered = sibling::reconsider(&mut rounds, &self.workspace.catalogue, &before);

        // Nothing turns worse because of a vantage that stopped working meanwhile.
        let vantages = self
            .recheck_vantages(&pass, vantages, ids.clone(), &rounds, &before, options)
            .await?;
        let set_aside = discard(&mut rounds, &vantages);
        let path_controls = self.check_path(&pass, &vantages, &ids, options).await?;

        let at = ended(self.clock.now(), &vantages);
        let missed = missed(gaps, not_made, &vantages, at);
        let pass = Pass {
            at,
            vantages,
            rounds,
            path_controls,
        };
        drop(before);
        self.note_clock(&pass);
        let measured = MeasuredPass {
            pass,
            missed,
            set_aside,
            reconsidered,
        };
        self.conclude(measured, options).await
    }
}

/// The jobs to do, and those that are skipped because their vantage does not work.
fn by_vantage(jobs: Vec<Job>, vantages: &[VantageRound]) -> (Vec<Job>, Vec<Job>) {
    let lost = unusable(vantages);
    jobs.into_iter().partition(|j| !lost.contains(&j.vantage))
}

/// The end of the pass: by the controls' clock if they prove ours wrong and nothing was measured
/// with it.
fn ended(now: Time, vantages: &[VantageRound]) -> Time {
    let wrong = |v: &VantageRound| v.code == Some(Code::VantageClock);
    let dated = vantages.iter().map(|v| v.at).max();
    dated.filter(|_| vantages.iter().all(wrong)).unwrap_or(now)
}

/// The rounds that the schedule required while nothing ran.
pub(in crate::engine) fn gaps(jobs: &[Job]) -> Vec<MissedRound> {
    let missed = |job: &Job| {
        let (probe, vantage) = (job.probe.clone(), job.vantage.clone());
        job.gaps.clone().into_iter().map(move |at| MissedRound {
            probe: probe.clone(),
            vantage: vantage.clone(),
            at,
            kind: MissedKind::Gap,
        })
    };
    jobs.iter().flat_map(missed).collect()
}

/// The gaps, and the rounds that were not made. A vantage whose controls prove our clock wrong has
/// none, because the expected times of its rounds are unknown.
pub(in crate::engine) fn missed(
    mut gaps: Vec<MissedRound>,
    not_made: Vec<Job>,
    vantages: &[VantageRound],
    at: Time,
) -> Vec<MissedRound> {
    gaps.extend(not_made.into_iter().map(|job| MissedRound {
        at: job.slot.unwrap_or(at),
        probe: job.probe,
        vantage: job.vantage,
        kind: MissedKind::VantageOffline,
    }));
    let wrong = |v: &&VantageRound| v.code == Some(Code::VantageClock);
    let undated: BTreeSet<&VantageId> = vantages.iter().filter(wrong).map(|v| &v.vantage).collect();
    gaps.retain(|m| !undated.contains(&m.vantage));
    gaps
}
