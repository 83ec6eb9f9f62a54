//! Statuses as rows.

use rusqlite::{Connection, params};

use crate::model::{ProbeKey, Status, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::observed;
use crate::store::write::codec::details;

pub(in crate::store) fn remove(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM statuses WHERE source = ?1 AND probe = ?2 AND vantage = ?3")?
        .execute(params![
            probe.source.as_str(),
            probe.probe.as_str(),
            vantage.as_str()
        ])?;
    Ok(())
}

pub(in crate::store) fn put(connection: &Connection, status: &Status) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO statuses (source, probe, vantage, code, since_us, last_checked_us, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            status.probe.source.as_str(),
            status.probe.probe.as_str(),
            status.vantage.as_str(),
            status.observed.code.as_str(),
            status.since.timestamp_micros(),
            status.last_checked.timestamp_micros(),
            detail(status)?
        ])?;
    Ok(())
}

fn detail(status: &Status) -> Result<String, serde_json::Error> {
    let mut detail = serde_json::to_value(status)?;
    observed::add_english(&mut detail, &status.observed);
    serde_json::to_string(&detail)
}

pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<Status>, InnerError> {
    details(connection, "SELECT detail FROM statuses")
}
