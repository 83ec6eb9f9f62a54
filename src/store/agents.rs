//! The agents of vantages elsewhere: when each was heard from, and how far its records are derived.

use crate::model::agent::KnownAgent;
use crate::model::{Time, VantageId};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::agents;
use crate::store::write::writer::Durability;

impl Store {
    /// Keeps what an agent reported.
    pub async fn put_agent(&self, agent: KnownAgent) -> Result<(), StoreError> {
        self.write(Durability::Soon, move |session| {
            agents::put(&session.connection, &agent)
        })
        .await
    }

    /// Notes that the agent of a vantage sent something.
    pub async fn hear_agent(&self, vantage: &VantageId, at: Time) -> Result<(), StoreError> {
        let vantage = vantage.clone();
        self.write(Durability::Soon, move |session| {
            agents::hear(&session.connection, &vantage, at)
        })
        .await
    }

    /// Notes that the records of a vantage up to this time are derived.
    pub async fn derive_agent_until(
        &self,
        vantage: &VantageId,
        until: Time,
    ) -> Result<(), StoreError> {
        let vantage = vantage.clone();
        self.write(Durability::Soon, move |session| {
            agents::derive_until(&session.connection, &vantage, until)
        })
        .await
    }
}

impl Reader {
    /// Every agent that was ever heard from.
    pub fn agents(&self) -> Result<Vec<KnownAgent>, StoreError> {
        self.read(agents::all)
    }

    /// The agent of a vantage; `None` when it was never heard from.
    pub fn agent(&self, vantage: &VantageId) -> Result<Option<KnownAgent>, StoreError> {
        self.read(|c| agents::one(c, vantage))
    }
}
