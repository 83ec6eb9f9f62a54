//! The addresses as which sites see a vantage. They are learned from controls with `echo`, kept in
//! memory only, and redacted from what is recorded.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::model::VantageId;
use crate::net::http::{Fetched, RecordRedactor};

/// Addresses that are remembered of one vantage: a network may change its address with every fetch.
const MAX_ADDRESSES: usize = 32;

/// The addresses of each vantage, the newest last.
#[derive(Debug, Default)]
pub(super) struct ExitAddresses(Mutex<HashMap<VantageId, Vec<IpAddr>>>);

impl ExitAddresses {
    /// Takes the address from the answer of a control, if it holds one.
    pub(super) fn note(&self, vantage: &VantageId, fetched: &Fetched) {
        let answered = fetched.requests.first().filter(|r| r.response.code == 200);
        let body = answered.map(|r| &r.response.body.0);
        let Some(ip) = body.and_then(|b| RecordRedactor::echoed_address(b)) else {
            return;
        };
        let mut vantages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = vantages.entry(vantage.clone()).or_default();
        known.retain(|other| *other != ip);
        known.push(ip);
        if known.len() > MAX_ADDRESSES {
            known.remove(0);
        }
    }

    /// What is known about a vantage.
    pub(super) fn seen_from(&self, vantage: &VantageId) -> Vec<IpAddr> {
        let vantages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        vantages.get(vantage).cloned().unwrap_or_default()
    }
}
