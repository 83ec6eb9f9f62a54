//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a panic is how a test fails

#[path = "../support/mod.rs"]
mod support;

mod layers;
mod schedule;
mod track;
mod track_mail;
mod track_random;
mod track_simulation;
