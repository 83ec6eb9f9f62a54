//! The effects of rejudging: changed verdicts, statuses and incidents, and the same in words.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::event::PassOutcome;
use crate::model::{Code, Incident, MeasurementUid, ProbeKey, Status, Time, VantageId};
use crate::store::{Derived, Reader, Store, StoreError};
use crate::track::Replayed;
use crate::track::sibling::SiblingVerdict;

use super::checkpoint::{filter_since, replay};
use super::records::{RejudgeScope, ReplayedRecords, replay_records};
use crate::engine::error::EngineError;
use crate::engine::evidence;

/// The effects of rejudging. Nothing is written yet.
#[derive(Debug, Clone, Default)]
pub struct RejudgePlan {
    /// What `Store::replace_derived` writes.
    pub derived: Derived,
    /// The changes in words.
    pub changes: Vec<String>,
    /// How many measurements were rejudged.
    pub judged: u64,
    /// How many of them were compared with the last healthy page.
    pub compared: u64,
    /// How many keep the stored verdict, because the page is no longer stored.
    pub skipped: u64,
    /// The start of what is derived: the oldest measurement, or the checkpoint.
    pub from: Option<Time>,
}

/// Rejudges the records within `scope`, and derives statuses and incidents from all records since
/// the checkpoint. Without any record they are derived from `otherwise` on, the time
/// from which a removal was begun.
pub fn plan(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    scope: &RejudgeScope,
    otherwise: Option<Time>,
) -> Result<RejudgePlan, StoreError> {
    let checkpoint = reader.checkpoint()?;
    let filter = filter_since(&checkpoint);
    let mut records = replay_records(workspace, judge, reader, scope, &filter)?;
    let from = checkpoint.since.or(records.from).or(otherwise);
    let before = reader.tracker_state()?;
    let judged = std::mem::take(&mut records.judged);
    let mut past = replay(
        workspace,
        reader,
        checkpoint,
        judged,
        before.next_incident,
        None,
    )?;
    let mut plan = RejudgePlan::new(records, std::mem::take(&mut past.replayed.reconsidered));
    plan.from = from;
    // Incidents from before the first record cannot be derived, so they stay.
    plan.derived.removed_incidents = past
        .gone
        .iter()
        .copied()
        .filter(|id| from.is_some_and(|from| past.stored[id].first_bad >= from))
        // No record is stored from a time when the clock was wrong, so the incident that reports it
        // stays.
        .filter(|id| past.stored[id].to != Code::VantageClock)
        // Nor is one from an agent that was silent.
        .filter(|id| !past.stored[id].is_of_silence())
        .collect();
    plan.derived.removed_statuses = before
        .statuses
        .iter()
        .filter(|(key, _)| !past.replayed.tracker.statuses.contains_key(*key))
        .filter(|(_, status)| from.is_some_and(|from| status.last_checked >= from))
        .map(|(key, _)| key.clone())
        .collect();
    plan.note_changes(&past.replayed, &past.stored, &before.statuses);
    plan.derived.set_aside = past.set_aside;
    plan.derived.outcome = outcome(past.replayed);
    plan.derived.settled = scope.settled(&reader.underived()?);
    plan.derived.ends_removal = otherwise.is_some();
    Ok(plan)
}

/// Writes a plan, and the evidence of the statuses that it changes. Returns what did not go well
/// with the files of evidence. The caller holds the locks of a pass.
pub async fn write(
    workspace: &Workspace,
    store: &Store,
    plan: RejudgePlan,
    now: Time,
) -> Result<Vec<String>, EngineError> {
    let before = evidence::codes(&store.tracker_state().await?);
    let since = plan.from.unwrap_or_default();
    store.replace_derived(since, plan.derived, now).await?;
    evidence::keep_changes(workspace, store, &before, now).await
}

/// Makes the [`plan`] and writes it, see [`write()`].
pub async fn apply(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    scope: &RejudgeScope,
    otherwise: Option<Time>,
    now: Time,
) -> Result<Vec<String>, EngineError> {
    let reader = store.reader()?;
    let plan = plan(workspace, judge, &reader, scope, otherwise)?;
    drop(reader);
    write(workspace, store, plan, now).await
}

fn outcome(replayed: Replayed) -> PassOutcome {
    PassOutcome {
        statuses: replayed.tracker.statuses.into_values().collect(),
        incidents: replayed.incidents.into_values().collect(),
        vantages: replayed.tracker.vantages.into_values().collect(),
        events: replayed.events,
        doubted: replayed.doubted,
        notices: Vec::new(),
    }
}

impl RejudgePlan {
    /// Includes the changed verdicts. A withdrawal that its pass called a redesign becomes a
    /// withdrawal again when the pass no longer does.
    fn new(records: ReplayedRecords, reconsidered: Vec<SiblingVerdict>) -> Self {
        let mut plan = Self {
            changes: records.changes,
            judged: records.judged_again,
            compared: records.compared,
            skipped: records.skipped,
            ..Self::default()
        };
        plan.derived.verdicts = records.verdicts;
        let still: BTreeSet<&MeasurementUid> = reconsidered.iter().map(|(uid, _)| uid).collect();
        for (verdict, change) in records.withdrawals {
            if !still.contains(&verdict.uid) {
                plan.changes.push(change);
                plan.derived.verdicts.push(verdict);
            }
        }
        plan.derived.reconsidered = reconsidered;
        plan
    }

    /// Adds the changes of statuses and incidents, in words.
    fn note_changes(
        &mut self,
        replayed: &Replayed,
        stored: &BTreeMap<i64, Incident>,
        before: &BTreeMap<(ProbeKey, VantageId), Status>,
    ) {
        let changes = &mut self.changes;
        for (key, status) in &replayed.tracker.statuses {
            let old = before.get(key);
            if old.is_none_or(|old| old.observed.code != status.observed.code) {
                let was = old.map_or("none", |s| s.observed.code.as_str());
                let now = status.observed.code;
                changes.push(format!(
                    "status of {} from {}: {now} instead of {was}",
                    key.0, key.1
                ));
            }
        }
        for key in &self.derived.removed_statuses {
            let was = before.get(key).map_or("none", |s| s.observed.code.as_str());
            changes.push(format!(
                "status of {} from {}: none instead of {was}",
                key.0, key.1
            ));
        }
        for (id, incident) in &replayed.incidents {
            let Some(old) = stored.get(id) else {
                changes.push(format!("incident #{id} is new: {}", incident.to));
                continue;
            };
            let essence = |i: &Incident| (i.finding, i.to, i.ended.is_some());
            if essence(old) != essence(incident) {
                let (now, was) = (in_short(incident), in_short(old));
                changes.push(format!("incident #{id}: {now} instead of {was}"));
            }
        }
        for id in &self.derived.removed_incidents {
            changes.push(format!("incident #{id} does not come about"));
        }
    }
}

fn in_short(incident: &Incident) -> String {
    let state = if incident.is_open() { "open" } else { "ended" };
    format!("{}, {}, {state}", incident.to, incident.finding)
}
