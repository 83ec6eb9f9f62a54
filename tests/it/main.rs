//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on fails

#[path = "../support/mod.rs"]
mod support;

mod config;
mod dial;
mod dns;
mod docs;
mod export;
mod http;
mod layers;
mod mail;
mod manners;
mod probe;
mod proxy;
mod schedule;
mod store;
mod tls;
mod upkeep;
