//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a panic is how a test fails

#[path = "../support/mod.rs"]
mod support;

mod config;
mod dial;
mod dns;
mod docs;
mod http;
mod http2;
mod judge;
mod layers;
mod letters;
mod mail;
mod manners;
mod probe;
mod proxy;
mod schedule;
mod shipped;
mod store;
mod tls;
mod track;
mod track_mail;
mod track_random;
mod track_replay;
mod track_simulation;
