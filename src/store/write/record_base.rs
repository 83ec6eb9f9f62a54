//! Records that are compressed against an earlier record of their series.
//!
//! The records of an unchanged page differ in little but times and ids. The second record of a
//! series becomes its base, a row of `record_bases`, and is the dictionary of the records after it.
//! Records that do not resemble the base are stored whole; after several of them in a row, the
//! newest becomes the next base. A base stays for as long as a record may need it.

use std::io;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::error::InnerError;
use crate::store::write::codec;

/// After so many records in a row that do not resemble the base, the next one becomes the base.
/// Fewer would replace the base of a page that is down for a while.
const MISFITS: i64 = 8;

/// A record for its row.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct PackedRecord {
    /// The base that `raw` was compressed against; `None` for a record that is stored whole.
    pub base: Option<i64>,
    pub raw: Vec<u8>,
}

impl PackedRecord {
    fn whole(json: &[u8]) -> io::Result<Self> {
        let raw = codec::pack_record(json)?;
        Ok(Self { base: None, raw })
    }
}

/// The newest base of a series.
struct Base {
    id: i64,
    misfits: i64,
    raw: Vec<u8>,
}

/// Compresses a record for the row `record`; its measurement is inserted already.
/// `has_base`: the records of the series are of one page.
pub(in crate::store) fn pack(
    connection: &Connection,
    (series, record): (i64, i64),
    json: &[u8],
    has_base: bool,
) -> Result<PackedRecord, InnerError> {
    if !has_base {
        return Ok(PackedRecord::whole(json)?);
    }
    let Some(base) = newest(connection, series)? else {
        let whole = PackedRecord::whole(json)?;
        return if is_first(connection, series)? {
            Ok(whole)
        } else {
            begin(connection, (series, record), json, &whole.raw)
        };
    };
    let Ok(dictionary) = codec::unpack(&base.raw) else {
        // A damaged base costs the records that were compressed against it, not those to come.
        return begin(
            connection,
            (series, record),
            json,
            &PackedRecord::whole(json)?.raw,
        );
    };
    let against = codec::pack_against(&dictionary, json)?;
    let resembles = against.len() * 2 <= base.raw.len();
    if resembles {
        if base.misfits > 0 {
            set_misfits(connection, base.id, 0)?;
        }
    } else {
        let whole = PackedRecord::whole(json)?;
        if base.misfits + 1 >= MISFITS {
            return begin(connection, (series, record), json, &whole.raw);
        }
        set_misfits(connection, base.id, base.misfits + 1)?;
        if whole.raw.len() <= against.len() {
            return Ok(whole);
        }
    }
    Ok(PackedRecord {
        base: Some(base.id),
        raw: against,
    })
}

/// The JSON of a record; `base` is the packed base that its row names.
pub(in crate::store) fn unpack(raw: &[u8], base: Option<&[u8]>) -> io::Result<Vec<u8>> {
    match base {
        None => codec::unpack(raw),
        Some(base) => codec::unpack_against(&codec::unpack(base)?, raw),
    }
}

/// The packed base of an id.
pub(in crate::store) fn packed(
    connection: &Connection,
    base: i64,
) -> Result<Option<Vec<u8>>, InnerError> {
    Ok(connection
        .prepare_cached("SELECT raw FROM record_bases WHERE id = ?1")?
        .query_row([base], |row| row.get(0))
        .optional()?)
}

/// Removes the bases that no record and no exchange needs any more: those of series without
/// measurements, and those that a newer one replaced before all measurements that remain.
pub(in crate::store) fn prune(connection: &Connection) -> Result<usize, InnerError> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM record_bases WHERE
               NOT EXISTS (SELECT 1 FROM measurements m
                 WHERE m.series_id = record_bases.series_id AND m.id < coalesce(
                   (SELECT n.from_id FROM record_bases n
                    WHERE n.series_id = record_bases.series_id AND n.id > record_bases.id
                    ORDER BY n.id LIMIT 1),
                   9223372036854775807))
               AND NOT EXISTS (SELECT 1 FROM exchanges e
                 WHERE e.series_id = record_bases.series_id AND e.base = record_bases.id)",
        )?
        .execute([])?)
}

fn newest(connection: &Connection, series: i64) -> Result<Option<Base>, InnerError> {
    Ok(connection
        .prepare_cached(
            "SELECT id, misfits, raw FROM record_bases WHERE series_id = ?1
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row([series], |row| {
            Ok(Base {
                id: row.get(0)?,
                misfits: row.get(1)?,
                raw: row.get(2)?,
            })
        })
        .optional()?)
}

/// Whether a series has one measurement only. A page that is probed once needs no base.
fn is_first(connection: &Connection, series: i64) -> Result<bool, InnerError> {
    let some: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM measurements WHERE series_id = ?1 LIMIT 2)",
        )?
        .query_row([series], |row| row.get(0))?;
    Ok(some < 2)
}

/// Makes a record the base of its series. `packed` is the record, stored whole.
fn begin(
    connection: &Connection,
    (series, record): (i64, i64),
    json: &[u8],
    packed: &[u8],
) -> Result<PackedRecord, InnerError> {
    connection
        .prepare_cached("INSERT INTO record_bases (series_id, from_id, raw) VALUES (?1, ?2, ?3)")?
        .execute(params![series, record, packed])?;
    Ok(PackedRecord {
        base: Some(connection.last_insert_rowid()),
        raw: codec::pack_against(json, json)?,
    })
}

fn set_misfits(connection: &Connection, base: i64, misfits: i64) -> Result<(), InnerError> {
    connection
        .prepare_cached("UPDATE record_bases SET misfits = ?2 WHERE id = ?1")?
        .execute([base, misfits])?;
    Ok(())
}
