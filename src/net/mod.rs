//! L3: the only code that opens sockets to probed sites.
//!
//! [`route::Route`] is one compiled vantage. [`route::Route::connect`] takes a hop's URL through
//! DNS, TCP, a proxy if configured, and TLS, and records every step in a [`log::FetchLog`], so that
//! a failed fetch is still a complete record. [`http`] does the exchange over the connection,
//! [`pace`] decides how often, [`robots`] decides whether at all, and [`asn`] reads the user's
//! database of networks, if any.

pub mod asn;
pub mod dial;
pub mod discriminator;
pub mod dns;
pub mod error;
pub mod failure;
pub mod http;
pub mod inside;
pub mod log;
pub mod pace;
pub mod proxy;
pub mod robots;
pub mod route;
mod service;
pub mod stream;
pub mod tls;
mod tuning;

pub use asn::Networks;
pub use error::NetError;
pub use log::FetchLog;
pub use route::{HopTarget, Route};
pub use service::{
    ServiceAnswer, innermost, is_certificate_fault, is_untrusted, service_client,
    service_client_trusting, service_tls,
};
pub use stream::{Connection, Io, Traffic};
pub use tuning::Tuning;
