//! What the hub asks of this agent besides its schedule: rounds that a person wants at once, and
//! checks of cited links. They are this agent's until their lease ends; after that the hub gives
//! them again.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::engine::due::{self, Job};
use crate::model::agent::{AgentTasks, MOST_TASKS, TASK_LEASE};
use crate::model::link::LinkId;
use crate::model::link_task::LinkTask;
use crate::model::{ProbeKey, Time};

/// The tasks that are leased.
#[derive(Debug, Default)]
pub struct LeasedTasks {
    /// Probes that are to be measured at once, and when their lease ends.
    rounds: BTreeMap<ProbeKey, Time>,
    links: BTreeMap<LinkId, (LinkTask, Time)>,
}

impl LeasedTasks {
    /// Takes up what the hub sent at `now`.
    pub fn add(&mut self, sent: AgentTasks, now: Time) {
        let stated = i64::try_from(sent.lease_seconds).unwrap_or(i64::MAX);
        let lease = TimeDelta::try_seconds(stated).map_or(TASK_LEASE, |l| l.min(TASK_LEASE));
        for probe in sent.rounds.into_iter().take(MOST_TASKS) {
            self.rounds.insert(probe, now + lease);
        }
        for task in sent.links.into_iter().take(MOST_TASKS) {
            self.links.insert(task.link, (task, now + lease));
        }
    }

    /// Adds the rounds to `jobs`, as far as the workspace in force has their probes.
    pub fn add_jobs(&mut self, jobs: &mut Vec<Job>, workspace: &Workspace, now: Time) {
        self.rounds.retain(|_, until| *until > now);
        for (probe, vantage) in due::pairs(workspace) {
            let key = probe.key();
            if self.rounds.contains_key(&key) && !jobs.iter().any(|job| job.probe == key) {
                jobs.push(Job::unscheduled(key, vantage.id.clone()));
            }
        }
    }

    /// Removes the links that are to be checked, and returns them.
    pub fn take_links(&mut self, now: Time) -> Vec<LinkTask> {
        let links = std::mem::take(&mut self.links).into_values();
        let is_ours = |(task, until): (LinkTask, Time)| (until > now).then_some(task);
        links.filter_map(is_ours).collect()
    }

    /// These rounds were made.
    pub fn done(&mut self, probes: &[ProbeKey]) {
        for probe in probes {
            self.rounds.remove(probe);
        }
    }
}
