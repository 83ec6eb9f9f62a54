//! Changes of a status, and where the exchanges that prove them are in the files of evidence.

use rusqlite::{Connection, params};

use crate::model::link::LinkId;
use crate::model::{Code, MeasurementUid, ProbeKey, Time, VantageId};
use crate::store::error::InnerError;

/// A change of a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// When the deciding measurement began.
    pub at: Time,
    /// `None` at first sight.
    pub from: Option<Code>,
    pub to: Code,
    /// The measurement that decided.
    pub uid: MeasurementUid,
    /// The last healthy one before it.
    pub healthy: Option<MeasurementUid>,
}

/// An exchange that is in a file of evidence, flushed to the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceExchange {
    pub uid: MeasurementUid,
    /// The cited link that was checked; then there is no probe.
    pub link: Option<LinkId>,
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub at: Time,
    pub code: Code,
    pub records: Vec<EvidenceRecord>,
}

/// One WARC record of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRecord {
    /// `urn:uuid:…`
    pub id: String,
    /// 0 is the first request that was made.
    pub hop: u32,
    /// As `WARC-Type` has it.
    pub kind: String,
    pub url: String,
    pub at: Time,
    /// The digest of the payload of an answer.
    pub payload: Option<String>,
    /// Of a revisit: the record that holds the payload.
    pub refers_to: Option<String>,
    /// Relative to the folder of evidence.
    pub file: String,
    /// Of the record's gzip member.
    pub offset: u64,
    pub length: u64,
}

/// What one pass adds to the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewEvidence {
    pub changes: Vec<StatusChange>,
    /// What incidents rest on, also where no status changed with it.
    pub cited: Vec<MeasurementUid>,
    pub exchanges: Vec<EvidenceExchange>,
    /// Exchanges that nothing is kept of: they cannot be written any more.
    pub lost: Vec<MeasurementUid>,
}

impl NewEvidence {
    /// Adds what was written into another file.
    pub fn append(&mut self, mut other: Self) {
        self.changes.append(&mut other.changes);
        self.cited.append(&mut other.cited);
        self.exchanges.append(&mut other.exchanges);
        self.lost.append(&mut other.lost);
    }
}

/// The record that represents an exchange: the record of its last answer, otherwise of its last
/// request, otherwise of what the layers below HTTP saw.
#[must_use]
pub fn main_record(records: &[EvidenceRecord]) -> Option<&EvidenceRecord> {
    let rank = |record: &EvidenceRecord| match record.kind.as_str() {
        "response" | "revisit" => 2,
        "request" => 1,
        _ => 0,
    };
    records
        .iter()
        .max_by_key(|record| (record.hop, rank(record)))
}

impl EvidenceExchange {
    /// What was asked: the probe, or the link.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.link {
            Some(link) => link.to_string(),
            None => self.probe.to_string(),
        }
    }
}

impl NewEvidence {
    /// The record that stands for each exchange, by measurement.
    pub fn main_records(&self) -> impl Iterator<Item = (MeasurementUid, String)> {
        let main = |exchange: &EvidenceExchange| {
            let record = main_record(&exchange.records)?;
            Some((exchange.uid.clone(), record.id.clone()))
        };
        self.exchanges.iter().filter_map(main)
    }
}

/// Writes what is new. An exchange that supports a change and is in no file is marked as missing,
/// so that the next pass writes it.
pub(in crate::store) fn put(connection: &Connection, new: &NewEvidence) -> Result<(), InnerError> {
    for exchange in &new.exchanges {
        put_exchange(connection, exchange)?;
    }
    for change in &new.changes {
        put_change(connection, change)?;
    }
    let changes = new.changes.iter();
    let decided = changes.flat_map(|change| [Some(&change.uid), change.healthy.as_ref()]);
    for uid in decided.flatten().chain(&new.cited) {
        connection
            .prepare_cached(
                "INSERT INTO missing_evidence (uid) SELECT ?1
                 WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE uid = ?1)
                 ON CONFLICT (uid) DO NOTHING",
            )?
            .execute([uid.as_str()])?;
    }
    for uid in &new.lost {
        connection
            .prepare_cached("DELETE FROM missing_evidence WHERE uid = ?1")?
            .execute([uid.as_str()])?;
    }
    Ok(())
}

fn put_change(connection: &Connection, change: &StatusChange) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO status_changes
                (source, probe, vantage, at_us, from_code, to_code, uid, healthy_uid)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            change.probe.source.as_str(),
            change.probe.probe.as_str(),
            change.vantage.as_str(),
            change.at.timestamp_micros(),
            change.from.map(Code::as_str),
            change.to.as_str(),
            change.uid.as_str(),
            change.healthy.as_ref().map(MeasurementUid::as_str),
        ])?;
    Ok(())
}

fn put_exchange(connection: &Connection, exchange: &EvidenceExchange) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO evidence (uid, source, probe, vantage, at_us, code, link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (uid) DO NOTHING",
        )?
        .execute(params![
            exchange.uid.as_str(),
            exchange.probe.source.as_str(),
            exchange.probe.probe.as_str(),
            exchange.vantage.as_str(),
            exchange.at.timestamp_micros(),
            exchange.code.as_str(),
            exchange.link.map(|link| link.0),
        ])?;
    for record in &exchange.records {
        connection
            .prepare_cached(
                "INSERT INTO evidence_records
                    (record_id, uid, hop, kind, url, at_us, payload, refers_to, file, offset, length)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (record_id) DO NOTHING",
            )?
            .execute(params![
                record.id,
                exchange.uid.as_str(),
                record.hop,
                record.kind,
                record.url,
                record.at.timestamp_micros(),
                record.payload,
                record.refers_to,
                record.file,
                i64::try_from(record.offset).unwrap_or(i64::MAX),
                i64::try_from(record.length).unwrap_or(i64::MAX),
            ])?;
    }
    connection
        .prepare_cached("DELETE FROM missing_evidence WHERE uid = ?1")?
        .execute([exchange.uid.as_str()])?;
    Ok(())
}
