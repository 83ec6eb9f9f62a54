//! The newest healthy exchange of each cited link from each vantage (evidence.md 1.2).

use bytes::Bytes;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use crate::model::link::LinkId;
use crate::model::measurement::Request;
use crate::model::{Measurement, VantageId};
use crate::store::error::InnerError;
use crate::store::write::{cert_chain, codec, exchanges};

/// A healthy exchange of a link, ready for its row.
pub(in crate::store) struct HealthyLinkExchange {
    link: LinkId,
    vantage: VantageId,
    uid: String,
    at_us: i64,
    record: Vec<u8>,
    chain: Option<([u8; 32], Vec<u8>)>,
    wire: Vec<u8>,
    body: Option<StoredLinkBody>,
}

struct StoredLinkBody {
    data: Bytes,
    /// As it came, with its content coding.
    is_encoded: bool,
}

impl StoredLinkBody {
    /// Removes the body of an answer; `None` when it has none.
    fn of_answer(answer: &mut Request) -> Result<Option<Self>, InnerError> {
        let body = std::mem::take(&mut answer.response.body.0);
        let (data, is_encoded) = match answer.wire.encoded_body.take() {
            Some(encoded) => (encoded, true),
            None if body.is_empty() => return Ok(None),
            None => (codec::pack(&body)?.into(), false),
        };
        Ok((!data.is_empty()).then_some(Self { data, is_encoded }))
    }
}

impl HealthyLinkExchange {
    /// The exchange of a check of a link; `None` when the record names no link.
    pub(in crate::store) fn new(mut measurement: Measurement) -> Result<Option<Self>, InnerError> {
        let (Some(link), Some(extra)) = (measurement.link(), measurement.extra()) else {
            return Ok(None);
        };
        let vantage = extra.vantage.clone();
        let Some(uid) = measurement.measurement_uid.clone() else {
            return Ok(None);
        };
        let at_us = measurement.started().timestamp_micros();
        let requests = &mut measurement.test_keys.requests;
        let body = match requests.first_mut() {
            Some(last) => StoredLinkBody::of_answer(last)?,
            None => None,
        };
        let wire = exchanges::pack(requests, true)?;
        let chain = cert_chain::extract(&mut measurement.test_keys.tls_handshakes);
        let json = serde_json::to_vec(&measurement)?;
        Ok(Some(Self {
            link,
            vantage,
            uid: uid.0,
            at_us,
            record: codec::pack(&json)?,
            chain,
            wire,
            body,
        }))
    }
}

/// Replaces what is kept of the link and vantage.
pub(in crate::store) fn put(
    connection: &Connection,
    exchange: &HealthyLinkExchange,
) -> Result<(), InnerError> {
    if let Some(chain) = &exchange.chain {
        cert_chain::put(connection, chain, exchange.at_us)?;
    }
    let body = exchange.body.as_ref();
    let key: Option<[u8; 32]> = body.map(|body| Sha256::digest(&body.data).into());
    if let (Some(body), Some(key)) = (body, &key) {
        connection
            .prepare_cached(
                "INSERT INTO link_bodies (sha256, data) VALUES (?1, ?2)
                 ON CONFLICT (sha256) DO NOTHING",
            )?
            .execute(params![key.as_slice(), body.data.as_ref()])?;
    }
    let form = match body {
        None => "none",
        Some(body) if body.is_encoded => "encoded",
        Some(_) => "packed",
    };
    connection
        .prepare_cached(
            "INSERT INTO link_exchanges
                (link, vantage, uid, at_us, record, chain_sha256, wire, body, body_sha256)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (link, vantage) DO UPDATE SET uid = excluded.uid, at_us = excluded.at_us,
                record = excluded.record, chain_sha256 = excluded.chain_sha256,
                wire = excluded.wire, body = excluded.body, body_sha256 = excluded.body_sha256",
        )?
        .execute(params![
            exchange.link.0,
            exchange.vantage.as_str(),
            exchange.uid,
            exchange.at_us,
            exchange.record,
            exchange.chain.as_ref().map(|(key, _)| key.as_slice()),
            exchange.wire,
            form,
            key.as_ref().map(<[u8; 32]>::as_slice),
        ])?;
    Ok(())
}

/// Keeps nothing of the link and vantage any more.
pub(in crate::store) fn remove(
    connection: &Connection,
    link: LinkId,
    vantage: &VantageId,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM link_exchanges WHERE link = ?1 AND vantage = ?2")?
        .execute(params![link.0, vantage.as_str()])?;
    Ok(())
}

/// The exchanges of a link, by vantage, each with its wire form. A body that came with a content
/// coding is in the wire form alone.
pub(in crate::store) fn of_link(
    connection: &Connection,
    link: LinkId,
) -> Result<Vec<Measurement>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.record, c.data, e.wire, e.body, b.data
         FROM link_exchanges e LEFT JOIN chains c ON c.sha256 = e.chain_sha256
         LEFT JOIN link_bodies b ON b.sha256 = e.body_sha256
         WHERE e.link = ?1 ORDER BY e.vantage",
    )?;
    let mut rows = statement.query([link.0])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(0)?;
        let mut measurement: Measurement = serde_json::from_slice(&codec::unpack(&record)?)?;
        if let Some(chain) = row.get::<_, Option<Vec<u8>>>(1)? {
            cert_chain::put_back(&mut measurement.test_keys.tls_handshakes, &chain);
        }
        let wire: Vec<u8> = row.get(2)?;
        let form: String = row.get(3)?;
        let body: Option<Vec<u8>> = row.get(4)?;
        let requests = &mut measurement.test_keys.requests;
        let encoded = match (form.as_str(), body) {
            ("encoded", Some(body)) => Some(body),
            ("packed", Some(body)) => {
                if let Some(last) = requests.first_mut() {
                    last.response.body.0 = Bytes::from(codec::unpack(&body)?);
                }
                None
            }
            _ => None,
        };
        exchanges::put_back(requests, &wire, encoded)?;
        all.push(measurement);
    }
    Ok(all)
}
