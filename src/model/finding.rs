//! What the newest settled verdicts of a probe mean together, over its vantages
//! (`docs/verdicts.md`, Findings).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! findings {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// A finding. It never changes a code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Finding {
            $($(#[$doc])* $name,)*
        }

        impl Finding {
            /// Every finding, in the order in which they are tried.
            pub const ALL: &'static [Finding] = &[$(Finding::$name),*];

            /// The finding as records and tables spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Finding::$name => $text),* }
            }
        }
    };
}

findings! {
    /// There is no usable vantage, or only one, and it fails in transport or with a 5xx.
    Insufficient = "insufficient";
    /// All at baseline or better.
    Accessible = "accessible";
    /// Forged DNS is proven, or the failure is proven to happen before the site.
    NetworkInterference = "network_interference";
    /// The site names the region, or refuses some countries and serves others of the same network
    /// class.
    GeoRestricted = "geo_restricted";
    /// Refused at some vantages, served at others of another network class.
    AddressRestricted = "address_restricted";
    /// The site declined our program; what readers get is unknown until a person has looked.
    ProgramRefused = "program_refused";
    /// Login, phone, paywall, not entitled, seats, 401.
    AccessControl = "access_control";
    /// Another page is served instead of the known one, and its words name no known cause.
    Replaced = "replaced";
    /// An explicit notice.
    Maintenance = "maintenance";
    /// Withdrawn, unproven, empty, nulls, shrunk, stale.
    Withdrawn = "withdrawn";
    /// Not found, gone, soft 404, redirected home, parked, moved.
    Rot = "rot";
    /// Fails everywhere, also inside the mainland.
    Outage = "outage";
    /// Fails everywhere; an outage and a closing to foreign addresses look the same.
    Unreachable = "unreachable";
    /// Changed, edition, incompatible.
    Changed = "changed";
    /// Vantages differ, and the evidence does not say why.
    Divided = "divided";
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a finding; docs/verdicts.md lists them")]
pub struct BadFinding(pub String);

impl FromStr for Finding {
    type Err = BadFinding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Finding::ALL
            .iter()
            .copied()
            .find(|finding| finding.as_str() == text)
            .ok_or_else(|| BadFinding(text.to_owned()))
    }
}

impl Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
