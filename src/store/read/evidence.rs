//! Reads which evidence is kept, what it belongs to, and where it is stored.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::model::link::LinkId;
use crate::model::time::{DAY_US, from_micros};
use crate::model::{MeasurementUid, ProbeKey, SourceId, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::evidence::{
    self, EvidenceExchange, EvidenceRecord, NewEvidence, StatusChange,
};
use crate::store::rows::records;
use crate::store::write::exchanges;
use crate::store::write::writer::Durability;

/// Which exchanges are wanted.
#[derive(Debug, Clone, Default)]
pub struct EvidenceFilter {
    pub source: Option<SourceId>,
    pub since: Option<Time>,
    /// Only exchanges of this link.
    pub link: Option<LinkId>,
    /// Only these.
    pub uids: Option<BTreeSet<MeasurementUid>>,
}

impl Reader {
    /// The kept exchanges, oldest first, each with its records in the order of the file.
    pub fn evidence(&self, filter: &EvidenceFilter) -> Result<Vec<EvidenceExchange>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT uid, source, probe, vantage, at_us, code, link FROM evidence
                 WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR at_us >= ?2)
                   AND (?3 IS NULL OR link = ?3)
                 ORDER BY at_us, uid",
            )?;
            let source = filter.source.as_ref().map(SourceId::as_str);
            let since = filter.since.map(|at| at.timestamp_micros());
            let link = filter.link.map(|link| link.0);
            let mut rows = statement.query(params![source, since, link])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let uid = MeasurementUid(row.get(0)?);
                if filter
                    .uids
                    .as_ref()
                    .is_some_and(|uids| !uids.contains(&uid))
                {
                    continue;
                }
                all.push(EvidenceExchange {
                    probe: ProbeKey::new(row.get::<_, String>(1)?, row.get::<_, String>(2)?),
                    vantage: VantageId(row.get(3)?),
                    at: from_micros(row.get(4)?),
                    code: row.get::<_, String>(5)?.parse()?,
                    link: row.get::<_, Option<i64>>(6)?.map(LinkId),
                    records: records_of(c, &uid)?,
                    uid,
                });
            }
            Ok(all)
        })
    }

    /// The measurement that a record belongs to.
    pub fn evidence_of_record(&self, id: &str) -> Result<Option<MeasurementUid>, StoreError> {
        self.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT uid FROM evidence_records WHERE record_id = ?1")?;
            let found = statement.query_row([id], |row| row.get(0)).optional()?;
            Ok(found.map(MeasurementUid))
        })
    }

    /// A record by its id.
    pub fn evidence_record(&self, id: &str) -> Result<Option<EvidenceRecord>, StoreError> {
        self.read(|c| {
            let sql = format!("{RECORDS_SQL} WHERE record_id = ?1");
            let mut statement = c.prepare_cached(&sql)?;
            Ok(statement.query_row([id], record).optional()?)
        })
    }

    /// The record that holds a payload with this digest.
    pub fn evidence_of_payload(&self, digest: &str) -> Result<Option<EvidenceRecord>, StoreError> {
        self.read(|c| {
            let sql = format!("{RECORDS_SQL} WHERE payload = ?1 AND kind = 'response' LIMIT 1");
            let mut statement = c.prepare_cached(&sql)?;
            Ok(statement.query_row([digest], record).optional()?)
        })
    }

    /// The record of the last answer of each measurement whose exchange is kept.
    pub fn evidence_ids(
        &self,
        uids: &[MeasurementUid],
    ) -> Result<BTreeMap<MeasurementUid, String>, StoreError> {
        self.read(|c| {
            let mut found = BTreeMap::new();
            for uid in uids {
                if let Some(main) = evidence::main_record(&records_of(c, uid)?) {
                    found.insert(uid.clone(), main.id.clone());
                }
            }
            Ok(found)
        })
    }

    /// The changes that rest on one of these measurements.
    pub fn status_changes(&self, uids: &[MeasurementUid]) -> Result<Vec<StatusChange>, StoreError> {
        self.read(|c| {
            let mut all = Vec::new();
            for uid in uids {
                let mut statement = c.prepare_cached(
                    "SELECT source, probe, vantage, at_us, from_code, to_code, uid, healthy_uid
                     FROM status_changes WHERE uid = ?1",
                )?;
                let mut rows = statement.query([uid.as_str()])?;
                while let Some(row) = rows.next()? {
                    all.push(change(row)?);
                }
            }
            Ok(all)
        })
    }

    /// The controls' measurements of the pass and vantage of a measurement.
    pub fn controls_of(&self, uid: &MeasurementUid) -> Result<Vec<MeasurementUid>, StoreError> {
        self.read(|c| {
            let pass = |uid: &MeasurementUid| -> Result<_, InnerError> {
                let record = records::one(c, uid)?;
                Ok(record.and_then(|record| record.measurement.extra()?.pass.clone()))
            };
            let Some(own) = pass(uid)? else {
                return Ok(Vec::new());
            };
            let mut statement = c.prepare_cached(CONTROLS_SQL)?;
            let rows = statement.query_map(params![uid.as_str(), PASS_US], |row| row.get(0))?;
            let mut controls = Vec::new();
            for row in rows {
                let control = MeasurementUid(row?);
                if pass(&control)?.as_ref() == Some(&own) {
                    controls.push(control);
                }
            }
            Ok(controls)
        })
    }

    /// Exchanges that a change rests on and that are in no file yet.
    pub fn missing_evidence(&self) -> Result<Vec<MeasurementUid>, StoreError> {
        self.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT uid FROM missing_evidence ORDER BY uid")?;
            let rows = statement.query_map([], |row| Ok(MeasurementUid(row.get(0)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Whether the exchange of a measurement is in a file.
    pub fn has_evidence(&self, uid: &MeasurementUid) -> Result<bool, StoreError> {
        self.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT EXISTS (SELECT 1 FROM evidence WHERE uid = ?1)")?;
            Ok(statement.query_row([uid.as_str()], |row| row.get(0))?)
        })
    }

    /// The files that records are known in, each with where its last known record ends.
    pub fn evidence_files(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT file, max(offset + length) FROM evidence_records GROUP BY file",
            )?;
            let rows = statement.query_map([], |row| {
                Ok((
                    row.get(0)?,
                    u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                ))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

impl Store {
    /// Notes evidence that belongs to no pass: what a killed process left to be written.
    pub async fn add_evidence(&self, new: NewEvidence) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            evidence::put(&session.connection, &new)?;
            exchanges::prune(&session.connection, i64::MAX)
        })
        .await
    }
}

/// A pass takes no longer than this.
const PASS_US: i64 = DAY_US / 4;

const CONTROLS_SQL: &str = "SELECT k.uid FROM measurements m
     CROSS JOIN series s ON s.id = m.series_id
     CROSS JOIN series t ON t.vantage = s.vantage AND t.control = 1
     CROSS JOIN measurements k ON k.series_id = t.id
       AND k.started_us BETWEEN m.started_us - ?2 AND m.started_us + ?2
     WHERE m.uid = ?1 ORDER BY k.started_us, k.uid";

const RECORDS_SQL: &str =
    "SELECT record_id, hop, kind, url, at_us, payload, refers_to, file, offset, length
     FROM evidence_records";

fn records_of(
    connection: &Connection,
    uid: &MeasurementUid,
) -> Result<Vec<EvidenceRecord>, InnerError> {
    let sql = format!("{RECORDS_SQL} WHERE uid = ?1 ORDER BY file, offset");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([uid.as_str()], record)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn record(row: &Row<'_>) -> rusqlite::Result<EvidenceRecord> {
    let number = |name: &str| -> rusqlite::Result<u64> {
        Ok(u64::try_from(row.get::<_, i64>(name)?).unwrap_or(0))
    };
    Ok(EvidenceRecord {
        id: row.get("record_id")?,
        hop: row.get("hop")?,
        kind: row.get("kind")?,
        url: row.get("url")?,
        at: from_micros(row.get("at_us")?),
        payload: row.get("payload")?,
        refers_to: row.get("refers_to")?,
        file: row.get("file")?,
        offset: number("offset")?,
        length: number("length")?,
    })
}

fn change(row: &Row<'_>) -> Result<StatusChange, InnerError> {
    Ok(StatusChange {
        probe: ProbeKey::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?),
        vantage: VantageId(row.get(2)?),
        at: from_micros(row.get(3)?),
        from: row
            .get::<_, Option<String>>(4)?
            .map(|code| code.parse())
            .transpose()?,
        to: row.get::<_, String>(5)?.parse()?,
        uid: MeasurementUid(row.get(6)?),
        healthy: row.get::<_, Option<String>>(7)?.map(MeasurementUid),
    })
}
