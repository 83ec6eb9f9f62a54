//! Discriminators: what is asked beside a fetch that failed, to tell who is in the way
//! (`docs/verdicts.md`, Discriminators). They are part of the last attempt's measurement; what they
//! mean is `judge`'s.

use serde::{Deserialize, Deserializer, Serialize};

use super::failure::Failure;
use super::measurement::{DnsQuery, TcpConnect, TlsHandshake};
use super::verdict::Code;

/// Records read of one measurement: the five steps once, and room for a later version's.
const MAX_RECORDS: usize = 16;

/// The name that is nobody's: reserved for examples (RFC 2606 section 3), watched by no one.
pub const NEUTRAL_NAME: &str = "www.example.org";

/// The steps, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscriminatorStep {
    /// The watched name, asked of the reference resolver.
    Reference,
    /// The probe's own request, made at an address that the reference resolver gives and the vantage's does not.
    AtReference,
    /// The watched name, sent to a control's address outside the mainland.
    ControlWatched,
    /// A neutral name, sent there too.
    ControlNeutral,
    /// A neutral name, sent to the site's own address.
    SiteNeutral,
    /// The watched name, sent there too.
    SiteWatched,
}

impl DiscriminatorStep {
    /// Those that are always taken; [`DiscriminatorStep::AtReference`] comes after the first where the answers differ.
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
    /// The address is left alone after an earlier discriminator (240 s).
    Silence,
    /// No control of this vantage speaks the same protocol at another place than the site's.
    NoControl,
    /// No address of the site is known.
    NoAddress,
    /// The name belongs to a local network: a public resolver is not asked for it.
    LocalName,
    /// The reference resolver cannot be used as it is configured.
    NoReference,
    /// The site asked to be left alone.
    BackOff,
    /// robots.txt forbids the page.
    Robots,
}

/// One step: what was asked, of whom, and what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discriminator {
    pub step: DiscriminatorStep,
    /// The name that was asked for, or sent as SNI or `Host`.
    pub name: String,
    /// The resolver as configured, or `ip:port`; empty when the step was not taken.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Whose address it is: the control's host.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// Microseconds since 1970. Earlier than the measurement where it was asked for another probe of the
    /// same host shortly before.
    pub started_us: i64,
    /// Milliseconds that the step took.
    #[serde(default)]
    pub ms: f64,
    /// Of the reference resolver, or where the control's address came from. Every reply is a record; times
    /// here and below count from `started_us`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queries: Vec<DnsQuery>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_connect: Option<TcpConnect>,
    /// For `https`; the certificate is held against the name that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_handshake: Option<TlsHandshake>,
    /// For plain `http`: what was answered to `GET /`. At the reference's address: what the probe's own request got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PlainAnswer>,
    /// At the reference's address: what the probe's expectations made of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    #[serde(default)]
    pub failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_asked: Option<NotAsked>,
}

impl Discriminator {
    /// A step that begins at `started_us`, nothing seen yet.
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

/// An answer to `GET /` over plain HTTP; the page itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlainAnswer {
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Lower-case hex, of the redacted body.
    pub body_sha256: String,
    pub body_bytes: u64,
}

/// Records of a kind that this version does not know are passed over, so that the measurement is read.
pub(super) fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Discriminator>, D::Error> {
    let all = Option::<Vec<serde_json::Value>>::deserialize(from)?.unwrap_or_default();
    let read = |value| serde_json::from_value(value).ok();
    Ok(all.into_iter().take(MAX_RECORDS).filter_map(read).collect())
}

/// What discriminators proved beside the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The answers for the name are forged.
    ForgedDns,
    /// The watched name, sent to a control's address outside China, fails like the real one while a
    /// neutral name passes there: it happens before the site.
    BeforeTheSite,
    /// The vantage's resolver denies the name, or leads it elsewhere, and the site answers as expected where the
    /// reference resolver leads.
    ByTheResolver,
}

/// One thing that the discriminators say, to be worded by `i18n`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Statement {
    /// The reference resolver gives an address that was given here too.
    ReferenceAgrees { resolver: String },
    /// It gives others. Differing answers alone prove nothing.
    ReferenceDiffers {
        resolver: String,
        here: String,
        there: String,
    },
    /// It answers that there is no address.
    ReferenceFails { resolver: String, failure: Failure },
    /// It did not answer, which says nothing of the name.
    ReferenceSilent { resolver: String, failure: Failure },
    /// One question had two answers, one of them impossible; or an answer known to be forged.
    ReferenceForged { resolver: String, answers: String },
    /// The certificate here does not hold, the one at the reference's address does.
    ReferenceVerifies { here: String, there: String },
    /// The site's certificate holds at an address that was not given here.
    SiteAnswersElsewhere { there: String },
    /// The vantage's resolver gave no address, and at the reference's the site answers as expected.
    ResolverDenies {
        own: String,
        resolver: String,
        there: String,
    },
    /// It gave another address, and at the reference's the site answers as expected.
    ResolverMisleads {
        own: String,
        here: String,
        resolver: String,
        there: String,
    },
    /// At the reference's address the probe's own request fares no better.
    NoBetterThere { there: String },
    /// At a control the watched name fails like at the site, and a neutral name passes.
    ControlFailsAlike { control: String, failure: Failure },
    /// At a control, over plain HTTP, the watched name gets the answer that "the site" gave.
    ControlAnswersAlike { control: String, status: u16 },
    /// At a control the watched name passes.
    ControlPasses { control: String },
    /// At a control both names fail, or not alike: it says nothing.
    ControlUnclear { control: String },
    /// At the site's address a neutral name passes and the watched name does not.
    SiteNameFails { address: String, failure: Failure },
    /// Both names pass at the site's address.
    SitePasses { address: String },
    /// Both fail there, or it cannot be told.
    SiteUnclear { address: String },
    /// A step was not taken.
    NotAsked {
        step: DiscriminatorStep,
        why: NotAsked,
    },
}

/// What the discriminators of a round came to, as status and incident keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The code of the attempts that had no discriminators. While it is seen again, what was told holds.
    #[serde(rename = "seen_as")]
    pub observed_code: Code,
    #[serde(default)]
    pub proof: Option<Proof>,
    #[serde(default)]
    #[serde(rename = "said")]
    pub statements: Vec<Statement>,
}
