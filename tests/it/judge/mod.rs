//! Judging one measurement: golden pages, transport failures, values, hostile input.

mod alike;
mod another_page;
mod beside;
mod content;
mod dates;
mod golden;
mod handshakes;
mod hostile;
mod imported;
mod led_on;
mod named;
mod names;
mod not_json;
mod pages;
mod quiet_loss;
mod record;
mod shipped_data;
mod tokens;
mod transport;
