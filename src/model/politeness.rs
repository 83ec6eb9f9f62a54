//! What politeness must remember over restarts: back-offs and robots.txt copies.

use super::ids::VantageId;
use super::time::Time;

/// A host that asked to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackOff {
    pub vantage: VantageId,
    pub host: String,
    pub until: Time,
    /// Seconds of the present step; the next doubles it.
    pub step_seconds: u64,
    /// The code that asked for it, such as `site.challenge`.
    pub reason: String,
}

/// The last robots.txt of an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsCopy {
    pub vantage: VantageId,
    /// `https://host:port`.
    pub origin: String,
    pub fetched: Time,
    /// The status it came with; 404 means all is allowed.
    pub status: u16,
    pub body: String,
}
