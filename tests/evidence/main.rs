//! Evidence: what passes write to files, what a crash leaves, and what is never in it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/mime.rs"]
mod mime;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/pages.rs"]
mod pages;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/unpacked.rs"]
mod unpacked;

#[path = "../support/workspace.rs"]
mod workspace;

mod commands;
mod crash;
mod faults;
mod judged_again;
mod kept;
mod quoted;
mod redaction;
mod written;
