//! What a measurement holds beyond OONI's format: `test_keys.x_accesswatch` (spec: records,
//! "Extra").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::discriminator::Discriminator;
use super::expect::Expectation;
use super::failure::Failure;
use super::ids::{PassId, ProbeId, RoundId, SourceId, VantageId};
use super::link::LinkId;

/// `test_keys.x_accesswatch`: fields beyond OONI's format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extra {
    /// Empty in the record of a link, which has no source.
    #[serde(default = "no_source", skip_serializing_if = "is_no_source")]
    pub source: SourceId,
    /// Empty in the record of a link.
    #[serde(default = "no_probe", skip_serializing_if = "is_no_probe")]
    pub probe: ProbeId,
    /// The cited link that was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkId>,
    pub vantage: VantageId,
    /// The pass that made the record; replay groups records by it. `None` in records of older
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<PassId>,
    pub round: RoundId,
    /// 0 for the first attempt, then 1, 2, … for confirmations.
    pub attempt: u32,
    /// Microseconds since 1970; gives an order within a second. Zero where the record has no value.
    #[serde(default)]
    pub started_us: i64,
    #[serde(default)]
    pub phases: Phases,
    /// The record of a control. It belongs to the vantage and the round, whatever `source` and
    /// `probe` say.
    #[serde(default, skip_serializing_if = "is_false")]
    pub control: bool,
    /// `direct`, `socks5://host:port`, `http://host:port`, `file`.
    #[serde(default)]
    pub via: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<ProxyFacts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<CharsetFacts>,
    /// Lower-case hex, of the redacted body of the last response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_sha256: Option<String>,
    /// Bytes after decompression, before any cut.
    #[serde(default)]
    pub body_bytes: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<ExpectFact>,
    /// The discriminators; only the last attempt of a confirmed suspicion has them.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "super::discriminator::known"
    )]
    pub discriminators: Vec<Discriminator>,
    /// Other pages of the host with which this page was compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<super::reference::Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robots: Option<RobotsFact>,
    /// Why nothing was fetched: `back_off`, `cooldown` or `robots`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// The TLS library and its fixed shape, such as `rustls 0.23 ring`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tls_client: String,
}

fn no_source() -> SourceId {
    SourceId(String::new())
}

fn is_no_source(source: &SourceId) -> bool {
    source.as_str().is_empty()
}

fn no_probe() -> ProbeId {
    ProbeId(String::new())
}

fn is_no_probe(probe: &ProbeId) -> bool {
    probe.as_str().is_empty()
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_false(b: &bool) -> bool {
    !*b
}

/// Milliseconds per phase, summed over hops; `None` for a phase that was not reached.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Phases {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<f64>,
    #[serde(default)]
    pub total: f64,
}

/// What happened between us and the proxy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProxyFacts {
    /// The proxy's own failure (unreachable, login refused, protocol). It is the fault of our end,
    /// never of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The SOCKS5 reply code (RFC 1928 section 6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socks_reply: Option<u8>,
    /// The status of the answer to CONNECT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_status: Option<u16>,
}

/// The charset of a body, and where it was found: `bom`, `header`, `meta`, `probe`, `guess`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CharsetFacts {
    pub name: String,
    pub by: String,
    /// Some bytes were not valid in this charset.
    #[serde(default, skip_serializing_if = "is_false")]
    pub malformed: bool,
}

/// One expectation and whether it was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectFact {
    /// For example `contains: 摘要` or `level fulltext: #pdfDown`.
    pub expectation: Expectation,
    pub held: bool,
}

/// What robots.txt said, and how it was obtained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsFact {
    pub allowed: bool,
    /// `fetched`, `cached`, `absent`, `unfetchable`, `off`.
    pub state: String,
}
