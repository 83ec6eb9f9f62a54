//! L3: the only code that opens sockets to what is probed.
//!
//! [`route::Route`] is one vantage compiled; [`route::Route::connect`] takes a hop's URL through DNS, TCP, a
//! proxy if there is one, and TLS, and notes every step in a [`log::FetchLog`], so that a failed fetch is still a
//! whole record. What is said over the connection is [`http`]'s part; how often, [`pace`]'s; whether at all,
//! [`robots`]'s. [`asn`] reads the user's database of networks, if there is one.

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
pub use service::service_client;
pub use stream::{Connection, Io, Traffic};
pub use tuning::Tuning;
