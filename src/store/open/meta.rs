//! Small facts of the store itself, by key.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::error::InnerError;

/// When the initial report was requested.
pub(in crate::store) const INITIAL_REPORT: &str = "first_letter";
/// When a person said that the store begins anew.
pub(in crate::store) const BEGUN_ANEW: &str = "begun_anew";

pub(in crate::store) fn get(
    connection: &Connection,
    key: &str,
) -> Result<Option<String>, InnerError> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

pub(in crate::store) fn set(
    connection: &Connection,
    key: &str,
    value: &str,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![key, value])?;
    Ok(())
}

pub(in crate::store) fn get_number(
    connection: &Connection,
    key: &str,
) -> Result<Option<i64>, InnerError> {
    match get(connection, key)? {
        None => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| InnerError::Unreadable(format!("meta {key} = `{text}` is no number"))),
    }
}
