//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test's way to say what must hold

#[path = "../support/mod.rs"]
mod support;

mod config;
mod dial;
mod dns;
mod docs;
mod layers;
mod proxy;
mod schedule;
mod tls;
