//! A vantage: where probes are sent from, as `[[vantage]]` states it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::ids::VantageId;

/// A resolved secret. It is never logged, stored or exported: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A proxy's address and credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAddress {
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<Secret>,
}

/// The egress of a vantage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    Direct,
    /// Names are resolved at the proxy.
    Socks5(ProxyAddress),
    /// HTTP CONNECT; names are resolved at the proxy.
    HttpConnect(ProxyAddress),
    /// An agent elsewhere probes; a local run skips this vantage.
    Agent,
}

impl Via {
    /// The egress as records spell it, without user and password.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Via::Direct => "direct".to_owned(),
            Via::Socks5(proxy) => format!("socks5://{}:{}", proxy.host, proxy.port),
            Via::HttpConnect(proxy) => format!("http://{}:{}", proxy.host, proxy.port),
            Via::Agent => "agent".to_owned(),
        }
    }
}

/// Who resolves names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Resolver {
    #[default]
    System,
    Udp(SocketAddr),
    Tcp(SocketAddr),
    /// DNS over TLS: address, and the name its certificate must carry.
    Tls {
        host: String,
        port: u16,
    },
    /// DNS over HTTPS.
    Https(url::Url),
}

impl fmt::Display for Resolver {
    /// Writes the spelling of the configuration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Resolver::System => f.write_str("system"),
            Resolver::Udp(at) => write!(f, "udp://{at}"),
            Resolver::Tcp(at) => write!(f, "tcp://{at}"),
            Resolver::Tls { host, port } => write!(f, "tls://{host}:{port}"),
            Resolver::Https(url) => f.write_str(url.as_str()),
        }
    }
}

/// The kind of network; it distinguishes a refused address from a refused region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum NetworkClass {
    Campus,
    Office,
    Residential,
    Datacentre,
    Vpn,
}

impl NetworkClass {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The class as configuration spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A third party's page that must be reachable when the vantage works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    pub url: url::Url,
    /// The exact body, for a plain-HTTP control that reveals a captive portal.
    pub body: Option<String>,
    /// Its answer holds the address of who asks.
    pub echo: bool,
}

/// Where probes are sent from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vantage {
    pub id: VantageId,
    pub name: String,
    /// ISO 3166, as the operator states it.
    pub country: String,
    pub via: Via,
    pub resolver: Resolver,
    /// The source address.
    pub bind: Option<IpAddr>,
    /// The addresses as which sites see it, as the operator states them; they are never recorded.
    pub exit: Vec<IpAddr>,
    /// Further trusted roots, PEM, relative to the workspace.
    pub ca: Option<PathBuf>,
    pub network: Option<NetworkClass>,
    /// This address has the library's subscriptions.
    pub licensed: bool,
    /// What the agent of a vantage with [`Via::Agent`] sends as bearer.
    pub token: Option<Secret>,
    pub controls: Vec<Control>,
}
