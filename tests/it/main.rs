//! One integration binary, a file per capability.

#[path = "../support/mod.rs"]
mod support;

mod config;
mod dial;
mod dns;
mod docs;
mod http;
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
mod track_simulation;
