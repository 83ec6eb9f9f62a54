//! One vantage, ready for use: its resolver, source address, trusted roots and proxy.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::time::Instant;
use url::{Host, Url};

use crate::model::settings::Politeness;
use crate::model::vantage::Via;
use crate::model::{Failure, Vantage};

use super::dial::{Dialer, Dialled};
use super::discriminator::DiscriminatorClient;
use super::dns::ResolverClient;
use super::log::FetchLog;
use super::proxy::Proxy;
use super::stream::Connection;
use super::tls::{Peer, Tls, handshake};
use super::{NetError, Tuning, failure, inside};

/// One compiled vantage. Cheap to clone.
#[derive(Clone)]
pub struct Route {
    inner: Arc<Inner>,
}

struct Inner {
    vantage: String,
    label: String,
    tls: Tls,
    way: Egress,
    tuning: Tuning,
}

/// One hop up to HTTP.
#[derive(Debug, Clone, Copy)]
pub struct HopTarget<'a> {
    pub url: &'a Url,
    /// HTTP/2 is not offered.
    pub http1_only: bool,
    /// Connect to this address instead of the resolver's.
    pub at: Option<IpAddr>,
    /// A public site led here: no address in our own network is contacted.
    pub public_only: bool,
}

impl<'a> HopTarget<'a> {
    /// A target that the operator configured.
    #[must_use]
    pub fn to(url: &'a Url) -> Self {
        Self {
            url,
            http1_only: false,
            at: None,
            public_only: false,
        }
    }
}

enum Egress {
    Direct {
        resolver: ResolverClient,
        dialer: Dialer,
    },
    Proxy(Proxy),
}

impl Route {
    /// Prepares a vantage; reads its `ca` file relative to `dir`, and sends nothing.
    pub fn new(vantage: &Vantage, dir: &Path, politeness: &Politeness) -> Result<Self, NetError> {
        Self::tuned(vantage, dir, politeness, Tuning::default())
    }

    /// The same with other time limits.
    pub fn tuned(
        vantage: &Vantage,
        dir: &Path,
        politeness: &Politeness,
        tuning: Tuning,
    ) -> Result<Self, NetError> {
        let id = vantage.id.to_string();
        let login_fault = |what: &str| NetError::ProxyLogin {
            vantage: id.clone(),
            what: what.to_owned(),
        };
        let tls = Tls::new(vantage, dir)?;
        let dialer = Dialer {
            bind: vantage.bind,
            timeout: politeness.connect_timeout,
        };
        let way = match &vantage.via {
            Via::Direct => Egress::Direct {
                resolver: ResolverClient::new(&vantage.resolver, &id, dialer, &tls, tuning)?,
                dialer,
            },
            Via::Socks5(address) => {
                Egress::Proxy(Proxy::socks5(address, dialer).map_err(login_fault)?)
            }
            Via::HttpConnect(address) => {
                Egress::Proxy(Proxy::http(address, dialer).map_err(login_fault)?)
            }
            Via::Agent => {
                return Err(NetError::Agent { vantage: id });
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                label: vantage.via.label(),
                vantage: id,
                tls,
                way,
                tuning,
            }),
        })
    }

    /// The egress, as in `via` of records.
    #[must_use]
    pub fn via(&self) -> &str {
        &self.inner.label
    }

    /// Discriminators use the same egress. `None` behind a proxy, where the proxy resolves names
    /// and the network between proxy and site is not tested.
    #[must_use]
    pub fn discriminator_client(&self) -> Option<DiscriminatorClient<'_>> {
        match &self.inner.way {
            Egress::Direct { resolver, dialer } => Some(DiscriminatorClient {
                resolver,
                dialer: *dialer,
                tls: &self.inner.tls,
                vantage: &self.inner.vantage,
                tuning: self.inner.tuning,
            }),
            Egress::Proxy(_) => None,
        }
    }

    /// Takes a hop that the operator configured up to HTTP.
    pub async fn connect(
        &self,
        url: &Url,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Result<Connection, Failure> {
        self.open_hop(HopTarget::to(url), log, deadline).await
    }

    /// Takes one hop up to HTTP: names, TCP, the proxy, TLS for `https`. Each step is recorded in
    /// `log`. The failure is that of the step that ended the hop:
    /// `http_invalid_redirect_location_host` where a public site leads into our own network.
    /// Nothing lasts longer than `deadline`.
    pub async fn open_hop(
        &self,
        leg: HopTarget<'_>,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Result<Connection, Failure> {
        let url = leg.url;
        let target = Target::of(url)?;
        if leg.public_only && inside::is_inside_host(&target.host) {
            return Err(Failure::HTTP_BAD_REDIRECT.into());
        }
        let open = match &self.inner.way {
            Egress::Direct { resolver, dialer } => {
                let known = leg.at.as_ref().map(std::slice::from_ref);
                let asked = (known, leg.public_only);
                direct(resolver, *dialer, &target, asked, log, deadline).await?
            }
            Egress::Proxy(proxy) => Open {
                transaction_id: log.next_id(),
                stream: proxy.open(&target.host, target.port, log, deadline).await?,
                ip: None,
            },
        };
        let local = open.stream.local_addr().ok().map(|address| address.ip());
        let (ip, transaction_id) = (open.ip, open.transaction_id);
        if url.scheme() != "https" {
            return Ok(Connection::over(
                open.stream,
                false,
                ip,
                local,
                transaction_id,
            ));
        }
        let name = target.name();
        let peer = Peer {
            address: match open.ip {
                Some(ip) => SocketAddr::new(ip, target.port).to_string(),
                None => format!("{}:{}", target.host, target.port),
            },
            server_name: &name,
            transaction_id: open.transaction_id,
            http1_only: leg.http1_only,
        };
        let (stream, h2) = handshake(&self.inner.tls, open.stream, peer, log, deadline).await?;
        Ok(Connection::over(stream, h2, ip, local, transaction_id))
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Route({})", self.inner.label)
    }
}

/// A stream to the target, before TLS.
struct Open {
    stream: TcpStream,
    ip: Option<IpAddr>,
    transaction_id: u64,
}

async fn direct(
    resolver: &ResolverClient,
    dialer: Dialer,
    target: &Target<'_>,
    (known, public_only): (Option<&[IpAddr]>, bool),
    log: &mut FetchLog,
    deadline: Instant,
) -> Result<Open, Failure> {
    let dialled = match &target.host {
        Host::Domain(name) => {
            let mut addresses = match known {
                Some(known) => known.to_vec(),
                None => resolver.resolve(name, log, deadline).await?,
            };
            if public_only {
                addresses.retain(|ip| !inside::is_inside(*ip));
                if addresses.is_empty() {
                    return Err(Failure::HTTP_BAD_REDIRECT.into());
                }
            }
            dialer.dial(&addresses, target.port, log, deadline).await
        }
        Host::Ipv4(ip) => {
            dialer
                .dial(&[(*ip).into()], target.port, log, deadline)
                .await
        }
        Host::Ipv6(ip) => {
            dialer
                .dial(&[(*ip).into()], target.port, log, deadline)
                .await
        }
    };
    let Dialled {
        stream,
        ip,
        transaction_id,
    } = dialled?;
    Ok(Open {
        stream,
        ip: Some(ip),
        transaction_id,
    })
}

/// The host that a URL names.
struct Target<'a> {
    host: Host<&'a str>,
    port: u16,
}

impl<'a> Target<'a> {
    fn of(url: &'a Url) -> Result<Self, Failure> {
        match (url.host(), url.port_or_known_default()) {
            (Some(host), Some(port)) => Ok(Self { host, port }),
            _ => Err(failure::unknown(&"the URL names no host")),
        }
    }

    /// The name for the certificate: no brackets, no final dot.
    fn name(&self) -> Cow<'a, str> {
        match self.host {
            Host::Domain(name) => Cow::Borrowed(name.strip_suffix('.').unwrap_or(name)),
            Host::Ipv4(ip) => Cow::Owned(ip.to_string()),
            Host::Ipv6(ip) => Cow::Owned(ip.to_string()),
        }
    }
}
