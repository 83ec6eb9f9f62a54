//! Checks of cited links at vantages elsewhere: queued, leased to agents, and what came of them.

use crate::model::link::LinkId;
use crate::model::link_task::LinkResult;
use crate::model::{Measurement, MeasurementUid, Time, VantageId};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::{link_status, link_tasks};
use crate::store::write::writer::Durability;

impl Store {
    /// Queues the check of links at vantages elsewhere.
    pub async fn queue_link_tasks(
        &self,
        links: Vec<LinkId>,
        vantages: Vec<VantageId>,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Soon, move |session| {
            link_tasks::queue(&session.connection, &links, &vantages, now)
        })
        .await
    }

    /// Leases links of a vantage until a time; returns those that were free at `now`.
    pub async fn lease_links(
        &self,
        vantage: &VantageId,
        links: Vec<LinkId>,
        now: Time,
        until: Time,
    ) -> Result<Vec<LinkId>, StoreError> {
        let vantage = vantage.clone();
        self.write(Durability::Soon, move |session| {
            link_tasks::lease(&session.connection, &vantage, &links, now, until)
        })
        .await
    }

    /// Keeps the record of a check that an agent made; returns whether it is new. `None`: there is
    /// no such link.
    pub async fn add_link_result(
        &self,
        uid: MeasurementUid,
        link: LinkId,
        measurement: Measurement,
    ) -> Result<Option<bool>, StoreError> {
        self.write(Durability::Now, move |session| {
            let c = &session.connection;
            let known = link_status::watched(c, &[link])?;
            if known.is_empty() {
                return Ok(None);
            }
            link_tasks::put_result(c, &uid, link, &measurement).map(Some)
        })
        .await
    }

    /// Whether records of agents wait to be taken in.
    pub async fn has_link_results(&self) -> Result<bool, StoreError> {
        self.with_reader(|r| r.read(link_tasks::has_results)).await
    }

    /// The oldest records of agents that wait, at most `most`.
    pub async fn link_results(&self, most: usize) -> Result<Vec<LinkResult>, StoreError> {
        self.with_reader(move |r| r.read(|c| link_tasks::results(c, most)))
            .await
    }

    /// These records were taken in.
    pub async fn remove_link_results(&self, uids: Vec<MeasurementUid>) -> Result<(), StoreError> {
        self.write(Durability::Soon, move |session| {
            link_tasks::remove_results(&session.connection, &uids)
        })
        .await
    }

    /// Links that only vantages elsewhere check are due again at `due`, unless a result comes
    /// first.
    pub async fn postpone_links(&self, links: Vec<LinkId>, due: Time) -> Result<(), StoreError> {
        self.write(Durability::Soon, move |session| {
            link_tasks::postpone(&session.connection, &links, due)
        })
        .await
    }
}

impl Reader {
    /// Passes the links that wait at a vantage, and that no one checks at `now`, to `each`, longest
    /// first, until it returns false.
    pub fn visit_free_links(
        &self,
        vantage: &VantageId,
        now: Time,
        each: &mut dyn FnMut(LinkId, &str) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| link_tasks::visit_free(c, vantage, now, each))
    }

    /// How many checks of links a vantage made on the UTC day of `now`, or has leased.
    pub fn link_checks_of(&self, vantage: &VantageId, now: Time) -> Result<u64, StoreError> {
        self.read(|c| link_tasks::made_today(c, vantage, now))
    }
}
