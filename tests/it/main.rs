//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod docs;
mod layers;
mod schedule;
