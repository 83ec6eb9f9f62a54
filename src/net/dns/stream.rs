//! DNS over TCP (RFC 7766) and over TLS (RFC 7858): a length, then the message. Each question has
//! its own connection, so that losing one reply does not lose the other.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::model::Failure;
use crate::net::dial::Dialer;
use crate::net::failure;
use crate::net::log::Stopwatch;

use super::message::{DnsReply, LookupOutcome, Question};
use super::system;

/// How many of the resolver's own addresses are tried.
const MAX_ADDRESSES: usize = 3;

/// Sends a question over TCP.
pub(super) async fn ask_tcp(
    server: SocketAddr,
    dialer: Dialer,
    question: &Question,
    clock: Stopwatch,
    deadline: Instant,
) -> LookupOutcome {
    let record = question.record("tcp", &server.to_string(), clock.elapsed());
    let result = async {
        let stream = dialer
            .with_family_of(server.ip())
            .connect(server, deadline)
            .await?;
        exchange(stream, question).await
    };
    let result = timeout_at(deadline, result)
        .await
        .unwrap_or_else(|_| Err(failure::timeout()));
    LookupOutcome::once(record, result, clock)
}

/// A resolver over TLS.
pub(super) struct Dot {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) name: ServerName<'static>,
    pub(super) config: Arc<ClientConfig>,
}

impl Dot {
    /// Sends a question over TLS; the certificate must verify for the resolver's name.
    pub(super) async fn ask(
        &self,
        dialer: Dialer,
        question: &Question,
        clock: Stopwatch,
        deadline: Instant,
    ) -> LookupOutcome {
        let resolver = format!("{}:{}", self.host, self.port);
        let record = question.record("dot", &resolver, clock.elapsed());
        let result = timeout_at(deadline, self.attempt(dialer, question, deadline))
            .await
            .unwrap_or_else(|_| Err(failure::timeout()));
        LookupOutcome::once(record, result, clock)
    }

    async fn attempt(
        &self,
        dialer: Dialer,
        question: &Question,
        deadline: Instant,
    ) -> Result<DnsReply, Failure> {
        let mut last = failure::timeout();
        for ip in self.addresses(deadline).await? {
            let until = deadline.min(Instant::now() + share(deadline));
            let address = SocketAddr::new(ip, self.port);
            match dialer.with_family_of(ip).connect(address, until).await {
                Ok(stream) => {
                    let tls = TlsConnector::from(Arc::clone(&self.config))
                        .connect(self.name.clone(), stream)
                        .await
                        .map_err(|e| failure::from_io(&e))?;
                    return exchange(tls, question).await;
                }
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    /// The resolver's own addresses, from the system. When its name does not resolve, this says
    /// nothing about the name in the question.
    async fn addresses(&self, deadline: Instant) -> Result<Vec<IpAddr>, Failure> {
        if let Ok(ip) = self.host.trim_matches(['[', ']']).parse() {
            return Ok(vec![ip]);
        }
        let mut found = system::lookup(&self.host, deadline).await.map_err(|f| {
            failure::unknown(&format_args!(
                "the resolver's own name does not resolve ({f})"
            ))
        })?;
        found.truncate(MAX_ADDRESSES);
        Ok(found)
    }
}

/// Half of the remaining time, so that a silent address leaves some for the next.
fn share(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()) / 2
}

async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    question: &Question,
) -> Result<DnsReply, Failure> {
    let io = |error: std::io::Error| failure::from_io(&error);
    let length = u16::try_from(question.wire.len()).map_err(|error| failure::unknown(&error))?;
    // In one write: some servers expect the length and the message in one segment.
    let framed = [&length.to_be_bytes(), question.wire.as_slice()].concat();
    stream.write_all(&framed).await.map_err(io)?;
    stream.flush().await.map_err(io)?;
    let mut reply = vec![0; usize::from(stream.read_u16().await.map_err(io)?)];
    stream.read_exact(&mut reply).await.map_err(io)?;
    question
        .read(&reply)
        .ok_or_else(|| Failure::DNS_MALFORMED.into())
}
