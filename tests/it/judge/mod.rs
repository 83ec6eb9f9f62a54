//! Judging one measurement: golden pages, transport failures, values, hostile input.

mod alike;
mod another_page;
mod client_redirected;
mod client_side;
mod content;
mod dates;
mod discriminator;
mod golden;
mod handshakes;
mod hostile;
mod imported;
mod known_pages;
mod named_cause;
mod names;
mod not_json;
mod ooni;
mod pages;
mod quiet_loss;
mod record;
mod refusals;
mod shipped_data;
mod still_columns;
mod strict;
mod tokens;
mod transport;
