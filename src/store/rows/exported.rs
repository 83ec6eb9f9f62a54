//! Rows for tables and exports, read one at a time. Pages and exports of uptime and freshness use
//! the roll-ups; only the table of measurements reads measurements.

use chrono::{NaiveDate, TimeDelta};
use data_encoding::HEXLOWER;
use rusqlite::{Connection, params};

use crate::model::page::Value;
use crate::model::time::{day_of, from_micros};
use crate::model::{ProbeKey, SourceId, Time, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::cells::{Cells, from_row};
use crate::store::rows::values;

/// The requested part of a table; everything by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowFilter {
    /// From this time on (roll-ups: from this UTC day on).
    pub since: Option<Time>,
    /// Before this time (roll-ups: up to the day of the instant before it).
    pub until: Option<Time>,
    pub source: Option<SourceId>,
    /// Whole records only (`Reader::visit_records`).
    pub vantage: Option<VantageId>,
}

impl RowFilter {
    pub(in crate::store) fn micros(&self) -> (i64, i64) {
        (
            self.since.map_or(i64::MIN, |t| t.timestamp_micros()),
            self.until.map_or(i64::MAX, |t| t.timestamp_micros()),
        )
    }

    /// First and last day.
    pub(in crate::store) fn days(&self) -> (i64, i64) {
        let (from, to) = self.micros();
        (day_of(from), day_of(to.saturating_sub(1)))
    }

    pub(in crate::store) fn vantage_text(&self) -> Option<&str> {
        self.vantage.as_ref().map(VantageId::as_str)
    }

    pub(in crate::store) fn source_text(&self) -> Option<&str> {
        self.source.as_ref().map(SourceId::as_str)
    }
}

/// One row of measurements.csv.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasurementRow {
    pub uid: String,
    pub started: Time,
    pub source: String,
    pub probe: String,
    pub level: Option<String>,
    pub vantage: String,
    pub country: String,
    pub url: String,
    pub final_url: String,
    pub code: String,
    pub locus: String,
    pub rule: String,
    pub signature: Option<String>,
    pub failure: Option<String>,
    pub http_status: Option<u16>,
    pub dns_ms: Option<f64>,
    pub connect_ms: Option<f64>,
    pub tls_ms: Option<f64>,
    pub first_byte_ms: Option<f64>,
    pub total_ms: Option<f64>,
    pub body_bytes: i64,
    pub body_sha256: Option<String>,
    pub ip: Option<String>,
    pub attempt: u32,
    /// The cited link that was checked; such a row has no source and no probe.
    pub link: Option<i64>,
}

/// One row of uptime.csv: counts of checks on one UTC day.
#[derive(Debug, Clone, PartialEq)]
pub struct UptimeRow {
    pub probe: ProbeKey,
    pub level: Option<String>,
    pub vantage: String,
    pub day: NaiveDate,
    pub checks: u32,
    pub ok: u32,
    pub limited: u32,
    pub blocked: u32,
    pub rot: u32,
    pub stale: u32,
    pub failed: u32,
    pub vantage_offline: u32,
    pub gaps: u32,
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub longest_outage_hours: f64,
    /// Part of `blocked`, `stale`, `rot`; `None` for days whose measurements an older version
    /// rolled up and removed.
    pub withdrawn: Option<u32>,
    pub empty: Option<u32>,
    pub moved: Option<u32>,
    /// Checks by state; with `vantage_offline` they add up to `checks`.
    pub open: u32,
    pub less: u32,
    pub closed: u32,
    pub unknown: u32,
}

impl UptimeRow {
    /// Checks that show whether the source was up.
    fn observed(&self) -> u32 {
        self.ok + self.blocked + self.rot + self.stale + self.failed
    }

    /// The percentage of `ok` among observed checks; `None` when nothing was observed.
    #[must_use]
    pub fn availability_pct(&self) -> Option<f64> {
        percent(self.ok, self.observed())
    }

    /// The percentage of observed checks among expected ones.
    #[must_use]
    pub fn coverage_pct(&self) -> Option<f64> {
        percent(self.observed(), self.checks + self.gaps)
    }
}

fn percent(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| 100.0 * f64::from(part) / f64::from(whole))
}

/// One row of freshness, before the probe's own limits are applied.
#[derive(Debug, Clone, PartialEq)]
pub struct FreshnessRow {
    pub probe: ProbeKey,
    pub value_name: String,
    pub day: NaiveDate,
    pub value: Value,
    /// `None` on the first day.
    pub changed: Option<bool>,
}

/// The columns of a measurement `m` of a series `s`.
macro_rules! measurement_columns {
    () => {
        "m.started_us, m.body_sha256, m.uid, s.source, s.probe, m.level, s.vantage, m.country, m.url,
         coalesce(m.final_url, m.url) AS final_url, m.code, m.locus, m.rule, m.signature, m.failure,
         m.http_status, m.dns_ms, m.connect_ms, m.tls_ms, m.first_byte_ms, m.total_ms, m.body_bytes, m.ip,
         m.attempt, m.link"
    };
}
pub(in crate::store) use measurement_columns;

/// The columns of a day `u` of a series `s`, in the order in which they are read.
macro_rules! uptime_columns {
    () => {
        "u.outage_us, s.source, s.probe, u.day, s.level, s.vantage, u.checks, u.ok, u.limited, u.blocked,
         u.rot, u.stale, u.failed, u.vantage_offline, u.gaps, u.p50_ms, u.p95_ms, u.withdrawn, u.empty,
         u.moved, u.open, u.less, u.closed, u.unknown"
    };
}
pub(in crate::store) use uptime_columns;

pub(in crate::store) const MEASUREMENTS_SQL: &str = concat!(
    "SELECT ",
    measurement_columns!(),
    " FROM measurements m CROSS JOIN series s ON s.id = m.series_id
     WHERE m.started_us >= ?1 AND m.started_us < ?2 AND s.control = 0 AND (?3 IS NULL OR s.source = ?3)
     ORDER BY m.started_us, m.attempt, m.uid"
);

pub(in crate::store) const UPTIME_SQL: &str = concat!(
    "SELECT ",
    uptime_columns!(),
    " FROM series s CROSS JOIN uptime u ON u.series_id = s.id
     WHERE u.day >= ?1 AND u.day <= ?2 AND (?3 IS NULL OR s.source = ?3)
     ORDER BY s.source, s.probe, s.vantage, s.control, u.day"
);

pub(in crate::store) const FRESHNESS_SQL: &str =
    "SELECT source, probe, name, day, kind, value, changed
     FROM freshness WHERE day >= ?1 AND day <= ?2 AND ?3 IS NULL
     ORDER BY source, probe, name, day";

/// The same of one source, by key.
pub(in crate::store) const FRESHNESS_OF_SOURCE_SQL: &str =
    "SELECT source, probe, name, day, kind, value, changed
     FROM freshness WHERE day >= ?1 AND day <= ?2 AND source = ?3
     ORDER BY source, probe, name, day";

/// Passes the measurements of sources (without controls) to `each`, oldest first, until it returns
/// false.
pub(in crate::store) fn measurements(
    connection: &Connection,
    filter: &RowFilter,
    each: &mut dyn FnMut(MeasurementRow) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(MEASUREMENTS_SQL)?;
    let (from, to) = filter.micros();
    let mut rows = statement.query(params![from, to, filter.source_text()])?;
    while let Some(row) = rows.next()? {
        if !each(read_measurement(&Cells::new(row))?) {
            break;
        }
    }
    Ok(())
}

pub(in crate::store) fn read_measurement(
    row: &Cells<'_, '_>,
) -> Result<MeasurementRow, InnerError> {
    Ok(from_row!(row => MeasurementRow {
        started: from_micros(row.get("started_us")?),
        body_sha256: row
            .get::<Option<Vec<u8>>>("body_sha256")?
            .map(|bytes| HEXLOWER.encode(&bytes)),
        .. uid source probe level vantage country url final_url code locus rule signature failure
        http_status dns_ms connect_ms tls_ms first_byte_ms total_ms body_bytes ip attempt link
    }))
}

pub(in crate::store) fn uptime(
    connection: &Connection,
    filter: &RowFilter,
) -> Result<Vec<UptimeRow>, InnerError> {
    let mut all = Vec::new();
    visit_uptime(connection, filter, &mut |row| {
        all.push(row);
        true
    })?;
    Ok(all)
}

/// Passes the rows to `each` until it returns false.
pub(in crate::store) fn visit_uptime(
    connection: &Connection,
    filter: &RowFilter,
    each: &mut dyn FnMut(UptimeRow) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(UPTIME_SQL)?;
    let (from, to) = filter.days();
    let mut rows = statement.query(params![from, to, filter.source_text()])?;
    while let Some(row) = rows.next()? {
        if !each(read_uptime(&Cells::new(row))?) {
            break;
        }
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // a day has far fewer than 2^53 microseconds
pub(in crate::store) fn read_uptime(row: &Cells<'_, '_>) -> Result<UptimeRow, InnerError> {
    let outage_us: i64 = row.get("outage_us")?;
    Ok(from_row!(row => UptimeRow {
        probe: ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?),
        day: date(row.get("day")?),
        longest_outage_hours: outage_us as f64 / 3.6e9,
        .. level vantage checks ok limited blocked rot stale failed vantage_offline gaps p50_ms p95_ms
        withdrawn empty moved open less closed unknown
    }))
}

pub(in crate::store) fn freshness(
    connection: &Connection,
    filter: &RowFilter,
) -> Result<Vec<FreshnessRow>, InnerError> {
    let sql = match filter.source {
        Some(_) => FRESHNESS_OF_SOURCE_SQL,
        None => FRESHNESS_SQL,
    };
    let mut statement = connection.prepare_cached(sql)?;
    let (from, to) = filter.days();
    let mut rows = statement.query(params![from, to, filter.source_text()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read_freshness(&Cells::new(row))?);
    }
    Ok(all)
}

pub(in crate::store) fn read_freshness(row: &Cells<'_, '_>) -> Result<FreshnessRow, InnerError> {
    let kind: String = row.get("kind")?;
    let value = values::parse(&kind, row.get("value")?)
        .ok_or_else(|| InnerError::Unreadable(format!("a freshness row that is no {kind}")))?;
    Ok(FreshnessRow {
        probe: ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?),
        value_name: row.get("name")?,
        day: date(row.get("day")?),
        value,
        changed: row.get("changed")?,
    })
}

/// The day; the first possible day when out of range (a record from elsewhere can state any time).
pub(in crate::store) fn date(day: i64) -> NaiveDate {
    TimeDelta::try_days(day)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .unwrap_or(NaiveDate::MIN)
}
