//! Prepares a measurement for its rows: facts as columns, the record packed, the body separate.
//! Runs in the caller's thread, so that the writer only inserts.

use std::collections::BTreeMap;

use bytes::Bytes;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256};

use crate::model::day_chain::{Hash, leaf};
use crate::model::last_reading::LastReading;
use crate::model::measurement::{Body, Measurement, Phases, Request};
use crate::model::page::Value;
use crate::model::source::StoreBody;
use crate::model::{Level, ProbeKey, Time, VantageId, Verdict};
use crate::store::error::InnerError;
use crate::store::rows::chain_entries;
use crate::store::rows::figures::{PackedFigures, is_figure};
use crate::store::write::exchanges::PreparedExchange;
use crate::store::write::input::NewMeasurement;
use crate::store::write::{cert_chain, codec, exchanges};

/// How much is stored of a page whose body may not be stored (`store_body = "never"`).
const HEAD_BYTES: usize = 2_048;

/// The key of a row of `series`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::store) struct SeriesKey {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub control: bool,
}

/// How the last body is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) enum StoredBody {
    None,
    /// In `bodies`.
    Stored(Bytes),
    /// Its head, in the record.
    Head,
}

impl StoredBody {
    pub(in crate::store) fn as_str(&self) -> &'static str {
        match self {
            StoredBody::None => "none",
            StoredBody::Stored(_) => "stored",
            StoredBody::Head => "head",
        }
    }
}

/// One measurement as its rows store it.
#[derive(Debug)]
pub(in crate::store) struct Prepared {
    pub series: SeriesKey,
    pub level: Option<Level>,
    /// The cited link that was checked.
    pub link: Option<i64>,
    /// Statuses and incidents follow from it.
    pub is_of_source: bool,
    pub uid: String,
    pub started_us: i64,
    pub round: String,
    pub attempt: u32,
    pub country: String,
    pub url: String,
    pub final_url: Option<String>,
    pub verdict: Verdict,
    pub http_status: Option<u16>,
    pub phases: Option<Phases>,
    pub body_bytes: i64,
    pub body_sha256: Option<[u8; 32]>,
    pub body: StoredBody,
    pub ip: Option<String>,
    pub chain: Option<([u8; 32], Vec<u8>)>,
    /// The record without the last body and the certificates.
    pub json: Vec<u8>,
    /// The values alone.
    pub values: BTreeMap<String, Value>,
    /// What is kept besides them.
    pub figures: Option<PackedFigures>,
    pub entered: Time,
    /// The leaf of the record's line in the day chain.
    pub leaf: Hash,
    /// What its evidence needs; `None` of controls, of what was skipped, and of records from
    /// elsewhere.
    pub exchange: Option<PreparedExchange>,
    /// The key of the reading of its page, and the reading, packed.
    pub reading: Option<([u8; 32], Vec<u8>)>,
}

/// Splits a measurement into its rows.
pub(in crate::store) fn prepare(new: NewMeasurement) -> Result<Prepared, InnerError> {
    let NewMeasurement {
        mut measurement,
        verdict,
        place,
        level,
        values,
        store_body,
        own,
        entered,
        reading,
    } = new;
    let body_bytes = body_bytes(&measurement);
    let body_sha256 = body_hash(&measurement, own);
    let final_url = final_url(&measurement);
    let ip = answering_ip(&measurement);
    let http_status = measurement.http_status();
    let phases = phases(&measurement);
    let started_us = measurement.started().timestamp_micros();
    let exchange = exchange(&mut measurement, store_body, own && !place.control)?;
    let body = take_body(&mut measurement, store_body);
    let chain = cert_chain::extract(&mut measurement.test_keys.tls_handshakes);
    let json = serde_json::to_vec(&measurement)?;
    let certificates = chain.as_ref().map(|(_, bytes)| bytes.as_slice());
    let leaf = leaf_of(&measurement, &json, certificates)?;
    let uid = uid(&measurement, &json);
    Ok(Prepared {
        series: SeriesKey {
            probe: place.probe,
            vantage: place.vantage,
            control: place.control,
        },
        level,
        link: measurement.link().map(|id| id.0),
        is_of_source: !measurement.is_of_links(),
        uid,
        started_us,
        round: place.round.0,
        attempt: place.attempt,
        country: measurement.probe_cc,
        url: measurement.input,
        final_url,
        verdict,
        http_status,
        phases,
        body_bytes,
        body_sha256,
        body,
        ip,
        chain,
        json,
        figures: PackedFigures::among(&values)?,
        values: only_values(values),
        exchange,
        entered,
        reading: reading.as_ref().map(packed).transpose()?,
        leaf,
    })
}

fn only_values(mut all: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    all.retain(|name, _| !is_figure(name));
    all
}

fn packed(reading: &LastReading) -> Result<([u8; 32], Vec<u8>), InnerError> {
    Ok((reading.key, codec::pack(&reading.reading)?))
}

/// The leaf of a record in the day chain. Its line is the stored bytes themselves where these hold
/// neither bodies nor places of certificates.
fn leaf_of(
    measurement: &Measurement,
    json: &[u8],
    certificates: Option<&[u8]>,
) -> Result<Hash, InnerError> {
    let no_line = || InnerError::Unreadable("a record has no line".to_owned());
    let line = || chain_entries::with_chain(json, certificates).ok_or_else(no_line);
    let keys = &measurement.test_keys;
    let has_body = |request: &Request| !request.response.body.0.is_empty();
    if certificates.is_none() && !keys.requests.iter().any(has_body) {
        debug_assert_eq!(line().ok().as_deref(), Some(json));
        return Ok(leaf(json));
    }
    Ok(leaf(&line()?))
}

/// The uid of a measurement; without one, the hash of its record.
fn uid(measurement: &Measurement, json: &[u8]) -> String {
    let known = measurement.measurement_uid.as_ref();
    known.map_or_else(
        || HEXLOWER.encode(&Sha256::digest(json)),
        |uid| uid.0.clone(),
    )
}

/// The wire forms of a measurement, and its last body with its codings.
fn exchange(
    measurement: &mut Measurement,
    policy: StoreBody,
    is_evidence: bool,
) -> Result<Option<PreparedExchange>, InnerError> {
    let is_skipped = measurement.extra().is_some_and(|x| x.skipped.is_some());
    if !is_evidence || is_skipped {
        return Ok(None);
    }
    let requests = &mut measurement.test_keys.requests;
    let keeps_bodies = policy == StoreBody::Always;
    let last = requests.first_mut();
    let encoded = last.and_then(|request| request.wire.encoded_body.take());
    Ok(Some(PreparedExchange {
        wire: exchanges::pack(requests, keeps_bodies)?,
        encoded: encoded
            .filter(|body| keeps_bodies && !body.is_empty())
            .map(|body| (Sha256::digest(&body).into(), body)),
    }))
}

fn last_body(measurement: &Measurement) -> Option<&Bytes> {
    measurement
        .last_request()
        .map(|r| &r.response.body.0)
        .filter(|body| !body.is_empty())
}

fn body_bytes(measurement: &Measurement) -> i64 {
    let bytes = match measurement.extra() {
        Some(extra) => extra.body_bytes,
        None => last_body(measurement).map_or(0, |body| body.len() as u64),
    };
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn body_hash(measurement: &Measurement, own: bool) -> Option<[u8; 32]> {
    let body = last_body(measurement)?;
    let stated = measurement
        .extra()
        .filter(|_| own)
        .and_then(|extra| extra.body_sha256.as_deref())
        .and_then(from_hex);
    Some(stated.unwrap_or_else(|| Sha256::digest(body).into()))
}

fn take_body(measurement: &mut Measurement, policy: StoreBody) -> StoredBody {
    let requests = &mut measurement.test_keys.requests;
    match policy {
        StoreBody::Always => match requests.first_mut() {
            Some(last) if !last.response.body.0.is_empty() => {
                let Body(bytes) = std::mem::take(&mut last.response.body);
                StoredBody::Stored(bytes)
            }
            _ => StoredBody::None,
        },
        StoreBody::Never => {
            let any = requests
                .first()
                .is_some_and(|r| !r.response.body.0.is_empty());
            for request in requests {
                // A copy, so that the head does not keep the whole page in memory.
                let body = &mut request.response.body.0;
                let end = body.len().min(HEAD_BYTES);
                *body = Bytes::copy_from_slice(&body[..end]);
            }
            if any {
                StoredBody::Head
            } else {
                StoredBody::None
            }
        }
    }
}

/// The final URL, if it differs from the requested one.
fn final_url(measurement: &Measurement) -> Option<String> {
    measurement
        .last_request()
        .map(|r| &r.request.url)
        .filter(|url| !url.is_empty() && **url != measurement.input)
        .cloned()
}

/// The site's address: of the last successful connect, or else of the last attempt. `None` through
/// a proxy, where connects go to the proxy.
fn answering_ip(measurement: &Measurement) -> Option<String> {
    let through_proxy = measurement.extra().is_some_and(|x| x.via.contains("://"));
    if through_proxy {
        return None;
    }
    let connects = &measurement.test_keys.tcp_connect;
    let good = connects.iter().rev().find(|c| c.status.success);
    good.or(connects.last()).map(|c| c.ip.clone())
}

fn phases(measurement: &Measurement) -> Option<Phases> {
    match measurement.extra() {
        Some(extra) if extra.skipped.is_some() => None,
        Some(extra) => Some(extra.phases),
        None => Some(Phases {
            total: measurement.test_runtime * 1_000.0,
            ..Phases::default()
        }),
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways() {
        let bytes: [u8; 32] = Sha256::digest(b"x").into();
        assert_eq!(from_hex(&HEXLOWER.encode(&bytes)), Some(bytes));
        assert_eq!(from_hex("abc"), None);
        assert_eq!(from_hex(&"zz".repeat(32)), None);
    }
}
