//! What was committed and not derived: it is derived before anything else is written, so that a killed process
//! leaves nothing underived. And the removal of what a wrong clock dated.

use crate::config::Workspace;
use crate::judge::Judge;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::{GapsAndRounds, Reader, Removal, Store};

use super::plan::apply;
use super::records::Scope;
use crate::engine::due;
use crate::engine::error::EngineError;
use crate::engine::timetable::{Beat, Timetable};

/// What a removal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    pub measurements: u64,
    /// Gaps next to rounds that were made.
    pub gaps: u64,
}

/// Derives what the store says is underived; returns whether there was anything. The caller holds the locks of a pass.
pub async fn catch_up(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
) -> Result<bool, EngineError> {
    let underived = store.with_reader(Reader::underived).await?;
    if underived.is_empty() {
        return Ok(false);
    }
    if let Some(removal) = underived.removal {
        finish_removal(workspace, judge, store, removal).await?;
    } else {
        let scope = Scope::Series(underived.series);
        apply(workspace, judge, store, &scope, None).await?;
    }
    Ok(true)
}

/// Takes out everything that is dated at or after `after`, and derives what is left to tell.
pub async fn remove_from(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    after: Time,
) -> Result<Removed, EngineError> {
    let removal = store.begin_removal(after).await?;
    finish_removal(workspace, judge, store, removal).await
}

async fn finish_removal(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    removal: Removal,
) -> Result<Removed, EngineError> {
    store.lower_checkpoint(removal.after).await?;
    let measurements = store.remove_from(removal.after).await?;
    let wrong = wrong_gaps(workspace, store, removal.before).await?;
    let gaps = wrong.len() as u64;
    store.take_back_gaps(wrong).await?;
    let underived = store.with_reader(Reader::underived).await?;
    let scope = Scope::Series(underived.series);
    apply(workspace, judge, store, &scope, Some(removal.after)).await?;
    Ok(Removed { measurements, gaps })
}

/// Gaps that are none: a round began between them and the next time that the schedule asks for, or none came after
/// them.
async fn wrong_gaps(
    workspace: &Workspace,
    store: &Store,
    since: Time,
) -> Result<Vec<(ProbeKey, VantageId, Time)>, EngineError> {
    let all = store.with_reader(move |r| r.gaps_since(since)).await?;
    let timetable = Timetable::new(workspace, std::time::Duration::ZERO);
    let mut wrong = Vec::new();
    for (probe, vantage) in due::pairs(workspace) {
        let key = (probe.key(), vantage.id.clone());
        let (Some(found), Some(beat)) = (all.get(&key), timetable.beat(workspace, probe)) else {
            continue;
        };
        let none = none_of(&timetable, beat, found);
        wrong.extend(none.map(|at| (key.0.clone(), key.1.clone(), at)));
    }
    Ok(wrong)
}

fn none_of<'a>(
    timetable: &'a Timetable,
    beat: Beat<'a>,
    found: &'a GapsAndRounds,
) -> impl Iterator<Item = Time> + 'a {
    found.gaps.iter().copied().filter(move |gap| {
        let next = timetable.after(beat, *gap);
        let from = found.rounds.partition_point(|at| at < gap);
        // With no round behind it, the next pass tells of it.
        let round = found.rounds.get(from);
        round.is_none_or(|at| next.is_none_or(|next| *at < next))
    })
}
