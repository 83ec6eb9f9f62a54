//! Stand-in servers on loopback that speak real protocols, and break them on demand.
#![allow(dead_code)] // each capability uses its own part

pub mod library;
pub mod mime;
pub mod smtp;
