//! Tasks in the work queue: leased in the store as over HTTPS, and queued only for vantages whose
//! agents report here. A task that nobody takes leaves the queue when its lease ends.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::{FleetHub, FleetHubError, lock};
use crate::engine::agents::silence::agent_vantages;
use crate::engine::agents::tasks;
use crate::fleet::consumer;
use crate::fleet::messages::FleetTask;
use crate::fleet::names::{self, TASKS, partition, token};
use crate::judge::registrable_domain::registrable;
use crate::model::agent::{AgentTasks, MOST_TASKS};
use crate::model::probe::Target;
use crate::model::{Vantage, VantageId};
use crate::store::StoreGeneration;

/// How often the store is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A lease that ended changes no file, so that the store is read again after this long.
const LOOK_AGAIN: Duration = Duration::from_secs(20);
/// An agent that was not heard of for longer gets no tasks.
const HEARD: Duration = Duration::from_secs(180);

impl FleetHub {
    /// Queues tasks until the connection ends.
    pub(super) async fn queue_tasks(&self) -> Result<(), FleetHubError> {
        let mut looked: Option<(StoreGeneration, Instant)> = None;
        loop {
            let here = StoreGeneration::at(self.store.path());
            let is_known = looked
                .as_ref()
                .is_some_and(|(known, at)| *known == here && at.elapsed() < LOOK_AGAIN);
            if !is_known {
                self.queue_all().await?;
                looked = Some((here, Instant::now()));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Queues the tasks of each vantage. A fault of one vantage leaves the others theirs.
    async fn queue_all(&self) -> Result<(), FleetHubError> {
        let mut fault = None;
        for vantage in agent_vantages(&self.workspace) {
            if !self.is_heard(&vantage.id) {
                continue;
            }
            match self.queue_of(vantage).await {
                Err(error) if error.is_of_vantage() => {
                    fault.get_or_insert(error);
                }
                queued => queued?,
            }
        }
        fault.map_or(Ok(()), Err)
    }

    fn is_heard(&self, vantage: &VantageId) -> bool {
        let heard = lock(&self.heard);
        heard.get(vantage).is_some_and(|at| at.elapsed() < HEARD)
    }

    async fn queue_of(&self, vantage: &Vantage) -> Result<(), FleetHubError> {
        let now = self.clock.now();
        let files = self.files(vantage)?;
        let (workspace, id) = (std::sync::Arc::clone(&self.workspace), vantage.id.clone());
        let free = self.store.with_reader(move |reader| {
            tasks::free(
                reader,
                &workspace.settings,
                &id,
                files.probes(),
                MOST_TASKS,
                now,
            )
        });
        let free = free.await?;
        if free.is_empty() {
            return Ok(());
        }
        let context = self.broker.context().await?;
        let token = token(&vantage.id);
        let waiting = consumer::waiting(&self.broker, &context, (&token, TASKS)).await?;
        if waiting >= MOST_TASKS {
            return Ok(());
        }
        let settings = &self.workspace.settings;
        let given = tasks::lease(&self.store, settings, &vantage.id, free, now).await?;
        for (domain, task) in self.by_domain(given) {
            let body = serde_json::to_vec(&task);
            let body = body.map_err(|error| FleetHubError::Unwritten(error.to_string()))?;
            let subject = names::tasks(&vantage.id, partition(&domain));
            let kept = match context.publish(subject, body.into()).await {
                Ok(answer) => answer.await,
                Err(error) => Err(error),
            };
            if let Err(error) = kept {
                return Err(self.broker.publish_fault(&error, TASKS).await.into());
            }
        }
        Ok(())
    }

    /// Each task, and the registrable domain that it asks.
    fn by_domain(&self, given: AgentTasks) -> Vec<(String, FleetTask)> {
        let domain = |url: Option<&Url>| {
            let host = url.and_then(Url::host_str).unwrap_or_default();
            registrable(host).to_owned()
        };
        let rounds = given.rounds.into_iter().map(|probe| {
            let known = self.workspace.catalogue.probe(&probe);
            let target = known.and_then(|known| match &known.target {
                Target::Url(url) => Some(url),
                Target::File(_) => None,
            });
            (domain(target), FleetTask::Round(probe))
        });
        let links = given.links.into_iter().map(|link| {
            let url = Url::parse(&link.url).ok();
            (domain(url.as_ref()), FleetTask::Link(link))
        });
        rounds.chain(links).collect()
    }
}
