//! accesswatch watches whether restricted information sources are still reachable, how far and from
//! where, and reports changes to people.
//!
//! # Layout
//!
//! Imports go only downwards (`tests/it/conventions/layers.rs` enforces it):
//!
//! * [`cli`]: arguments, output, exit status
//! * [`demo`], [`web`]: stand-in sites and a story, with no network; the pages and how they are
//!   served
//! * [`agent`]: a vantage elsewhere, measured for a hub
//! * [`engine`]: the pipeline: pass, judgement, daemon, ingest, rejudge
//! * [`probe`], [`alert`], [`report`], [`scaffold`], [`fleet`]: one measurement; mails; tables; new
//!   probe files; the broker of agents
//! * [`config`], [`net`], [`store`]: files; sockets; SQL
//! * [`disk`]: files that are replaced whole
//! * [`track`]: what attempts, vantages and time make of verdicts
//! * [`judge`]: what one record means
//! * [`text`], [`schedule`], [`i18n`]: decoding; cron; sentences
//! * [`model`]: plain data

#![forbid(unsafe_code)]

pub mod agent;
pub mod alert;
pub mod cli;
pub mod config;
pub mod demo;
pub mod disk;
pub mod engine;
pub mod evidence;
pub mod fleet;
pub mod i18n;
pub mod judge;
pub mod links;
pub mod model;
pub mod net;
pub mod probe;
pub mod report;
pub mod scaffold;
pub mod schedule;
pub mod store;
pub mod text;
pub mod track;
pub mod web;
