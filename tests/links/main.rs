//! Links that documents cite, through the binary and through the reader.
#![allow(clippy::unwrap_used)]

#[path = "../support/jumping_clock.rs"]
#[allow(dead_code)] // each binary uses its own part
mod jumping_clock;
#[path = "../support/pages.rs"]
#[allow(dead_code)]
mod pages;
#[path = "../support/workspace.rs"]
#[allow(dead_code)]
mod workspace;

mod check;
mod corpus;
mod drift;
mod drift_over_time;
mod evidence;
mod hostile;
mod import;
mod ingested;
mod over_time;
mod reference;
mod survival;
mod web_documents;
