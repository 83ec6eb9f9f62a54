//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod http;
mod layers;
mod manners;
mod probe;
