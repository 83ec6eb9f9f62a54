//! How a link that documents cite fares.

use serde::{Deserialize, Serialize};

/// What one check from one vantage says of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkObservation {
    /// The page is not there: not found, a notice of deletion, a parked name.
    Rot,
    /// The page is there and refused to this reader: a country, a log-in, a licence.
    Refused,
    /// The host declines programs; a person may get the page.
    Declined,
    /// The page is there and what it held is not.
    Lost,
    Served,
    /// The network, the name service or the server failed.
    Failed,
}

/// How a link fares over all vantages, from worst to best.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum LinkState {
    Gone,
    Blocked,
    Drifted,
    Unreachable,
    Declines,
    Moved,
    Unknown,
    Alive,
}

/// What else is known of a link; the column `remarks` of links.csv.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum LinkRemark {
    /// It leads to another address.
    Redirects,
    /// What is cited is put there by a script, which is not run.
    Script,
    /// The part of the page that is cited is not in it.
    FragmentMissing,
    Edition,
    Tls,
    Changed,
    /// robots.txt asks programs not to look.
    Robots,
    /// The host asked to be left alone; its links share the state of the one that was checked.
    BackOff,
    /// It leads into the local network, and is not fetched.
    Private,
    /// Its scheme is neither http nor https, or it is no address.
    Scheme,
}
