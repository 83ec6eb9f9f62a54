//! What `rejudge` writes: new verdicts and everything that follows from them, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use crate::model::event::PassOutcome;
use crate::model::page::Value;
use crate::model::time::{DAY_US, day_of};
use crate::model::{Code, MeasurementUid, Observation, ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::open::stamp;
use crate::store::rollup;
use crate::store::rows::figures::{self, FigurePlace, PackedFigures, is_figure};
use crate::store::rows::values::kind;
use crate::store::rows::{incidents, statuses};
use crate::store::write::discarded;
use crate::store::write::input::DiscardedRound;
use crate::store::write::insert::WriteSession;
use crate::store::write::writer::Durability;
use crate::store::write::{commit, doubted, insert, underived, verdict_changes};

/// The new observation of a stored measurement, and the values that were read with it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVerdict {
    pub uid: MeasurementUid,
    pub observed: Observation,
    pub values: BTreeMap<String, Value>,
}

/// All derived results.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Derived {
    /// Verdicts that differ from the stored ones.
    pub verdicts: Vec<NewVerdict>,
    /// The current statuses, incidents, events and vantages; notices are not sent.
    pub outcome: PassOutcome,
    /// Incidents that no longer exist by the new rules. Their ids are not used again.
    pub removed_incidents: Vec<i64>,
    /// Statuses without evidence: their measurements were made while the vantage did not work.
    pub removed_statuses: Vec<(ProbeKey, VantageId)>,
    /// Rounds made while their vantage did not work.
    pub set_aside: Vec<DiscardedRound>,
    /// Verdicts that a whole pass changed; applied after `verdicts`.
    pub reconsidered: Vec<(MeasurementUid, Observation)>,
    /// Vantages all of whose records are derived.
    pub settled: BTreeSet<VantageId>,
    /// A removal that was begun is done.
    pub ends_removal: bool,
}

impl Store {
    /// Replaces everything that was derived from the measurements at or after `since`: verdicts,
    /// statuses, incidents, events, roll-ups. The measurements themselves, and input of people,
    /// stay. Each changed verdict enters the day chain at `now`.
    pub async fn replace_derived(
        &self,
        since: Time,
        derived: Derived,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            let judged = derived.verdicts.iter().map(|new| &new.uid);
            let reconsidered = derived.reconsidered.iter().map(|(uid, _)| uid);
            let verdicts = verdict_changes::current(session, judged.chain(reconsidered))?;
            replace(session, since, &derived)?;
            verdict_changes::enter(session, &verdicts, now)
        })
        .await?;
        stamp::stamp(self.path());
        Ok(())
    }

    /// Derives the daily roll-ups again from the measurements at or after `since`'s day.
    pub async fn rebuild_rollups(&self, since: Time) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| rebuild(session, since))
            .await
    }
}

fn replace(session: &mut WriteSession, since: Time, derived: &Derived) -> Result<(), InnerError> {
    for new in &derived.verdicts {
        replace_verdict(session, new)?;
    }
    for (uid, observed) in &derived.reconsidered {
        insert::put_observed(session, uid, observed)?;
    }
    for &id in &derived.removed_incidents {
        incidents::remove(&session.connection, id)?;
    }
    for (probe, vantage) in &derived.removed_statuses {
        statuses::remove(&session.connection, probe, vantage)?;
    }
    session
        .connection
        .prepare_cached("DELETE FROM events WHERE at_us >= ?1")?
        .execute([since.timestamp_micros()])?;
    doubted::forget_since(session, since)?;
    commit::put_outcome(session, &derived.outcome)?;
    discarded::forget_since(session, since)?;
    for aside in &derived.set_aside {
        discarded::put(session, aside)?;
    }
    underived::clear(&session.connection, &derived.settled)?;
    if derived.ends_removal {
        underived::end_removal(&session.connection)?;
    }
    rebuild(session, since)
}

fn replace_verdict(session: &WriteSession, new: &NewVerdict) -> Result<(), InnerError> {
    insert::put_observed(session, &new.uid, &new.observed)?;
    let place: (i64, i64, String) = match session
        .connection
        .prepare_cached("SELECT series_id, started_us, round FROM measurements WHERE uid = ?1")?
        .query_row([new.uid.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        }) {
        Ok(place) => place,
        Err(rusqlite::Error::QueryReturnedNoRows) => return Ok(()), // purged meanwhile
        Err(error) => return Err(error.into()),
    };
    session
        .connection
        .prepare_cached("DELETE FROM readings WHERE series_id = ?1 AND at_us = ?2 AND uid = ?3")?
        .execute(params![place.0, place.1, new.uid.as_str()])?;
    let (series, at_us, uid) = (place.0, place.1, new.uid.as_str());
    figures::remove(&session.connection, series, at_us, uid)?;
    if let Some(packed) = PackedFigures::among(&new.values)? {
        let place = FigurePlace {
            series,
            at_us,
            round: &place.2,
            uid,
            good: new.observed.code == Code::Ok,
        };
        figures::put(&session.connection, &place, &packed)?;
    }
    for (name, value) in new.values.iter().filter(|(name, _)| !is_figure(name)) {
        session.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO readings (series_id, at_us, name, round, uid, good, kind, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                place.0,
                place.1,
                name,
                place.2,
                new.uid.as_str(),
                new.observed.code == Code::Ok,
                kind(value),
                value.show()
            ])?;
    }
    Ok(())
}

fn rebuild(session: &mut WriteSession, since: Time) -> Result<(), InnerError> {
    let day_start = day_of(since.timestamp_micros()) * DAY_US;
    let touched = rollup::since(&session.connection, day_start)?;
    rollup::derive(&session.connection, &touched)
}
