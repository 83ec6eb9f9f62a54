//! Networks of addresses, from the record's DNS answers: rejudging needs no database.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::measurement::{DnsAnswer, DnsQuery};
use crate::text::clean;

/// An address for display: `203.0.113.10, AS4134 Chinanet` when its network is known, otherwise the
/// address alone.
pub(super) fn named<'q>(ip: &str, queries: impl IntoIterator<Item = &'q DnsQuery>) -> String {
    let mut answers = queries.into_iter().flat_map(|q| &q.answers);
    let is_it = |a: &&DnsAnswer| a.ipv4.as_deref().or(a.ipv6.as_deref()) == Some(ip);
    match answers.find(|a| is_it(a) && a.asn.is_some()) {
        Some(answer) => with_network(ip, answer),
        None => clean::line(ip, 60),
    }
}

/// The same, for the address of an answer.
#[must_use]
pub fn with_network(ip: &str, answer: &DnsAnswer) -> String {
    let mut text = clean::line(ip, 60);
    if let Some(number) = answer.asn {
        let _ = write!(text, ", AS{number}");
        if let Some(name) = &answer.as_org_name {
            let _ = write!(text, " {}", clean::line(name, 80));
        }
    }
    text
}

/// Whether two answers lead into the same network: such answers do not contradict each other, even
/// with different addresses (one provider's many nodes). `None` when the networks of either are
/// unknown.
pub(super) fn meet(a: &DnsQuery, b: &DnsQuery) -> Option<bool> {
    let of = |q: &DnsQuery| -> BTreeSet<u32> { q.answers.iter().filter_map(|a| a.asn).collect() };
    let (a, b) = (of(a), of(b));
    (!a.is_empty() && !b.is_empty()).then(|| !a.is_disjoint(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(rows: &[(&str, Option<u32>)]) -> DnsQuery {
        let answer = |(ip, asn): &(&str, Option<u32>)| DnsAnswer {
            ipv4: Some((*ip).to_owned()),
            asn: *asn,
            as_org_name: asn.map(|_| "Example\u{1b} Net".to_owned()),
            ..DnsAnswer::default()
        };
        DnsQuery {
            answers: rows.iter().map(answer).collect(),
            ..DnsQuery::default()
        }
    }

    #[test]
    fn an_address_is_told_with_its_network() {
        let query = answered(&[("203.0.113.10", Some(64500)), ("203.0.113.11", None)]);
        let shown = named("203.0.113.10", [&query]);
        assert!(
            shown.starts_with("203.0.113.10, AS64500 Example"),
            "{shown}"
        );
        assert!(!shown.contains('\u{1b}'));
        assert_eq!(named("203.0.113.11", [&query]), "203.0.113.11");
        assert_eq!(named("203.0.113.12", [&query]), "203.0.113.12");
    }

    #[test]
    fn answers_of_one_network_meet() {
        let (a, b) = (
            answered(&[("203.0.113.10", Some(64500))]),
            answered(&[("198.51.100.1", Some(64501)), ("198.51.100.2", Some(64500))]),
        );
        assert_eq!(meet(&a, &b), Some(true));
        assert_eq!(
            meet(&a, &answered(&[("1.1.1.1", Some(13335))])),
            Some(false)
        );
        assert_eq!(meet(&a, &answered(&[("192.0.2.1", None)])), None);
    }
}
