//! One vantage's proxy: connects to it and records its replies.

use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use url::Host;

use crate::model::Failure;
use crate::model::measurement::ProxyFacts;
use crate::model::vantage::ProxyAddress;
use crate::net::dial::Dialer;
use crate::net::dns::lookup;
use crate::net::failure;
use crate::net::log::{FetchLog, add_phase};

use super::{ProxyFault, connect, socks5};

/// How many of the proxy's own addresses are tried.
const MAX_ADDRESSES: usize = 3;

/// A proxy and its login.
pub(crate) struct Proxy {
    host: String,
    port: u16,
    dialer: Dialer,
    speech: ProxyProtocol,
}

enum ProxyProtocol {
    Socks5(Option<socks5::SocksLogin>),
    /// The value of `Proxy-Authorization`.
    HttpConnect(Option<String>),
}

impl Proxy {
    /// A SOCKS5 proxy. The error says why user or password cannot be sent.
    pub(crate) fn socks5(address: &ProxyAddress, dialer: Dialer) -> Result<Self, &'static str> {
        let login = login(address)
            .map(|(user, password)| socks5::SocksLogin::new(user, password))
            .transpose()?;
        Ok(Self::new(address, dialer, ProxyProtocol::Socks5(login)))
    }

    /// An HTTP proxy. The error says why user or password cannot be sent.
    pub(crate) fn http(address: &ProxyAddress, dialer: Dialer) -> Result<Self, &'static str> {
        let login = login(address)
            .map(|(user, password)| connect::basic(user, password))
            .transpose()?;
        Ok(Self::new(
            address,
            dialer,
            ProxyProtocol::HttpConnect(login),
        ))
    }

    fn new(address: &ProxyAddress, dialer: Dialer, speech: ProxyProtocol) -> Self {
        Self {
            host: address.host.clone(),
            port: address.port,
            dialer,
            speech,
        }
    }

    /// A stream to the target. The proxy's replies are recorded in `log.proxy`; the time counts as
    /// connecting.
    pub(crate) async fn open(
        &self,
        host: &Host<&str>,
        port: u16,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Result<TcpStream, Failure> {
        let t0 = log.elapsed();
        let mut facts = ProxyFacts::default();
        let result = self.attempt(host, port, &mut facts, deadline).await;
        let result = result.map_err(|fault| match fault {
            ProxyFault::Proxy(failure) => {
                facts.failure = Some(failure.clone());
                failure
            }
            ProxyFault::Target(failure) => failure,
        });
        log.proxy = Some(facts);
        let now = log.elapsed();
        add_phase(&mut log.connect_ms, t0, now);
        result
    }

    async fn attempt(
        &self,
        host: &Host<&str>,
        port: u16,
        facts: &mut ProxyFacts,
        deadline: Instant,
    ) -> Result<TcpStream, ProxyFault> {
        let mut stream = self.reach(deadline).await.ok_or_else(|| {
            ProxyFault::proxy(match self.speech {
                ProxyProtocol::Socks5(_) => Failure::SOCKS_CONNECT,
                ProxyProtocol::HttpConnect(_) => Failure::PROXY_CONNECT,
            })
        })?;
        match &self.speech {
            ProxyProtocol::Socks5(login) => {
                timeout_at(deadline, socks5::greet(&mut stream, login.as_ref()))
                    .await
                    .unwrap_or(Err(ProxyFault::proxy(Failure::SOCKS_PROTOCOL)))?;
                timeout_at(deadline, socks5::request(&mut stream, host, port, facts))
                    .await
                    .unwrap_or(Err(ProxyFault::Target(failure::timeout())))?;
            }
            ProxyProtocol::HttpConnect(authorization) => {
                let authorization = authorization.as_deref();
                let asking = connect::request(&mut stream, host, port, authorization, facts);
                timeout_at(deadline, asking)
                    .await
                    .unwrap_or(Err(ProxyFault::Target(failure::timeout())))?;
            }
        }
        Ok(stream)
    }

    /// A connection to the proxy itself.
    async fn reach(&self, deadline: Instant) -> Option<TcpStream> {
        for ip in self.addresses(deadline).await? {
            let until = deadline.min(Instant::now() + self.dialer.timeout);
            let address = SocketAddr::new(ip, self.port);
            if let Ok(stream) = self.dialer.with_family_of(ip).connect(address, until).await {
                return Some(stream);
            }
        }
        None
    }

    async fn addresses(&self, deadline: Instant) -> Option<Vec<IpAddr>> {
        if let Ok(ip) = self.host.trim_matches(['[', ']']).parse() {
            return Some(vec![ip]);
        }
        let mut found = lookup(&self.host, deadline).await.ok()?;
        found.truncate(MAX_ADDRESSES);
        Some(found)
    }
}

/// User and password; a user alone has an empty password.
fn login(address: &ProxyAddress) -> Option<(&str, &str)> {
    let password = address.password.as_ref().map_or("", |secret| &secret.0);
    address.user.as_deref().map(|user| (user, password))
}
