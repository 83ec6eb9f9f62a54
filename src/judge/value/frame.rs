//! How much of a page must be present for a value's limit to say something about the data.

/// How much of the page's frame (its title and markers) must be present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum FrameRequirement {
    Any,
    /// A part, where there are any markers.
    Part,
    Whole,
}
