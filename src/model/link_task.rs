//! Checks of cited links at vantages elsewhere: what an agent is asked, and what comes back.

use serde::{Deserialize, Serialize};

use super::ids::MeasurementUid;
use super::link::{LinkId, LinkObservation};
use super::measurement::Measurement;

/// The check of a link that an agent is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkTask {
    pub link: LinkId,
    /// The address to fetch.
    pub url: String,
    /// A shorter reading, which is tried when the long one is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// What the vantage saw last: what is worse is fetched twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<LinkObservation>,
}

/// The record of a check that an agent made.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkResult {
    pub uid: MeasurementUid,
    pub link: LinkId,
    pub measurement: Measurement,
}
