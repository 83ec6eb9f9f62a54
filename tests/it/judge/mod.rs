//! Judging one measurement: golden pages, transport failures, values, hostile input.

mod beside;
mod content;
mod handshakes;
mod hostile;
mod names;
mod not_json;
mod pages;
mod record;
mod transport;
