//! Rounds that people asked for, as rows.

use rusqlite::{Connection, Row, params};

use crate::model::asked_round::{ASKED_ONCE, AskedRound, LONGEST_WAIT};
use crate::model::time::from_micros;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::InnerError;

/// Those that wait: no check of the series began since. A check of an agent is dated by its clock,
/// which is known to a second or two.
const WAITING: &str =
    "SELECT a.source, a.probe, a.vantage, a.incident, a.asked_us, a.asked_by, a.leased_us
     FROM asked_rounds a
     WHERE a.asked_us > ?1 AND NOT EXISTS (
         SELECT 1 FROM series s
         WHERE s.source = a.source AND s.probe = a.probe AND s.vantage = a.vantage
           AND s.control = 0 AND s.checked_us >= a.asked_us + coalesce(
               (SELECT g.offset_seconds * 1000000 - 2000000 FROM agents g
                WHERE g.vantage = a.vantage), 0))
     ORDER BY a.asked_us, a.source, a.probe, a.vantage";

/// Keeps requests. One that follows another of its incident at once is the same request.
pub(in crate::store) fn put(
    connection: &Connection,
    rounds: &[AskedRound],
) -> Result<(), InnerError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO asked_rounds (source, probe, vantage, incident, asked_us, asked_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (source, probe, vantage) DO UPDATE SET incident = excluded.incident,
             asked_us = excluded.asked_us, asked_by = excluded.asked_by, leased_us = NULL
         WHERE incident <> excluded.incident OR abs(excluded.asked_us - asked_us) >= ?7",
    )?;
    let once = ASKED_ONCE.num_microseconds().unwrap_or_default();
    for round in rounds {
        insert.execute(params![
            round.probe.source.as_str(),
            round.probe.probe.as_str(),
            round.vantage.as_str(),
            round.incident,
            round.asked.timestamp_micros(),
            round.by,
            once,
        ])?;
    }
    let newest = rounds.iter().map(|round| round.asked).max();
    if let Some(newest) = newest {
        connection
            .prepare_cached("DELETE FROM asked_rounds WHERE asked_us < ?1")?
            .execute([(newest - LONGEST_WAIT).timestamp_micros()])?;
    }
    Ok(())
}

/// The requests that wait at `now`, oldest first.
pub(in crate::store) fn waiting(
    connection: &Connection,
    now: Time,
) -> Result<Vec<AskedRound>, InnerError> {
    let mut statement = connection.prepare_cached(WAITING)?;
    let since = (now - LONGEST_WAIT).timestamp_micros();
    let rows = statement.query_map([since], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Leases rounds of a vantage until a time.
pub(in crate::store) fn lease(
    connection: &Connection,
    vantage: &VantageId,
    probes: &[ProbeKey],
    until: Time,
) -> Result<(), InnerError> {
    let mut update = connection.prepare_cached(
        "UPDATE asked_rounds SET leased_us = ?4 WHERE source = ?1 AND probe = ?2 AND vantage = ?3",
    )?;
    for probe in probes {
        update.execute(params![
            probe.source.as_str(),
            probe.probe.as_str(),
            vantage.as_str(),
            until.timestamp_micros(),
        ])?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AskedRound> {
    Ok(AskedRound {
        probe: ProbeKey::new(
            row.get::<_, String>("source")?,
            row.get::<_, String>("probe")?,
        ),
        vantage: VantageId(row.get("vantage")?),
        incident: row.get("incident")?,
        asked: from_micros(row.get("asked_us")?),
        by: row.get("asked_by")?,
        leased: row.get::<_, Option<i64>>("leased_us")?.map(from_micros),
    })
}
