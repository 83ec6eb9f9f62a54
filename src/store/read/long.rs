//! Answers that are longer than the part that is read: the rest was not checked.

use crate::model::time::from_micros;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::StoreError;
use crate::store::read::reader::Reader;
use crate::store::rows::cells::Cells;

/// The newest answer to a probe from a vantage, if it is that long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongAnswer {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub at: Time,
    /// As announced, or as far as it was read.
    pub bytes: u64,
    /// Everything expected was before the limit; otherwise nothing is known about the probe.
    pub judged: bool,
}

impl Reader {
    /// The newest answers of at least `limit` bytes, by probe and vantage.
    pub fn long_answers(&self, limit: u64) -> Result<Vec<LongAnswer>, StoreError> {
        const NEWEST: &str = "SELECT s.source, s.probe, s.vantage, m.started_us, m.body_bytes,
                    m.rule NOT IN ('record.json_cut', 'record.body_cut') AS judged
             FROM series s JOIN measurements m ON m.id = (
                 SELECT id FROM measurements WHERE series_id = s.id
                 ORDER BY started_us DESC, attempt DESC LIMIT 1)
             WHERE s.control = 0 AND s.source <> '' AND m.body_bytes >= ?1
             ORDER BY s.source, s.probe, s.vantage";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|c| {
            let mut statement = c.prepare_cached(NEWEST)?;
            let rows = statement.query_map([limit], |row| {
                let row = Cells::new(row);
                let source: String = row.get("source")?;
                let probe: String = row.get("probe")?;
                let vantage: String = row.get("vantage")?;
                Ok(LongAnswer {
                    probe: ProbeKey {
                        source: source.as_str().into(),
                        probe: probe.as_str().into(),
                    },
                    vantage: vantage.as_str().into(),
                    at: from_micros(row.get("started_us")?),
                    bytes: row.get::<i64>("body_bytes")?.unsigned_abs(),
                    judged: row.get("judged")?,
                })
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }
}
