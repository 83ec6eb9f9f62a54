//! Time limits for the steps of a lookup.

use std::time::Duration;

/// Time limits for DNS. The defaults are for the open network; tests on loopback use shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// How long a reply over UDP is awaited before the question is sent again, and then before the
    /// lookup fails. A resolver over TCP, TLS or HTTPS has twice this time for its one reply.
    pub dns_try: Duration,
    /// How long a second reply over UDP is awaited after the first, so that an injected answer is
    /// recorded next to the true one. `None`: 300 ms, but no wait when the resolver is on loopback,
    /// where nobody can inject one.
    pub dns_linger: Option<Duration>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            dns_try: Duration::from_secs(3),
            dns_linger: None,
        }
    }
}
