//! One integration binary, a file per capability.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

#[path = "../support/mod.rs"]
mod support;

mod cli;
mod config;
mod conventions;
mod engine;
mod judge;
mod mail;
mod net;
mod report;
mod schedule;
mod store;
mod track;
