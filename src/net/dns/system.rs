//! The system's resolver: what every other program on this machine would see.

use std::net::IpAddr;

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout_at};

use crate::model::Failure;
use crate::model::measurement::{DnsAnswer, DnsQuery};
use crate::net::failure;
use crate::net::log::Clock;

use super::message::Asked;

/// Answers kept of one reply; a hostile resolver may send thousands.
pub(super) const MAX_ANSWERS: usize = 64;

/// Addresses of a name in the system's order, as `getaddrinfo` gives them, without a record: for resolvers and
/// proxies, which are not what is measured.
pub(crate) async fn lookup(name: &str, deadline: Instant) -> Result<Vec<IpAddr>, Failure> {
    let found = timeout_at(deadline, lookup_host((name, 0)))
        .await
        .map_err(|_| failure::timeout())?
        .map_err(|error| failure::from_getaddrinfo(&error))?;
    let addresses: Vec<IpAddr> = found.map(|a| a.ip()).take(MAX_ANSWERS).collect();
    if addresses.is_empty() {
        return Err(Failure::DNS_NO_ANSWER.into());
    }
    Ok(addresses)
}

/// The lookup with its record.
pub(super) async fn ask(name: &str, clock: Clock, deadline: Instant) -> Asked {
    let t0 = clock.elapsed();
    let outcome = lookup(name, deadline).await;
    let record = DnsQuery {
        hostname: name.to_owned(),
        query_type: "ANY".to_owned(),
        engine: "getaddrinfo".to_owned(),
        answers: outcome
            .iter()
            .flatten()
            .map(|ip| address_answer(*ip))
            .collect(),
        failure: outcome.as_ref().err().cloned(),
        t0,
        t: clock.elapsed(),
        ..DnsQuery::default()
    };
    Asked {
        records: vec![record],
        outcome,
    }
}

/// An address as an answer, without a TTL, which the system does not tell.
pub(super) fn address_answer(ip: IpAddr) -> DnsAnswer {
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
