//! Discriminator requests: a name resolved by another resolver, and a name sent to a given address,
//! as SNI or as `Host`. `probe` decides what is sent to whom and when; `judge` interprets the
//! answers.

use std::net::{IpAddr, SocketAddr};

use hyper::header::HeaderValue;
use tokio::time::Instant;
use url::Url;

use super::dial::{Dialer, Dialled};
use super::dns::{LINGER, ResolverClient};
use super::http::{Exchange, ExchangeLimits, FetchRequest, exchange};
use super::log::FetchLog;
use super::stream::Connection;
use super::tls::{Peer, Tls, handshake};
use super::{NetError, Tuning, failure};
use crate::model::Failure;
use crate::model::measurement::{DnsQuery, TcpConnect, TlsHandshake};
use crate::model::vantage::Resolver as Choice;

/// How many bytes of an answer's body are read; only its hash is kept.
const MAX_BODY: usize = 256 * 1024;

/// One direct vantage, for discriminators.
#[derive(Clone, Copy)]
pub struct DiscriminatorClient<'a> {
    pub(super) resolver: &'a ResolverClient,
    pub(super) dialer: Dialer,
    pub(super) tls: &'a Tls,
    pub(super) vantage: &'a str,
    pub(super) tuning: Tuning,
}

/// The result of one discriminator request.
#[derive(Debug, Default)]
pub struct DiscriminatorReply {
    pub queries: Vec<DnsQuery>,
    pub addresses: Vec<IpAddr>,
    pub tcp_connect: Option<TcpConnect>,
    pub tls_handshake: Option<TlsHandshake>,
    pub exchange: Option<Exchange>,
    pub failure: Option<Failure>,
    pub ms: f64,
}

impl DiscriminatorClient<'_> {
    /// The vantage's own addresses for a name.
    pub async fn look_up(&self, name: &str, deadline: Instant) -> DiscriminatorReply {
        resolve(self.resolver, name, deadline).await
    }

    /// The name at another resolver. Over UDP a second answer is always awaited.
    ///
    /// # Errors
    /// The resolver cannot be used as configured.
    pub async fn reference(
        &self,
        choice: &Choice,
        name: &str,
        deadline: Instant,
    ) -> Result<DiscriminatorReply, NetError> {
        let tuning = Tuning {
            dns_linger: Some(self.tuning.dns_linger.unwrap_or(LINGER)),
            ..self.tuning
        };
        let resolver = ResolverClient::new(choice, self.vantage, self.dialer, self.tls, tuning)?;
        Ok(resolve(&resolver, name, deadline).await)
    }

    /// Connects and makes a TLS handshake with this name; sends nothing after it.
    pub async fn hello(
        &self,
        address: SocketAddr,
        name: &str,
        deadline: Instant,
    ) -> DiscriminatorReply {
        let mut log = FetchLog::new();
        let failure = match self.dial(address, &mut log, deadline).await {
            Err(failure) => Some(failure),
            Ok(dialled) => {
                let peer = Peer {
                    server_name: name,
                    address: address.to_string(),
                    transaction_id: dialled.transaction_id,
                    http1_only: false,
                };
                handshake(self.tls, dialled.stream, peer, &mut log, deadline)
                    .await
                    .err()
            }
        };
        asked(log, failure)
    }

    /// Connects and requests `/` of this host over plain HTTP.
    pub async fn get(
        &self,
        address: SocketAddr,
        name: &str,
        user_agent: &HeaderValue,
        deadline: Instant,
    ) -> DiscriminatorReply {
        let mut log = FetchLog::new();
        let Ok(url) = Url::parse(&format!("http://{name}:{}/", address.port())) else {
            return asked(log, Some(failure::unknown(&"the host is no name")));
        };
        let dialled = match self.dial(address, &mut log, deadline).await {
            Ok(dialled) => dialled,
            Err(failure) => return asked(log, Some(failure)),
        };
        let local = dialled.stream.local_addr().ok().map(|a| a.ip());
        let id = dialled.transaction_id;
        let connection = Connection::over(dialled.stream, false, Some(dialled.ip), local, id);
        let bounds = ExchangeLimits {
            user_agent: user_agent.clone(),
            max_body: MAX_BODY,
            deadline,
        };
        let mut made = exchange(connection, &FetchRequest::get(url.clone()), None, &bounds).await;
        url.as_str().clone_into(&mut made.request.request.url);
        let mut asked = asked(log, made.request.failure.clone());
        asked.exchange = Some(made);
        asked
    }

    async fn dial(
        &self,
        address: SocketAddr,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Result<Dialled, Failure> {
        self.dialer
            .dial(&[address.ip()], address.port(), log, deadline)
            .await
    }
}

async fn resolve(resolver: &ResolverClient, name: &str, deadline: Instant) -> DiscriminatorReply {
    let mut log = FetchLog::new();
    let outcome = resolver.resolve(name, &mut log, deadline).await;
    let (addresses, failure) = match outcome {
        Ok(addresses) => (addresses, None),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    DiscriminatorReply {
        addresses,
        ..asked(log, failure)
    }
}

fn asked(log: FetchLog, failure: Option<Failure>) -> DiscriminatorReply {
    DiscriminatorReply {
        ms: log.elapsed() * 1000.0,
        queries: log.queries,
        tcp_connect: log.tcp_connect.into_iter().next(),
        tls_handshake: log.tls_handshakes.into_iter().next(),
        failure,
        ..DiscriminatorReply::default()
    }
}
