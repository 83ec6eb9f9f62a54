//! Committed records whose results are not derived yet. Measurements are committed as they are
//! made, statuses and incidents once for all of them: a process that is killed in between leaves a
//! mark here, in the same transactions.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::model::time::from_micros;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::open::meta;
use crate::store::read::reader::Reader;

/// An unfinished removal of records dated by a wrong clock: `AFTER,BEFORE` in microseconds.
const REMOVAL: &str = "purge_after_us";

/// What the next writing command must derive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnderivedRecords {
    /// Series with new records, and the time of the oldest of them.
    pub series: BTreeMap<(ProbeKey, VantageId), Time>,
    /// A removal that was begun.
    pub removal: Option<PendingRemoval>,
}

impl UnderivedRecords {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.series.is_empty() && self.removal.is_none()
    }
}

/// A removal of records dated by a wrong clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingRemoval {
    /// Records dated at or after this time are removed.
    pub after: Time,
    /// The newest record before them.
    pub before: Time,
}

impl Reader {
    /// The records whose results are not derived yet.
    pub fn underived(&self) -> Result<UnderivedRecords, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT s.source, s.probe, s.vantage, min(u.from_us)
                 FROM underived u JOIN series s ON s.id = u.series_id
                 GROUP BY s.source, s.probe, s.vantage",
            )?;
            let mut rows = statement.query([])?;
            let mut series = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let probe = ProbeKey::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                let key = (probe, VantageId(row.get(2)?));
                series.insert(key, from_micros(row.get(3)?));
            }
            Ok(UnderivedRecords {
                series,
                removal: removal(c)?,
            })
        })
    }
}

fn removal(connection: &Connection) -> Result<Option<PendingRemoval>, InnerError> {
    let Some(text) = meta::get(connection, REMOVAL)? else {
        return Ok(None);
    };
    let parsed = text
        .split_once(',')
        .and_then(|(after, before)| Some((after.parse().ok()?, before.parse().ok()?)));
    let Some((after, before)) = parsed else {
        return Err(InnerError::Unreadable(format!("meta {REMOVAL} = `{text}`")));
    };
    Ok(Some(PendingRemoval {
        after: from_micros(after),
        before: from_micros(before),
    }))
}

/// Marks a series with a new record.
pub(in crate::store) fn mark(
    connection: &Connection,
    series: i64,
    us: i64,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO underived (series_id, from_us) VALUES (?1, ?2)
             ON CONFLICT (series_id) DO UPDATE SET from_us = excluded.from_us
             WHERE excluded.from_us < from_us",
        )?
        .execute([series, us])?;
    Ok(())
}

/// Marks the start of a removal.
pub(in crate::store) fn mark_removal(
    connection: &Connection,
    removal: PendingRemoval,
) -> Result<(), InnerError> {
    let us = |t: Time| t.timestamp_micros();
    let text = format!("{},{}", us(removal.after), us(removal.before));
    meta::set(connection, REMOVAL, &text)
}

/// Removes the marks of these vantages, because the results of their records are derived.
pub(in crate::store) fn clear<'a>(
    connection: &Connection,
    vantages: impl IntoIterator<Item = &'a VantageId>,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM underived WHERE series_id IN (SELECT id FROM series WHERE vantage = ?1)",
    )?;
    for vantage in vantages {
        statement.execute([vantage.as_str()])?;
    }
    Ok(())
}

/// Removes the mark of a removal, because what stays is derived.
pub(in crate::store) fn end_removal(connection: &Connection) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM meta WHERE key = ?1")?
        .execute(params![REMOVAL])?;
    Ok(())
}
