//! Documents that other programs made, read whole: what they cite, where, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests say what went wrong by panicking

mod golden;
mod hostile;
