//! What was known at a time in the past: the first day of each series, and its newest round then.

use chrono::NaiveDate;
use rusqlite::Connection;

use crate::model::time::{day_of, from_micros};
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::read::newest::NewestRounds;
use crate::store::read::reader::Reader;
use crate::store::rows::cells::Cells;
use crate::store::rows::exported::{self, RowFilter, UptimeRow, date};
use crate::store::rows::records::{self, StoredRecord};

/// Since when a (probe, vantage) is checked, and whether it was ever open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesBeginning {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub first: NaiveDate,
    pub was_open: bool,
}

pub(in crate::store) const BEGINNINGS_SQL: &str = "SELECT s.source, s.probe, s.vantage,
        min(u.day) AS first, max(u.open) AS open
     FROM series s CROSS JOIN uptime u ON u.series_id = s.id
     WHERE s.control = 0 AND u.day <= ?1 AND u.checks > 0 GROUP BY s.id
     ORDER BY s.source, s.probe, s.vantage";

/// Looks up the newest measurement of each series by the index on its time.
pub(in crate::store) const NEWEST_BEFORE_SQL: &str =
    "SELECT s.source, s.probe, s.vantage, m.started_us, m.code
     FROM series s CROSS JOIN measurements m ON m.id = (SELECT n.id FROM measurements n
        WHERE n.series_id = s.id AND n.started_us < ?1 ORDER BY n.started_us DESC LIMIT 1)
     WHERE s.control = 0";

impl Reader {
    /// Passes the daily counts to `each`, in the order of source, probe, vantage, day, until it
    /// returns false.
    pub fn visit_uptime(
        &self,
        filter: &RowFilter,
        mut each: impl FnMut(UptimeRow) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| exported::visit_uptime(c, filter, &mut each))
    }

    /// The newest measurement of a probe from one vantage that was fetched and not `ok`.
    pub fn last_failed(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        self.read(|c| records::last_failed(c, probe, vantage))
    }

    /// The series that were checked on this UTC day or before.
    pub fn beginnings(&self, until: NaiveDate) -> Result<Vec<SeriesBeginning>, StoreError> {
        self.read(|c| beginnings(c, until))
    }

    /// The newest round of each (probe, vantage) before a time, where its measurements are stored.
    pub fn newest_rounds_before(&self, at: Time) -> Result<NewestRounds, StoreError> {
        self.read(|c| newest_before(c, at))
    }
}

fn beginnings(
    connection: &Connection,
    until: NaiveDate,
) -> Result<Vec<SeriesBeginning>, InnerError> {
    let midnight = until.and_time(chrono::NaiveTime::MIN).and_utc();
    let mut statement = connection.prepare_cached(BEGINNINGS_SQL)?;
    let mut rows = statement.query([day_of(midnight.timestamp_micros())])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        all.push(SeriesBeginning {
            probe: ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?),
            vantage: VantageId(row.get("vantage")?),
            first: date(row.get("first")?),
            was_open: row.get::<i64>("open")? > 0,
        });
    }
    Ok(all)
}

fn newest_before(connection: &Connection, at: Time) -> Result<NewestRounds, InnerError> {
    let mut statement = connection.prepare_cached(NEWEST_BEFORE_SQL)?;
    let mut rows = statement.query([at.timestamp_micros()])?;
    let mut all = NewestRounds::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let probe = ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?);
        let code: String = row.get("code")?;
        let vantage = VantageId(row.get("vantage")?);
        let started = from_micros(row.get("started_us")?);
        all.insert((probe, vantage), (started, Some(code.parse()?)));
    }
    Ok(all)
}
