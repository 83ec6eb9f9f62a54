//! The measurement record: what one attempt saw. It is written once and never changed.
//!
//! The format is OONI's measurement format (ooni/spec df-000, df-001, df-002, df-005, df-006,
//! df-007) with additions under `x_accesswatch`; `docs/data-dictionary.md` describes every key. The
//! struct is the wire format: its serialisation is the line that `run --jsonl` writes, and OONI's
//! `web_connectivity` records parse into it (keys that we do not use are left out).

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

pub use super::extra::{CharsetFacts, ExpectFact, Extra, Phases, ProxyFacts, RobotsFact};
use super::failure::Failure;
use super::ids::{MeasurementUid, PassId, ProbeId, ProbeKey, SourceId, VantageId};
use super::link::LinkId;
use super::ooni;
pub use super::ooni::{BinaryData, Body, HeaderText};
use super::time::{Time, bounded, from_micros};
use super::wire::WireForm;

/// One record, top level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub data_format_version: String,
    /// The requested URL; empty in OONI tests that have no URL.
    #[serde(deserialize_with = "ooni::null_as_default")]
    pub input: String,
    #[serde(with = "ooni::time")]
    pub measurement_start_time: Time,
    #[serde(with = "ooni::time_or_null", default)]
    pub test_start_time: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurement_uid: Option<MeasurementUid>,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub probe_cc: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub probe_asn: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub report_id: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub software_name: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub software_version: String,
    pub test_name: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub test_version: String,
    /// Seconds.
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub test_runtime: f64,
    #[serde(deserialize_with = "ooni::null_as_default")]
    pub test_keys: TestKeys,
    #[serde(default, deserialize_with = "ooni::annotations")]
    pub annotations: BTreeMap<String, String>,
}

impl Measurement {
    /// When the measurement began, to the microsecond where the record gives it. A time outside the
    /// calendar becomes the nearest time in it.
    #[must_use]
    pub fn started(&self) -> Time {
        self.extra().filter(|x| x.started_us != 0).map_or_else(
            || bounded(self.measurement_start_time),
            |x| from_micros(x.started_us),
        )
    }

    /// The status of the last answer.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        let status = self.last_request().map(|r| r.response.code);
        status.filter(|status| *status != 0)
    }

    /// Our additions; `None` in OONI's own records.
    #[must_use]
    pub fn extra(&self) -> Option<&Extra> {
        self.test_keys.x_accesswatch.as_ref()
    }

    /// Sets the pass that made the record.
    pub fn set_pass(&mut self, pass: &PassId) {
        if let Some(extra) = &mut self.test_keys.x_accesswatch {
            extra.pass = Some(pass.clone());
        }
    }

    /// The cited link that was checked.
    #[must_use]
    pub fn link(&self) -> Option<LinkId> {
        self.extra().and_then(|x| x.link)
    }

    /// Whether it belongs to cited links: the check of one, or the control of a pass over them.
    /// Such a record moves no status.
    #[must_use]
    pub fn is_of_links(&self) -> bool {
        let is_for_links = |x: &Extra| x.pass.as_ref().is_some_and(PassId::is_for_links);
        let control = self.extra().filter(|x| x.control);
        self.link().is_some() || control.is_some_and(is_for_links)
    }

    /// Makes it the record of a check of a cited link, which has no source and no probe.
    pub fn set_link(&mut self, link: LinkId) {
        if let Some(extra) = &mut self.test_keys.x_accesswatch {
            extra.link = Some(link);
            extra.source = SourceId(String::new());
            extra.probe = ProbeId(String::new());
        }
    }

    /// The probe it belongs to, as the record says; without names for a link's record.
    #[must_use]
    pub fn key(&self) -> Option<ProbeKey> {
        self.extra().map(|x| ProbeKey {
            source: x.source.clone(),
            probe: x.probe.clone(),
        })
    }

    /// The vantage of an OONI record: `ooni:KR:AS4766`. An invalid country or network becomes `ZZ`
    /// or `AS0`, which is how OONI writes an unknown one.
    #[must_use]
    pub fn foreign_vantage(&self) -> VantageId {
        let is_country = |cc: &&str| cc.len() == 2 && cc.bytes().all(|b| b.is_ascii_uppercase());
        let country = Some(self.probe_cc.as_str()).filter(is_country);
        let digits = self.probe_asn.strip_prefix("AS").unwrap_or_default();
        let number: u32 = digits.parse().unwrap_or_default();
        VantageId(format!("ooni:{}:AS{number}", country.unwrap_or("ZZ")))
    }

    /// The last exchange of the chain (OONI lists requests newest first).
    #[must_use]
    pub fn last_request(&self) -> Option<&Request> {
        self.test_keys.requests.first()
    }
}

/// What was tried and seen, on each layer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TestKeys {
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub queries: Vec<DnsQuery>,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tcp_connect: Vec<TcpConnect>,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tls_handshakes: Vec<TlsHandshake>,
    /// Newest first.
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub requests: Vec<Request>,
    /// OONI's control; it serves as a vantage for comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<serde_json::Value>,
    /// The failure that ended OONI's fetch, also when no request shows it, such as an unreachable
    /// redirect target.
    #[serde(
        default,
        deserialize_with = "ooni::failure",
        skip_serializing_if = "Option::is_none"
    )]
    pub http_experiment_failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x_accesswatch: Option<Extra>,
}

/// One DNS question and its answers (df-002). A second reply to the same question is a separate
/// record with the tag `duplicate`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DnsQuery {
    pub hostname: String,
    /// `A`, `AAAA`, or `ANY` for the system's resolver.
    pub query_type: String,
    /// `getaddrinfo`, `udp`, `tcp`, `dot`, `doh`.
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub engine: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub resolver_address: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub answers: Vec<DnsAnswer>,
    #[serde(default, deserialize_with = "ooni::failure")]
    pub failure: Option<Failure>,
    /// Seconds since the measurement began.
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t0: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub transaction_id: u64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tags: Vec<String>,
}

impl DnsQuery {
    /// The addresses in its answers.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.answers.iter().filter_map(|answer| {
            let text = answer.ipv4.as_deref().or(answer.ipv6.as_deref())?;
            text.parse().ok()
        })
    }
}

/// One answer record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DnsAnswer {
    /// `A`, `AAAA`, `CNAME`, …
    pub answer_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv4: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    #[serde(default)]
    pub ttl: Option<u32>,
    /// The network of the address, where the measuring program had a database of networks.
    #[serde(
        default,
        deserialize_with = "ooni::asn",
        skip_serializing_if = "Option::is_none"
    )]
    pub asn: Option<u32>,
    /// The name of the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_org_name: Option<String>,
}

/// One TCP connect (df-005).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TcpConnect {
    pub ip: String,
    pub port: u16,
    pub status: TcpStatus,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t0: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub transaction_id: u64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tags: Vec<String>,
}

/// How a connect ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TcpStatus {
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub success: bool,
    #[serde(default, deserialize_with = "ooni::failure")]
    pub failure: Option<Failure>,
}

/// One TLS handshake (df-006).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TlsHandshake {
    /// `ip:port`.
    pub address: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub server_name: String,
    #[serde(default, deserialize_with = "ooni::failure")]
    pub failure: Option<Failure>,
    /// `TLSv1.2`, `TLSv1.3`; empty when the handshake failed earlier.
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tls_version: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub cipher_suite: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub negotiated_protocol: String,
    /// The chain as presented, even when it does not verify.
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub peer_certificates: Vec<BinaryData>,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub no_tls_verify: bool,
    /// The alert or reason in words, such as `alert: handshake_failure`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x_detail: Option<String>,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t0: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub transaction_id: u64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tags: Vec<String>,
}

/// One HTTP exchange (df-001).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Request {
    pub request: RequestSent,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub response: Response,
    #[serde(default, deserialize_with = "ooni::failure")]
    pub failure: Option<Failure>,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t0: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub t: f64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub transaction_id: u64,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub tags: Vec<String>,
    /// The parts of the exchange on the wire that the record cannot hold. They are kept with the
    /// evidence only, and are not part of the record.
    #[serde(skip)]
    pub wire: WireForm,
}

/// The tag of a request whose answer was longer than its announced length.
pub const EXCESS: &str = "excess";

/// The tag of a request that an HTTP/2 server did not process, and that was sent again.
pub const ASKED_AGAIN: &str = "asked_again";

/// The tag of a hop that was not requested because a redirect led into our own network.
pub const INSIDE: &str = "inside";

/// The request as sent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RequestSent {
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub method: String,
    pub url: String,
    #[serde(default, deserialize_with = "ooni::null_as_default")]
    pub headers_list: Vec<(HeaderText, HeaderText)>,
}

/// The response; `code` is 0 when none came.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "ooni::ResponseForm")]
pub struct Response {
    pub code: u16,
    pub headers_list: Vec<(HeaderText, HeaderText)>,
    /// After transfer and content decoding, before charset decoding.
    pub body: Body,
    pub body_is_truncated: bool,
}

impl Response {
    /// The first header with this name; case does not matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers_list
            .iter()
            .find(|(n, _)| n.0.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.0.as_str())
    }

    /// All headers with this name; case does not matter.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers_list
            .iter()
            .filter(move |(n, _)| n.0.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.0.as_str())
    }
}

/// The `source` in records of path controls. They are records of controls too, and show the path to
/// the mainland instead of the vantage.
pub const PATH_SOURCE: &str = "path";

/// The annotation of a control's record: the network in which the control saw the vantage, when it
/// is not one of those that the operator states.
pub const EXIT_MOVED: &str = "exit_moved";
/// The tag of a request whose page led to the next one by a script, a `meta refresh` or a frame.
pub const CLIENT_REDIRECT: &str = "client_redirect";
