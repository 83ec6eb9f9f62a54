//! What a page is compared with: another page of the same host, or the same page when it was last healthy, kept
//! as a sketch of its text.

use serde::{Deserialize, Serialize};

/// Which page it is.
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
    /// An address beside the watched one that was made up: what the host answers where there is nothing.
    Stranger,
    /// The host's home page.
    Home,
    /// The watched page itself, as it was when everything expected was last there.
    Healthy,
}

impl ReferenceKind {
    /// Those that are fetched for a comparison, in this order.
    pub const FETCHED: [Self; 2] = [Self::Stranger, Self::Home];

    /// As keys and records spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The set of a text's shingles, sketched: how many there are, and the smallest of their hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    pub shingles: u32,
    /// Ascending; all of them when the text is short.
    pub smallest: Vec<u32>,
}

impl Sketch {
    /// Of no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shingles == 0
    }
}

/// A digest of what a reader sees of a page (`judge::shown`). It is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownDigest(pub [u8; 32]);

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
    /// Of the text of an HTML page that is no known page; of a healthy page's, whatever it is. Empty for all else.
    #[serde(default)]
    pub sketch: Sketch,
    /// Visible characters of a healthy page, white space left out and a number counted as one; at most 20,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub characters: u32,
    /// Of what a healthy HTML page says outside its links and its frame.
    #[serde(default, skip_serializing_if = "Sketch::is_empty")]
    pub content: Sketch,
    /// What stands for the title of a healthy answer that has none: the kind of document and its top-level keys,
    /// columns or root element.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shape: String,
    /// Where the healthy page's ways to the next level led, as written in `href`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<String>,
    /// Where the ways to the next level led that a reader could take: addresses, and calls of scripts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_ways: Vec<String>,
    /// Fingerprints of the pieces of text that the healthy page showed, ascending (`text::blocks`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<u32>,
    /// The healthy page's first heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// Of the healthy page's longest paragraph outside its links and its frame.
    #[serde(default, skip_serializing_if = "Sketch::is_empty")]
    pub paragraph: Sketch,
    /// The rows that the healthy answer's values were taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    /// What the healthy page showed, where that is known: an answer that shows the same needs no comparison.
    #[serde(skip)]
    pub shown: Option<ShownDigest>,
}

/// The rows of a healthy answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rows {
    /// Elements that the values' selectors match; of JSON the length of the longest list.
    pub count: u32,
    /// Of what the elements say; empty for JSON.
    #[serde(default)]
    pub sketch: Sketch,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_zero(n: &u32) -> bool {
    *n == 0
}
