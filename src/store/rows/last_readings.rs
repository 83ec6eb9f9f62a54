//! The newest readings of pages, one for each probe and vantage.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::last_reading::LastReading;
use crate::model::{ProbeKey, VantageId};
use crate::store::error::InnerError;
use crate::store::write::codec;

pub(in crate::store) const LAST_READING_SQL: &str = "SELECT r.key, r.reading
         FROM series s JOIN last_readings r ON r.series_id = s.id
         WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0";

/// The newest reading of a series; `None` when there is none, or when it is damaged: then the page
/// is read.
pub(in crate::store) fn get(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
) -> Result<Option<LastReading>, InnerError> {
    let row: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare_cached(LAST_READING_SQL)?
        .query_row(
            [
                probe.source.as_str(),
                probe.probe.as_str(),
                vantage.as_str(),
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(row.and_then(|(key, packed)| {
        let reading = codec::unpack(&packed).ok()?;
        let key = key.try_into().ok()?;
        Some(LastReading { key, reading })
    }))
}

/// Replaces the newest reading of a series; `packed` is the reading as [`codec::pack`] gives it.
pub(in crate::store) fn put(
    connection: &Connection,
    series: i64,
    key: &[u8; 32],
    packed: &[u8],
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO last_readings (series_id, key, reading) VALUES (?1, ?2, ?3)
             ON CONFLICT (series_id) DO UPDATE SET key = excluded.key, reading = excluded.reading",
        )?
        .execute(params![series, key.as_slice(), packed])?;
    Ok(())
}
