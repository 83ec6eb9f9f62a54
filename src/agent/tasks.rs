//! What the hub asks of this agent besides its schedule: rounds that a person wants at once, and
//! checks of cited links. They are this agent's until their lease ends; after that the hub gives
//! them again.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use url::Url;

use crate::config::Workspace;
use crate::engine::due::{self, Job};
use crate::judge::registrable_domain::registrable;
use crate::model::agent::{AgentTasks, MOST_TASKS, TASK_LEASE};
use crate::model::link::LinkId;
use crate::model::link_task::LinkTask;
use crate::model::{ProbeKey, Time};

/// So many links are checked before their records are in the spool, and before a round that a
/// person asked for is made.
const LINKS_AT_ONCE: usize = 40;

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

    /// Whether so many links wait that no more are asked for.
    #[must_use]
    pub fn has_enough_links(&self) -> bool {
        self.links.len() >= LINKS_AT_ONCE
    }

    /// Removes links that are to be checked next, and returns them: a few of each domain, so that
    /// the pause of one domain holds up no other.
    pub fn take_links(&mut self, now: Time) -> Vec<LinkTask> {
        self.links.retain(|_, (_, until)| *until > now);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut ranked: Vec<(usize, LinkId)> = Vec::with_capacity(self.links.len());
        for (id, (task, _)) in &self.links {
            let rank = seen.entry(domain_of(task)).or_default();
            ranked.push((*rank, *id));
            *rank += 1;
        }
        ranked.sort_unstable();
        let next = ranked.into_iter().take(LINKS_AT_ONCE);
        next.filter_map(|(_, id)| self.links.remove(&id))
            .map(|(task, _)| task)
            .collect()
    }

    /// These rounds were made.
    pub fn done(&mut self, probes: &[ProbeKey]) {
        for probe in probes {
            self.rounds.remove(probe);
        }
    }
}

fn domain_of(task: &LinkTask) -> String {
    let url = Url::parse(&task.url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    registrable(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn links(urls: impl Iterator<Item = String>) -> AgentTasks {
        let links = urls.zip(1..).map(|(url, id)| LinkTask {
            link: LinkId(id),
            url,
            alternative: None,
            seen: None,
        });
        AgentTasks {
            lease_seconds: 600,
            links: links.collect(),
            ..AgentTasks::default()
        }
    }

    #[test]
    fn links_are_taken_in_parts_with_each_domain_in_turn() {
        let mut leased = LeasedTasks::default();
        let now = time("2026-03-02T08:00:00Z");
        let urls = (0..80).map(|n| format!("https://www.d{}.example/{n}", n / 8));
        leased.add(links(urls), now);
        assert!(leased.has_enough_links());
        let mut parts = Vec::new();
        loop {
            let part = leased.take_links(now);
            if part.is_empty() {
                break;
            }
            let mut of_domain: BTreeMap<String, usize> = BTreeMap::new();
            for task in &part {
                *of_domain.entry(domain_of(task)).or_default() += 1;
            }
            assert_eq!(of_domain.values().max(), Some(&4), "{of_domain:?}");
            parts.push(part.len());
        }
        assert_eq!(parts, [40, 40]);
        assert!(!leased.has_enough_links());
    }

    #[test]
    fn a_link_whose_lease_ended_is_left_to_others() {
        let mut leased = LeasedTasks::default();
        let now = time("2026-03-02T08:00:00Z");
        leased.add(links(std::iter::once("https://a.example/".to_owned())), now);
        assert!(leased.take_links(time("2026-03-02T08:10:00Z")).is_empty());
    }
}
