//! A vantage elsewhere: an agent and its hub as processes, over real TLS, and what the hub makes of
//! silence and of clocks.
#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

#[path = "../support/authority.rs"]
#[allow(dead_code)] // each binary uses its own part
mod authority;
#[path = "../support/pages.rs"]
#[allow(dead_code)]
mod pages;
#[path = "../support/workspace.rs"]
#[allow(dead_code)]
mod workspace;

mod backlog;
mod broker;
mod faults;
mod fleet;
mod fleet_faults;
mod fleet_leases;
mod fleet_trust;
mod harness;
mod kills;
mod links;
mod over_tls;
mod refused;
mod silence;
mod tasks;
