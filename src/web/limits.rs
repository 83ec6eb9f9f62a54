//! The limits of a client: bytes, time, connections. Tests set lower ones.

use std::time::Duration;

use crate::model::agent::LONGEST_RECORD;

/// The limits of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebLimits {
    /// A request's header is whole within this time.
    pub header: Duration,
    /// A longer header is refused.
    pub header_bytes: usize,
    /// A body is whole within this time.
    pub body: Duration,
    /// A body comes at least this fast, in bytes a second, once `body_grace` is over.
    pub body_rate: u64,
    pub body_grace: Duration,
    /// A longer form is refused.
    pub form_bytes: usize,
    /// Records of an agent: whole within this time, and no longer than this as sent, unpacked, and
    /// in one line.
    pub records_body: Duration,
    pub records_bytes: usize,
    pub records_unpacked: usize,
    pub records_line: usize,
    /// How long a client may receive nothing before its connection is closed.
    pub stalled_write: Duration,
    /// A connection without a request is closed after this time.
    pub idle: Duration,
    /// More connections at once are closed as they come.
    pub connections: usize,
    /// Failed sign-ins in a minute from one address, before more are refused.
    pub failures_of_peer: usize,
    /// The same from all addresses.
    pub failures: usize,
    /// Threads that read the store.
    pub readers: usize,
    /// Pages that may wait for a reader; more are refused.
    pub waiting: usize,
    /// A stop waits this long for answers that are under way.
    pub farewell: Duration,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            header_bytes: 32 * 1024,
            body: Duration::from_secs(60),
            body_rate: 1024,
            body_grace: Duration::from_secs(5),
            form_bytes: 16 * 1024,
            records_body: Duration::from_secs(600),
            records_bytes: 16 * 1024 * 1024,
            records_unpacked: 64 * 1024 * 1024,
            records_line: LONGEST_RECORD,
            stalled_write: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            connections: 1000,
            failures_of_peer: 5,
            failures: 30,
            readers: 3,
            waiting: 1000,
            farewell: Duration::from_secs(3),
        }
    }
}
