//! L6: stand-in sites on loopback and a story of restrictions, played through the real engine in
//! fast time, with no network.
//!
//! The sites speak real HTTP over real TLS with a throw-away authority; a vantage is a source address
//! (127.0.0.2, 127.0.0.3, …). The [`story`] is data: what happens, when, seen from where, and what
//! must be concluded; it is played as that of the last days. [`play()`] runs it and [`compare`] puts what was played next to what was seen.

pub mod clock;
pub mod compare;
mod error;
pub mod pages;
pub mod play;
pub mod sites;
pub mod story;
pub mod workspace;

pub use error::DemoError;
pub use play::{DemoReport, play};
