//! The system's resolver: what every other program on this machine would see.

use std::net::{IpAddr, SocketAddr};

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout_at};

use crate::model::Failure;
use crate::model::measurement::{DnsAnswer, DnsQuery};
use crate::net::failure;
use crate::net::log::Clock;

/// Answers kept of one reply; a hostile resolver may send thousands.
pub(super) const MAX_ANSWERS: usize = 64;

/// Addresses of a name, in the system's order, as `getaddrinfo` gives them.
pub(super) async fn lookup(name: &str, deadline: Instant) -> Result<Vec<IpAddr>, Failure> {
    let found = timeout_at(deadline, lookup_host((name, 0)))
        .await
        .map_err(|_| failure::timeout())?
        .map_err(|error| failure::from_getaddrinfo(&error))?;
    let addresses: Vec<IpAddr> = found
        .map(|a: SocketAddr| a.ip())
        .take(MAX_ANSWERS)
        .collect();
    if addresses.is_empty() {
        return Err(Failure::DNS_NO_ANSWER.into());
    }
    Ok(addresses)
}

/// The lookup with its record.
pub(super) async fn ask(
    name: &str,
    clock: Clock,
    deadline: Instant,
) -> (DnsQuery, Result<Vec<IpAddr>, Failure>) {
    let t0 = clock.elapsed();
    let result = lookup(name, deadline).await;
    let query = DnsQuery {
        hostname: name.to_owned(),
        query_type: "ANY".to_owned(),
        engine: "getaddrinfo".to_owned(),
        answers: result.iter().flatten().map(|ip| answer(*ip)).collect(),
        failure: result.as_ref().err().cloned(),
        t0,
        t: clock.elapsed(),
        ..DnsQuery::default()
    };
    (query, result)
}

/// An address as an answer; the system tells no TTL.
fn answer(ip: IpAddr) -> DnsAnswer {
    match ip {
        IpAddr::V4(ip) => DnsAnswer {
            answer_type: "A".to_owned(),
            ipv4: Some(ip.to_string()),
            ..DnsAnswer::default()
        },
        IpAddr::V6(ip) => DnsAnswer {
            answer_type: "AAAA".to_owned(),
            ipv6: Some(ip.to_string()),
            ..DnsAnswer::default()
        },
    }
}
