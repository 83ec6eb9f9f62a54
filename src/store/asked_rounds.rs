//! Rounds that people asked for at once, and which of them an agent makes.

use crate::model::asked_round::AskedRound;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::asked_rounds;
use crate::store::write::writer::Durability;

impl Store {
    /// Keeps rounds that a person asked for.
    pub async fn ask_rounds(&self, rounds: Vec<AskedRound>) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            asked_rounds::put(&session.connection, &rounds)
        })
        .await
    }

    /// Leases the rounds of these probes that wait at a vantage, and that no one makes at `now`;
    /// returns them. They are free again at `until`.
    pub async fn lease_rounds(
        &self,
        vantage: &VantageId,
        probes: Vec<ProbeKey>,
        now: Time,
        until: Time,
    ) -> Result<Vec<AskedRound>, StoreError> {
        let vantage = vantage.clone();
        self.write(Durability::Soon, move |session| {
            let c = &session.connection;
            let mut free = asked_rounds::waiting(c, now)?;
            free.retain(|round| round.is_free(&vantage, now) && probes.contains(&round.probe));
            let leased: Vec<ProbeKey> = free.iter().map(|round| round.probe.clone()).collect();
            asked_rounds::lease(c, &vantage, &leased, until)?;
            Ok(free)
        })
        .await
    }
}

impl Reader {
    /// Rounds that were asked for and wait at `now`, oldest first.
    pub fn waiting_rounds(&self, now: Time) -> Result<Vec<AskedRound>, StoreError> {
        self.read(|c| asked_rounds::waiting(c, now))
    }
}
