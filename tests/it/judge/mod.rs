//! Judging one measurement: golden pages, transport failures, values, hostile input.

mod beside;
mod content;
mod hostile;
mod pages;
mod record;
mod transport;
