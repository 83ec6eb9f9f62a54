//! Agents of vantages elsewhere, as rows.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::model::agent::KnownAgent;
use crate::model::time::from_micros;
use crate::model::{Time, VantageId};
use crate::store::error::InnerError;

const COLUMNS: &str =
    "SELECT vantage, heard_us, derived_us, offset_seconds, version, spool, last_round_us
     FROM agents";

/// What an agent reported; the time up to which its records are derived stays.
pub(in crate::store) fn put(connection: &Connection, agent: &KnownAgent) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO agents (vantage, heard_us, offset_seconds, version, spool, last_round_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (vantage) DO UPDATE SET heard_us = excluded.heard_us,
                 offset_seconds = excluded.offset_seconds, version = excluded.version,
                 spool = excluded.spool, last_round_us = excluded.last_round_us",
        )?
        .execute(params![
            agent.vantage.as_str(),
            agent.heard.timestamp_micros(),
            agent.offset_seconds,
            agent.version,
            i64::try_from(agent.spool).unwrap_or(i64::MAX),
            agent.last_round.map(|at| at.timestamp_micros()),
        ])?;
    Ok(())
}

/// The agent of a vantage sent something.
pub(in crate::store) fn hear(
    connection: &Connection,
    vantage: &VantageId,
    at: Time,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO agents (vantage, heard_us, offset_seconds, version, spool)
             VALUES (?1, ?2, 0, '', 0)
             ON CONFLICT (vantage) DO UPDATE SET heard_us = max(heard_us, excluded.heard_us)",
        )?
        .execute(params![vantage.as_str(), at.timestamp_micros()])?;
    Ok(())
}

/// The records of a vantage up to this time are derived.
pub(in crate::store) fn derive_until(
    connection: &Connection,
    vantage: &VantageId,
    until: Time,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE agents SET derived_us = max(coalesce(derived_us, 0), ?2) WHERE vantage = ?1",
        )?
        .execute(params![vantage.as_str(), until.timestamp_micros()])?;
    Ok(())
}

pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<KnownAgent>, InnerError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} ORDER BY vantage"))?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::store) fn one(
    connection: &Connection,
    vantage: &VantageId,
) -> Result<Option<KnownAgent>, InnerError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE vantage = ?1"))?;
    Ok(statement.query_row([vantage.as_str()], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<KnownAgent> {
    let time = |us: Option<i64>| us.map(from_micros);
    Ok(KnownAgent {
        vantage: VantageId(row.get("vantage")?),
        heard: from_micros(row.get("heard_us")?),
        derived: time(row.get("derived_us")?),
        offset_seconds: row.get("offset_seconds")?,
        version: row.get("version")?,
        spool: row.get::<_, i64>("spool")?.unsigned_abs(),
        last_round: time(row.get("last_round_us")?),
    })
}
