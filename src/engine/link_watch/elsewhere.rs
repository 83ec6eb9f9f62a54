//! Checks of links at vantages elsewhere: queued for agents, and taken in when their records come.
//! An agent looks besides the vantages here, so that its check belongs to theirs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::batch::LinkBatch;
use super::choose::BATCH;
use super::watcher::LinkWatcher;
use crate::engine::error::EngineError;
use crate::engine::link_check::LinkOutcome;
use crate::model::link::LinkId;
use crate::model::link_task::LinkResult;
use crate::model::{MeasurementUid, Time, VantageId};
use crate::store::{Lock, LockScope};

/// A link that only agents check is queued again after this long without a result.
const QUEUED_AGAIN: TimeDelta = TimeDelta::days(1);

impl LinkWatcher {
    /// Whether no vantage here checks links, and agents do.
    pub(super) fn is_only_elsewhere(&self) -> bool {
        !self.agents.is_empty() && self.checker.vantage_ids().next().is_none()
    }

    /// Queues the check of links for the agents.
    pub(super) async fn queue_for_agents(
        &self,
        links: Vec<LinkId>,
        now: Time,
    ) -> Result<(), EngineError> {
        let vantages: Vec<VantageId> = self.agents.iter().map(|v| v.id.clone()).collect();
        if !vantages.is_empty() && !links.is_empty() {
            self.store.queue_link_tasks(links, vantages, now).await?;
        }
        Ok(())
    }

    /// Leaves links that are due to the agents.
    pub(super) async fn leave_to_agents(
        &self,
        links: Vec<LinkId>,
        now: Time,
    ) -> Result<LinkBatch, EngineError> {
        let queued = links.len();
        self.queue_for_agents(links.clone(), now).await?;
        self.store.postpone_links(links, now + QUEUED_AGAIN).await?;
        Ok(LinkBatch {
            queued,
            ..LinkBatch::default()
        })
    }

    /// Takes in the oldest records of agents; `None` when none wait. Where one vantage is named,
    /// they wait for a check from all.
    pub(super) async fn take_results(&mut self) -> Result<Option<LinkBatch>, EngineError> {
        if self.is_named {
            return Ok(None);
        }
        let results = self.store.link_results(BATCH).await?;
        if results.is_empty() {
            return Ok(None);
        }
        let now = self.clock.now();
        let _lock = Lock::acquire(LockScope::Links, self.store.path(), "links check", now)?;
        let uids: Vec<MeasurementUid> = results.iter().map(|r| r.uid.clone()).collect();
        let ids: BTreeSet<LinkId> = results.iter().map(|r| r.link).collect();
        let mut newest = newest_by_link(results);
        let all = self.store.watched_links(ids.into_iter().collect()).await?;
        let known = self.known_pages(&all).await?;
        let (mut links, mut found) = (Vec::new(), Vec::new());
        for link in all {
            let Some(job) = self.job(&link, &known) else {
                continue;
            };
            let mut checks = Vec::new();
            for (vantage, result) in newest.remove(&link.id).unwrap_or_default() {
                let Some(vantage) = self.agents.iter().find(|v| v.id == vantage) else {
                    continue;
                };
                let before = link.status.view(&vantage.id).map(|view| view.at);
                // What was taken in before says nothing new.
                if before.is_none_or(|at| at < result.measurement.started()) {
                    let judged = self.checker.judge_record(&job, vantage, result.measurement);
                    checks.extend(judged.await);
                }
            }
            if !checks.is_empty() {
                found.push(Some(LinkOutcome::with_checks(&job, checks)));
                links.push(link);
            }
        }
        let mut batch = LinkBatch::default();
        if !links.is_empty() {
            self.conclude(&links, found, &known, None, &mut batch)
                .await?;
        }
        self.store.remove_link_results(uids).await?;
        Ok(Some(batch))
    }
}

/// The newest record of each link and vantage.
fn newest_by_link(results: Vec<LinkResult>) -> BTreeMap<LinkId, BTreeMap<VantageId, LinkResult>> {
    let mut newest: BTreeMap<LinkId, BTreeMap<VantageId, LinkResult>> = BTreeMap::new();
    for result in results {
        if let Some(extra) = result.measurement.extra() {
            let vantage = extra.vantage.clone();
            newest
                .entry(result.link)
                .or_default()
                .insert(vantage, result);
        }
    }
    newest
}
