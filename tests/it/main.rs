//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod config;
mod layers;
mod schedule;
