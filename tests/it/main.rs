//! One integration binary, a file per capability.
#![allow(clippy::unwrap_used, clippy::expect_used)] // clippy knows tests by their #[test] only

#[path = "../support/mod.rs"]
mod support;

mod layers;
mod letters;
mod mail;
mod schedule;
