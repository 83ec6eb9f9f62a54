//! Daily counts summed by the database: the days of sources, and those of a vantage.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, Row};

use crate::model::time::{day_of, from_micros};
use crate::model::{Code, SourceId, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;
use crate::store::rows::cells::Cells;
use crate::store::rows::exported::date;

/// The checks of one UTC day by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySums {
    pub day: NaiveDate,
    pub checks: u32,
    pub open: u32,
    pub less: u32,
    pub closed: u32,
    pub unknown: u32,
    pub offline: u32,
    pub gaps: u32,
}

/// The newest check of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlCheckRow {
    pub url: String,
    pub at: Time,
    pub code: Code,
}

/// The days of all series with a value in one column.
macro_rules! sums_sql {
    ($of:literal) => {
        concat!(
            "SELECT u.day, sum(u.checks) AS checks, sum(u.open) AS open, sum(u.less) AS less,
                 sum(u.closed) AS closed, sum(u.unknown) AS unknown,
                 sum(u.vantage_offline) AS offline, sum(u.gaps) AS gaps
             FROM series s CROSS JOIN uptime u ON u.series_id = s.id
             WHERE s.control = 0 AND s.",
            $of,
            " = ?1 AND u.day >= ?2 GROUP BY u.day ORDER BY u.day"
        )
    };
}

/// Newest measurements of controls that are looked through.
const MOST_CONTROLS: u32 = 60;

const CONTROLS_SQL: &str = "SELECT m.url, m.started_us, m.code
     FROM series s CROSS JOIN measurements m ON m.series_id = s.id
     WHERE s.control = 1 AND s.vantage = ?1 AND m.started_us >= ?2
     ORDER BY m.started_us DESC LIMIT ?3";

impl Reader {
    /// The days of a source over all its pairs, from a UTC day on.
    pub fn source_sums(
        &self,
        source: &SourceId,
        from: NaiveDate,
    ) -> Result<Vec<DaySums>, StoreError> {
        self.read(|c| sums(c, sums_sql!("source"), source.as_str(), from))
    }

    /// The days of a vantage over everything that is watched from it.
    pub fn vantage_sums(
        &self,
        vantage: &VantageId,
        from: NaiveDate,
    ) -> Result<Vec<DaySums>, StoreError> {
        self.read(|c| sums(c, sums_sql!("vantage"), vantage.as_str(), from))
    }

    /// The newest check of each control of a vantage since a time, by address.
    pub fn control_checks(
        &self,
        vantage: &VantageId,
        since: Time,
    ) -> Result<Vec<ControlCheckRow>, StoreError> {
        self.read(|c| control_checks(c, vantage, since))
    }
}

fn sums(
    connection: &Connection,
    sql: &str,
    key: &str,
    from: NaiveDate,
) -> Result<Vec<DaySums>, InnerError> {
    let midnight = from.and_time(chrono::NaiveTime::MIN).and_utc();
    let mut statement = connection.prepare_cached(sql)?;
    let first = day_of(midnight.timestamp_micros());
    let rows = statement.query_map(rusqlite::params![key, first], day_sums)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn day_sums(row: &Row<'_>) -> rusqlite::Result<DaySums> {
    let row = Cells::new(row);
    Ok(DaySums {
        day: date(row.get("day")?),
        checks: row.get("checks")?,
        open: row.get("open")?,
        less: row.get("less")?,
        closed: row.get("closed")?,
        unknown: row.get("unknown")?,
        offline: row.get("offline")?,
        gaps: row.get("gaps")?,
    })
}

fn control_checks(
    connection: &Connection,
    vantage: &VantageId,
    since: Time,
) -> Result<Vec<ControlCheckRow>, InnerError> {
    let mut statement = connection.prepare_cached(CONTROLS_SQL)?;
    let mut rows = statement.query(rusqlite::params![
        vantage.as_str(),
        since.timestamp_micros(),
        MOST_CONTROLS
    ])?;
    let mut newest: BTreeMap<String, ControlCheckRow> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let url: String = row.get("url")?;
        let code: String = row.get("code")?;
        let check = ControlCheckRow {
            at: from_micros(row.get("started_us")?),
            code: code.parse()?,
            url: url.clone(),
        };
        newest.entry(url).or_insert(check);
    }
    Ok(newest.into_values().collect())
}
