//! Statuses as rows; what people accepted as normal is kept apart, so that no pass undoes it.

use rusqlite::{Connection, params};

use super::error::Fault;
use crate::model::{Code, ProbeKey, Status, Time, VantageId};

pub(super) fn put(connection: &Connection, status: &Status) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO statuses (source, probe, vantage, code, since_us, last_checked_us, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            status.probe.source.as_str(),
            status.probe.probe.as_str(),
            status.vantage.as_str(),
            status.code.as_str(),
            status.since.timestamp_micros(),
            status.last_checked.timestamp_micros(),
            serde_json::to_string(status)?
        ])?;
    Ok(())
}

/// Every status, with accepted baselines applied.
pub(super) fn all(connection: &Connection) -> Result<Vec<Status>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT s.detail, b.code FROM statuses s LEFT JOIN baselines b USING (source, probe, vantage)",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let detail = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let mut status: Status = serde_json::from_str(detail)?;
        if let Some(code) = row.get::<_, Option<String>>(1)? {
            status.baseline = Some(code.parse()?);
            status.baseline_fixed = true;
        }
        all.push(status);
    }
    Ok(all)
}

pub(super) fn accept_baseline(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
    code: Code,
    at: Time,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO baselines (source, probe, vantage, code, accepted_us)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            probe.source.as_str(),
            probe.probe.as_str(),
            vantage.as_str(),
            code.as_str(),
            at.timestamp_micros()
        ])?;
    Ok(())
}
