//! Copies of cited links: looked up in archives, judged, chosen, kept.
#![allow(clippy::unwrap_used)]

#[path = "../support/archives.rs"]
#[allow(dead_code)] // each binary uses its own part
mod archives;
#[path = "../support/http.rs"]
#[allow(dead_code)]
mod http;
#[path = "../support/jumping_clock.rs"]
#[allow(dead_code)]
mod jumping_clock;
#[path = "../support/pages.rs"]
#[allow(dead_code)]
mod pages;
#[path = "../support/savers.rs"]
#[allow(dead_code)]
mod savers;
#[path = "../support/workspace.rs"]
#[allow(dead_code)]
mod workspace;

mod desk;
mod find;
mod hostile;
mod kept;
mod own;
mod quiet;
mod references;
mod save;
