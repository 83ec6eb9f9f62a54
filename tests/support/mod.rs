//! Stand-in servers on loopback that speak real protocols, and break them on demand.
#![allow(dead_code)] // each capability uses only some of it

pub mod authority;
pub mod cli_fixture;
pub mod clock;
pub mod config;
pub mod connect;
pub mod daemon_harness;
pub mod days;
pub mod dns;
pub mod drafts;
pub mod engine;
pub mod english;
pub mod fake_sources;
pub mod h2;
pub mod history;
pub mod http;
pub mod letters;
pub mod link_letters;
pub mod mail_fixture;
pub mod mime;
pub mod mmdb;
pub mod older;
pub mod pages;
pub mod probes;
pub mod records;
pub mod service;
pub mod sites;
pub mod skipped;
pub mod smtp;
pub mod smtp_script;
pub mod socks;
pub mod source_tree;
pub mod store;
pub mod tampered_network;
pub mod tcp;
pub mod timeline;
pub mod tls;
pub mod tracked;
pub mod tracking;
pub mod unpacked;
pub mod vantage;
pub mod workspace;
pub mod xlsx;

/// The machine's clock, as the prober expects it.
pub fn system_clock() -> std::sync::Arc<dyn accesswatch::model::clock::Clock> {
    std::sync::Arc::new(accesswatch::engine::SystemClock)
}

/// The measurement, after a check that its record follows the format.
#[track_caller]
pub fn well_formed(
    measurement: accesswatch::model::Measurement,
) -> accesswatch::model::Measurement {
    let record = serde_json::to_value(&measurement).unwrap();
    let faults = accesswatch::judge::strict::faults(&record);
    assert!(faults.is_empty(), "{faults:#?}\n{record}");
    measurement
}
