//! Exchanges as they stood on the wire: the newest healthy one of each series, and those of a pass
//! that is not committed yet (evidence.md 1.2).

use bytes::Bytes;
use data_encoding::BASE64;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::model::measurement::Request;
use crate::model::wire::WireForm;
use crate::store::error::InnerError;
use crate::store::write::codec;

/// What a row of `exchanges` needs beyond the measurement.
#[derive(Debug)]
pub(in crate::store) struct PreparedExchange {
    /// The wire forms, packed.
    pub wire: Vec<u8>,
    /// The last body with its content codings, and its SHA-256.
    pub encoded: Option<([u8; 32], Bytes)>,
}

/// The wire form of one request as `exchanges.wire` has it.
#[derive(Debug, Serialize, Deserialize)]
struct StoredWireForm {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    h2: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    /// In base 64.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sent: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redacted: Vec<String>,
    /// In base 64. That of the last answer stands in `wire_bodies`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoded: Option<String>,
}

/// The wire forms of a record as one row holds them, without the body of the last answer.
pub(in crate::store) fn pack(
    requests: &[Request],
    keeps_bodies: bool,
) -> Result<Vec<u8>, InnerError> {
    let form = |(place, request): (usize, &Request)| {
        let wire = &request.wire;
        let encoded = wire.encoded_body.as_ref();
        StoredWireForm {
            h2: wire.h2,
            reason: wire.reason.clone(),
            sent: BASE64.encode(&wire.sent_body),
            redacted: wire.redacted.clone(),
            encoded: encoded
                .filter(|_| keeps_bodies && place > 0)
                .map(|body| BASE64.encode(body)),
        }
    };
    let forms: Vec<StoredWireForm> = requests.iter().enumerate().map(form).collect();
    Ok(codec::pack_record(&serde_json::to_vec(&forms)?)?)
}

/// Gives the requests of a record their wire forms again; `last` is the body of the last answer.
pub(in crate::store) fn put_back(
    requests: &mut [Request],
    packed: &[u8],
    last: Option<Vec<u8>>,
) -> Result<(), InnerError> {
    let forms: Vec<StoredWireForm> = serde_json::from_slice(&codec::unpack(packed)?)?;
    let bytes = |text: &str| BASE64.decode(text.as_bytes()).unwrap_or_default();
    for (request, form) in requests.iter_mut().zip(forms) {
        request.wire = WireForm {
            h2: form.h2,
            reason: form.reason,
            sent_body: Bytes::from(bytes(&form.sent)),
            encoded_body: form.encoded.map(|text| Bytes::from(bytes(&text))),
            redacted: form.redacted,
        };
    }
    if let (Some(first), Some(body)) = (requests.first_mut(), last) {
        first.wire.encoded_body = Some(Bytes::from(body));
    }
    Ok(())
}

/// The columns of `exchanges` that the measurement gives.
pub(in crate::store) struct ExchangeColumns<'a> {
    pub uid: &'a str,
    pub series: i64,
    pub at_us: i64,
    pub code: &'a str,
    pub locus: &'a str,
    pub body: &'a str,
    pub body_sha256: Option<&'a [u8; 32]>,
}

/// Keeps the exchange of a measurement that was just inserted.
pub(in crate::store) fn insert(
    connection: &Connection,
    columns: &ExchangeColumns<'_>,
    exchange: &PreparedExchange,
) -> Result<(), InnerError> {
    let wire_key = exchange.encoded.as_ref().map(|(key, _)| key.as_slice());
    if let Some((key, bytes)) = &exchange.encoded {
        connection
            .prepare_cached(
                "INSERT INTO wire_bodies (sha256, data) VALUES (?1, ?2)
                 ON CONFLICT (sha256) DO NOTHING",
            )?
            .execute(params![key.as_slice(), bytes.as_ref()])?;
    }
    let body_key = columns.body_sha256.map(<[u8; 32]>::as_slice);
    connection
        .prepare_cached(
            "INSERT INTO exchanges (uid, series_id, at_us, code, locus, wire, wire_sha256, body, body_sha256)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (uid) DO NOTHING",
        )?
        .execute(params![
            columns.uid,
            columns.series,
            columns.at_us,
            columns.code,
            columns.locus,
            exchange.wire,
            wire_key,
            columns.body,
            body_key.filter(|_| wire_key.is_none()),
        ])?;
    Ok(())
}

/// Lets go of every exchange but the newest healthy one of each series and those that are still to
/// be written to a file, as far as they are dated before a time. Those of links are left to
/// [`prune_links`]: their checks may be under way.
pub(in crate::store) fn prune(connection: &Connection, before_us: i64) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "DELETE FROM exchanges WHERE uid IN (
                SELECT e.uid FROM exchanges e
                WHERE e.at_us < ?1
                  AND e.series_id NOT IN (SELECT id FROM series WHERE source = '' AND probe = '')
                  AND (e.code <> 'ok' OR EXISTS (
                    SELECT 1 FROM exchanges n
                    WHERE n.series_id = e.series_id AND n.code = 'ok'
                      AND (n.at_us, n.uid) > (e.at_us, e.uid)))
                AND NOT EXISTS (SELECT 1 FROM missing_evidence WHERE uid = e.uid))",
        )?
        .execute([before_us])?;
    Ok(())
}

/// Lets go of the exchanges of links that are in files. The newest healthy ones stand in
/// `link_exchanges`.
pub(in crate::store) fn prune_links(connection: &Connection) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "DELETE FROM exchanges
             WHERE series_id IN (SELECT id FROM series WHERE source = '' AND probe = '')
               AND NOT EXISTS (SELECT 1 FROM missing_evidence m WHERE m.uid = exchanges.uid)",
        )?
        .execute([])?;
    Ok(())
}
