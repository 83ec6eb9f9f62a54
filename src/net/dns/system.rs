//! The system's resolver: the same answers as for other programs on this machine.

use std::net::IpAddr;

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout_at};

use crate::model::Failure;
use crate::model::measurement::DnsQuery;
use crate::net::failure;
use crate::net::log::Stopwatch;

use super::answer::{MAX_ANSWERS, address_answer};
use super::message::LookupOutcome;

/// Addresses of a name in the system's order, as `getaddrinfo` gives them, without a record: for
/// resolvers and proxies, which are not measured.
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
pub(super) async fn ask(name: &str, clock: Stopwatch, deadline: Instant) -> LookupOutcome {
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
    LookupOutcome {
        records: vec![record],
        outcome,
    }
}
