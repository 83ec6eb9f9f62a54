//! Closed days of the day chain.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use crate::model::day_chain::{self, Day, Hash};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// A day that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedDay {
    pub day: Day,
    /// The day was taken over from chain.csv: the store is an older copy, and lacks some of the
    /// entries.
    pub is_lost: bool,
}

/// All closed days, oldest first.
pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<ClosedDay>, InnerError> {
    let mut statement = connection.prepare_cached("SELECT * FROM chain_days ORDER BY day")?;
    let mut rows = statement.query([])?;
    let mut days = Vec::new();
    while let Some(row) = rows.next()? {
        days.push(read(row)?);
    }
    Ok(days)
}

fn read(row: &Row<'_>) -> Result<ClosedDay, InnerError> {
    let row = Cells::new(row);
    let number: i64 = row.get("day")?;
    let unreadable = |what: &str| InnerError::Unreadable(format!("chain_days {number}: {what}"));
    let hash = |name: &str| -> Result<Hash, InnerError> {
        let bytes: Vec<u8> = row.get(name)?;
        bytes
            .try_into()
            .map_err(|_| unreadable("a hash has not 32 bytes"))
    };
    let count = |name: &str| -> Result<u64, InnerError> {
        let count: i64 = row.get(name)?;
        u64::try_from(count).map_err(|_| unreadable("a count is negative"))
    };
    Ok(ClosedDay {
        day: Day {
            day: day_chain::date(number).ok_or_else(|| unreadable("the day is out of range"))?,
            records: count("records")?,
            changes: count("changes")?,
            root: hash("root")?,
            previous: hash("previous")?,
            chain: hash("chain")?,
        },
        is_lost: row.get("lost")?,
    })
}

/// Adds a day after the last one.
pub(in crate::store) fn put(
    connection: &Connection,
    day: &Day,
    is_lost: bool,
) -> Result<(), InnerError> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT INTO chain_days (day, records, changes, root, previous, chain, lost)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            day_chain::number(day.day),
            count(day.records),
            count(day.changes),
            day.root.as_slice(),
            day.previous.as_slice(),
            day.chain.as_slice(),
            is_lost
        ])?;
    Ok(())
}

/// The newest closed day and its value.
pub(in crate::store) fn newest(connection: &Connection) -> Result<Option<ClosedDay>, InnerError> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM chain_days ORDER BY day DESC LIMIT 1")?;
    let mut rows = statement.query([])?;
    rows.next()?.map(read).transpose()
}

/// How many records entered on a day, and how many verdicts changed.
pub(in crate::store) fn counts(
    connection: &Connection,
    day: NaiveDate,
) -> Result<(u64, u64), InnerError> {
    let counts: (i64, i64) = connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM leaves WHERE day = ?1),
                    (SELECT count(*) FROM verdict_changes WHERE day = ?1)",
        )?
        .query_row([day_chain::number(day)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok((counts.0.unsigned_abs(), counts.1.unsigned_abs()))
}

/// The day of the oldest entry.
pub(in crate::store) fn first_entry(
    connection: &Connection,
) -> Result<Option<NaiveDate>, InnerError> {
    let day: Option<i64> = connection.query_row(
        "SELECT min(day) FROM (SELECT min(day) AS day FROM leaves
                               UNION ALL SELECT min(day) FROM verdict_changes)",
        [],
        |row| row.get(0),
    )?;
    Ok(day.and_then(day_chain::date))
}

/// The changes of verdicts with their days, in the order in which they were written.
pub(in crate::store) fn changes(
    connection: &Connection,
) -> Result<Vec<(NaiveDate, String)>, InnerError> {
    let mut statement =
        connection.prepare_cached("SELECT day, entry FROM verdict_changes ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let day = day_chain::date(row.get(0)?).unwrap_or_default();
        all.push((day, row.get(1)?));
    }
    Ok(all)
}

/// The changes of one day, in bytewise order.
pub(in crate::store) fn changes_of(
    connection: &Connection,
    day: NaiveDate,
) -> Result<Vec<String>, InnerError> {
    let mut statement = connection
        .prepare_cached("SELECT entry FROM verdict_changes WHERE day = ?1 ORDER BY entry")?;
    let rows = statement.query_map([day_chain::number(day)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
