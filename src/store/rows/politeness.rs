//! Politeness across restarts: back-offs and robots.txt copies.

use chrono::TimeDelta;
use rusqlite::{Connection, params};

use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::time::from_micros;
use crate::model::{Time, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// A back-off that ended longer ago does not double the next one.
const BACK_OFF_KEPT: TimeDelta = TimeDelta::days(7);
/// robots.txt: the last copy is valid for 30 days (docs/configuration.md).
const ROBOTS_KEPT: TimeDelta = TimeDelta::days(30);

pub(in crate::store) fn put(
    connection: &Connection,
    back_offs: &[BackOff],
    robots: &[RobotsCopy],
    now: Time,
) -> Result<(), InnerError> {
    for b in back_offs {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO back_offs (vantage, host, until_us, step_seconds, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                b.vantage.as_str(),
                b.host,
                b.until.timestamp_micros(),
                i64::try_from(b.step_seconds).unwrap_or(i64::MAX),
                b.reason
            ])?;
    }
    for r in robots {
        // Most copies are already in the store and are not written again.
        connection
            .prepare_cached(
                "INSERT INTO robots (vantage, origin, fetched_us, status, body) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (vantage, origin) DO UPDATE SET fetched_us = excluded.fetched_us,
                     status = excluded.status, body = excluded.body
                 WHERE excluded.fetched_us <> fetched_us",
            )?
            .execute(params![
                r.vantage.as_str(),
                r.origin,
                r.fetched.timestamp_micros(),
                r.status,
                r.body
            ])?;
    }
    connection
        .prepare_cached("DELETE FROM back_offs WHERE until_us < ?1")?
        .execute([(now - BACK_OFF_KEPT).timestamp_micros()])?;
    connection
        .prepare_cached("DELETE FROM robots WHERE fetched_us < ?1")?
        .execute([(now - ROBOTS_KEPT).timestamp_micros()])?;
    Ok(())
}

/// Removes the copies of robots.txt of these origins.
pub(in crate::store) fn forget_robots(
    connection: &Connection,
    origins: &[String],
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached("DELETE FROM robots WHERE origin = ?1")?;
    for origin in origins {
        statement.execute([origin])?;
    }
    Ok(())
}

pub(in crate::store) fn all(
    connection: &Connection,
) -> Result<(Vec<BackOff>, Vec<RobotsCopy>), InnerError> {
    let mut statement = connection
        .prepare_cached("SELECT vantage, host, until_us, step_seconds, reason FROM back_offs")?;
    let back_offs = statement
        .query_map([], |row| {
            let row = Cells::new(row);
            Ok(BackOff {
                vantage: VantageId(row.get("vantage")?),
                host: row.get("host")?,
                until: from_micros(row.get("until_us")?),
                step_seconds: row.get::<i64>("step_seconds")?.unsigned_abs(),
                reason: row.get("reason")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let mut statement = connection
        .prepare_cached("SELECT vantage, origin, fetched_us, status, body FROM robots")?;
    let robots = statement
        .query_map([], |row| {
            let row = Cells::new(row);
            Ok(RobotsCopy {
                vantage: VantageId(row.get("vantage")?),
                origin: row.get("origin")?,
                fetched: from_micros(row.get("fetched_us")?),
                status: row.get("status")?,
                body: row.get("body")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok((back_offs, robots))
}
