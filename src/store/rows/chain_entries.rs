//! Entries of the day chain: the leaves of records, and the changes of verdicts.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use crate::model::day_chain::{self, Hash};
use crate::model::time::{DAY_US, iso};
use crate::model::{MeasurementUid, Time};
use crate::store::error::InnerError;
use crate::store::rows::exported::RowFilter;
use crate::store::rows::line;
use crate::store::write::{cert_chain, record_base};

/// The available content of a record that entered the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryContent {
    /// The line of `export measurements --format jsonl --no-bodies`, without its line end.
    Line(Vec<u8>),
    /// The stored bytes cannot be read.
    Damaged,
    /// The record was removed by age, or because a wrong clock dated it. Its leaf stays.
    Purged,
}

/// One record as an entry of the day chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEntry {
    pub uid: MeasurementUid,
    /// The UTC day on which the record entered the store. `None` for a record of an older version
    /// that could not be read when its leaf was to be fixed.
    pub day: Option<NaiveDate>,
    pub leaf: Option<Hash>,
    pub content: EntryContent,
}

/// The day of an entry at `now`: the day of `now`, or the first day that is not closed.
pub(in crate::store) fn open_day(connection: &Connection, now: Time) -> Result<i64, InnerError> {
    let closed: Option<i64> = connection
        .prepare_cached("SELECT max(day) FROM chain_days")?
        .query_row([], |row| row.get(0))?;
    let today = now.timestamp_micros().div_euclid(DAY_US);
    Ok(closed.map_or(today, |closed| today.max(closed + 1)))
}

/// Fixes the leaf of a record. A purged record that enters again on the same day replaces the
/// purged one.
pub(in crate::store) fn put_leaf(
    connection: &Connection,
    day: i64,
    uid: &str,
    leaf: &Hash,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO leaves (day, uid, leaf) VALUES (?1, ?2, ?3)
             ON CONFLICT (day, uid) DO UPDATE SET leaf = excluded.leaf",
        )?
        .execute(params![day, uid, leaf.as_slice()])?;
    Ok(())
}

/// Enters the change of a verdict: the new rule, and the codes before and after.
pub(in crate::store) fn put_change(
    connection: &Connection,
    now: Time,
    uid: &str,
    rule: &str,
    codes: (&str, &str),
) -> Result<(), InnerError> {
    // A record of another program may have any text as its uid; the file has one line per change.
    let uid: String = uid
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    let entry = format!("{uid}\t{}\t{rule}\t{}\t{}", iso(now), codes.0, codes.1);
    let day = open_day(connection, now)?;
    put_entry(connection, day, &entry)
}

/// Enters a change in the form that the tree and changes.tsv have.
pub(in crate::store) fn put_entry(
    connection: &Connection,
    day: i64,
    entry: &str,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("INSERT INTO verdict_changes (day, entry) VALUES (?1, ?2)")?
        .execute(params![day, entry])?;
    Ok(())
}

const COLUMNS: &str = "m.uid, m.entered_day, l.leaf, r.raw, r.chain_sha256, c.data, k.raw";

/// The matching records in the order of exports.
pub(in crate::store) const ENTRIES_SQL: &str =
    "SELECT m.uid, m.entered_day, l.leaf, r.raw, r.chain_sha256, c.data, k.raw
     FROM measurements m
     CROSS JOIN series s ON s.id = m.series_id
     LEFT JOIN records r ON r.id = m.id
     LEFT JOIN record_bases k ON k.id = r.base
     LEFT JOIN chains c ON c.sha256 = r.chain_sha256
     LEFT JOIN leaves l ON l.day = m.entered_day AND l.uid = m.uid
     WHERE m.started_us >= ?1 AND m.started_us < ?2 AND (?3 IS NULL OR s.source = ?3)
     ORDER BY m.started_us, m.attempt, m.uid";

/// The leaves of a day in the order of the tree, each with its record if that is still stored.
pub(in crate::store) const DAY_SQL: &str =
    "SELECT l.uid, l.day, l.leaf, r.raw, r.chain_sha256, c.data, k.raw, m.id
     FROM leaves l
     LEFT JOIN measurements m ON m.uid = l.uid AND m.entered_day = l.day
     LEFT JOIN records r ON r.id = m.id
     LEFT JOIN record_bases k ON k.id = r.base
     LEFT JOIN chains c ON c.sha256 = r.chain_sha256
     WHERE l.day = ?1
     ORDER BY l.uid";

/// Passes every matching record to `each`, until it returns false.
pub(in crate::store) fn visit(
    connection: &Connection,
    filter: &RowFilter,
    each: &mut dyn FnMut(ChainEntry) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(ENTRIES_SQL)?;
    let (from, to) = filter.micros();
    let mut rows = statement.query(params![from, to, filter.source_text()])?;
    while let Some(row) = rows.next()? {
        if !each(read(row, false)?) {
            break;
        }
    }
    Ok(())
}

/// Passes every record that entered on `day` to `each`, in the order of the tree.
pub(in crate::store) fn visit_day(
    connection: &Connection,
    day: i64,
    each: &mut dyn FnMut(ChainEntry),
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(DAY_SQL)?;
    let mut rows = statement.query([day])?;
    while let Some(row) = rows.next()? {
        let is_purged = row.get_ref(7)? == rusqlite::types::ValueRef::Null;
        each(read(row, is_purged)?);
    }
    Ok(())
}

/// The record of one uid; `None` when it is not stored.
pub(in crate::store) fn one(
    connection: &Connection,
    uid: &MeasurementUid,
) -> Result<Option<ChainEntry>, InnerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM measurements m
         LEFT JOIN records r ON r.id = m.id
         LEFT JOIN record_bases k ON k.id = r.base
         LEFT JOIN chains c ON c.sha256 = r.chain_sha256
         LEFT JOIN leaves l ON l.day = m.entered_day AND l.uid = m.uid
         WHERE m.uid = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([uid.as_str()])?;
    rows.next()?.map(|row| read(row, false)).transpose()
}

fn read(row: &Row<'_>, is_purged: bool) -> Result<ChainEntry, InnerError> {
    let leaf = row.get_ref(2)?.as_blob_or_null().ok().flatten();
    let content = if is_purged {
        EntryContent::Purged
    } else {
        content(row)?.map_or(EntryContent::Damaged, EntryContent::Line)
    };
    Ok(ChainEntry {
        uid: MeasurementUid(row.get(0)?),
        day: row.get::<_, Option<i64>>(1)?.and_then(day_chain::date),
        leaf: leaf.and_then(|leaf| leaf.try_into().ok()),
        content,
    })
}

/// The line of the record; `None` when the stored bytes cannot be read.
fn content(row: &Row<'_>) -> Result<Option<Vec<u8>>, InnerError> {
    let blob = |at| -> Result<Option<&[u8]>, InnerError> {
        Ok(row.get_ref(at)?.as_blob_or_null().ok().flatten())
    };
    let (raw, key, chain, base) = (blob(3)?, blob(4)?, blob(5)?, blob(6)?);
    Ok(raw
        .filter(|_| key.is_some() == chain.is_some())
        .and_then(|raw| record_base::unpack(raw, base).ok())
        .and_then(|raw| with_chain(&raw, chain)))
}

/// The line of a record whose certificates are `chain`.
pub(in crate::store) fn with_chain(raw: &[u8], chain: Option<&[u8]>) -> Option<Vec<u8>> {
    let chains = chain.map(cert_chain::split);
    line::line(raw, chains.as_deref()).ok()
}
