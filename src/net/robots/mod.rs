//! robots.txt (RFC 9309): its rules for us, and how long they are valid.
//!
//! [`Rules`] is the pure part: the group for us, and whether it allows a path. [`RobotsCache`]
//! keeps them per (vantage, origin): fresh for 24 hours; an older copy, up to 30 days, while the
//! file cannot be fetched; without any copy, the one page is fetched. The caller does the fetching.

mod cache;
mod rules;

pub use cache::{RobotsCache, RobotsStanding, host_of, origin, status_tells};
pub use rules::{MAX_BYTES, Rules};
