//! The phases of incidents as rows: the same as in their `detail`, for SQL queries.

use rusqlite::{Connection, params};

use crate::model::{Incident, VantageId};
use crate::store::error::InnerError;

/// Replaces the phases of an incident.
pub(in crate::store) fn put(
    connection: &Connection,
    incident: &Incident,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM incident_phases WHERE incident = ?1")?
        .execute([incident.id])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO incident_phases (incident, vantage, n, code, from_us, to_us, checks, checks_bad)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (vantage, part) in &incident.vantages {
        for (n, phase) in (1_i64..).zip(&part.phases) {
            statement.execute(params![
                incident.id,
                VantageId::as_str(vantage),
                n,
                phase.code.as_str(),
                phase.from.timestamp_micros(),
                phase.to.map(|t| t.timestamp_micros()),
                phase.checks,
                phase.checks_bad
            ])?;
        }
    }
    Ok(())
}
