//! How much of a page must be present for a value's limit to say something about the data.

use crate::model::{Code, Fact};

/// A loss that a value shows, and how much of the page must be present for it.
pub(super) type LostValue = (Code, Fact, FrameRequirement);

/// How much of the page's frame (its title and markers) must be present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum FrameRequirement {
    Any,
    /// A part, where there are any markers.
    Part,
    Whole,
}
