//! The store's current time, and the newest round of each series: looked up by key, without
//! scanning measurements.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::model::event::EventDetail;
use crate::model::incident::HumanCheck;
use crate::model::time::{day_of, earlier, from_micros};
use crate::model::{Code, ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;
use crate::store::rows::cells::{Cells, from_row};
use crate::track::state::OBSERVATION_HOLDS;

pub(in crate::store) const AS_OF_SQL: &str = "SELECT as_of_us FROM v_as_of";

/// Finds the code of a series' newest measurement by the index on its time.
pub(in crate::store) const NEWEST_SQL: &str = "SELECT s.source, s.probe, s.vantage, s.checked_us,
        (SELECT m.code FROM measurements m WHERE m.series_id = s.id ORDER BY m.started_us DESC LIMIT 1)
            AS code
     FROM series s WHERE s.control = 0 AND s.checked_us IS NOT NULL";

pub(in crate::store) const COVERAGE_SQL: &str = "SELECT s.vantage,
        sum(u.ok + u.blocked + u.rot + u.stale + u.failed) AS seen, sum(u.checks + u.gaps) AS due
     FROM series s CROSS JOIN uptime u ON u.series_id = s.id
     WHERE s.control = 0 AND u.day > ?1 AND u.day <= ?2 GROUP BY s.vantage";

/// When the newest round of a (probe, vantage) in a pass began, and the code of its last attempt.
pub type NewestRounds = BTreeMap<(ProbeKey, VantageId), (Time, Option<Code>)>;

/// The phases of a series' newest measurement, found by the index on its time.
pub(in crate::store) const NEWEST_PHASES_SQL: &str =
    "SELECT s.source, s.probe, s.vantage, m.dns_ms, m.connect_ms, m.tls_ms, m.first_byte_ms, m.total_ms
     FROM series s CROSS JOIN measurements m ON m.id = (
        SELECT n.id FROM measurements n WHERE n.series_id = s.id ORDER BY n.started_us DESC LIMIT 1)
     WHERE s.control = 0";

/// How long the phases of a measurement took, in milliseconds; `None` where one was not reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhaseDurations {
    pub dns_ms: Option<f64>,
    pub connect_ms: Option<f64>,
    pub tls_ms: Option<f64>,
    pub first_byte_ms: Option<f64>,
    pub total_ms: Option<f64>,
}

impl PhaseDurations {
    /// Each by its name in records.
    #[must_use]
    pub fn all(&self) -> [(&'static str, Option<f64>); 5] {
        [
            ("dns", self.dns_ms),
            ("connect", self.connect_ms),
            ("tls", self.tls_ms),
            ("first_byte", self.first_byte_ms),
            ("total", self.total_ms),
        ]
    }
}

impl Reader {
    /// The phases of the newest measurement of each (probe, vantage).
    pub fn newest_phases(
        &self,
    ) -> Result<BTreeMap<(ProbeKey, VantageId), PhaseDurations>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(NEWEST_PHASES_SQL)?;
            let mut rows = statement.query([])?;
            let mut all = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let row = Cells::new(row);
                let source: String = row.get("source")?;
                let probe = ProbeKey::new(source, row.get::<String>("probe")?);
                let key = (probe, VantageId(row.get("vantage")?));
                let phases = from_row!(row => PhaseDurations {
                    .. dns_ms connect_ms tls_ms first_byte_ms total_ms
                });
                all.insert(key, phases);
            }
            Ok(all)
        })
    }

    /// The time of the newest observation, which counts as now in every figure. `None` before the
    /// first one.
    pub fn as_of(&self) -> Result<Option<Time>, StoreError> {
        self.read(|c| {
            let us: Option<i64> = c
                .prepare_cached(AS_OF_SQL)?
                .query_row([], |row| row.get(0))?;
            Ok(us.map(from_micros))
        })
    }

    /// The newest round of each (probe, vantage), including skipped ones.
    pub fn newest_rounds(&self) -> Result<NewestRounds, StoreError> {
        self.read(newest)
    }

    /// What people saw of probes without an open incident, within the days before `as_of` for which
    /// an observation counts.
    pub fn observations(&self, as_of: Time) -> Result<Vec<(ProbeKey, HumanCheck)>, StoreError> {
        // A look may be newer than the newest pass.
        let events = self.events(earlier(as_of, OBSERVATION_HOLDS), Time::MAX_UTC)?;
        let looks = events.into_iter().filter_map(|event| match event.detail {
            Some(EventDetail::Looked { check }) => Some((event.probe?, check)),
            _ => None,
        });
        Ok(looks.collect())
    }

    /// For each vantage, the percentage of the rounds due in the 30 days up to `as_of` that
    /// produced an observation.
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
