//! The newest value of each day over all vantages, which shows whether a series still changes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::time::DAY_US;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// Computes the freshness rows for these days and series.
pub(in crate::store) fn derive(
    connection: &Connection,
    touched: &BTreeSet<(i64, i64)>,
) -> Result<(), InnerError> {
    let mut done = BTreeSet::new();
    for &(series, day) in touched {
        if !has_readings(connection, series, day)? {
            continue;
        }
        let (source, probe): (String, String) = connection
            .prepare_cached("SELECT source, probe FROM series WHERE id = ?1")?
            .query_row([series], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if done.insert((source.clone(), probe.clone(), day)) {
            derive_day(connection, &source, &probe, day)?;
        }
    }
    Ok(())
}

fn has_readings(connection: &Connection, series: i64, day: i64) -> Result<bool, InnerError> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM readings WHERE series_id = ?1 AND at_us >= ?2 AND at_us < ?3 LIMIT 1",
        )?
        .exists(params![series, day * DAY_US, (day + 1) * DAY_US])?)
}

fn derive_day(
    connection: &Connection,
    source: &str,
    probe: &str,
    day: i64,
) -> Result<(), InnerError> {
    for (name, newest) in newest_of_day(connection, source, probe, day)? {
        let before: Option<String> = connection
            .prepare_cached(
                "SELECT value FROM freshness WHERE source = ?1 AND probe = ?2 AND name = ?3 AND day < ?4
                 ORDER BY day DESC LIMIT 1",
            )?
            .query_row(params![source, probe, name, day], |row| row.get(0))
            .optional()?;
        let changed = before.map(|value| value != newest.value);
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO freshness (source, probe, name, day, kind, value, changed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                source,
                probe,
                name,
                day,
                newest.kind,
                newest.value,
                changed
            ])?;
    }
    Ok(())
}

struct Newest {
    at_us: i64,
    kind: String,
    value: String,
}

/// For dates, the latest one of any vantage (caches lag); otherwise the last reading. What is kept
/// besides the values has a point in its name.
fn newest_of_day(
    connection: &Connection,
    source: &str,
    probe: &str,
    day: i64,
) -> Result<BTreeMap<String, Newest>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.at_us, r.kind, r.value, r.name FROM series s JOIN readings r ON r.series_id = s.id
         WHERE s.source = ?1 AND s.probe = ?2 AND s.control = 0 AND r.at_us >= ?3 AND r.at_us < ?4
           AND r.kind NOT IN ('distinct', 'column') AND instr(r.name, '.') = 0",
    )?;
    let mut rows = statement.query(params![source, probe, day * DAY_US, (day + 1) * DAY_US])?;
    let mut newest: BTreeMap<String, Newest> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let found = Newest {
            at_us: row.get("at_us")?,
            kind: row.get("kind")?,
            value: row.get("value")?,
        };
        let name: String = row.get("name")?;
        match newest.get_mut(&name) {
            None => {
                newest.insert(name, found);
            }
            Some(best) => {
                let both_dates = best.kind == "date" && found.kind == "date";
                let later = if both_dates {
                    found.value > best.value
                } else {
                    found.at_us > best.at_us
                };
                if later {
                    *best = found;
                }
            }
        }
    }
    Ok(newest)
}
