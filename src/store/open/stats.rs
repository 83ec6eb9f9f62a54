//! Figures of the store itself, for `doctor`.

use std::fmt;

use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::error::StoreError;
use crate::store::open::migrate::SCHEMA_VERSION;
use crate::store::read::reader::Reader;

/// Its size and contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreStats {
    pub schema: i64,
    /// Size of the file and its log.
    pub bytes: u64,
    pub log_bytes: u64,
    /// Size of the free pages inside the file.
    pub free_bytes: u64,
    /// Approximate: the newest row's number minus the oldest's.
    pub measurements: u64,
    pub oldest: Option<Time>,
    pub newest: Option<Time>,
    pub bodies: u64,
    pub body_bytes: u64,
}

impl fmt::Display for StoreStats {
    #[allow(clippy::cast_precision_loss)] // one decimal of megabytes
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        write!(
            f,
            "{:.1} MiB, about {} measurements, {} bodies ({:.1} MiB unpacked)",
            mib(self.bytes + self.log_bytes),
            self.measurements,
            self.bodies,
            mib(self.body_bytes)
        )?;
        match self.oldest {
            Some(oldest) => write!(f, ", since {}", oldest.date_naive()),
            None => Ok(()),
        }
    }
}

impl Reader {
    /// The figures, without reading measurements.
    pub fn stats(&self) -> Result<StoreStats, StoreError> {
        let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |m| m.len());
        let mut log = self.path().as_os_str().to_owned();
        log.push("-wal");
        self.read(|c| {
            let pragma = |name: &str| c.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let one = |sql: &str| c.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
            let first = one("SELECT min(id) FROM measurements")?;
            let last = one("SELECT max(id) FROM measurements")?;
            let body = |sql: &str| one(sql).map(|n| n.unwrap_or(0).unsigned_abs());
            Ok(StoreStats {
                schema: SCHEMA_VERSION,
                bytes: size(self.path()),
                log_bytes: size(log.as_ref()),
                free_bytes: (pragma("freelist_count")? * pragma("page_size")?).unsigned_abs(),
                measurements: first
                    .zip(last)
                    .map_or(0, |(a, b)| (b - a + 1).unsigned_abs()),
                oldest: one("SELECT min(started_us) FROM measurements")?.map(from_micros),
                newest: one("SELECT max(started_us) FROM measurements")?.map(from_micros),
                bodies: body("SELECT count(*) FROM bodies")?,
                body_bytes: body("SELECT sum(bytes) FROM bodies")?,
            })
        })
    }
}
