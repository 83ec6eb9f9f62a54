//! Commands, through the binary.

mod bad_input;
mod demo;
mod drafts;
mod explanations;
mod export;
mod heartbeat;
mod hostile;
pub mod incidents;
pub mod ingest;
mod judge;
mod no_alerts;
mod promises;
mod queries;
mod read_only;
mod regression;
mod rejudge;
mod run;
mod secrets;
mod service;
mod silent_failures;
mod source;
mod source_import;
mod source_new;
mod suppression;
mod upkeep;
mod verify;
