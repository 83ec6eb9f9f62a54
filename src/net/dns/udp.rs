//! DNS over UDP (RFC 1035), which also listens for a second reply: an injector of forged answers
//! cannot stop the true one from arriving later.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

use crate::model::Failure;
use crate::model::measurement::DnsQuery;
use crate::net::failure;
use crate::net::log::Stopwatch;

use super::message::{DnsReply, LookupOutcome, Question, note};

/// How often a question is sent: twice, because packets get lost.
const SENDS: u32 = 2;
/// After this many datagrams that are not replies to us, listening stops.
const MAX_FOREIGN: u32 = 64;
/// How many further replies are recorded.
const MAX_DUPLICATES: usize = 4;
/// Without EDNS a reply has at most 512 bytes (RFC 1035 section 4.2.1); some servers send more.
const MAX_REPLY: usize = 4096;

/// How questions are sent over UDP.
#[derive(Debug, Clone, Copy)]
pub(super) struct Udp {
    pub(super) server: SocketAddr,
    pub(super) bind: Option<IpAddr>,
    /// When the question is sent again.
    pub(super) retry: Duration,
    /// How long a second reply is awaited.
    pub(super) linger: Duration,
}

/// One question's socket.
struct Listener<'a> {
    socket: UdpSocket,
    question: &'a Question,
    foreign: u32,
    sends: u32,
}

impl Udp {
    /// Sends a question, and records every reply. A truncated first reply is tagged `truncated` and
    /// makes the second value `true`: the caller sends the question again over TCP.
    pub(super) async fn ask(
        &self,
        question: &Question,
        clock: Stopwatch,
        deadline: Instant,
    ) -> (LookupOutcome, bool) {
        let mut record = question.record("udp", &self.server.to_string(), clock.elapsed());
        let mut listener = match self.open(question).await {
            Ok(listener) => listener,
            Err(failure) => return (LookupOutcome::once(record, Err(failure), clock), false),
        };
        let first = listener.first(self.retry, deadline).await;
        if listener.foreign > 0 {
            record.tags.push(format!("ignored:{}", listener.foreign));
        }
        let Ok(reply) = first else {
            return (LookupOutcome::once(record, first, clock), false);
        };
        if reply.truncated {
            record.tags.push("truncated".to_owned());
            return (LookupOutcome::once(record, Ok(reply), clock), true);
        }
        let blank = question.record("udp", &self.server.to_string(), record.t0);
        let seen = (reply.addresses.clone(), reply.failure.clone());
        let outcome = note(&mut record, reply, clock);
        let mut records = vec![record];
        let until = deadline.min(Instant::now() + self.linger);
        listener
            .duplicates(seen, until, clock, &blank, &mut records)
            .await;
        (LookupOutcome { records, outcome }, false)
    }

    /// A socket on a random port chosen by the system, which receives only from this server.
    async fn open<'a>(&self, question: &'a Question) -> Result<Listener<'a>, Failure> {
        let any: IpAddr = match self.server {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let from = self
            .bind
            .filter(|ip| ip.is_ipv4() == self.server.is_ipv4())
            .unwrap_or(any);
        let socket = UdpSocket::bind((from, 0))
            .await
            .map_err(|e| failure::from_io(&e))?;
        socket
            .connect(self.server)
            .await
            .map_err(|e| failure::from_io(&e))?;
        Ok(Listener {
            socket,
            question,
            foreign: 0,
            sends: 0,
        })
    }
}

impl Listener<'_> {
    async fn first(&mut self, retry: Duration, deadline: Instant) -> Result<DnsReply, Failure> {
        while self.sends < SENDS {
            self.sends += 1;
            self.socket
                .send(&self.question.wire)
                .await
                .map_err(|e| failure::from_io(&e))?;
            let until = deadline.min(Instant::now() + retry);
            if let Some(reply) = self.next(until).await? {
                return Ok(reply);
            }
        }
        // Only datagrams from others came: the server may have answered.
        if self.foreign > 0 {
            return Err(Failure::DNS_MALFORMED.into());
        }
        Err(failure::timeout())
    }

    /// The next reply to the question; `None` when none came in time.
    async fn next(&mut self, until: Instant) -> Result<Option<DnsReply>, Failure> {
        let mut buffer = [0; MAX_REPLY];
        while self.foreign < MAX_FOREIGN {
            let Ok(received) = timeout_at(until, self.socket.recv(&mut buffer)).await else {
                return Ok(None);
            };
            let length = received.map_err(|e| failure::from_io(&e))?;
            if let Some(reply) = self.question.read(&buffer[..length]) {
                return Ok(Some(reply));
            }
            self.foreign += 1;
        }
        Ok(None)
    }

    async fn duplicates(
        &mut self,
        first: (Vec<IpAddr>, Option<Failure>),
        until: Instant,
        clock: Stopwatch,
        blank: &DnsQuery,
        records: &mut Vec<DnsQuery>,
    ) {
        while records.len() <= MAX_DUPLICATES {
            let Ok(Some(reply)) = self.next(until).await else {
                return;
            };
            // The same answer to a repeated question is not a second opinion.
            let same = reply.addresses == first.0 && reply.failure == first.1;
            if same && self.sends > 1 {
                continue;
            }
            let mut record = blank.clone();
            record.tags.push("duplicate".to_owned());
            // Its content is in its record; programs here would have used the first reply.
            let _ = note(&mut record, reply, clock);
            records.push(record);
        }
    }
}
