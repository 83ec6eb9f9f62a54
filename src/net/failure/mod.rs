//! The one place that maps Rust errors to OONI's failure strings; nothing else does.
//!
//! Typed errors are looked for first, however deep they are wrapped; only the system's name lookup has to be
//! read by its text, because std gives nothing else. What no constant names becomes `unknown_failure: …`, cut
//! and scrubbed of addresses.

mod dns;
mod http;
mod io;
mod scrub;
mod tls;

pub use dns::{from_getaddrinfo, from_response_code};
pub use http::{Retry, from_hyper, from_reqwest, refused_stream};
pub use io::from_io;
pub use scrub::unknown;
pub use tls::from_tls;

use crate::model::Failure;

/// A wait that ran out.
#[must_use]
pub fn timeout() -> Failure {
    Failure::TIMEOUT.into()
}
