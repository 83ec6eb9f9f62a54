//! The pages over real HTTP on loopback: what they show, who may see it, and what hostile clients
//! get.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

mod acts;
mod agents;
mod api;
mod api_acts;
mod api_links;
mod cited;
mod client;
mod feeds;
mod headers;
mod hostile;
mod limits;
mod lists;
mod reports;
mod roles;
mod serve;
mod shown;
mod sign_in;
mod site;
mod views;
mod weight;
