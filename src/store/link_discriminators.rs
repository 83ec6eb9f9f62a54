//! When discriminators asked for the links of hosts, and the links that wait for the silence after
//! them.

use rusqlite::params;

use crate::model::link::LinkId;
use crate::model::time::from_micros;
use crate::model::{Time, VantageId};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::write::writer::Durability;

impl Store {
    /// The vantages and hosts that were asked after `since`, with the times.
    pub async fn discriminated_hosts(
        &self,
        since: Time,
    ) -> Result<Vec<(VantageId, String, Time)>, StoreError> {
        self.with_reader(move |r| {
            r.read(|c| {
                let mut statement = c.prepare_cached(
                    "SELECT vantage, host, at_us FROM link_discriminators WHERE at_us > ?1",
                )?;
                let rows = statement.query_map([since.timestamp_micros()], |row| {
                    let vantage: String = row.get(0)?;
                    Ok((vantage.into(), row.get(1)?, from_micros(row.get(2)?)))
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// Remembers that hosts were asked, and forgets those that were asked before `since`.
    pub async fn put_discriminated_hosts(
        &self,
        hosts: Vec<(VantageId, String, Time)>,
        since: Time,
    ) -> Result<(), StoreError> {
        if hosts.is_empty() {
            return Ok(());
        }
        self.write(Durability::Now, move |session| {
            let c = &session.connection;
            for (vantage, host, at) in &hosts {
                c.prepare_cached(
                    "INSERT OR REPLACE INTO link_discriminators (vantage, host, at_us)
                     VALUES (?1, ?2, ?3)",
                )?
                .execute(params![
                    vantage.as_str(),
                    host,
                    at.timestamp_micros()
                ])?;
            }
            c.prepare_cached("DELETE FROM link_discriminators WHERE at_us <= ?1")?
                .execute([since.timestamp_micros()])?;
            Ok(())
        })
        .await
    }

    /// Puts links off until `due`.
    pub async fn put_off_links(&self, links: Vec<LinkId>, due: Time) -> Result<(), StoreError> {
        if links.is_empty() {
            return Ok(());
        }
        self.write(Durability::Now, move |session| {
            for id in &links {
                session
                    .connection
                    .prepare_cached(
                        "UPDATE links SET due_us = ?2 WHERE id = ?1 AND due_us IS NOT NULL",
                    )?
                    .execute(params![id.0, due.timestamp_micros()])?;
            }
            Ok(())
        })
        .await
    }
}
