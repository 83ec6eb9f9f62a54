//! The time of the last pass, by a clock that was trusted.

use rusqlite::{Connection, params};

use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::open::meta;

/// The key in `meta`.
const LAST_PASS: &str = "last_pass_us";

/// The stored time, or else that of the newest check, in microseconds; `None` before the first
/// pass.
pub(in crate::store) fn read(connection: &Connection) -> Result<Option<i64>, InnerError> {
    match meta::get_number(connection, LAST_PASS)? {
        Some(us) => Ok(Some(us)),
        None => newest_check(connection),
    }
}

pub(in crate::store) fn set(connection: &Connection, at: Time) -> Result<(), InnerError> {
    meta::set(connection, LAST_PASS, &at.timestamp_micros().to_string())
}

/// After a purge: the newest pass is that of the newest remaining check.
pub(in crate::store) fn derive(connection: &Connection) -> Result<(), InnerError> {
    if let Some(us) = newest_check(connection)? {
        return set(connection, from_micros(us));
    }
    connection
        .prepare_cached("DELETE FROM meta WHERE key = ?1")?
        .execute(params![LAST_PASS])?;
    Ok(())
}

fn newest_check(connection: &Connection) -> Result<Option<i64>, InnerError> {
    Ok(connection
        .prepare_cached("SELECT max(checked_us) FROM series WHERE control = 0")?
        .query_row([], |row| row.get(0))?)
}
