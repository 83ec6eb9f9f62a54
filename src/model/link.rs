//! How a link that documents cite fares.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The id of a link: `L12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub i64);

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "L{}", self.0)
    }
}

/// The text is not the id of a link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of a link, such as L12")]
pub struct BadLinkId(pub String);

impl FromStr for LinkId {
    type Err = BadLinkId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix(['L', 'l'])
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(Self)
            .ok_or_else(|| BadLinkId(text.to_owned()))
    }
}

impl Serialize for LinkId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LinkId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What one check from one vantage says about a link.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::Display,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
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

/// What else is known about a link; the column `remarks` of links.csv.
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
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkRemark {
    /// Another state is seen and not confirmed yet.
    Doubtful,
    /// It was gone or blocked when it was first checked.
    Already,
    /// Many links of its host turned worse in one pass.
    HostEvent,
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
    /// Its scheme is neither http nor https, or it is not an address.
    Scheme,
    /// The page changes all the time, so that a change proves nothing.
    LivingPage,
    TitleChanged,
    /// A person asked for it not to be checked.
    Ignored,
    /// The state is what a person saw.
    Person,
}
