//! Proxies: SOCKS5 and HTTP CONNECT, implemented here so that the proxy's reply is visible, and its
//! own failure is distinguished from the target's. Names are resolved at the proxy, never here.
//!
//! Whether a failure is the proxy's own (recorded in `ProxyFacts::failure`) or the target's:
//!
//! | what happened | whose |
//! | --- | --- |
//! | no connection to the proxy, its name unknown | proxy |
//! | silence, end or garbage before the request for the target was sent (SOCKS5) | proxy |
//! | login refused, no common method, 407 | proxy |
//! | SOCKS5 replies 3, 4, 5, 6: network or host unreachable, refused, TTL expired | target |
//! | SOCKS5 replies 1, 2, 7, 8, unknown ones: general failure, not allowed, unsupported | proxy |
//! | CONNECT answered 502, 504, or 503 where Squid reports that the target failed | target |
//! | CONNECT answered otherwise | proxy |
//! | an end, a reset or garbage instead of an answer | proxy |
//! | silence after the request for the target was sent | target |
//!
//! The last row: proxies wait longer for a dead target than we do, and a proxy that hangs also
//! fails its controls.

mod connect;
mod protocol;
mod socks5;

pub(crate) use protocol::Proxy;

use crate::model::Failure;

/// A failure, and whether it is the proxy's or the target's.
#[derive(Debug, PartialEq, Eq)]
enum ProxyFault {
    Proxy(Failure),
    Target(Failure),
}

impl ProxyFault {
    fn proxy(failure: &str) -> Self {
        Self::Proxy(failure.into())
    }

    fn target(failure: &str) -> Self {
        Self::Target(failure.into())
    }
}
