//! One integration binary, a file per capability.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

#[path = "../support/mod.rs"]
mod support;

mod beside;
mod cli_bad_input;
mod cli_export;
mod cli_ingest;
mod cli_people;
mod cli_regression;
mod cli_rejudge;
mod cli_run;
mod cli_upkeep;
mod config;
mod crash;
mod daemon;
mod demo;
mod dial;
mod dns;
mod docs;
mod due;
mod export;
mod http;
mod http2;
mod ingest;
mod judge;
mod known_pages;
mod layers;
mod letters;
mod mail;
mod mail_form;
mod mail_threads;
mod manners;
mod probe;
mod proxy;
mod quiet_run;
mod redesign;
mod refusals;
mod schedule;
mod service;
mod shipped;
mod sources;
mod store;
mod timeline;
mod tls;
mod track;
mod track_edit;
mod track_mail;
mod track_network;
mod track_random;
mod track_replay;
mod track_simulation;
mod upkeep;
mod usable;
