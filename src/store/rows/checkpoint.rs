//! The tracker state at the start of the retained measurements.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::time::from_micros;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, Status, Time};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::write::codec::details;
use crate::store::write::writer::Durability;

/// A tracker state and its time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checkpoint {
    /// Measurements from this time on are not in the state; `None`: the state is empty.
    pub since: Option<Time>,
    pub tracker: TrackerState,
}

impl Reader {
    /// The checkpoint; an empty one until measurements are removed.
    pub fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        self.read(get)
    }
}

impl Store {
    /// Replaces the checkpoint by the state at `since`.
    pub async fn put_checkpoint(
        &self,
        since: Time,
        tracker: TrackerState,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            put(&session.connection, since, &tracker)
        })
        .await
    }

    /// Moves a later checkpoint back to `to`, so that everything after `to` is derived again: a
    /// wrong clock had moved it ahead.
    pub async fn lower_checkpoint(&self, to: Time) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            session
                .connection
                .prepare_cached("UPDATE checkpoint SET since_us = ?1 WHERE since_us > ?1")?
                .execute([to.timestamp_micros()])?;
            Ok(())
        })
        .await
    }
}

fn get(c: &Connection) -> Result<Checkpoint, InnerError> {
    let found = c
        .prepare_cached("SELECT since_us, next_incident, first_letter FROM checkpoint")?
        .query_row([], |row| {
            Ok((
                row.get::<_, i64>("since_us")?,
                row.get("next_incident")?,
                row.get("first_letter")?,
            ))
        })
        .optional()?;
    let Some((since_us, next_incident, first_letter)) = found else {
        return Ok(Checkpoint::default());
    };
    let statuses: Vec<Status> = details(c, "SELECT detail FROM checkpoint_statuses")?;
    let mut incidents: Vec<Incident> = details(c, "SELECT detail FROM checkpoint_incidents")?;
    incidents.iter_mut().for_each(Incident::fill_phases);
    let vantages = details(c, "SELECT detail FROM checkpoint_vantages")?.into_iter();
    Ok(Checkpoint {
        since: Some(from_micros(since_us)),
        tracker: TrackerState {
            statuses: statuses.into_iter().map(|s| (s.key(), s)).collect(),
            incidents: incidents.into_iter().map(|i| (i.id, i)).collect(),
            next_incident,
            vantages: vantages
                .map(|v: crate::model::tracker_state::VantageStatus| (v.vantage.clone(), v))
                .collect(),
            initial_report: first_letter,
        },
    })
}

fn put(c: &Connection, since: Time, tracker: &TrackerState) -> Result<(), InnerError> {
    c.execute_batch(
        "DELETE FROM checkpoint; DELETE FROM checkpoint_statuses; DELETE FROM checkpoint_incidents;
         DELETE FROM checkpoint_vantages;",
    )?;
    c.execute(
        "INSERT INTO checkpoint (id, since_us, next_incident, first_letter) VALUES (1, ?1, ?2, ?3)",
        params![
            since.timestamp_micros(),
            tracker.next_incident,
            tracker.initial_report
        ],
    )?;
    let mut insert =
        c.prepare("INSERT INTO checkpoint_statuses (probe, vantage, detail) VALUES (?1, ?2, ?3)")?;
    for ((probe, vantage), status) in &tracker.statuses {
        let detail = serde_json::to_string(status)?;
        insert.execute(params![probe.to_string(), vantage.as_str(), detail])?;
    }
    let mut insert = c.prepare("INSERT INTO checkpoint_incidents (id, detail) VALUES (?1, ?2)")?;
    for (id, incident) in &tracker.incidents {
        insert.execute(params![id, serde_json::to_string(incident)?])?;
    }
    let mut insert =
        c.prepare("INSERT INTO checkpoint_vantages (vantage, detail) VALUES (?1, ?2)")?;
    for (id, vantage) in &tracker.vantages {
        insert.execute(params![id.as_str(), serde_json::to_string(vantage)?])?;
    }
    Ok(())
}
