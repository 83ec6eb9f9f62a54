//! One vantage's resolver: its transport, and the combined meaning of two questions.

use std::net::IpAddr;
use std::time::Duration;

use hickory_proto::rr::RecordType;
use tokio::time::Instant;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::model::Failure;
use crate::model::vantage::Resolver as Choice;
use crate::net::dial::Dialer;
use crate::net::log::{FetchLog, Stopwatch, add_phase};
use crate::net::tls::Tls;
use crate::net::{NetError, Tuning, failure};

use super::https::Doh;
use super::message::{LookupOutcome, Question};
use super::stream::{Dot, ask_tcp};
use super::system;
use super::udp::Udp;

/// How long a second reply is awaited from a resolver on the other side of the network. A forged
/// answer comes first, because its sender is nearer; the true answer travels the whole way, which
/// takes less than this to nearly any resolver on earth.
pub(crate) const LINGER: Duration = Duration::from_millis(300);

/// The resolver of a vantage, or the one that its answers are compared with.
pub(crate) struct ResolverClient {
    transport: Transport,
    dialer: Dialer,
    /// The limit of one question, on any transport except the system's.
    patience: Duration,
}

enum Transport {
    System,
    Udp(Udp),
    Tcp(std::net::SocketAddr),
    Tls(Dot),
    Https(Doh),
}

impl ResolverClient {
    /// Builds the client; sends nothing yet.
    pub(crate) fn new(
        choice: &Choice,
        vantage: &str,
        dialer: Dialer,
        tls: &Tls,
        tuning: Tuning,
    ) -> Result<Self, NetError> {
        let fault = |resolver: &str, what: String| NetError::Resolver {
            vantage: vantage.to_owned(),
            resolver: resolver.to_owned(),
            what,
        };
        let transport = match choice {
            Choice::System => Transport::System,
            Choice::Udp(server) => Transport::Udp(Udp {
                server: *server,
                bind: dialer.bind,
                retry: tuning.dns_try,
                linger: tuning.dns_linger.unwrap_or(if server.ip().is_loopback() {
                    Duration::ZERO
                } else {
                    LINGER
                }),
            }),
            Choice::Tcp(server) => Transport::Tcp(*server),
            Choice::Tls { host, port } => Transport::Tls(Dot {
                name: ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
                    .map_err(|error| fault(host, error.to_string()))?,
                host: host.clone(),
                port: *port,
                config: tls.plain(),
            }),
            Choice::Https(url) => {
                let config = tls.offering(&[b"h2", b"http/1.1"]);
                let doh = Doh::new(url.clone(), dialer.bind, config)
                    .map_err(|error| fault(url.as_str(), error.to_string()))?;
                Transport::Https(doh)
            }
        };
        Ok(Self {
            transport,
            dialer,
            patience: tuning.dns_try * 2,
        })
    }

    /// The addresses of a name. Every question and reply is recorded; when both questions fail, the
    /// more informative failure is returned.
    pub(crate) async fn resolve(
        &self,
        name: &str,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Result<Vec<IpAddr>, Failure> {
        let clock = log.clock();
        let t0 = clock.elapsed();
        let outcome = if matches!(self.transport, Transport::System) {
            keep(system::ask(name, clock, deadline).await, log)
        } else {
            let (v4, v6) = tokio::join!(
                self.ask(name, RecordType::A, clock, deadline),
                self.ask(name, RecordType::AAAA, clock, deadline),
            );
            together(keep(v4, log), keep(v6, log))
        };
        add_phase(&mut log.dns_ms, t0, clock.elapsed());
        outcome
    }

    async fn ask(
        &self,
        name: &str,
        kind: RecordType,
        clock: Stopwatch,
        deadline: Instant,
    ) -> LookupOutcome {
        let Some(question) = Question::new(name, kind) else {
            return LookupOutcome {
                records: Vec::new(),
                outcome: Err(failure::unknown(&"the host is no domain name")),
            };
        };
        let limit = || deadline.min(Instant::now() + self.patience);
        match &self.transport {
            Transport::System => system::ask(name, clock, deadline).await,
            Transport::Udp(udp) => {
                let (mut asked, truncated) = udp.ask(&question, clock, deadline).await;
                if truncated {
                    let whole = ask_tcp(udp.server, self.dialer, &question, clock, limit()).await;
                    asked.records.extend(whole.records);
                    asked.outcome = whole.outcome;
                }
                asked
            }
            Transport::Tcp(server) => {
                ask_tcp(*server, self.dialer, &question, clock, limit()).await
            }
            Transport::Tls(dot) => dot.ask(self.dialer, &question, clock, limit()).await,
            Transport::Https(doh) => doh.ask(&question.without_id(), clock, limit()).await,
        }
    }
}

fn keep(asked: LookupOutcome, log: &mut FetchLog) -> Result<Vec<IpAddr>, Failure> {
    // All replies to one question share its id, which identifies a second reply.
    let id = log.next_id();
    for mut record in asked.records {
        record.transaction_id = id;
        log.queries.push(record);
    }
    asked.outcome
}

/// The combined meaning of A and AAAA. "No such record" is the least informative failure, so the
/// other one wins.
fn together(
    v4: Result<Vec<IpAddr>, Failure>,
    v6: Result<Vec<IpAddr>, Failure>,
) -> Result<Vec<IpAddr>, Failure> {
    match (v4, v6) {
        (Ok(mut four), Ok(six)) => {
            four.extend(six);
            Ok(four)
        }
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
        (Err(four), Err(six)) if four.equals(Failure::DNS_NO_ANSWER) => Err(six),
        (Err(four), Err(_)) => Err(four),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_family_is_enough_and_the_telling_failure_wins() {
        let ip: IpAddr = "192.0.2.1".parse().unwrap();
        let no = |text: &str| Err(Failure::from(text));
        assert_eq!(together(Ok(vec![ip]), no("x")), Ok(vec![ip]));
        assert_eq!(together(no("x"), Ok(vec![ip])), Ok(vec![ip]));
        assert_eq!(together(no(Failure::DNS_NO_ANSWER), no("b")), no("b"));
        assert_eq!(together(no("a"), no(Failure::DNS_NO_ANSWER)), no("a"));
    }
}
