//! The mark of a demonstration: its days, at the end of which its clock stands.

use super::time::{Time, iso};

/// From when to when the story of a demonstration was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemonstrationSpan {
    pub from: Time,
    pub until: Time,
}

impl DemonstrationSpan {
    /// The key that it is stored under.
    pub const KEY: &'static str = "demonstration";

    /// The text that is stored.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{} {}", iso(self.from), iso(self.until))
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once(' ')?;
        Some(Self {
            from: from.parse().ok()?,
            until: until.parse().ok()?,
        })
    }
}
