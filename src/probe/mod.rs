//! L4: a configured probe from a configured vantage becomes one measurement.
//!
//! [`Prober`] applies politeness (robots.txt, back-offs, pace), fetches, and writes the whole
//! [`Measurement`](crate::model::Measurement), whatever happens. `judge` interprets the answer
//! (values, expectations, charset), and `engine` decides when to probe.

mod capture;
mod controls;
mod discriminate;
mod discriminator;
mod exit_addresses;
mod file;
mod politeness_guard;
mod prober;
mod record;
mod retry_after;
mod shared_politeness;
mod under_way;

pub use file::open_watched;
pub use prober::Prober;
pub use under_way::RoundUnderWay;
