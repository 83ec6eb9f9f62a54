//! L6: stand-in sites on loopback and a story of restrictions, which the real engine runs through
//! in accelerated time, without a network.
//!
//! The sites use real HTTP over real TLS with a throw-away authority; a vantage is a source address
//! (127.0.0.2, 127.0.0.3, …), and one of them is measured by an agent ([`elsewhere`]). The
//! [`story`] is data: what happens, when, from where it is seen, and what must be concluded; it is
//! dated in the last days. [`play()`] runs it and [`compare`] compares the scenes with the results.
//! [`cited`] is the same for the pages that a report cites.

pub mod cited;
pub mod clock;
pub mod compare;
pub mod elsewhere;
mod error;
pub mod links;
pub mod pages;
pub mod play;
pub mod sites;
pub mod story;
pub mod workspace;

pub use error::DemoError;
pub use play::{DemoReport, play};
