//! Discriminators: extra requests after a failed fetch that show who causes the failure
//! (`docs/verdicts.md`, Discriminators). They are part of the last attempt's measurement; `judge`
//! interprets them.

use serde::{Deserialize, Deserializer, Serialize};

use super::failure::Failure;
use super::measurement::{DnsQuery, TcpConnect, TlsHandshake};
use super::verdict::Code;

/// How many records are read from one measurement: each step once, and room for steps of later
/// versions.
const MAX_RECORDS: usize = 16;

/// A neutral name: reserved for examples (RFC 2606 section 3), and not a watched site.
pub const NEUTRAL_NAME: &str = "www.example.org";

/// The steps, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscriminatorStep {
    /// The watched name, resolved by the reference resolver.
    Reference,
    /// The probe's own request, sent to an address that the reference resolver gives and the
    /// vantage's resolver does not.
    AtReference,
    /// The watched name, sent to a control's address outside the mainland.
    ControlWatched,
    /// A neutral name, sent to the same control.
    ControlNeutral,
    /// A neutral name, sent to the site's own address.
    SiteNeutral,
    /// The watched name, sent to the site's own address.
    SiteWatched,
}

impl DiscriminatorStep {
    /// The steps that are always taken. [`DiscriminatorStep::AtReference`] follows the first step
    /// when the answers differ.
    pub const ALL: &'static [DiscriminatorStep] = &[
        DiscriminatorStep::Reference,
        DiscriminatorStep::ControlWatched,
        DiscriminatorStep::ControlNeutral,
        DiscriminatorStep::SiteNeutral,
        DiscriminatorStep::SiteWatched,
    ];
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAsked {
    /// The address is not contacted for a while after an earlier discriminator (240 s).
    Silence,
    /// No control of this vantage uses the same protocol at an address other than the site's.
    NoControl,
    /// No address of the site is known.
    NoAddress,
    /// The name belongs to a local network, so no public resolver is asked for it.
    LocalName,
    /// The reference resolver cannot be used as it is configured.
    NoReference,
    /// The site asked for a back-off.
    BackOff,
    /// robots.txt forbids the page.
    Robots,
}

/// One step: what was requested, from whom, and the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discriminator {
    pub step: DiscriminatorStep,
    /// The name that was resolved, or sent as SNI or `Host`.
    pub name: String,
    /// The resolver as configured, or `ip:port`; empty when the step was not taken.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The host that the address belongs to: the control's host.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// Microseconds since 1970. Earlier than the measurement when the step was taken shortly
    /// before, for another probe of the same host.
    pub started_us: i64,
    /// Duration of the step in milliseconds.
    #[serde(default)]
    pub ms: f64,
    /// The queries to the reference resolver, or those that gave the control's address. Every reply
    /// is a record; times here and below count from `started_us`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queries: Vec<DnsQuery>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_connect: Option<TcpConnect>,
    /// For `https`; the certificate is verified against the name that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_handshake: Option<TlsHandshake>,
    /// For plain `http`: the answer to `GET /`. For [`DiscriminatorStep::AtReference`]: the answer
    /// to the probe's own request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PlainAnswer>,
    /// For [`DiscriminatorStep::AtReference`]: the code that the probe's expectations give the
    /// answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    #[serde(default)]
    pub failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_asked: Option<NotAsked>,
}

impl Discriminator {
    /// A step that begins at `started_us`, without results yet.
    #[must_use]
    pub fn new(step: DiscriminatorStep, name: &str, started_us: i64) -> Self {
        Self {
            step,
            name: name.to_owned(),
            address: String::new(),
            host: String::new(),
            started_us,
            ms: 0.0,
            queries: Vec::new(),
            tcp_connect: None,
            tls_handshake: None,
            answer: None,
            code: None,
            failure: None,
            not_asked: None,
        }
    }
}

/// An answer to `GET /` over plain HTTP, without the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlainAnswer {
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Lower-case hex, of the redacted body.
    pub body_sha256: String,
    pub body_bytes: u64,
}

/// Skips records of a kind that this version does not know, so that the measurement can still be
/// read.
pub(super) fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Discriminator>, D::Error> {
    let all = Option::<Vec<serde_json::Value>>::deserialize(from)?.unwrap_or_default();
    let read = |value| serde_json::from_value(value).ok();
    Ok(all.into_iter().take(MAX_RECORDS).filter_map(read).collect())
}

/// What discriminators prove, in addition to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The answers for the name are forged.
    ForgedDns,
    /// The watched name, sent to a control's address outside China, fails as it does at the site,
    /// and a neutral name passes there. The failure happens before the site.
    BeforeTheSite,
    /// The vantage's resolver gives no address or another address, and the site answers as expected
    /// at the address from the reference resolver.
    ByTheResolver,
}

/// One statement that the discriminators support; `i18n` words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Statement {
    /// The reference resolver gives an address that the vantage's resolver gave too.
    ReferenceAgrees { resolver: String },
    /// The reference resolver gives other addresses. Different answers alone prove nothing.
    ReferenceDiffers {
        resolver: String,
        here: String,
        there: String,
    },
    /// The reference resolver answers that there is no address.
    ReferenceFails { resolver: String, failure: Failure },
    /// The reference resolver did not answer, which says nothing about the name.
    ReferenceSilent { resolver: String, failure: Failure },
    /// One question had two answers and one of them is impossible, or an answer is known to be
    /// forged.
    ReferenceForged { resolver: String, answers: String },
    /// The certificate here is not valid, and the one at the reference's address is valid.
    ReferenceVerifies { here: String, there: String },
    /// The site's certificate is valid at an address that the vantage's resolver did not give.
    SiteAnswersElsewhere { there: String },
    /// The vantage's resolver gave no address, and the site answers as expected at the reference's
    /// address.
    ResolverDenies {
        own: String,
        resolver: String,
        there: String,
    },
    /// The vantage's resolver gave another address, and the site answers as expected at the
    /// reference's address.
    ResolverMisleads {
        own: String,
        here: String,
        resolver: String,
        there: String,
    },
    /// The probe's own request fails at the reference's address too.
    NoBetterThere { there: String },
    /// At a control the watched name fails as it does at the site, and a neutral name passes.
    ControlFailsAlike { control: String, failure: Failure },
    /// At a control, over plain HTTP, the watched name gets the same answer as at the site.
    ControlAnswersAlike { control: String, status: u16 },
    /// At a control the watched name passes.
    ControlPasses { control: String },
    /// At a control both names fail, or they fail in different ways: no conclusion.
    ControlUnclear { control: String },
    /// At the site's address a neutral name passes and the watched name does not.
    SiteNameFails { address: String, failure: Failure },
    /// Both names pass at the site's address.
    SitePasses { address: String },
    /// Both names fail at the site's address, or the result is unclear.
    SiteUnclear { address: String },
    /// A step was not taken.
    NotAsked {
        step: DiscriminatorStep,
        why: NotAsked,
    },
}

/// The result of a round's discriminators, as kept in the status and the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The code of the attempts that had no discriminators. The attribution holds as long as this
    /// code is observed.
    #[serde(rename = "seen_as")]
    pub observed_code: Code,
    #[serde(default)]
    pub proof: Option<Proof>,
    #[serde(default)]
    #[serde(rename = "said")]
    pub statements: Vec<Statement>,
}
