//! What an agent does besides its schedule: rounds that people asked for, and cited links that are
//! due. The store leases each task; one whose results do not come is given again.

use super::link_tasks;
use crate::model::agent::{AgentTasks, TASK_LEASE};
use crate::model::link::LinkId;
use crate::model::{ProbeKey, Settings, Time, VantageId};
use crate::store::{Reader, Store, StoreError};

/// What waits at a vantage and no one does.
#[derive(Debug, Default)]
pub struct FreeTasks {
    rounds: Vec<ProbeKey>,
    links: Vec<LinkId>,
}

impl FreeTasks {
    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty() && self.links.is_empty()
    }
}

/// The tasks of a vantage that are free at `now`, at most `most`. `probes`: those that the vantage
/// may measure by the configuration of now.
pub fn free(
    reader: &Reader,
    settings: &Settings,
    id: &VantageId,
    probes: &[ProbeKey],
    most: usize,
    now: Time,
) -> Result<FreeTasks, StoreError> {
    let mut waiting = reader.waiting_rounds(now)?;
    waiting.retain(|round| round.is_free(id, now) && probes.contains(&round.probe));
    let mut rounds: Vec<ProbeKey> = waiting.into_iter().map(|round| round.probe).collect();
    rounds.truncate(most);
    let vantage = settings.vantages.iter().find(|v| v.id == *id);
    let left = most - rounds.len();
    let links = match vantage {
        Some(vantage) => link_tasks::choose(reader, &settings.links, vantage, now, left)?,
        None => Vec::new(),
    };
    Ok(FreeTasks { rounds, links })
}

/// Leases free tasks to an agent.
pub async fn lease(
    store: &Store,
    settings: &Settings,
    vantage: &VantageId,
    free: FreeTasks,
    now: Time,
) -> Result<AgentTasks, StoreError> {
    let until = now + TASK_LEASE;
    let mut given = AgentTasks {
        lease_seconds: TASK_LEASE.num_seconds().unsigned_abs(),
        ..AgentTasks::default()
    };
    if !free.rounds.is_empty() {
        let rounds = store.lease_rounds(vantage, free.rounds, now, until).await?;
        given.rounds = rounds.into_iter().map(|round| round.probe).collect();
    }
    if !free.links.is_empty() {
        let links = store.lease_links(vantage, free.links, now, until).await?;
        let links = store.watched_links(links).await?;
        given.links = link_tasks::tasks(&links, &settings.links, vantage);
    }
    Ok(given)
}
