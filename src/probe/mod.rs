//! L4: a configured probe from a configured vantage becomes one measurement.
//!
//! [`Prober`] keeps our manners (robots.txt, back-offs, pace), fetches, and writes the whole
//! [`Measurement`](crate::model::Measurement), whatever happened. What the answer means (values, expectations,
//! charset) is left to `judge`, and when to probe to `engine`.

mod controls;
mod discriminate;
mod discriminator;
mod file;
mod manners;
mod politeness_guard;
mod prober;
mod record;
mod retry_after;
mod under_way;

pub use file::open_watched;
pub use prober::Prober;
pub use under_way::RoundUnderWay;
