//! Addresses of the last hop that the site's own resolver never gives: impossible ones and
//! forgeries.

use std::net::IpAddr;

use super::bogon::is_bogon;
use super::dns;
use super::injected_addresses::InjectedAddresses;
use super::last_hop::LastHop;
use crate::model::{Evidence, Fact};

/// Every resolved address is one that no public site can have.
pub(super) fn bogon(hop: &LastHop<'_>) -> Option<Vec<Evidence>> {
    if !hop.is_name() || dns::is_local_name(&hop.host) {
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

/// The answer is forged: it has a known injected address, or one question has two answers without a
/// common address and one of them is impossible.
pub(super) fn forged(hop: &LastHop<'_>, injected: &InjectedAddresses) -> Option<Vec<Evidence>> {
    if !hop.is_name() {
        return None;
    }
    let (place, fact) = dns::forged_among(&hop.queries, injected)?;
    Some(vec![Evidence { fact, place }])
}

fn resolved<'a>(hop: &'a LastHop<'_>) -> impl Iterator<Item = (usize, IpAddr)> + 'a {
    hop.queries
        .iter()
        .flat_map(|(index, query)| dns::addresses(query).map(move |ip| (*index, ip)))
}
