//! *Now* of the store, and the newest round of each series: looked up by key, never by reading measurements through.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::model::event::EventDetail;
use crate::model::incident::HumanCheck;
use crate::model::time::{day_of, earlier, from_micros};
use crate::model::{Code, ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;
use crate::store::rows::cells::Cells;
use crate::track::state::OBSERVATION_HOLDS;

pub(in crate::store) const AS_OF_SQL: &str = "SELECT as_of_us FROM v_as_of";

/// The code of a series' newest measurement is found by the index of its time.
pub(in crate::store) const NEWEST_SQL: &str = "SELECT s.source, s.probe, s.vantage, s.checked_us,
        (SELECT m.code FROM measurements m WHERE m.series_id = s.id ORDER BY m.started_us DESC LIMIT 1)
            AS code
     FROM series s WHERE s.control = 0 AND s.checked_us IS NOT NULL";

pub(in crate::store) const COVERAGE_SQL: &str = "SELECT s.vantage,
        sum(u.ok + u.blocked + u.rot + u.stale + u.failed) AS seen, sum(u.checks + u.gaps) AS due
     FROM series s CROSS JOIN uptime u ON u.series_id = s.id
     WHERE s.control = 0 AND u.day > ?1 AND u.day <= ?2 GROUP BY s.vantage";

/// When the newest round of a (probe, vantage) began that a pass took into account, and the code of its last attempt.
pub type NewestRounds = BTreeMap<(ProbeKey, VantageId), (Time, Option<Code>)>;

impl Reader {
    /// When the newest thing was seen: *now* in every figure. `None` while nothing was.
    pub fn as_of(&self) -> Result<Option<Time>, StoreError> {
        self.read(|c| {
            let us: Option<i64> = c
                .prepare_cached(AS_OF_SQL)?
                .query_row([], |row| row.get(0))?;
            Ok(us.map(from_micros))
        })
    }

    /// The newest round of each (probe, vantage), skipped ones too.
    pub fn newest_rounds(&self) -> Result<NewestRounds, StoreError> {
        self.read(newest)
    }

    /// What people saw of probes that had no ongoing incident then, in the days before `as_of` that such a look
    /// counts for.
    pub fn observations(&self, as_of: Time) -> Result<Vec<(ProbeKey, HumanCheck)>, StoreError> {
        // A look may be newer than the newest pass.
        let events = self.events(earlier(as_of, OBSERVATION_HOLDS), Time::MAX_UTC)?;
        let looks = events.into_iter().filter_map(|event| match event.detail {
            Some(EventDetail::Looked { check }) => Some((event.probe?, check)),
            _ => None,
        });
        Ok(looks.collect())
    }

    /// Of the rounds that were due from each vantage in the 30 days up to `as_of`, how many could see, in percent.
    pub fn coverage(&self, as_of: Time) -> Result<BTreeMap<VantageId, f64>, StoreError> {
        let today = day_of(as_of.timestamp_micros());
        self.read(|c| {
            let mut statement = c.prepare_cached(COVERAGE_SQL)?;
            let mut rows = statement.query([today - 30, today])?;
            let mut all = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let row = Cells::new(row);
                let (seen, due): (u32, u32) = (row.get("seen")?, row.get("due")?);
                if due > 0 {
                    let share = 100.0 * f64::from(seen) / f64::from(due);
                    all.insert(VantageId(row.get("vantage")?), share);
                }
            }
            Ok(all)
        })
    }
}

fn newest(connection: &Connection) -> Result<NewestRounds, InnerError> {
    let mut statement = connection.prepare_cached(NEWEST_SQL)?;
    let mut rows = statement.query([])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let probe = ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?);
        let code: Option<String> = row.get("code")?;
        let code = code.map(|text| text.parse()).transpose()?;
        let at = from_micros(row.get("checked_us")?);
        all.insert((probe, VantageId(row.get("vantage")?)), (at, code));
    }
    Ok(all)
}
