//! Committed records without results: their results are derived before anything else is written, so
//! that a killed process leaves no gap. Also removes records dated by a wrong clock.

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::{GapsAndRounds, PendingRemoval, Reader, Store};

use super::plan::apply;
use super::records::RejudgeScope;
use crate::engine::due;
use crate::engine::error::EngineError;
use crate::engine::schedule_index::{ScheduleIndex, Slot};

/// The result of a removal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemovalReport {
    pub measurements: u64,
    /// Gaps next to rounds that were made.
    pub gaps: u64,
    /// The problems with the files of evidence.
    pub evidence_notes: Vec<String>,
}

/// Derives the results that the store reports as missing. Returns `None` when nothing was missing,
/// otherwise the problems with the files of evidence. The caller holds the locks of a pass.
pub async fn catch_up(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    now: Time,
) -> Result<Option<Vec<String>>, EngineError> {
    let underived = store.with_reader(Reader::underived).await?;
    if underived.is_empty() {
        return Ok(None);
    }
    let notes = if let Some(removal) = underived.removal {
        let report = finish_removal(workspace, judge, store, removal, now).await?;
        report.evidence_notes
    } else {
        let scope = RejudgeScope::Series(underived.series);
        apply(workspace, judge, store, &scope, None, now).await?
    };
    Ok(Some(notes))
}

/// Removes everything that is dated at or after `next_start_after`, and derives the remaining
/// results.
pub async fn remove_from(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    after: Time,
    now: Time,
) -> Result<RemovalReport, EngineError> {
    let removal = store.begin_removal(after).await?;
    finish_removal(workspace, judge, store, removal, now).await
}

async fn finish_removal(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    removal: PendingRemoval,
    now: Time,
) -> Result<RemovalReport, EngineError> {
    store.lower_checkpoint(removal.after).await?;
    let measurements = store.remove_from(removal.after).await?;
    let wrong = wrong_gaps(workspace, store, removal.before).await?;
    let gaps = wrong.len() as u64;
    store.take_back_gaps(wrong).await?;
    let underived = store.with_reader(Reader::underived).await?;
    let scope = RejudgeScope::Series(underived.series);
    let evidence_notes = apply(workspace, judge, store, &scope, Some(removal.after), now).await?;
    Ok(RemovalReport {
        measurements,
        gaps,
        evidence_notes,
    })
}

/// Gaps that are wrong: a round began between them and the next scheduled time, or no round came
/// after them.
async fn wrong_gaps(
    workspace: &Workspace,
    store: &Store,
    since: Time,
) -> Result<Vec<(ProbeKey, VantageId, Time)>, EngineError> {
    let all = store.with_reader(move |r| r.gaps_since(since)).await?;
    let schedule_index = ScheduleIndex::new(workspace, std::time::Duration::ZERO);
    let mut wrong = Vec::new();
    for (probe, vantage) in due::pairs(workspace) {
        let key = (probe.key(), vantage.id.clone());
        let (Some(found), Some(slot)) = (all.get(&key), schedule_index.slot(workspace, probe))
        else {
            continue;
        };
        let none = none_of(&schedule_index, slot, found);
        wrong.extend(none.map(|at| (key.0.clone(), key.1.clone(), at)));
    }
    Ok(wrong)
}

fn none_of<'a>(
    schedule_index: &'a ScheduleIndex,
    slot: Slot<'a>,
    found: &'a GapsAndRounds,
) -> impl Iterator<Item = Time> + 'a {
    found.gaps.iter().copied().filter(move |gap| {
        let next = schedule_index.next_start_after(slot, *gap);
        let from = found.rounds.partition_point(|at| at < gap);
        // Without a later round, the next pass reports it.
        let round = found.rounds.get(from);
        round.is_none_or(|at| next.is_none_or(|next| *at < next))
    })
}
