//! What politeness must keep across restarts: back-offs and robots.txt copies.

use serde::{Deserialize, Serialize};

use super::ids::VantageId;
use super::time::Time;

/// A host that asked for a back-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackOff {
    pub vantage: VantageId,
    pub host: String,
    pub until: Time,
    /// Length of the current back-off in seconds; the next one is twice as long.
    pub step_seconds: u64,
    /// The code that caused it, such as `site.challenge`.
    pub reason: String,
}

/// The last robots.txt of an origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsCopy {
    pub vantage: VantageId,
    /// `https://host:port`.
    pub origin: String,
    pub fetched: Time,
    /// The HTTP status it came with; 404 means that everything is allowed.
    pub status: u16,
    pub body: String,
}
