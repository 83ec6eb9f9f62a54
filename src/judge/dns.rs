//! Judges answers of resolvers: failures, addresses that no public site can have, forgeries.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::bogon::is_bogon;
use super::injected_addresses::InjectedAddresses;
use super::networks;
use super::transport_failure::{TransportFailure, dns_code};
use crate::model::Evidence;
use crate::model::failure::Failure as F;
use crate::model::measurement::DnsQuery;
use crate::model::{Code, Fact};
use crate::text::clean;

/// The addresses in an answer.
pub(super) fn addresses(query: &DnsQuery) -> impl Iterator<Item = IpAddr> {
    query.addresses()
}

/// The code of one question that gave no address.
fn query_code(query: &DnsQuery) -> Code {
    match query.failure.as_ref().map(F::as_str) {
        None => Code::DnsNoAnswer,
        Some(text) => dns_code(text).unwrap_or(match text {
            F::REFUSED => Code::DnsRefused,
            F::TIMEOUT => Code::DnsTimeout,
            // The resolver could not be asked at all.
            _ => Code::DnsServfail,
        }),
    }
}

/// Which of several failures says the most: "no such name" applies to all types, "no address of
/// this type" to one type.
fn rank(code: Code) -> u8 {
    match code {
        Code::DnsNxdomain => 0,
        Code::DnsRefused => 1,
        Code::DnsServfail => 2,
        Code::DnsTimeout => 3,
        _ => 4,
    }
}

/// The failure of a lookup that gave no address.
pub(super) fn stop(queries: &[(usize, &DnsQuery)]) -> Option<TransportFailure> {
    let (index, query, code) = queries
        .iter()
        .map(|(index, query)| (*index, *query, query_code(query)))
        .min_by_key(|(_, _, code)| rank(*code))?;
    let place = if query.failure.is_some() {
        format!("queries[{index}].failure")
    } else {
        format!("queries[{index}].answers")
    };
    Some(TransportFailure {
        code,
        failure: query
            .failure
            .clone()
            .or_else(|| Some(F::from(F::DNS_NO_ANSWER))),
        evidence: vec![Evidence {
            fact: Fact::LookUp {
                host: clean::line(&query.hostname, 100),
                query: clean::line(&query.query_type, 10),
                failure: query.failure.as_ref().map(|f| clean::line(f.as_str(), 120)),
            },
            place,
        }],
    })
}

/// Whether an answer among the queries is forged: it has a known injected address, or one question
/// has two answers without a common address and one of them is impossible. Returns the place in the
/// list and the evidence.
pub(super) fn forged_among(
    queries: &[(usize, &DnsQuery)],
    injected: &InjectedAddresses,
) -> Option<(String, Fact)> {
    let poisoned = queries.iter().find_map(|(index, query)| {
        let ip = addresses(query).find(|ip| injected.holds(*ip))?;
        let known = injected.signature(ip);
        Some((
            format!("queries[{index}].answers"),
            Fact::ForgedAnswer {
                address: networks::named(&ip.to_string(), queries.iter().map(|(_, q)| *q)),
                signature: known.map(|name| clean::line(name, 60)),
            },
        ))
    });
    poisoned.or_else(|| {
        let mut duplicates = queries
            .iter()
            .filter(|(_, q)| q.tags.iter().any(|t| t == "duplicate"));
        duplicates.find_map(|(index, second)| contradiction(queries, *index, second, injected))
    })
}

fn contradiction(
    queries: &[(usize, &DnsQuery)],
    index: usize,
    second: &DnsQuery,
    injected: &InjectedAddresses,
) -> Option<(String, Fact)> {
    let (first_index, first) = queries.iter().find(|(i, q)| {
        *i != index
            && q.transaction_id == second.transaction_id
            && q.query_type == second.query_type
            && q.hostname == second.hostname
            && !q.tags.iter().any(|t| t == "duplicate")
    })?;
    if networks::meet(first, second) == Some(true) {
        return None;
    }
    let a: BTreeSet<IpAddr> = addresses(first).collect();
    let b: BTreeSet<IpAddr> = addresses(second).collect();
    // An empty answer, or another CDN node in addition to a good one, proves nothing.
    let strange = |set: &BTreeSet<IpAddr>| {
        !set.is_empty() && set.iter().all(|ip| is_bogon(*ip) || injected.holds(*ip))
    };
    let proven = !a.is_empty() && !b.is_empty() && a.is_disjoint(&b) && strange(&a) != strange(&b);
    proven.then(|| {
        let show = |set: &BTreeSet<IpAddr>| {
            let list: Vec<String> = set.iter().take(4).map(ToString::to_string).collect();
            list.join(", ")
        };
        (
            format!("queries[{first_index}], queries[{index}]"),
            Fact::ContradictingAnswers {
                first: show(&a),
                second: show(&b),
            },
        )
    })
}

/// Names for this computer (RFC 6761) or the local network (RFC 6762, RFC 8375).
pub(super) fn is_local_name(host: &str) -> bool {
    host == "localhost"
        || [".localhost", ".local", ".home.arpa", ".internal"]
            .iter()
            .any(|end| host.ends_with(end))
}
