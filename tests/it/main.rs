//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod layers;
mod store;
