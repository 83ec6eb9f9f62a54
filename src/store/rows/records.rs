//! Whole records, reassembled: the packed record, the body if it is still stored, the certificates.

use std::collections::BTreeMap;

use bytes::Bytes;
use rusqlite::{Connection, Row, params};

use crate::model::time::from_micros;
use crate::model::{
    Failure, Level, Measurement, MeasurementUid, Observation, ProbeKey, RoundId, RuleId, Time,
    VantageId,
};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::rows::exported::RowFilter;
use crate::store::rows::observed;
use crate::store::write::input::MeasurementKey;
use crate::store::write::{cert_chain, codec, record_base};

/// How much of a record's last body is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyState {
    /// Everything that was fetched (possibly nothing).
    Whole,
    /// Only its head may be stored (`store_body = "never"`).
    Head,
    /// It was stored and is purged: rules that need the page cannot be rejudged.
    Purged,
}

/// One stored measurement with its verdict as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    pub uid: MeasurementUid,
    pub measurement: Measurement,
    pub place: MeasurementKey,
    pub started: Time,
    pub level: Option<Level>,
    pub body: BodyState,
    /// The stored observation.
    pub observed: Observation,
}

pub(in crate::store) const RECORDS_SQL: &str =
    "SELECT m.uid, s.source, s.probe, s.vantage, s.control, m.round, m.attempt, m.started_us, m.level,
            m.code, m.rule, m.signature, m.failure, m.body, r.raw, c.data AS chain, d.data AS body_data, m.locus,
            m.http_status, m.observed, k.raw AS base
     FROM measurements m
     CROSS JOIN series s ON s.id = m.series_id
     CROSS JOIN records r ON r.id = m.id
     LEFT JOIN record_bases k ON k.id = r.base
     LEFT JOIN chains c ON c.sha256 = r.chain_sha256
     LEFT JOIN bodies b ON m.body = 'stored' AND b.sha256 = m.body_sha256
     LEFT JOIN body_data d ON d.id = b.id
     WHERE m.started_us >= ?1 AND m.started_us < ?2 AND (?3 IS NULL OR s.source = ?3)
       AND (?4 IS NULL OR s.vantage = ?4)
     ORDER BY m.started_us, m.attempt, m.uid";

/// Passes every matching record to `each`, in order of time, attempt, uid, until it returns false.
pub(in crate::store) fn visit(
    connection: &Connection,
    filter: &RowFilter,
    each: &mut dyn FnMut(StoredRecord) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(RECORDS_SQL)?;
    let (from, to) = filter.micros();
    let mut rows = statement.query(params![
        from,
        to,
        filter.source_text(),
        filter.vantage_text()
    ])?;
    while let Some(row) = rows.next()? {
        if !each(read(row)?) {
            break;
        }
    }
    Ok(())
}

/// The record of one uid.
pub(in crate::store) fn one(
    connection: &Connection,
    uid: &MeasurementUid,
) -> Result<Option<StoredRecord>, InnerError> {
    let sql = RECORDS_SQL.replace(
        "m.started_us >= ?1 AND m.started_us < ?2 AND (?3 IS NULL OR s.source = ?3)
       AND (?4 IS NULL OR s.vantage = ?4)",
        "m.uid = ?1",
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([uid.as_str()])?;
    rows.next()?.map(read).transpose()
}

pub(in crate::store) const LAST_HEALTHY_SQL: &str = "SELECT m.uid FROM series s
     CROSS JOIN measurements m ON m.series_id = s.id
     WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0 AND m.code = 'ok'
     ORDER BY m.started_us DESC LIMIT 1";

pub(in crate::store) const LAST_FAILED_SQL: &str = "SELECT m.uid FROM series s
     CROSS JOIN measurements m ON m.series_id = s.id
     WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0 AND m.code <> 'ok'
       AND m.code NOT LIKE 'skipped.%' AND m.code NOT LIKE 'vantage.%'
     ORDER BY m.started_us DESC LIMIT 1";

/// The newest measurement of a probe from one vantage that was fetched and not `ok`.
pub(in crate::store) fn last_failed(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
) -> Result<Option<StoredRecord>, InnerError> {
    newest(connection, LAST_FAILED_SQL, probe, vantage)
}

/// The newest `ok` measurement of a probe from one vantage.
pub(in crate::store) fn last_healthy(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
) -> Result<Option<StoredRecord>, InnerError> {
    newest(connection, LAST_HEALTHY_SQL, probe, vantage)
}

fn newest(
    connection: &Connection,
    sql: &str,
    probe: &ProbeKey,
    vantage: &VantageId,
) -> Result<Option<StoredRecord>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![
        probe.source.as_str(),
        probe.probe.as_str(),
        vantage.as_str()
    ])?;
    match rows.next()? {
        Some(row) => one(connection, &MeasurementUid(row.get(0)?)),
        None => Ok(None),
    }
}

/// The hashes of these bodies, in hex.
pub(in crate::store) fn body_hashes(
    connection: &Connection,
    uids: &[MeasurementUid],
) -> Result<BTreeMap<MeasurementUid, String>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT lower(hex(body_sha256)) FROM measurements WHERE uid = ?1 AND body_sha256 IS NOT NULL",
    )?;
    let mut hashes = BTreeMap::new();
    for uid in uids {
        let mut rows = statement.query([uid.as_str()])?;
        if let Some(row) = rows.next()? {
            hashes.insert(uid.clone(), row.get(0)?);
        }
    }
    Ok(hashes)
}

fn read(row: &Row<'_>) -> Result<StoredRecord, InnerError> {
    let row = Cells::new(row);
    let text = |name: &str| -> Result<String, InnerError> { Ok(row.get(name)?) };
    let raw = record_base::unpack(blob(&row, "raw")?.unwrap_or_default(), blob(&row, "base")?)?;
    let mut measurement: Measurement = serde_json::from_slice(&raw)?;
    if let Some(chain) = blob(&row, "chain")? {
        cert_chain::put_back(&mut measurement.test_keys.tls_handshakes, chain);
    }
    let body = match (text("body")?.as_str(), blob(&row, "body_data")?) {
        ("stored", Some(data)) => {
            if let Some(last) = measurement.test_keys.requests.first_mut() {
                last.response.body.0 = Bytes::from(codec::unpack(data)?);
            }
            BodyState::Whole
        }
        ("stored", None) => BodyState::Purged,
        ("head", _) => BodyState::Head,
        _ => BodyState::Whole,
    };
    Ok(StoredRecord {
        uid: MeasurementUid(text("uid")?),
        measurement,
        place: MeasurementKey {
            probe: ProbeKey::new(text("source")?, text("probe")?),
            vantage: VantageId(text("vantage")?),
            control: row.get("control")?,
            round: RoundId(text("round")?),
            attempt: row.get("attempt")?,
        },
        started: from_micros(row.get("started_us")?),
        level: row
            .get::<Option<String>>("level")?
            .and_then(|level| level.parse().ok()),
        body,
        observed: Observation {
            rule: Some(RuleId::stored(text("rule")?)),
            signature: row.get("signature")?,
            failure: row.get::<Option<String>>("failure")?.map(Failure),
            http_status: row.get("http_status")?,
            ..observed::read(
                text("code")?.parse()?,
                text("locus")?.parse()?,
                row.get::<Option<String>>("observed")?.as_deref(),
            )?
        },
    })
}

fn blob<'r>(row: &Cells<'r, '_>, name: &str) -> Result<Option<&'r [u8]>, InnerError> {
    Ok(row
        .get_ref(name)?
        .as_blob_or_null()
        .map_err(rusqlite::Error::from)?)
}
