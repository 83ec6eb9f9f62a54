//! How long the steps of a look-up may take.

use std::time::Duration;

/// How long DNS is waited for. The defaults are for the open network; tests on loopback are in more haste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Until a UDP question is asked again, and again until it is given up; twice this for a resolver on TCP,
    /// TLS or HTTPS.
    pub dns_try: Duration,
    /// How long a second reply over UDP is waited for after the first, so that an injected answer is seen next to the
    /// true one. None: 300 ms, but no wait when the resolver is on loopback, where nobody stands between.
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
