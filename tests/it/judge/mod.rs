//! Judging one measurement: golden pages, transport failures, values, hostile input.

mod beside;
mod content;
mod golden;
mod hostile;
mod imported;
mod pages;
mod record;
mod transport;
