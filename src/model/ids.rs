//! Ids of things. Each has its own type, so that one cannot be used as another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string_id!(
    /// A provider that is watched: `cnki`.
    SourceId
);
string_id!(
    /// One endpoint within a source: `thesis`.
    ProbeId
);
string_id!(
    /// Where probes are sent from: `here`.
    VantageId
);
string_id!(
    /// One pass over a probe from one vantage; opaque, unique per run.
    RoundId
);
string_id!(
    /// One pass over everything that was due at a time; opaque. All its records carry it.
    PassId
);
string_id!(
    /// The key of one measurement; a record that is ingested twice counts once.
    MeasurementUid
);

/// What the ids of passes over links begin with. Stored records have it: the record of a control
/// has nothing else that says which kind of pass it belongs to.
const LINK_PASS: &str = "links-";

impl PassId {
    /// The id of a pass over cited links. Its records move no status of a source.
    #[must_use]
    pub fn for_links(id: &str) -> Self {
        Self(format!("{LINK_PASS}{id}"))
    }

    /// Whether it is a pass over cited links.
    #[must_use]
    pub fn is_for_links(&self) -> bool {
        self.0.starts_with(LINK_PASS)
    }
}

/// A probe's full name, `cnki/thesis`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeKey {
    pub source: SourceId,
    pub probe: ProbeId,
}

impl ProbeKey {
    /// The key of `probe` within `source`.
    pub fn new(source: impl Into<SourceId>, probe: impl Into<ProbeId>) -> Self {
        Self {
            source: source.into(),
            probe: probe.into(),
        }
    }
}

impl fmt::Display for ProbeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.probe)
    }
}

/// The text is not of the form `source/probe`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not SOURCE/PROBE, such as cnki/thesis")]
pub struct BadProbeKey(pub String);

impl FromStr for ProbeKey {
    type Err = BadProbeKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((source, probe))
                if !source.is_empty() && !probe.is_empty() && !probe.contains('/') =>
            {
                Ok(Self::new(source, probe))
            }
            _ => Err(BadProbeKey(text.to_owned())),
        }
    }
}

impl Serialize for ProbeKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ProbeKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
