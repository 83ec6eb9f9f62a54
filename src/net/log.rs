//! What one fetch did below HTTP, step by step, in the terms of the record.
//!
//! Every phase writes here, whether it succeeds or fails; nothing is removed later.

use tokio::time::Instant;

use crate::model::measurement::{DnsQuery, ProxyFacts, TcpConnect, TlsHandshake};

/// Reads seconds since the measurement began; parallel phases get a copy.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Seconds since the measurement began.
    #[must_use]
    pub fn elapsed(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// The steps of one fetch, over all its hops.
#[derive(Debug, Clone)]
pub struct FetchLog {
    started: Instant,
    ids: u64,
    pub queries: Vec<DnsQuery>,
    pub tcp_connect: Vec<TcpConnect>,
    pub tls_handshakes: Vec<TlsHandshake>,
    /// From the last hop through a proxy.
    pub proxy: Option<ProxyFacts>,
    /// Milliseconds in name resolution, over all hops; `None` when no name was resolved.
    pub dns_ms: Option<f64>,
    /// Milliseconds in TCP connects (and in the proxy's handshake), over all hops.
    pub connect_ms: Option<f64>,
    /// Milliseconds in TLS handshakes, over all hops.
    pub tls_ms: Option<f64>,
}

impl FetchLog {
    /// A log that starts now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            ids: 0,
            queries: Vec::new(),
            tcp_connect: Vec::new(),
            tls_handshakes: Vec::new(),
            proxy: None,
            dns_ms: None,
            connect_ms: None,
            tls_ms: None,
        }
    }

    /// When the measurement began.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Seconds since the measurement began.
    #[must_use]
    pub fn elapsed(&self) -> f64 {
        self.clock().elapsed()
    }

    /// The same clock, for parallel phases.
    #[must_use]
    pub fn clock(&self) -> Stopwatch {
        Stopwatch(self.started)
    }

    /// A new transaction id, counted from 1. A connect, its handshake and its exchange share one
    /// (as in OONI's records); each DNS question has its own.
    pub fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }
}

impl Default for FetchLog {
    fn default() -> Self {
        Self::new()
    }
}

/// Adds the time since `since` (seconds on the log's clock) to a phase's sum of milliseconds.
pub(crate) fn add_phase(sum: &mut Option<f64>, since: f64, now: f64) {
    *sum = Some(sum.unwrap_or(0.0) + (now - since).max(0.0) * 1000.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_up_and_phases_add_up() {
        let mut log = FetchLog::new();
        assert_eq!((log.next_id(), log.next_id()), (1, 2));
        assert_eq!(log.dns_ms, None);
        add_phase(&mut log.dns_ms, 1.0, 1.5);
        add_phase(&mut log.dns_ms, 2.0, 2.25);
        assert_eq!(log.dns_ms, Some(750.0));
    }
}
