//! The workspaces of agents: published when something changed that an agent acts on, and again
//! after the broker was away.

use std::sync::Arc;
use std::time::Duration;

use async_nats::HeaderMap;

use super::{FleetHub, FleetHubError, lock};
use crate::engine::agents::silence::agent_vantages;
use crate::engine::agents::workspace::AgentFiles;
use crate::fleet::broker::connections;
use crate::fleet::messages::pack;
use crate::fleet::names::{VERSION_HEADER, WORKSPACES, workspace};
use crate::model::politeness::BackOff;
use crate::model::tracker_state::TrackerState;
use crate::model::{Time, Vantage};
use crate::store::{Reader, StoreGeneration};

/// How often the store is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The state that workspaces are made of.
type FleetState = (TrackerState, Vec<BackOff>);

impl FleetHub {
    /// Publishes what changes, until the connection ends.
    pub(super) async fn publish_workspaces(&self) -> Result<(), FleetHubError> {
        let mut looked: Option<(u64, StoreGeneration)> = None;
        loop {
            let client = self.broker.client().await?;
            let here = (connections(&client), StoreGeneration::at(self.store.path()));
            if looked.as_ref() != Some(&here) {
                self.publish_changed(here.0).await?;
                looked = Some(here);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Publishes the workspaces that changed since this connection was made. A fault of one vantage
    /// leaves the others theirs.
    async fn publish_changed(&self, connection: u64) -> Result<(), FleetHubError> {
        let state = self.state().await?;
        let now = self.clock.now();
        let mut fault = None;
        for vantage in agent_vantages(&self.workspace) {
            let published = self.publish_change(vantage, connection, &state, now);
            match published.await {
                Err(error) if error.is_of_vantage() => {
                    fault.get_or_insert(error);
                }
                published => published?,
            }
        }
        fault.map_or(Ok(()), Err)
    }

    async fn publish_change(
        &self,
        vantage: &Vantage,
        connection: u64,
        state: &FleetState,
        now: Time,
    ) -> Result<(), FleetHubError> {
        let files = self.files(vantage)?;
        let here = (connection, files.version(&state.0, &state.1, now));
        if lock(&self.published).get(&vantage.id) == Some(&here) {
            return Ok(());
        }
        self.publish(vantage, &files, state, now).await?;
        lock(&self.published).insert(vantage.id.clone(), here);
        Ok(())
    }

    async fn state(&self) -> Result<FleetState, FleetHubError> {
        let read = |reader: &Reader| {
            let (back_offs, _) = reader.politeness()?;
            Ok((reader.tracker_state()?, back_offs))
        };
        Ok(self.store.with_reader(read).await?)
    }

    async fn publish(
        &self,
        vantage: &Vantage,
        files: &Arc<AgentFiles>,
        (tracker, back_offs): &FleetState,
        now: Time,
    ) -> Result<(), FleetHubError> {
        let sent = files.workspace(tracker, back_offs, now);
        let unwritten = |error: &dyn std::fmt::Display| FleetHubError::Unwritten(error.to_string());
        let plain = serde_json::to_vec(&sent).map_err(|error| unwritten(&error))?;
        let packed = pack(&plain).map_err(|error| unwritten(&error))?;
        let mut headers = HeaderMap::new();
        headers.insert(VERSION_HEADER, sent.version.as_str());
        let context = self.broker.context().await?;
        let subject = workspace(&vantage.id);
        let put = context
            .publish_with_headers(subject, headers, packed.into())
            .await;
        let kept = match put {
            Ok(answer) => answer.await,
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            let bucket = format!("bucket {WORKSPACES}");
            return Err(self.broker.publish_fault(&error, &bucket).await.into());
        }
        tracing::info!(vantage = vantage.id.as_str(), "its workspace is published");
        Ok(())
    }
}
