//! The writer's session: its connection and its caches, and the rows of measurements.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::time::DAY_US;
use crate::model::{Code, Failure, Level, MeasurementUid, Observation, RuleId};
use crate::store::error::InnerError;
use crate::store::rows::figures::{self, FigurePlace};
use crate::store::rows::{chain_entries, last_readings, observed, values};
use crate::store::write::exchanges::ExchangeColumns;
use crate::store::write::prepare::{Prepared, SeriesKey, StoredBody};
use crate::store::write::{cert_chain, codec, exchanges, record_base, underived};

/// What the writer thread works with.
pub(in crate::store) struct WriteSession {
    pub connection: Connection,
    series: HashMap<SeriesKey, (i64, Option<Level>)>,
}

impl WriteSession {
    pub(in crate::store) fn new(connection: Connection) -> Self {
        Self {
            connection,
            series: HashMap::new(),
        }
    }

    /// Runs a statement without result rows.
    pub(in crate::store) fn run_cached(&self, sql: &str) -> Result<(), InnerError> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Forgets ids from a transaction that was rolled back.
    pub(in crate::store) fn forget(&mut self) {
        self.series.clear();
    }

    /// The id of a series, which is created if new.
    pub(in crate::store) fn series_id(
        &mut self,
        key: &SeriesKey,
        level: Option<Level>,
    ) -> Result<i64, InnerError> {
        if let Some(&(id, known)) = self.series.get(key)
            && (level.is_none() || level == known)
        {
            return Ok(id);
        }
        let id: i64 = self
            .connection
            .prepare_cached(
                "INSERT INTO series (source, probe, vantage, control, level) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (source, probe, vantage, control)
                 DO UPDATE SET level = coalesce(excluded.level, level)
                 RETURNING id",
            )?
            .query_row(
                params![
                    key.probe.source.as_str(),
                    key.probe.probe.as_str(),
                    key.vantage.as_str(),
                    key.control,
                    level.map(Level::as_str)
                ],
                |row| row.get(0),
            )?;
        self.series.insert(key.clone(), (id, level));
        Ok(id)
    }

    /// Stores measurements; returns how many were new. An existing uid changes nothing.
    pub(in crate::store) fn add(&mut self, all: &[Prepared]) -> Result<u64, InnerError> {
        let mut new = 0;
        for prepared in all {
            let series = self.series_id(&prepared.series, prepared.level)?;
            let day = chain_entries::open_day(&self.connection, prepared.entered)?;
            if let Some(id) = self.insert_facts(series, day, prepared)? {
                new += 1;
                chain_entries::put_leaf(&self.connection, day, &prepared.uid, &prepared.leaf)?;
                if prepared.is_of_source {
                    underived::mark(&self.connection, series, prepared.started_us)?;
                }
                self.insert_record((series, id), prepared)?;
                self.keep_body(prepared)?;
                put_values(&self.connection, series, prepared)?;
                if let Some((key, reading)) = &prepared.reading {
                    last_readings::put(&self.connection, series, key, reading)?;
                }
                if let Some(exchange) = &prepared.exchange {
                    let columns = ExchangeColumns {
                        uid: &prepared.uid,
                        series,
                        at_us: prepared.started_us,
                        code: prepared.verdict.code.as_str(),
                        locus: prepared.verdict.locus.as_str(),
                        body: prepared.body.as_str(),
                        body_sha256: prepared.body_sha256.as_ref(),
                    };
                    exchanges::insert(&self.connection, &columns, exchange)?;
                }
            }
        }
        Ok(new)
    }

    fn insert_facts(&self, series: i64, day: i64, m: &Prepared) -> Result<Option<i64>, InnerError> {
        let phases = m.phases.as_ref();
        let changed = self
            .connection
            .prepare_cached(
                "INSERT INTO measurements (uid, series_id, started_us, round, attempt, level, country,
                    url, final_url, code, locus, rule, signature, failure, http_status,
                    dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms,
                    body_bytes, body_sha256, body, ip, observed, entered_day, link)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                    ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
                 ON CONFLICT (uid) DO NOTHING",
            )?
            .execute(params![
                m.uid,
                series,
                m.started_us,
                m.round,
                m.attempt,
                m.level.map(Level::as_str),
                m.country,
                m.url,
                m.final_url,
                m.verdict.code.as_str(),
                m.verdict.locus.as_str(),
                m.verdict.rule.as_str(),
                m.verdict.signature,
                m.verdict.failure.as_ref().map(Failure::as_str),
                m.http_status,
                phases.and_then(|p| p.dns),
                phases.and_then(|p| p.connect),
                phases.and_then(|p| p.tls),
                phases.and_then(|p| p.first_byte),
                phases.map(|p| p.total),
                m.body_bytes,
                m.body_sha256.as_ref().map(<[u8; 32]>::as_slice),
                m.body.as_str(),
                m.ip,
                observed::write(&m.verdict.observed(m.http_status))?,
                day,
                m.link,
            ])?;
        Ok((changed == 1).then(|| self.connection.last_insert_rowid()))
    }

    fn insert_record(&self, row: (i64, i64), m: &Prepared) -> Result<(), InnerError> {
        if let Some(chain) = &m.chain {
            cert_chain::put(&self.connection, chain, m.started_us)?;
        }
        let chain = m.chain.as_ref().map(|(key, _)| key.as_slice());
        let packed = record_base::pack(&self.connection, row, &m.json, m.is_of_source)?;
        self.connection
            .prepare_cached(
                "INSERT INTO records (id, chain_sha256, raw, base) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![row.1, chain, packed.raw, packed.base])?;
        Ok(())
    }

    fn keep_body(&self, m: &Prepared) -> Result<(), InnerError> {
        let (StoredBody::Stored(bytes), Some(key)) = (&m.body, &m.body_sha256) else {
            return Ok(());
        };
        let unhealthy = m.verdict.code != Code::Ok;
        let known: Option<(i64, i64, bool)> = self
            .connection
            .prepare_cached("SELECT id, last_used_us, unhealthy FROM bodies WHERE sha256 = ?1")?
            .query_row([key.as_slice()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        if let Some((id, last_used, was_unhealthy)) = known {
            if m.started_us > last_used + DAY_US || (unhealthy && !was_unhealthy) {
                self.connection
                    .prepare_cached(
                        "UPDATE bodies SET last_used_us = max(last_used_us, ?2), unhealthy = max(unhealthy, ?3)
                         WHERE id = ?1",
                    )?
                    .execute(params![id, m.started_us, unhealthy])?;
            }
            return Ok(());
        }
        self.connection
            .prepare_cached(
                "INSERT INTO bodies (sha256, last_used_us, unhealthy, bytes) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                key.as_slice(),
                m.started_us,
                unhealthy,
                i64::try_from(bytes.len()).unwrap_or(i64::MAX)
            ])?;
        let id = self.connection.last_insert_rowid();
        self.connection
            .prepare_cached("INSERT INTO body_data (id, data) VALUES (?1, ?2)")?
            .execute(params![id, codec::pack(bytes)?])?;
        Ok(())
    }
}

/// Writes the current observation of a measurement.
pub(in crate::store) fn put_observed(
    session: &WriteSession,
    uid: &MeasurementUid,
    seen: &Observation,
) -> Result<(), InnerError> {
    session.connection
        .prepare_cached(
            "UPDATE measurements SET code = ?2, locus = ?3, rule = ?4, signature = ?5, failure = ?6,
                observed = ?7
             WHERE uid = ?1",
        )?
        .execute(params![
            uid.as_str(),
            seen.code.as_str(),
            seen.locus.as_str(),
            seen.rule.as_ref().map_or("", RuleId::as_str),
            seen.signature,
            seen.failure.as_ref().map(Failure::as_str),
            observed::write(seen)?
        ])?;
    session
        .connection
        .prepare_cached("UPDATE exchanges SET code = ?2, locus = ?3 WHERE uid = ?1")?
        .execute(params![
            uid.as_str(),
            seen.code.as_str(),
            seen.locus.as_str()
        ])?;
    // The page is one of those that tell something: it is kept as long as its measurement.
    session
        .connection
        .prepare_cached(
            "UPDATE bodies SET unhealthy = 1 WHERE ?2 AND unhealthy = 0
               AND sha256 = (SELECT body_sha256 FROM measurements WHERE uid = ?1)",
        )?
        .execute(params![uid.as_str(), seen.code != Code::Ok])?;
    Ok(())
}

/// Stores the values of one measurement, and what is kept besides them.
fn put_values(connection: &Connection, series: i64, m: &Prepared) -> Result<(), InnerError> {
    for (name, value) in &m.values {
        connection
            .prepare_cached(
                "INSERT INTO readings (series_id, at_us, name, round, uid, good, kind, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (series_id, at_us, name) DO NOTHING",
            )?
            .execute(params![
                series,
                m.started_us,
                name,
                m.round,
                m.uid,
                m.verdict.code == Code::Ok,
                values::kind(value),
                value.show()
            ])?;
    }
    if let Some(packed) = &m.figures {
        let place = FigurePlace {
            series,
            at_us: m.started_us,
            round: &m.round,
            uid: &m.uid,
            good: m.verdict.code == Code::Ok,
        };
        figures::put(connection, &place, packed)?;
    }
    Ok(())
}
