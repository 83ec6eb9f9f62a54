//! Daily roll-ups, derived from the measurements of their days in the transaction that changed
//! those days. Deriving a day again gives the same row, so late and repeated records are safe.

pub(in crate::store) mod freshness;

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Code;
use crate::model::state::{Doubt, State};
use crate::model::time::{DAY_US, day_of};
use crate::store::error::InnerError;
use crate::store::open::meta;
use crate::store::rows::cells::Cells;

use crate::track::daily::{
    AttemptRow, BRIDGE_US, DailyFigures, ROUND_US, RoundCheck, checks, figures,
};

/// 1990 to 9999: a row for another day comes from a wrong clock (`doctor` reports it).
const DAYS: std::ops::Range<i64> = 7_305..2_932_896;

/// The key in `meta` of the time from which raw measurements are still stored.
pub(in crate::store) const RAW_FROM: &str = "raw_from_us";

/// The (series, day)s whose roll-ups must be derived again.
pub(in crate::store) type TouchedDays = BTreeSet<(i64, i64)>;

/// Derives the roll-ups of these days. Days before the purge horizon keep their rows, because their
/// measurements were removed.
pub(in crate::store) fn derive(
    connection: &Connection,
    touched: &TouchedDays,
) -> Result<(), InnerError> {
    let raw_from = meta::get_number(connection, RAW_FROM)?.unwrap_or(i64::MIN);
    let mut probes = BTreeSet::new();
    for &(series, day) in touched {
        if !DAYS.contains(&day) || day * DAY_US < raw_from {
            continue;
        }
        let first_of_day = derive_day(connection, series, day)?;
        // An outage of the previous days may have continued until here, which is known only now.
        if first_of_day {
            for before in days_before(connection, series, day)? {
                if touched.contains(&(series, before)) || before * DAY_US < raw_from {
                    break;
                }
                derive_day(connection, series, before)?;
            }
        }
        probes.insert((series, day));
    }
    freshness::derive(connection, &probes)
}

/// Returns whether the day has at most one check: only then can it change the previous day.
fn derive_day(connection: &Connection, series: i64, day: i64) -> Result<bool, InnerError> {
    let all = checks_around(connection, series, day)?;
    let (offline, gaps) = missed(connection, series, day)?;
    let figures = figures(day, &all, offline, gaps);
    write_day(connection, series, day, &figures)?;
    Ok(all.iter().filter(|c| day_of(c.at_us) == day).count() <= 1)
}

/// The day's checks, and the nearest ones before and after that say something about the source.
fn checks_around(
    connection: &Connection,
    series: i64,
    day: i64,
) -> Result<Vec<RoundCheck>, InnerError> {
    let (start, end) = (day * DAY_US, (day + 1) * DAY_US);
    let mut all = checks(attempts(
        connection,
        series,
        start - ROUND_US,
        end + ROUND_US,
    )?);
    // Rounds at the edges may be incomplete; the two lookups find complete ones.
    all.retain(|c| day_of(c.at_us) == day);
    if let Some(us) = neighbour(connection, series, start, Side::Before)? {
        let before = checks(attempts(connection, series, us - ROUND_US, us + ROUND_US)?);
        let last = before.into_iter().rfind(|c| c.at_us < start);
        all.splice(0..0, last);
    }
    if let Some(us) = neighbour(connection, series, end, Side::After)? {
        let after = checks(attempts(connection, series, us - ROUND_US, us + ROUND_US)?);
        all.extend(after.into_iter().find(|c| c.at_us >= end));
    }
    Ok(all)
}

pub(in crate::store) const ATTEMPTS_SQL: &str = "SELECT m.round, m.attempt, m.started_us, m.code, m.total_ms,
            EXISTS (SELECT 1 FROM set_aside a WHERE a.series_id = m.series_id AND a.round = m.round) AS aside,
            coalesce(d.finding, 0) AS finding, coalesce(d.provisional, 0) AS provisional
         FROM measurements m LEFT JOIN doubted d ON d.series_id = m.series_id AND d.round = m.round
         WHERE m.series_id = ?1 AND m.started_us >= ?2 AND m.started_us < ?3
         ORDER BY m.started_us";

fn attempts(
    connection: &Connection,
    series: i64,
    from_us: i64,
    to_us: i64,
) -> Result<Vec<AttemptRow>, InnerError> {
    let mut statement = connection.prepare_cached(ATTEMPTS_SQL)?;
    let mut rows = statement.query(params![series, from_us, to_us])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let code = row
            .get_ref("code")?
            .as_str()
            .map_err(rusqlite::Error::from)?;
        // Rounds made while the vantage did not work belong to our own end.
        let aside: bool = row.get("aside")?;
        all.push(AttemptRow {
            round: row.get("round")?,
            attempt: row.get("attempt")?,
            started_us: row.get("started_us")?,
            code: if aside {
                Code::VantageOffline
            } else {
                code.parse()?
            },
            total_ms: row.get("total_ms")?,
            doubt: Doubt {
                finding: row.get("finding")?,
                provisional: row.get("provisional")?,
            },
        });
    }
    Ok(all)
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

fn neighbour(
    connection: &Connection,
    series: i64,
    edge: i64,
    side: Side,
) -> Result<Option<i64>, InnerError> {
    let (sql, from, to) = match side {
        Side::Before => (
            "SELECT started_us FROM measurements
             WHERE series_id = ?1 AND started_us >= ?2 AND started_us < ?3 AND attempt = 0
             ORDER BY started_us DESC LIMIT 1",
            edge - BRIDGE_US,
            edge,
        ),
        Side::After => (
            "SELECT started_us FROM measurements
             WHERE series_id = ?1 AND started_us >= ?2 AND started_us < ?3 AND attempt = 0
             ORDER BY started_us LIMIT 1",
            edge,
            edge + BRIDGE_US,
        ),
    };
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![series, from, to], |row| row.get(0))
        .optional()?)
}

fn missed(connection: &Connection, series: i64, day: i64) -> Result<(u32, u32), InnerError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE kind = 'vantage_offline'), count(*) FILTER (WHERE kind = 'gap')
             FROM missed WHERE series_id = ?1 AND at_us >= ?2 AND at_us < ?3",
        )?
        .query_row(
            params![series, day * DAY_US, (day + 1) * DAY_US],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
}

/// The previous days back to the last one with an observed check, newest first, as far as an outage
/// may continue.
fn days_before(connection: &Connection, series: i64, day: i64) -> Result<Vec<i64>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT day, checks - vantage_offline AS seen FROM uptime
         WHERE series_id = ?1 AND day < ?2 AND day >= ?3 ORDER BY day DESC",
    )?;
    let mut rows = statement.query([series, day, day - BRIDGE_US / DAY_US - 1])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(row.get(0)?);
        if row.get::<_, i64>("seen")? > 0 {
            break;
        }
    }
    Ok(all)
}

fn write_day(
    connection: &Connection,
    series: i64,
    day: i64,
    f: &DailyFigures,
) -> Result<(), InnerError> {
    use crate::track::UptimeCategory as U;
    if f.checks == 0 && f.gaps == 0 {
        connection
            .prepare_cached("DELETE FROM uptime WHERE series_id = ?1 AND day = ?2")?
            .execute(params![series, day])?;
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO uptime (series_id, day, checks, ok, limited, blocked, rot, stale,
                failed, vantage_offline, gaps, p50_ms, p95_ms, outage_us, withdrawn, empty, moved, open, less,
                closed, unknown)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                ?20, ?21)",
        )?
        .execute(params![
            series,
            day,
            f.checks,
            f.count(U::Ok),
            f.count(U::Limited),
            f.count(U::Blocked),
            f.count(U::Rot),
            f.count(U::Stale),
            f.count(U::Failed),
            f.count(U::VantageOffline),
            f.gaps,
            f.p50_ms,
            f.p95_ms,
            f.outage_us,
            f.count_code(Code::ContentWithdrawn),
            f.count_code(Code::ContentEmpty),
            f.count_code(Code::ContentMoved),
            f.count_state(State::Open),
            f.count_state(State::Less),
            f.count_state(State::Closed),
            f.count_state(State::Unknown)
        ])?;
    Ok(())
}

/// Derives all days again whose measurements are still stored.
pub(in crate::store) fn derive_kept(connection: &Connection) -> Result<(), InnerError> {
    let touched = since(connection, i64::MIN)?;
    derive(connection, &touched)
}

/// Every (series, day) with a roll-up of this day or a later one.
pub(in crate::store) fn days_from(
    connection: &Connection,
    day: i64,
) -> Result<TouchedDays, InnerError> {
    let mut statement =
        connection.prepare_cached("SELECT series_id, day FROM uptime WHERE day >= ?1")?;
    let rows = statement.query_map([day], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every (series, day) with measurements or missed rounds at or after a time, for `rejudge`.
pub(in crate::store) fn since(
    connection: &Connection,
    from_us: i64,
) -> Result<TouchedDays, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT series_id, started_us / 86400000000 FROM measurements
         WHERE started_us >= ?1 AND series_id IN (SELECT id FROM series
              WHERE control = 0 AND source <> '')
         UNION SELECT DISTINCT series_id, at_us / 86400000000 FROM missed WHERE at_us >= ?1",
    )?;
    let rows = statement.query_map([from_us], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
