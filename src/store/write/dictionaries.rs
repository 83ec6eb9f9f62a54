//! The dictionaries of compressed rows, in the store for whoever reads it without this program.

use rusqlite::{Connection, params};

use crate::store::error::InnerError;
use crate::store::write::codec::{RECORD_DICTIONARY, RECORD_DICTIONARY_ID};

/// Writes the dictionaries that this version compresses with.
pub(in crate::store) fn fill(connection: &Connection) -> Result<(), InnerError> {
    connection.execute(
        "INSERT INTO dictionaries (id, data) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
        params![RECORD_DICTIONARY_ID, RECORD_DICTIONARY],
    )?;
    Ok(())
}
