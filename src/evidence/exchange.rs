//! A kept exchange as WARC records: for each hop the response (or a revisit of the same payload),
//! the request, and a metadata record with what the other two do not say (evidence.md 1.4 to 1.6).

use std::fmt::Write as _;
use std::net::IpAddr;

use bytes::Bytes;
use chrono::TimeDelta;
use data_encoding::BASE64;
use serde_json::{Value, json};
use url::Url;

use super::warc::{Record, RecordId, RecordKind, Truncated, digest};
use crate::model::measurement::{BinaryData, HeaderText, Request};
use crate::model::wire::WireForm;
use crate::model::{Failure, Measurement, Observation, Time, Vantage};

/// Headers that describe how a body was transferred, not the body; they are written again.
const CARRIAGE: [&str; 3] = ["transfer-encoding", "content-length", "trailer"];

/// The profile of a revisit record whose payload is identical byte for byte.
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// An exchange that is kept, with its judgement.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// Its requests have their wire forms.
    pub measurement: &'a Measurement,
    pub observed: Option<&'a Observation>,
    /// Why bodies are left out; the hash of the last one and what was found in it stay.
    pub without_body: Option<&'static str>,
    /// The vantage; `None` where the configuration no longer has it.
    pub vantage: Option<&'a Vantage>,
}

/// A response record that already holds a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierPayload {
    pub record: RecordId,
    pub url: String,
    pub date: Time,
}

/// The records of `kept`, in the order in which the hops were made. `earlier` finds the record that
/// already holds the payload with a digest.
pub fn records(
    kept: &Kept<'_>,
    mut earlier: impl FnMut(&str) -> Option<EarlierPayload>,
) -> Vec<Record> {
    let uid = kept.measurement.measurement_uid.as_ref();
    let uid = uid.map_or("", |uid| uid.0.as_str());
    let requests = &kept.measurement.test_keys.requests;
    let mut records = Vec::new();
    for (hop, index) in (0..requests.len()).rev().enumerate() {
        let hop = Hop::new(kept, uid, hop, index);
        let about = if hop.has_answer() {
            let answer = hop.answer(&mut earlier);
            let about = answer.id();
            records.push(answer);
            Some(about)
        } else {
            None
        };
        let request = hop.request(about);
        records.push(hop.metadata(about.unwrap_or(request.id())));
        records.push(request);
    }
    if requests.is_empty() {
        records.push(nothing_sent(kept, uid));
    }
    records
}

/// The metadata record of an attempt that sent no request.
fn nothing_sent(kept: &Kept<'_>, uid: &str) -> Record {
    let facts = facts(kept, uid, 0, |_| true);
    let kind = RecordKind::Metadata;
    let id = RecordId::derived(uid, 0, kind);
    metadata_record(
        id,
        kept.measurement.started(),
        &facts,
        &kept.measurement.input,
    )
}

struct Hop<'a> {
    kept: &'a Kept<'a>,
    uid: &'a str,
    /// The number of the hop; 0 is the first request.
    number: usize,
    request: &'a Request,
    wire: &'a WireForm,
    date: Time,
}

impl<'a> Hop<'a> {
    fn new(kept: &'a Kept<'a>, uid: &'a str, number: usize, index: usize) -> Self {
        let request = &kept.measurement.test_keys.requests[index];
        // Clamped, because a record may hold hostile numbers.
        let micros = (request.t0.clamp(0.0, 86_400.0) * 1e6).round();
        #[expect(clippy::cast_possible_truncation, reason = "clamped to one day")]
        let since = TimeDelta::microseconds(micros as i64);
        Self {
            kept,
            uid,
            number,
            request,
            wire: &request.wire,
            date: kept.measurement.started() + since,
        }
    }

    fn has_answer(&self) -> bool {
        self.request.response.code != 0
    }

    fn id(&self, kind: RecordKind) -> RecordId {
        RecordId::derived(self.uid, self.number, kind)
    }

    fn url(&self) -> &str {
        &self.request.request.url
    }

    /// The server's address; `None` behind a proxy.
    fn ip(&self) -> Option<IpAddr> {
        let extra = self.kept.measurement.extra()?;
        if extra.via != "direct" {
            return None;
        }
        let connects = &self.kept.measurement.test_keys.tcp_connect;
        let own = connects
            .iter()
            .filter(|c| c.transaction_id == self.request.transaction_id && c.status.success);
        own.last()?.ip.parse().ok()
    }

    /// The answer with its HTTP head; a revisit record without the body when the body is already
    /// kept.
    fn answer(&self, earlier: &mut impl FnMut(&str) -> Option<EarlierPayload>) -> Record {
        let response = &self.request.response;
        let encoded = self.wire.encoded_body.as_ref();
        let body = match self.withheld() {
            Some(_) => &Bytes::new(),
            None => encoded.unwrap_or(&response.body.0),
        };
        let payload = digest(body);
        let mut block = self.answer_head(body.len(), encoded.is_some());
        let known = (!body.is_empty()).then(|| earlier(&payload)).flatten();
        let kind = match known {
            Some(_) => RecordKind::Revisit,
            None => RecordKind::Response,
        };
        if known.is_none() {
            block.extend_from_slice(body);
        }
        let content_type = "application/http;msgtype=response";
        let mut record = self
            .message(kind, content_type, block)
            .with("WARC-Payload-Digest", &payload);
        if let Some(why) = self.truncated() {
            record = record.with("WARC-Truncated", why.as_str());
        }
        match known {
            None => record,
            Some(known) => record
                .with("WARC-Profile", SAME_PAYLOAD)
                .with("WARC-Refers-To", &format!("<{}>", known.record))
                .with("WARC-Refers-To-Target-URI", &known.url)
                .with(
                    "WARC-Refers-To-Date",
                    &known.date.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
                ),
        }
    }

    /// A record of a message of HTTP.
    fn message(&self, kind: RecordKind, content_type: &'static str, block: Vec<u8>) -> Record {
        let record = Record::new(self.id(kind), kind, self.date, content_type, block)
            .target(self.url())
            .ip(self.ip());
        if self.wire.h2 {
            record.with("WARC-Protocol", "h2")
        } else {
            record
        }
    }

    /// Why the body is left out.
    fn withheld(&self) -> Option<&'static str> {
        self.kept.without_body.filter(|_| self.has_answer())
    }

    fn truncated(&self) -> Option<Truncated> {
        if self.withheld().is_some() {
            return Some(Truncated::Unspecified);
        }
        if self.request.response.body_is_truncated {
            return Some(Truncated::Length);
        }
        let failure = self.request.failure.as_ref()?;
        Some(if failure.as_str() == Failure::TIMEOUT {
            Truncated::Time
        } else {
            Truncated::Disconnect
        })
    }

    /// The head of the answer, with the length of the payload that follows it.
    fn answer_head(&self, length: usize, is_encoded: bool) -> Vec<u8> {
        let response = &self.request.response;
        let mut head = format!(
            "HTTP/1.1 {} {}\r\n",
            response.code,
            one_line(&self.wire.reason)
        );
        for (name, value) in &response.headers_list {
            let is = |known: &str| name.0.eq_ignore_ascii_case(known);
            let describes_coding = is("content-encoding") && !is_encoded;
            if !describes_coding && !CARRIAGE.into_iter().any(is) && !name.0.starts_with(':') {
                push_header(&mut head, name, value);
            }
        }
        let _ = write!(head, "Content-Length: {length}\r\n\r\n");
        head.into_bytes()
    }

    /// The request as it was sent; a request that was sent over HTTP/2 gets an HTTP/1.1 head.
    fn request(&self, about: Option<RecordId>) -> Record {
        let sent = &self.request.request;
        let url = Url::parse(&sent.url).ok();
        let path = url.as_ref().map_or("/", |url| {
            &url[url::Position::BeforePath..url::Position::AfterQuery]
        });
        let mut head = format!("{} {} HTTP/1.1\r\n", one_line(&sent.method), one_line(path));
        let has_host = sent
            .headers_list
            .iter()
            .any(|(name, _)| name.0.eq_ignore_ascii_case("host"));
        if let Some(url) = url.as_ref().filter(|_| !has_host) {
            let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
            let _ = write!(head, "Host: {host}\r\n");
        }
        for (name, value) in &sent.headers_list {
            let is_length = name.0.eq_ignore_ascii_case("content-length");
            if !name.0.starts_with(':') && !is_length {
                push_header(&mut head, name, value);
            }
        }
        if !self.wire.sent_body.is_empty() {
            let _ = write!(head, "Content-Length: {}\r\n", self.wire.sent_body.len());
        }
        head.push_str("\r\n");
        let mut block = head.into_bytes();
        block.extend_from_slice(&self.wire.sent_body);
        let kind = RecordKind::Request;
        let content_type = "application/http;msgtype=request";
        let record = self.message(kind, content_type, block);
        match about {
            Some(about) => record.concurrent_to(about),
            None => record,
        }
    }

    fn metadata(&self, about: RecordId) -> Record {
        let own = self.request.transaction_id;
        let mut facts = facts(self.kept, self.uid, self.number, |id| id == own);
        facts["redacted"] = json!(self.wire.redacted);
        facts["body_left_out"] = json!(self.withheld());
        facts["failure"] = json!(self.request.failure);
        facts["began_s"] = json!(self.request.t0);
        facts["ended_s"] = json!(self.request.t);
        let id = self.id(RecordKind::Metadata);
        metadata_record(id, self.date, &facts, self.url())
            .with("WARC-Refers-To", &format!("<{about}>"))
            .concurrent_to(about)
    }
}

/// What the address of a metadata record begins with, before the address of the page. With the
/// page's own address pywb would replay the metadata in place of the page.
pub const METADATA_OF: &str = "urn:accesswatch:metadata:";

fn metadata_record(id: RecordId, date: Time, facts: &Value, url: &str) -> Record {
    let block = facts.to_string().into_bytes();
    let record = Record::new(id, RecordKind::Metadata, date, "application/json", block);
    record.target(&format!("{METADATA_OF}{url}"))
}

/// What the layers below HTTP saw in the transactions that `belongs` selects, and how the
/// measurement was judged.
fn facts(kept: &Kept<'_>, uid: &str, hop: usize, belongs: impl Fn(u64) -> bool) -> Value {
    let keys = &kept.measurement.test_keys;
    let extra = kept.measurement.extra();
    let queries: Vec<_> = keys
        .queries
        .iter()
        .filter(|q| belongs(q.transaction_id))
        .collect();
    let connects: Vec<_> = keys
        .tcp_connect
        .iter()
        .filter(|c| belongs(c.transaction_id))
        .collect();
    let handshakes: Vec<Value> = keys
        .tls_handshakes
        .iter()
        .filter(|h| belongs(h.transaction_id))
        .map(|h| {
            json!({
                "address": h.address,
                "server_name": h.server_name,
                "failure": h.failure,
                "version": h.tls_version,
                "cipher": h.cipher_suite,
                "protocol": h.negotiated_protocol,
                "chain": h.peer_certificates.iter().map(pem).collect::<String>(),
            })
        })
        .collect();
    let mut facts = json!({
        "measurement_uid": uid,
        "hop": hop,
        "source": extra.map(|x| &x.source),
        "probe": extra.map(|x| &x.probe),
        "vantage": extra.map(|x| &x.vantage),
        "vantage_name": kept.vantage.map(|v| &v.name),
        "country": kept.measurement.probe_cc,
        "network": kept.measurement.probe_asn,
        "via": extra.map(|x| &x.via),
        "proxy": extra.and_then(|x| x.proxy.as_ref()),
        "queries": queries,
        "connects": connects,
        "tls": handshakes,
        "phases_ms": extra.map(|x| &x.phases),
        "verdict": kept.observed.map(|o| o.code.as_str()),
        "locus": kept.observed.map(|o| o.locus.as_str()),
        "rule": kept.observed.map(|o| &o.rule),
        "signature": kept.observed.map(|o| &o.signature),
        "body_sha256": extra.map(|x| &x.body_sha256),
        "body_bytes": extra.map(|x| x.body_bytes),
        "expect": extra.map(|x| &x.expect),
    });
    if let Some(link) = kept.measurement.link() {
        facts["link"] = json!(link.to_string());
    }
    facts
}

/// A certificate in the form of RFC 7468.
fn pem(certificate: &BinaryData) -> String {
    let text = BASE64.encode(&certificate.0);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    // Base 64 is ASCII, so every chunk holds whole characters.
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

/// Adds a header line; a character that would end the line becomes a space.
fn push_header(head: &mut String, name: &HeaderText, value: &HeaderText) {
    let _ = write!(head, "{}: {}\r\n", one_line(&name.0), one_line(&value.0));
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', '\0'], " ")
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
