//! Stand-in servers on loopback that speak real protocols, and break them on demand.
#![allow(dead_code)] // each capability uses its own part

pub mod authority;
pub mod clock;
pub mod config;
pub mod connect;
pub mod days;
pub mod dns;
pub mod engine;
pub mod h2;
pub mod http;
pub mod letters;
pub mod library;
pub mod lives;
pub mod mime;
pub mod mmdb;
pub mod older;
pub mod pages;
pub mod playing;
pub mod probes;
pub mod records;
pub mod service;
pub mod shelf;
pub mod sites;
pub mod smtp;
pub mod smtp_script;
pub mod socks;
pub mod source_tree;
pub mod stand_in;
pub mod store;
pub mod street;
pub mod tcp;
pub mod tls;
pub mod tracked;
pub mod tracking;
pub mod vantage;
pub mod watch;
pub mod xlsx;

/// The machine's clock, as the prober takes it.
pub fn system_clock() -> std::sync::Arc<dyn accesswatch::model::clock::Clock> {
    std::sync::Arc::new(accesswatch::engine::SystemClock)
}

/// The measurement, once its record is found to be as the format has it.
#[track_caller]
pub fn well_formed(
    measurement: accesswatch::model::Measurement,
) -> accesswatch::model::Measurement {
    let record = serde_json::to_value(&measurement).unwrap();
    let faults = accesswatch::judge::strict::faults(&record);
    assert!(faults.is_empty(), "{faults:#?}\n{record}");
    measurement
}
