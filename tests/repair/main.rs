//! `links repair`: what is written into documents, and that nothing else of them changes.
#![allow(clippy::unwrap_used)]

#[path = "../support/archives.rs"]
#[allow(dead_code)] // each binary uses its own part
mod archives;
#[path = "../support/http.rs"]
#[allow(dead_code)]
mod http;
#[path = "../support/pages.rs"]
#[allow(dead_code)] // each binary uses its own part
mod pages;
#[path = "../support/savers.rs"]
#[allow(dead_code)]
mod savers;
#[path = "../support/workspace.rs"]
#[allow(dead_code)]
mod workspace;

mod command;
mod copies;
mod formats;
mod office;
mod property;
mod proxy;
mod support;
