//! What a page is compared with: another page of the same host, kept as a sketch of its text.

use serde::{Deserialize, Serialize};

/// Which page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// An address beside the watched one that was made up: what the host answers where there is nothing.
    Stranger,
    /// The host's home page.
    Home,
}

impl ReferenceKind {
    /// The order in which pages are compared.
    pub const ALL: [Self; 2] = [Self::Stranger, Self::Home];

    /// As keys and records spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Home => "home",
        }
    }
}

/// The set of a text's shingles, sketched: how many there are, and the smallest of their hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    pub shingles: u32,
    /// Ascending; all of them when the text is short.
    pub smallest: Vec<u32>,
}

/// A page of the same host, as it was when it was last asked for. It says nothing of any source by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub url: String,
    /// Where redirects led.
    #[serde(default)]
    pub final_url: String,
    /// Microseconds since 1970.
    pub at_us: i64,
    /// 0: nothing came, or it was not asked for.
    #[serde(default)]
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of the text of an HTML page that is no known page; empty for all else.
    #[serde(default)]
    pub sketch: Sketch,
}
