//! The reference of a link: the page as it was cited, and which of two is the better one.

use crate::model::Time;
use crate::text::page_text::PageContent;

/// Where a reference comes from, the best last.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "lowercase")]
pub enum ReferenceSource {
    /// The first healthy check; it may be years after the day of citing.
    First,
    /// The judged memento nearest to the day of citing.
    Memento,
    /// A copy that the author cites.
    Cited,
    /// A person accepted the page as it was then.
    Accepted,
}

/// The page as it was cited.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkReference {
    pub source: ReferenceSource,
    /// When the page was so.
    pub at: Time,
    /// The address of the copy, where it is one.
    pub url: Option<String>,
    pub text: PageContent,
    /// The page changed as much between its first two healthy checks; `None` before the second.
    pub is_living: Option<bool>,
}

impl LinkReference {
    /// A reference of which no second check is known.
    #[must_use]
    pub fn new(source: ReferenceSource, at: Time, url: Option<String>, text: PageContent) -> Self {
        Self {
            source,
            at,
            url,
            text,
            is_living: None,
        }
    }

    /// Whether it takes the place of another: a better source, or a person accepted the page again.
    /// A page without text, or that was cut, is not a reference.
    #[must_use]
    pub fn replaces(&self, other: Option<&Self>) -> bool {
        let is_sound = !self.text.is_cut && !self.text.main.trim().is_empty();
        is_sound
            && other.is_none_or(|other| {
                self.source > other.source
                    || self.source == ReferenceSource::Accepted && other.at < self.at
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_better_source_takes_the_place_of_another() {
        use ReferenceSource::{Accepted, Cited, First, Memento};
        let at = |day: u32| format!("2026-11-{day:02}T00:00:00Z").parse().unwrap();
        let of = |source, day| {
            LinkReference::new(source, at(day), None, PageContent::of_plain("some words"))
        };
        for (new, old, want) in [
            (of(First, 2), None, true),
            (of(First, 2), Some(of(First, 1)), false),
            (of(Memento, 1), Some(of(First, 2)), true),
            (of(First, 3), Some(of(Memento, 1)), false),
            (of(Cited, 1), Some(of(Memento, 1)), true),
            (of(Accepted, 1), Some(of(Cited, 1)), true),
            (of(Accepted, 2), Some(of(Accepted, 1)), true),
            (of(Accepted, 1), Some(of(Accepted, 1)), false),
        ] {
            assert_eq!(new.replaces(old.as_ref()), want, "{new:?} {old:?}");
        }
        let empty = LinkReference::new(Accepted, at(1), None, PageContent::of_plain(" \n"));
        assert!(!empty.replaces(None));
    }
}
