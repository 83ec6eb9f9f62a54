//! What is known about each vantage, as rows.

use rusqlite::{Connection, params};

use crate::model::tracker_state::VantageStatus;
use crate::store::error::InnerError;
use crate::store::write::codec::details;

pub(in crate::store) fn put(
    connection: &Connection,
    status: &VantageStatus,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO vantages (id, usable, code, since_us, last_checked_us, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            status.vantage.as_str(),
            status.usable,
            status.code.map(crate::model::Code::as_str),
            status.since.timestamp_micros(),
            status.last_checked.timestamp_micros(),
            serde_json::to_string(status)?
        ])?;
    Ok(())
}

pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<VantageStatus>, InnerError> {
    details(connection, "SELECT detail FROM vantages ORDER BY id")
}
