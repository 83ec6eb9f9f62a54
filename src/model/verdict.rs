//! The result of one measurement: a code on a layer, with a locus, a rule and evidence.
//!
//! `docs/verdicts.md` defines the codes, severities and layers, which are stable.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($name:ident = $text:literal, $severity:expr;)*) => {
        /// A verdict code, a dotted path: layer, then mechanism.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as users and other programs spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),* }
            }

            /// From 0 (healthy) to 6; `None` where the code says nothing about the source
            /// (`vantage.*`, `skipped.*`, `insufficient`).
            #[must_use]
            pub fn severity(self) -> Option<u8> {
                match self { $(Code::$name => $severity),* }
            }
        }
    };
}

codes! {
    Ok = "ok", Some(0);
    ContentChanged = "content.changed", Some(1);
    ContentReplaced = "content.replaced", Some(5);
    ContentUnproven = "content.unproven", Some(4);
    ContentMoved = "content.moved", Some(1);
    TlsIncompatible = "tls.incompatible", Some(1);
    TlsIncompleteChain = "tls.incomplete_chain", Some(1);
    SiteMaintenance = "site.maintenance", Some(2);
    SiteRateLimited = "site.rate_limited", Some(2);
    SiteChallenge = "site.challenge", Some(2);
    SiteEdition = "site.edition", Some(2);
    ContentStale = "content.stale", Some(3);
    ContentShrunk = "content.shrunk", Some(3);
    ContentNulls = "content.nulls", Some(3);
    ContentEmpty = "content.empty", Some(4);
    ContentSoft404 = "content.soft_404", Some(4);
    ContentRedirectedHome = "content.redirected_home", Some(4);
    ContentParked = "content.parked", Some(4);
    HttpNotFound = "http.not_found", Some(4);
    HttpGone = "http.gone", Some(4);
    ContentWithdrawn = "content.withdrawn", Some(5);
    SiteLogin = "site.login", Some(5);
    SitePhone = "site.phone", Some(5);
    SitePaywall = "site.paywall", Some(5);
    SiteNotEntitled = "site.not_entitled", Some(5);
    SiteSeats = "site.seats", Some(5);
    SiteGeoBlock = "site.geo_block", Some(6);
    SiteLegalBlock = "site.legal_block", Some(6);
    SiteIpBan = "site.ip_ban", Some(5);
    SiteWafBlock = "site.waf_block", Some(5);
    SiteIcp = "site.icp", Some(5);
    HttpForbidden = "http.forbidden", Some(5);
    HttpUnauthorized = "http.unauthorized", Some(5);
    HttpClientError = "http.client_error", Some(5);
    HttpServerError = "http.server_error", Some(5);
    HttpNoReply = "http.no_reply", Some(5);
    HttpReset = "http.reset", Some(5);
    HttpTimeout = "http.timeout", Some(5);
    HttpMalformed = "http.malformed", Some(5);
    HttpRedirectLoop = "http.redirect_loop", Some(5);
    HttpBadRedirect = "http.bad_redirect", Some(5);
    TlsReset = "tls.reset", Some(6);
    TlsClosed = "tls.closed", Some(6);
    TlsTimeout = "tls.timeout", Some(6);
    TlsAlert = "tls.alert", Some(6);
    TlsExpired = "tls.expired", Some(6);
    TlsWrongHost = "tls.wrong_host", Some(6);
    TlsUntrusted = "tls.untrusted", Some(6);
    TlsInvalid = "tls.invalid", Some(6);
    TcpRefused = "tcp.refused", Some(6);
    TcpReset = "tcp.reset", Some(6);
    TcpTimeout = "tcp.timeout", Some(6);
    TcpUnreachable = "tcp.unreachable", Some(6);
    DnsNxdomain = "dns.nxdomain", Some(6);
    DnsNoAnswer = "dns.no_answer", Some(6);
    DnsServfail = "dns.servfail", Some(6);
    DnsRefused = "dns.refused", Some(6);
    DnsTimeout = "dns.timeout", Some(6);
    DnsBogon = "dns.bogon", Some(6);
    DnsForged = "dns.forged", Some(6);
    VantageOffline = "vantage.offline", None;
    VantageProxy = "vantage.proxy", None;
    VantageCaptive = "vantage.captive", None;
    VantageIntercepted = "vantage.intercepted", None;
    VantageClock = "vantage.clock", None;
    VantageMoved = "vantage.moved", None;
    SkippedRobots = "skipped.robots", None;
    SkippedBackOff = "skipped.back_off", None;
    Insufficient = "insufficient", None;
}

/// The first part of a code: how far the fetch got before the verdict was clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Layer {
    Ok,
    Vantage,
    Dns,
    Tcp,
    Tls,
    Http,
    Site,
    Content,
    Skipped,
    Insufficient,
}

impl Layer {
    /// The layer's name, as in the `layer` column of incidents.csv.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Code {
    /// The code's layer.
    #[must_use]
    pub fn layer(self) -> Layer {
        match self.as_str().split('.').next().unwrap_or_default() {
            "ok" => Layer::Ok,
            "vantage" => Layer::Vantage,
            "dns" => Layer::Dns,
            "tcp" => Layer::Tcp,
            "tls" => Layer::Tls,
            "http" => Layer::Http,
            "site" => Layer::Site,
            "content" => Layer::Content,
            "skipped" => Layer::Skipped,
            _ => Layer::Insufficient,
        }
    }

    /// The exchange failed before a complete HTTP answer: DNS, TCP, TLS, or HTTP without a reply.
    /// Such a code alone never distinguishes a block from an outage. `tls.incompatible` and
    /// `tls.incomplete_chain` (limits of our client) are excluded.
    #[must_use]
    pub fn is_transport(self) -> bool {
        match self.layer() {
            Layer::Dns | Layer::Tcp => true,
            Layer::Tls => !matches!(self, Code::TlsIncompatible | Code::TlsIncompleteChain),
            Layer::Http => matches!(
                self,
                Code::HttpNoReply | Code::HttpReset | Code::HttpTimeout | Code::HttpMalformed
            ),
            _ => false,
        }
    }

    /// The code is a transport failure or a 5xx, which may also be a plain outage.
    #[must_use]
    pub fn is_outage_like(self) -> bool {
        self.is_transport() || self == Code::HttpServerError
    }

    /// The site explicitly asked for a back-off: no re-probe is needed, and the back-off starts at
    /// once.
    #[must_use]
    pub fn demands_back_off(self) -> bool {
        matches!(
            self,
            Code::SiteChallenge | Code::SiteIpBan | Code::SiteRateLimited
        )
    }

    /// The code says something about the source, so it may become a status.
    #[must_use]
    pub fn is_about_source(self) -> bool {
        self.severity().is_some()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a verdict code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a verdict code; docs/verdicts.md lists them")]
pub struct BadCode(pub String);

impl FromStr for Code {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == text)
            .ok_or_else(|| BadCode(text.to_owned()))
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Who caused the result of a measurement, as far as that measurement alone shows.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "snake_case")]
pub enum Locus {
    /// The site itself gave this answer.
    Site,
    /// Something between the vantage and the site.
    Network,
    /// Our own end.
    Vantage,
    /// The evidence does not say.
    Unknown,
}

impl Locus {
    /// The locus as records and tables spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Locus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a locus.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a locus, which is one of site, network, vantage, unknown")]
pub struct BadLocus(pub String);

impl FromStr for Locus {
    type Err = BadLocus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Locus::Site, Locus::Network, Locus::Vantage, Locus::Unknown]
            .into_iter()
            .find(|l| l.as_str() == text)
            .ok_or_else(|| BadLocus(text.to_owned()))
    }
}
