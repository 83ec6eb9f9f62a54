//! Stand-in servers on loopback that speak real protocols, and break them on demand.
#![allow(dead_code)] // each capability uses its own part

pub mod authority;
pub mod connect;
pub mod dns;
pub mod socks;
pub mod tcp;
pub mod tls;
pub mod vantage;
