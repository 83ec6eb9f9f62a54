//! robots.txt (RFC 9309): what it says to us, and how long that is believed.
//!
//! [`Rules`] is the pure part: the group that speaks to us, and whether it lets a path through. [`RobotsCache`] keeps
//! them per (vantage, origin): fresh for 24 hours; an older copy, up to 30 days, while the file cannot be fetched;
//! with none at all, the one page is fetched. Fetching is its caller's.

mod cache;
mod rules;

pub use cache::{RobotsCache, RobotsStanding, host_of, origin, status_tells};
pub use rules::{MAX_BYTES, Rules};
