//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test's way to say what must hold

#[path = "../support/mod.rs"]
mod support;

mod dial;
mod dns;
mod docs;
mod http;
mod layers;
mod manners;
mod probe;
mod proxy;
mod schedule;
mod tls;
