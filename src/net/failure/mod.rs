//! The only place that maps Rust errors to OONI's failure strings.
//!
//! Typed errors are searched first, however deep they are wrapped. Only the system's name lookup is
//! read by its text, because std gives nothing else. An error without a constant becomes
//! `unknown_failure: …`, shortened and without addresses.

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

/// An expired wait.
#[must_use]
pub fn timeout() -> Failure {
    Failure::TIMEOUT.into()
}
