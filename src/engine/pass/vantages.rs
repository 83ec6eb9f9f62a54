//! Whether vantages work in a pass: their controls before the rounds, again where something would
//! turn worse, and the controls of the path to the mainland.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::engine::controls::{self, ControlCheck};
use crate::engine::due::Job;
use crate::engine::error::EngineError;
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::setup::Engine;
use crate::model::discriminator::Statement;
use crate::model::round::{Round, VantageRound};
use crate::model::tracker_state::TrackerState;
use crate::model::{PassId, RoundId, VantageId};
use crate::store::DiscardedRound;
use crate::track::settle;

use super::report::PassOptions;

/// The round id of each vantage's controls, shared by both checks of a pass.
pub(super) type ControlRounds = BTreeMap<VantageId, RoundId>;

/// A round of controls for each vantage of these jobs.
pub(super) fn control_rounds(jobs: &[Job]) -> ControlRounds {
    let vantages: BTreeSet<&VantageId> = jobs.iter().map(|job| &job.vantage).collect();
    let round = || RoundId(fresh_id());
    vantages.into_iter().map(|v| (v.clone(), round())).collect()
}

/// A unique id.
pub(super) fn fresh_id() -> String {
    Uuid::now_v7().simple().to_string()
}

/// The vantages that do not work.
pub(super) fn unusable(vantages: &[VantageRound]) -> BTreeSet<VantageId> {
    let lost = vantages.iter().filter(|v| !v.usable);
    lost.map(|v| v.vantage.clone()).collect()
}

/// Removes the rounds of vantages that proved not to work.
pub(super) fn discard(rounds: &mut Vec<Round>, vantages: &[VantageRound]) -> Vec<DiscardedRound> {
    let lost = unusable(vantages);
    let discarded = rounds.extract_if(.., |r| lost.contains(&r.vantage));
    discarded
        .filter_map(|r| DiscardedRound::from_round(&r))
        .collect()
}

impl<M: Measurer, S: PassStore> Engine<M, S> {
    /// The controls of each vantage, before anything is fetched.
    pub(super) async fn check_vantages(
        self: &Arc<Self>,
        pass: &PassId,
        wanted: &ControlRounds,
        options: &PassOptions,
    ) -> Result<Vec<VantageRound>, EngineError> {
        self.check(pass, wanted, ControlCheck::Initial, options)
            .await
    }

    /// Controls again for each vantage from which a status would turn worse on a transport code.
    pub(super) async fn recheck_vantages(
        self: &Arc<Self>,
        pass: &PassId,
        vantages: Vec<VantageRound>,
        mut ids: ControlRounds,
        rounds: &[Round],
        tracker: &TrackerState,
        options: &PassOptions,
    ) -> Result<Vec<VantageRound>, EngineError> {
        let turning: BTreeSet<VantageId> = rounds
            .iter()
            .filter(|r| {
                let key = (r.probe.clone(), r.vantage.clone());
                settle::needs_controls_again(tracker.statuses.get(&key), &r.attempts)
            })
            .map(|r| r.vantage.clone())
            .collect();
        ids.retain(|id, _| turning.contains(id) && !self.answered_beside(id, rounds));
        let again = self
            .check(pass, &ids, ControlCheck::Recheck, options)
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

    /// Tries the path controls (`[path]`) from every working vantage. Returns how many failed in
    /// transport, and how many there are.
    pub(super) async fn check_path(
        &self,
        pass: &PassId,
        vantages: &[VantageRound],
        ids: &ControlRounds,
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

    async fn check(
        self: &Arc<Self>,
        pass: &PassId,
        wanted: &ControlRounds,
        look: ControlCheck,
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

    /// Whether all controls of a vantage are on cooldown because discriminators of this pass sent
    /// names to them, and one of them answered: this is as good as a check, and the first check
    /// stands.
    fn answered_beside(&self, vantage: &VantageId, rounds: &[Round]) -> bool {
        let is_free = |v| !controls::to_try(self, v).is_empty();
        let rounds_of_it = rounds.iter().filter(|r| r.vantage == *vantage);
        let mut said = rounds_of_it
            .flat_map(|r| &r.attempts)
            .filter_map(|a| a.attribution.as_ref())
            .flat_map(|t| &t.statements);
        !self.vantage(vantage).is_none_or(is_free) && said.any(control_answered)
    }
}

/// Whether a control answered a discriminator, even with an alert.
fn control_answered(said: &Statement) -> bool {
    matches!(
        said,
        Statement::ControlPasses { .. }
            | Statement::ControlFailsAlike { .. }
            | Statement::ControlAnswersAlike { .. }
    )
}

fn unknown_vantage(id: &VantageId) -> EngineError {
    EngineError::Unknown {
        kind: "vantage",
        id: id.to_string(),
        near: None,
    }
}
