//! The passes that an agent made: tracked, mailed and committed like a pass made here, in the order
//! in which they were made. Records that come late, and are older than what is known, are derived
//! again with everything around them; then the mails that are due are composed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::files;
use crate::config::Workspace;
use crate::engine::due::{self, LastChecked, Selection};
use crate::engine::error::EngineError;
use crate::engine::pass::order::{gaps, missed};
use crate::engine::ports::PassStore as _;
use crate::engine::rejudge::{self, PassHistory, RejudgeScope, load_judged};
use crate::engine::schedule_index::ScheduleIndex;
use crate::engine::setup::Engine;
use crate::model::incident::MailState;
use crate::model::round::{Pass, Round};
use crate::model::time::from_micros;
use crate::model::tracker_state::TrackerState;
use crate::model::vantage::Via;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::{MissedRound, RowFilter, Store};

/// A pass that began this long before the newest thing known is still tracked as it comes: passes
/// of several vantages overlap.
const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// Series with records that are not derived, and the time of the oldest of them.
pub type TouchedSeries = BTreeMap<(ProbeKey, VantageId), Time>;

impl<M> Engine<M, Store> {
    /// Derives the records of a vantage that are not derived yet. `late`: series with records from
    /// before what is derived. The caller holds the lock of a pass.
    pub async fn derive_agent(
        &self,
        vantage: &VantageId,
        late: TouchedSeries,
    ) -> Result<Vec<String>, EngineError> {
        let known = self.store.reader()?.agent(vantage)?;
        let derived = known.and_then(|agent| agent.derived);
        let (history, newest) = self.history_of(vantage, derived)?;
        let passes = &history.passes;
        let Some(until) = newest else {
            return if late.is_empty() {
                Ok(Vec::new())
            } else {
                self.derive_late(vantage, late, passes).await
            };
        };
        let tracker = self.store.state().await?;
        let notes = if !late.is_empty() || !come_in_order(passes, &tracker) {
            let mut touched = late;
            for round in passes.iter().flat_map(|pass| &pass.rounds) {
                let key = (round.probe.clone(), round.vantage.clone());
                let at = began(round).unwrap_or(until);
                let from = touched.entry(key).or_insert(at);
                *from = at.min(*from);
            }
            self.derive_late(vantage, touched, passes).await?
        } else {
            self.track_passes(vantage, history).await?
        };
        self.store.derive_agent_until(vantage, until).await?;
        Ok(notes)
    }

    /// The passes of a vantage from records after `derived`, and the newest record of them.
    fn history_of(
        &self,
        vantage: &VantageId,
        derived: Option<Time>,
    ) -> Result<(PassHistory, Option<Time>), EngineError> {
        let filter = RowFilter {
            since: derived.map(|at| at + TimeDelta::microseconds(1)),
            vantage: Some(vantage.clone()),
            ..RowFilter::default()
        };
        let reader = self.store.reader()?;
        let judged = load_judged(&self.workspace, &self.judge, &reader, &filter)?;
        let newest = judged.iter().map(|record| record.attempt.started).max();
        Ok((PassHistory::new(judged), newest))
    }

    async fn track_passes(
        &self,
        vantage: &VantageId,
        history: PassHistory,
    ) -> Result<Vec<String>, EngineError> {
        let mut set_aside = history.set_aside;
        let mut schedule = AgentSchedule::new(&self.workspace, vantage);
        let mut last = self.store.last_checked().await?;
        let mut notes = Vec::new();
        for pass in history.passes {
            let missed = schedule.missed(&pass, &mut last)?;
            let left_out = std::mem::take(&mut set_aside);
            let options = self.foreign_options();
            let concluded = self.conclude_foreign(pass, missed, left_out, &options);
            notes.extend(concluded.await?);
        }
        Ok(notes)
    }

    /// Derives the touched series again, then composes what is due: openings that nobody was mailed
    /// about, and the ends of incidents that were mailed.
    async fn derive_late(
        &self,
        vantage: &VantageId,
        touched: TouchedSeries,
        passes: &[Pass],
    ) -> Result<Vec<String>, EngineError> {
        let mut schedule = AgentSchedule::new(&self.workspace, vantage);
        let mut last = self.store.last_checked().await?;
        let mut all_missed = Vec::new();
        for pass in passes {
            all_missed.extend(schedule.missed(pass, &mut last)?);
        }
        let before = self.store.state().await?;
        let now = self.clock.now();
        let scope = RejudgeScope::Series(touched);
        let hold = self.store.hold(now).await?;
        let applied = rejudge::apply(&self.workspace, &self.judge, &self.store, &scope, None, now);
        let mut notes = applied.await?;
        drop(hold);
        self.mail_after(&before, passes.last(), all_missed, &mut notes)
            .await?;
        Ok(notes)
    }

    /// Composes the mails that a derivation left: those of incidents that are open and were not
    /// mailed, and those of incidents that ended. `last`: the newest pass of an agent, whose
    /// controls end the incident of its silence.
    pub async fn mail_after(
        &self,
        before: &TrackerState,
        last: Option<&Pass>,
        missed: Vec<MissedRound>,
        notes: &mut Vec<String>,
    ) -> Result<(), EngineError> {
        let mut after = self.store.state().await?;
        let mut ended = Vec::new();
        for old in before.incidents.values().filter(|i| i.is_open()) {
            let is_mailed = old.mail == MailState::Mailed;
            let now = after.incidents.get_mut(&old.id).filter(|i| !i.is_open());
            if let Some(incident) = now.filter(|_| is_mailed) {
                incident.mail = MailState::Mailed;
                ended.push(incident.clone());
            }
        }
        for incident in ended {
            self.store.update_incident(incident).await?;
        }
        let vantages = last.map(|pass| pass.vantages.clone()).unwrap_or_default();
        let pass = Pass {
            at: self.clock.now(),
            vantages,
            ..Pass::default()
        };
        let options = self.foreign_options();
        let concluded = self.conclude_foreign(pass, missed, Vec::new(), &options);
        notes.extend(concluded.await?);
        Ok(())
    }
}

/// The schedule of an agent, as if its probes ran here.
struct AgentSchedule {
    workspace: Workspace,
    index: ScheduleIndex,
    probes: BTreeSet<ProbeKey>,
}

impl AgentSchedule {
    fn new(workspace: &Workspace, vantage: &VantageId) -> Self {
        let own = workspace
            .settings
            .vantages
            .iter()
            .find(|v| v.id == *vantage);
        let probes = own.map_or_else(Vec::new, |own| files::probes(workspace, own));
        let mut workspace = workspace.clone();
        workspace.settings.vantages.retain(|v| v.id == *vantage);
        for own in &mut workspace.settings.vantages {
            own.via = Via::Direct;
        }
        let jitter = workspace.settings.schedule.jitter;
        let index = ScheduleIndex::new(&workspace, jitter);
        Self {
            workspace,
            index,
            probes: probes.into_iter().collect(),
        }
    }

    /// The rounds that the schedule required before this pass and that were not made; `last` is
    /// brought forward.
    fn missed(
        &mut self,
        pass: &Pass,
        last: &mut LastChecked,
    ) -> Result<Vec<MissedRound>, EngineError> {
        let looks = pass.vantages.iter().map(|v| v.at);
        let Some(first) = pass.rounds.iter().filter_map(began).chain(looks).min() else {
            return Ok(Vec::new());
        };
        let all = Selection::default();
        let mut jobs = due::due(&self.workspace, &self.index, last, &all, first)?;
        jobs.retain(|job| self.probes.contains(&job.probe));
        let made = |job: &due::Job| {
            let is_it = |r: &Round| r.probe == job.probe && r.vantage == job.vantage;
            pass.rounds.iter().any(is_it)
        };
        let (made, others): (Vec<_>, Vec<_>) = jobs.into_iter().partition(made);
        let works = pass.vantages.iter().all(|v| v.usable);
        let not_made = if works { Vec::new() } else { others };
        let found = missed(gaps(&made), not_made, &pass.vantages, pass.at);
        for round in &pass.rounds {
            if let Some(at) = began(round) {
                last.insert((round.probe.clone(), round.vantage.clone()), at);
            }
        }
        Ok(found)
    }
}

fn began(round: &Round) -> Option<Time> {
    round.attempts.iter().map(|a| a.started).min()
}

/// Whether each round is newer than what is known about its pair, and no pass is far behind what is
/// known at all.
fn come_in_order(passes: &[Pass], tracker: &TrackerState) -> bool {
    let statuses = tracker.statuses.values().map(|s| s.last_checked);
    let looks = tracker.vantages.values().map(|v| v.last_checked);
    let known = statuses.chain(looks).max().unwrap_or(from_micros(0));
    let is_newer = |round: &Round| {
        let key = (round.probe.clone(), round.vantage.clone());
        let status = tracker.statuses.get(&key);
        status.is_none_or(|status| began(round).is_none_or(|at| at > status.last_checked))
    };
    passes.iter().all(|pass| {
        let first = pass.rounds.iter().filter_map(began).min();
        let first = first.unwrap_or(pass.at);
        known - first <= OVERLAP && pass.rounds.iter().all(is_newer)
    })
}
