//! What has become of what was cited on a page that is still served.

use serde::{Deserialize, Serialize};

/// What is no longer there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Drift {
    /// The quoted passage stands nowhere on the page.
    PassageMissing,
    /// A figure in the passage is another one.
    PassageFigure { was: String, now: Option<String> },
    /// A figure under the same heads of row and column is another one.
    TableFigure {
        row: String,
        column: String,
        was: String,
        now: String,
    },
    /// No passage is known, and the page is not alike to the reference: the share of the
    /// reference's text that is left, in per cent. It counts when two checks a week apart see it.
    Unlike { percent: u8 },
}

impl Drift {
    /// Whether one check is enough.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !matches!(self, Self::Unlike { .. })
    }
}

/// A page compared with what was cited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageComparison {
    /// Whether the page is alike to the reference; `None` where one has no text, or is cut.
    pub is_alike: Option<bool>,
    /// The share of the reference's text that is left, in per cent.
    pub percent: Option<u8>,
    /// Whether the quoted passages are there; `None` where there is none to look for.
    pub has_passages: Option<bool>,
    pub drift: Option<Drift>,
    /// A page that changes by itself differs from its reference: shown, and no drift.
    pub is_living: bool,
}

/// A page that holds less of its reference, in per cent, is another page.
const SAME: u8 = 90;

impl PageComparison {
    /// Whether the page is not the one that it was compared with any more, to any noticeable
    /// degree.
    #[must_use]
    pub fn is_other(&self) -> bool {
        let is_less = self.percent.is_some_and(|percent| percent < SAME);
        is_less || self.drift.is_some() || self.is_living
    }

    /// Whether the page is similar enough to its reference. A page that changes by itself, and a
    /// page that still holds the quoted passages, may differ from the reference.
    #[must_use]
    pub fn counted_alike(&self) -> Option<bool> {
        let is_excused = self.is_living || self.has_passages == Some(true);
        self.is_alike.filter(|is_alike| *is_alike || !is_excused)
    }

    /// Whether one check shows that what was cited is no longer there.
    #[must_use]
    pub fn is_cited_missing(&self) -> bool {
        self.drift.as_ref().is_some_and(Drift::is_certain)
    }
}
