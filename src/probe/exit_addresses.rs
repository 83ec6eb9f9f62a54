//! The addresses as which sites see a vantage. They are learned from controls with `echo`, kept in
//! memory only, and redacted from what is recorded.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::model::{Vantage, VantageId};
use crate::net::asn::{Network, Networks};
use crate::net::http::{Fetched, RecordRedactor};

/// Addresses that are remembered of one vantage: a network may change its address with every fetch.
const MAX_ADDRESSES: usize = 32;

/// The addresses of each vantage, the newest last.
#[derive(Debug, Default)]
pub(super) struct ExitAddresses(Mutex<HashMap<VantageId, Vec<IpAddr>>>);

impl ExitAddresses {
    /// Takes the address from the answer of a control, if it holds one, and returns it.
    pub(super) fn note(&self, vantage: &VantageId, fetched: &Fetched) -> Option<IpAddr> {
        let answered = fetched.requests.first().filter(|r| r.response.code == 200);
        let ip = RecordRedactor::echoed_address(&answered?.response.body.0)?;
        let mut vantages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = vantages.entry(vantage.clone()).or_default();
        known.retain(|other| *other != ip);
        known.push(ip);
        if known.len() > MAX_ADDRESSES {
            known.remove(0);
        }
        Some(ip)
    }

    /// The network of an address as which a control saw the vantage, when the operator states
    /// addresses of the same family, and all that the database knows are in other networks.
    pub(super) fn other_network(
        seen: IpAddr,
        vantage: &Vantage,
        networks: &Networks,
    ) -> Option<Network> {
        let found = networks.lookup(seen)?;
        let stated = vantage
            .exit
            .iter()
            .filter(|ip| ip.is_ipv4() == seen.is_ipv4());
        let mut stated = stated.filter_map(|ip| networks.lookup(*ip)).peekable();
        stated.peek()?;
        stated
            .all(|network| network.number != found.number)
            .then_some(found)
    }

    /// What is known about a vantage.
    pub(super) fn seen_from(&self, vantage: &VantageId) -> Vec<IpAddr> {
        let vantages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        vantages.get(vantage).cloned().unwrap_or_default()
    }
}
