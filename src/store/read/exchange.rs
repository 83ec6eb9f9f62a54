//! Reading an exchange as it stood on the wire, and the last healthy one.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::time::{DAY_US, from_micros};
use crate::model::{Measurement, MeasurementUid, Observation, ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;
use crate::store::rows::records::{self, BodyState, StoredRecord};
use crate::store::write::input::MeasurementKey;
use crate::store::write::{cert_chain, codec, exchanges, record_base};

impl Reader {
    /// The exchange of a measurement: with its wire forms if they are kept, otherwise from the
    /// record.
    pub fn exchange(&self, uid: &MeasurementUid) -> Result<Option<StoredRecord>, StoreError> {
        self.read(|c| {
            let recorded = records::one(c, uid)?;
            let Some(row) = row_of(c, uid)? else {
                return Ok(recorded);
            };
            let mut record = match (recorded, row.raw.as_deref()) {
                (Some(record), _) => record,
                (None, Some(raw)) => from_raw(c, uid, &row, raw)?,
                (None, None) => return Ok(None),
            };
            let encoded = match &row.wire_key {
                Some(key) => blob(c, "SELECT data FROM wire_bodies WHERE sha256 = ?1", key)?,
                None => None,
            };
            if encoded.is_some() && record.body == BodyState::Purged {
                record.body = BodyState::Whole;
            }
            exchanges::put_back(
                &mut record.measurement.test_keys.requests,
                &row.wire,
                encoded,
            )?;
            Ok(Some(record))
        })
    }

    /// When a measurement began; `None` when it is not stored.
    pub fn began(&self, uid: &MeasurementUid) -> Result<Option<Time>, StoreError> {
        self.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT started_us FROM measurements WHERE uid = ?1")?;
            let began = statement
                .query_row([uid.as_str()], |row| row.get(0))
                .optional()?;
            Ok(began.map(from_micros))
        })
    }

    /// The last healthy measurement of a probe from a vantage before another vantage's round, which
    /// began no later than `at`. Only measurements whose exchange or record is kept count.
    pub fn last_healthy_before(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
        uid: &MeasurementUid,
        at: Time,
    ) -> Result<Option<MeasurementUid>, StoreError> {
        self.read(|c| {
            let at = round_began(c, uid)?.unwrap_or(at.timestamp_micros());
            let newest = "SELECT uid FROM (
                SELECT e.uid, e.at_us AS at FROM series s CROSS JOIN exchanges e ON e.series_id = s.id
                WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0
                  AND e.code = 'ok' AND e.at_us < ?4 AND e.uid <> ?5
                UNION ALL
                SELECT * FROM (
                  SELECT m.uid, m.started_us FROM series s CROSS JOIN measurements m ON m.series_id = s.id
                  WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0
                    AND m.code = 'ok' AND m.started_us < ?4 AND m.uid <> ?5
                  ORDER BY m.started_us DESC LIMIT 1))
                ORDER BY at DESC LIMIT 1";
            let place = params![
                probe.source.as_str(),
                probe.probe.as_str(),
                vantage.as_str(),
                at,
                uid.as_str()
            ];
            let mut statement = c.prepare_cached(newest)?;
            let found = statement.query_row(place, |row| row.get(0)).optional()?;
            Ok(found.map(MeasurementUid))
        })
    }
}

/// When the first attempt of a measurement's round began.
fn round_began(connection: &Connection, uid: &MeasurementUid) -> Result<Option<i64>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT min(o.started_us) FROM measurements m
         JOIN measurements o ON o.series_id = m.series_id AND o.round = m.round
           AND o.started_us BETWEEN m.started_us - ?2 AND m.started_us
         WHERE m.uid = ?1",
    )?;
    Ok(statement.query_row(params![uid.as_str(), DAY_US], |row| row.get(0))?)
}

struct ExchangeRow {
    at_us: i64,
    code: String,
    locus: String,
    wire: Vec<u8>,
    wire_key: Option<Vec<u8>>,
    body: String,
    body_key: Option<Vec<u8>>,
    raw: Option<Vec<u8>>,
    base: Option<i64>,
    chain_key: Option<Vec<u8>>,
}

fn row_of(
    connection: &Connection,
    uid: &MeasurementUid,
) -> Result<Option<ExchangeRow>, InnerError> {
    let found = connection
        .prepare_cached(
            "SELECT at_us, code, locus, wire, wire_sha256, body, body_sha256, raw, base, chain_sha256
             FROM exchanges WHERE uid = ?1",
        )?
        .query_row([uid.as_str()], |row| {
            Ok(ExchangeRow {
                at_us: row.get("at_us")?,
                code: row.get("code")?,
                locus: row.get("locus")?,
                wire: row.get("wire")?,
                wire_key: row.get("wire_sha256")?,
                body: row.get("body")?,
                body_key: row.get("body_sha256")?,
                raw: row.get("raw")?,
                base: row.get("base")?,
                chain_key: row.get("chain_sha256")?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The record of a measurement that was removed.
fn from_raw(
    connection: &Connection,
    uid: &MeasurementUid,
    row: &ExchangeRow,
    raw: &[u8],
) -> Result<StoredRecord, InnerError> {
    let base = match row.base {
        Some(id) => record_base::packed(connection, id)?,
        None => None,
    };
    let json = record_base::unpack(raw, base.as_deref())?;
    let mut measurement: Measurement = serde_json::from_slice(&json)?;
    let chain = "SELECT data FROM chains WHERE sha256 = ?1";
    if let Some(key) = &row.chain_key
        && let Some(chain) = blob(connection, chain, key)?
    {
        cert_chain::put_back(&mut measurement.test_keys.tls_handshakes, &chain);
    }
    let body = "SELECT d.data FROM bodies b JOIN body_data d ON d.id = b.id WHERE b.sha256 = ?1";
    let kept = match &row.body_key {
        Some(key) => blob(connection, body, key)?,
        None => None,
    };
    let state = match (row.body.as_str(), kept) {
        ("stored", Some(data)) => {
            if let Some(last) = measurement.test_keys.requests.first_mut() {
                last.response.body.0 = Bytes::from(codec::unpack(&data)?);
            }
            BodyState::Whole
        }
        ("stored", None) => BodyState::Purged,
        ("head", _) => BodyState::Head,
        _ => BodyState::Whole,
    };
    let place = MeasurementKey::from_measurement(&measurement)
        .ok_or_else(|| InnerError::Unreadable(format!("the exchange of {uid} has no place")))?;
    Ok(StoredRecord {
        uid: uid.clone(),
        place,
        started: from_micros(row.at_us),
        level: None,
        body: state,
        observed: Observation::new(row.code.parse()?, row.locus.parse()?),
        measurement,
    })
}

fn blob(connection: &Connection, sql: &str, key: &[u8]) -> Result<Option<Vec<u8>>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}
