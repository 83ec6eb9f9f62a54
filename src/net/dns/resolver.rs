//! One vantage's resolver.

use std::net::IpAddr;

use tokio::time::Instant;

use crate::model::{Failure, Vantage};
use crate::net::dial::Dialer;
use crate::net::log::{Log, add_phase};
use crate::net::tls::Tls;
use crate::net::{NetError, Tuning};

use super::system;

/// Whom a vantage asks for names.
pub(crate) struct Resolver {}

impl Resolver {
    pub(crate) fn new(
        _vantage: &Vantage,
        _dialer: Dialer,
        _tls: &Tls,
        _tuning: Tuning,
    ) -> Result<Self, NetError> {
        Ok(Self {})
    }

    /// The addresses of a name. Every question and reply is noted.
    pub(crate) async fn resolve(
        &self,
        name: &str,
        log: &mut Log,
        deadline: Instant,
    ) -> Result<Vec<IpAddr>, Failure> {
        let t0 = log.elapsed();
        let (mut query, result) = system::ask(name, log.clock(), deadline).await;
        query.transaction_id = log.next_id();
        log.queries.push(query);
        let now = log.elapsed();
        add_phase(&mut log.dns_ms, t0, now);
        result
    }
}
