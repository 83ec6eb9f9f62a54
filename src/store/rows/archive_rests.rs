//! Archives that are left alone, as rows.

use rusqlite::{Connection, params};

use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// Every archive that is left alone, and until when.
pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<(String, Time)>, InnerError> {
    let mut statement = connection
        .prepare_cached("SELECT archive, until_us FROM archive_rests ORDER BY archive")?;
    let rows = statement.query_map([], |row| {
        let row = Cells::new(row);
        Ok((row.get("archive")?, from_micros(row.get("until_us")?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps until when archives are left alone; what is over at `now` is forgotten.
pub(in crate::store) fn save(
    connection: &Connection,
    rests: &[(String, Time)],
    now: Time,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM archive_rests WHERE until_us <= ?1")?
        .execute([now.timestamp_micros()])?;
    for (archive, until) in rests {
        connection
            .prepare_cached(
                "INSERT INTO archive_rests (archive, until_us) VALUES (?1, ?2)
                 ON CONFLICT (archive) DO UPDATE SET until_us = excluded.until_us",
            )?
            .execute(params![archive, until.timestamp_micros()])?;
    }
    Ok(())
}
