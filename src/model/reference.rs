//! What a page is compared with: another page of the same host, or the last healthy version of the
//! same page, kept as a sketch of its text.

use serde::{Deserialize, Serialize};

/// The kind of reference page.
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
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReferenceKind {
    /// A made-up address next to the watched one: shows what the host answers for a page that does
    /// not exist.
    #[serde(rename = "stranger")]
    #[strum(serialize = "stranger")]
    MadeUp,
    /// The host's home page.
    Home,
    /// The watched page itself, from the last time when all expectations were met.
    Healthy,
}

impl ReferenceKind {
    /// The kinds that are fetched for a comparison, in this order.
    pub const FETCHED: [Self; 2] = [Self::MadeUp, Self::Home];

    /// The word in keys and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A sketch of a text's set of shingles: their number, and the smallest of their hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    pub shingles: u32,
    /// Ascending; all hashes when the text is short.
    pub smallest: Vec<u32>,
}

impl Sketch {
    /// Whether it is the sketch of an empty text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shingles == 0
    }
}

/// A digest of what a reader sees on a page (`judge::shown`). No record has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownDigest(pub [u8; 32]);

/// A page of the same host, as last fetched. It says nothing about a source by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub url: String,
    /// The URL after redirects.
    #[serde(default)]
    pub final_url: String,
    /// Microseconds since 1970.
    pub at_us: i64,
    /// 0: no answer, or not requested.
    #[serde(default)]
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Sketch of the text of an HTML page that is not a known page; for a healthy page, of its text
    /// in any format. Empty otherwise.
    #[serde(default)]
    pub sketch: Sketch,
    /// Visible characters of a healthy page, without white space and with each number as one; at
    /// most 20,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub characters: u32,
    /// Sketch of the text of a healthy HTML page outside its links and its frame.
    #[serde(default, skip_serializing_if = "Sketch::is_empty")]
    pub content: Sketch,
    /// Replaces the title of a healthy answer without one: the kind of document and its top-level
    /// keys, columns or root element.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shape: String,
    /// Where the healthy page's links to the next level led, as written in `href`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<String>,
    /// Where the links to the next level led that a reader could follow: addresses, and calls of
    /// scripts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_ways: Vec<String>,
    /// What those links said, where no other link of the page said the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub link_labels: Vec<String>,
    /// Fingerprints of the pieces of text that the healthy page showed, ascending (`text::blocks`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<u32>,
    /// The healthy page's first heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// Sketch of the healthy page's longest paragraph outside its links and its frame.
    #[serde(default, skip_serializing_if = "Sketch::is_empty")]
    pub paragraph: Sketch,
    /// The rows from which the healthy answer's values were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    /// What the healthy page showed, if known: an answer that shows the same needs no comparison.
    #[serde(skip)]
    pub shown: Option<ShownDigest>,
}

/// The rows of a healthy answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rows {
    /// Elements that match the values' selectors; for JSON, the length of the longest list.
    pub count: u32,
    /// Sketch of the text of the elements; empty for JSON.
    #[serde(default)]
    pub sketch: Sketch,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_zero(n: &u32) -> bool {
    *n == 0
}
