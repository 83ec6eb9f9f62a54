//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod dial;
mod dns;
mod docs;
mod layers;
mod proxy;
mod schedule;
mod tls;
