//! Missed rounds that may have to be derived again.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::model::time::{day_of, from_micros};
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rollup::{self, TouchedDays};
use crate::store::rows::cells::Cells;
use crate::store::write::writer::Durability;

/// A series, its gaps, and the times when its rounds began, both in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GapsAndRounds {
    pub gaps: Vec<Time>,
    pub rounds: Vec<Time>,
}

/// By series.
pub type AllGaps = BTreeMap<(ProbeKey, VantageId), GapsAndRounds>;

impl Reader {
    /// The gaps at or after a time, and the rounds since then of the series that have any.
    pub fn gaps_since(&self, from: Time) -> Result<AllGaps, StoreError> {
        let us = from.timestamp_micros();
        self.read(|c| {
            let mut all = AllGaps::new();
            for (sql, is_gap) in [(GAPS_SQL, true), (ROUNDS_SQL, false)] {
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query([us])?;
                while let Some(row) = rows.next()? {
                    let row = Cells::new(row);
                    let probe =
                        ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?);
                    let series = all
                        .entry((probe, VantageId(row.get("vantage")?)))
                        .or_default();
                    let at = from_micros(row.get("at_us")?);
                    if is_gap {
                        series.gaps.push(at);
                    } else {
                        series.rounds.push(at);
                    }
                }
            }
            Ok(all)
        })
    }
}

const GAPS_SQL: &str = "SELECT s.source, s.probe, s.vantage, g.at_us
    FROM missed g JOIN series s ON s.id = g.series_id
    WHERE g.kind = 'gap' AND g.at_us >= ?1 ORDER BY g.at_us";

const ROUNDS_SQL: &str = "SELECT s.source, s.probe, s.vantage, m.started_us AS at_us
    FROM measurements m JOIN series s ON s.id = m.series_id
    WHERE m.started_us >= ?1 AND m.attempt = 0 AND s.control = 0
      AND EXISTS (SELECT 1 FROM missed g WHERE g.series_id = s.id AND g.kind = 'gap' AND g.at_us >= ?1)
    ORDER BY m.started_us";

impl Store {
    /// Removes gaps, and derives the roll-ups of their days again.
    pub async fn take_back_gaps(
        &self,
        gaps: Vec<(ProbeKey, VantageId, Time)>,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            let c = &session.connection;
            let mut touched = TouchedDays::new();
            for (probe, vantage, at) in &gaps {
                let us = at.timestamp_micros();
                let series: i64 = c
                    .prepare_cached(
                        "SELECT id FROM series
                         WHERE source = ?1 AND probe = ?2 AND vantage = ?3 AND control = 0",
                    )?
                    .query_row(
                        params![
                            probe.source.as_str(),
                            probe.probe.as_str(),
                            vantage.as_str()
                        ],
                        |row| row.get(0),
                    )?;
                c.prepare_cached(
                    "DELETE FROM missed WHERE series_id = ?1 AND at_us = ?2 AND kind = 'gap'",
                )?
                .execute([series, us])?;
                touched.insert((series, day_of(us)));
            }
            rollup::derive(c, &touched)
        })
        .await
    }
}
