//! Judging answers of resolvers: failures, addresses that no public site can have, forgeries.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::networks;
use super::poison::Poison;
use super::wire::{Hop, Stop};
use crate::model::Evidence;
use crate::model::failure::Failure as F;
use crate::model::measurement::DnsQuery;
use crate::model::{Code, Fact};
use crate::text::clean;

/// The addresses in an answer.
pub(super) fn addresses(query: &DnsQuery) -> impl Iterator<Item = IpAddr> {
    query.addresses()
}

/// The code of a resolver's failure.
pub(super) fn code(failure: &str) -> Option<Code> {
    Some(match failure {
        F::DNS_NXDOMAIN => Code::DnsNxdomain,
        F::DNS_NO_ANSWER | "android_dns_cache_no_data" => Code::DnsNoAnswer,
        F::DNS_REFUSED => Code::DnsRefused,
        F::DNS_SERVFAIL
        | F::DNS_MALFORMED
        | "dns_temporary_failure"
        | "dns_non_recoverable_failure" => Code::DnsServfail,
        "dns_bogon_error" => Code::DnsBogon,
        _ => return None,
    })
}

/// The code of one question that gave no address.
fn query_code(query: &DnsQuery) -> Code {
    match query.failure.as_ref().map(F::as_str) {
        None => Code::DnsNoAnswer,
        Some(text) => code(text).unwrap_or(match text {
            F::REFUSED => Code::DnsRefused,
            F::TIMEOUT => Code::DnsTimeout,
            // The resolver could not be asked at all.
            _ => Code::DnsServfail,
        }),
    }
}

/// Which of several questions' failures tells most: "no such name" holds for all types, "no address of this
/// type" only for one.
fn rank(code: Code) -> u8 {
    match code {
        Code::DnsNxdomain => 0,
        Code::DnsRefused => 1,
        Code::DnsServfail => 2,
        Code::DnsTimeout => 3,
        _ => 4,
    }
}

/// What stopped a look-up that gave no address.
pub(super) fn stop(queries: &[(usize, &DnsQuery)]) -> Option<Stop> {
    let (index, query, code) = queries
        .iter()
        .map(|(index, query)| (*index, *query, query_code(query)))
        .min_by_key(|(_, _, code)| rank(*code))?;
    let place = if query.failure.is_some() {
        format!("queries[{index}].failure")
    } else {
        format!("queries[{index}].answers")
    };
    Some(Stop {
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

/// Every resolved address is one that no public site can have.
pub(super) fn bogon(hop: &Hop<'_>) -> Option<Vec<Evidence>> {
    if !hop.is_name() || is_local_name(&hop.host) {
        return None;
    }
    let all: Vec<(usize, IpAddr)> = resolved(hop).collect();
    let &(index, first) = all.first()?;
    all.iter().all(|(_, ip)| is_bogon(*ip)).then(|| {
        vec![Evidence {
            fact: Fact::ImpossibleAddress {
                address: first.to_string(),
            },
            place: format!("queries[{index}].answers"),
        }]
    })
}

/// The answer is forged: a known poison address; or two answers to one question that share no address, one
/// of them impossible.
pub(super) fn forged(hop: &Hop<'_>, poison: &Poison) -> Option<Vec<Evidence>> {
    if !hop.is_name() {
        return None;
    }
    let (place, fact) = forged_among(&hop.queries, poison)?;
    Some(vec![Evidence { fact, place }])
}

/// The same among any queries: the place in the list, and what is said there.
pub(super) fn forged_among(
    queries: &[(usize, &DnsQuery)],
    poison: &Poison,
) -> Option<(String, Fact)> {
    let poisoned = queries.iter().find_map(|(index, query)| {
        let ip = addresses(query).find(|ip| poison.holds(*ip))?;
        let known = poison.signature(ip);
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
        duplicates.find_map(|(index, second)| contradiction(queries, *index, second, poison))
    })
}

fn contradiction(
    queries: &[(usize, &DnsQuery)],
    index: usize,
    second: &DnsQuery,
    poison: &Poison,
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
    // An empty answer or another CDN node beside a good one proves nothing.
    let strange = |set: &BTreeSet<IpAddr>| {
        !set.is_empty() && set.iter().all(|ip| is_bogon(*ip) || poison.holds(*ip))
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

fn resolved<'a>(hop: &'a Hop<'_>) -> impl Iterator<Item = (usize, IpAddr)> + 'a {
    hop.queries
        .iter()
        .flat_map(|(index, query)| addresses(query).map(move |ip| (*index, ip)))
}

/// Names that are to lead to this computer (RFC 6761), or to the local network (RFC 6762, RFC 8375).
pub(super) fn is_local_name(host: &str) -> bool {
    host == "localhost"
        || [".localhost", ".local", ".home.arpa", ".internal"]
            .iter()
            .any(|end| host.ends_with(end))
}

/// 0/8, 10/8, 100.64/10, 127/8, 169.254/16, 172.16/12, 192.168/16, 240/4, and their IPv6 kin; documentation
/// ranges are ordinary addresses.
pub(super) fn is_bogon(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_bogon_v4(v4),
        IpAddr::V6(v6) => v6
            .to_ipv4_mapped()
            .map_or_else(|| is_bogon_v6(v6), is_bogon_v4),
    }
}

fn is_bogon_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    a == 0
        || a == 10
        || a == 127
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
}

fn is_bogon_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    ip.is_unspecified()
        || ip.is_loopback()
        || (first & 0xfe00) == 0xfc00
        || (first & 0xffc0) == 0xfe80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bogons_exactly() {
        for ip in [
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.1.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_bogon(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "198.18.0.1",
            "239.1.1.1",
            "2001:db8::1",
            "2400:3200::1",
        ] {
            assert!(!is_bogon(ip.parse().unwrap()), "{ip}");
        }
    }
}
