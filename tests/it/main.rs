//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod judge;
mod layers;
mod schedule;
