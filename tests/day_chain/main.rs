//! The day chain: what is fixed about a record, how days are closed, and how everything is
//! verified.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

#[path = "../support/mod.rs"]
mod support;

mod chained;
mod close;
mod full_disk;
mod leaves;
mod lines;
mod migrated;
mod page;
mod stamps;
mod verify;
