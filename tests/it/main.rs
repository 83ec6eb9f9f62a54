//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what must hold

#[path = "../support/mod.rs"]
mod support;

mod config;
mod dial;
mod dns;
mod docs;
mod http;
mod http2;
mod layers;
mod mail;
mod manners;
mod probe;
mod proxy;
mod schedule;
mod store;
mod tls;
