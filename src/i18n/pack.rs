//! The texts of the page of a cited link in its pack, by key.

use super::messages::{PACK, fill};
use crate::model::link_status::LinkEventKind;
use crate::model::settings::Language;

/// A text of `pack.ftl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum PackText {
    Title,
    Lead,
    StateHeading,
    StateLine,
    StateUnchecked,
    MovedLine,
    CopyLine,
    CitedHeading,
    CitedNone,
    HeadDocument,
    HeadPlace,
    HeadCited,
    HeadAsCited,
    HeadPassage,
    StatesHeading,
    StatesNone,
    HeadTime,
    HeadChange,
    HeadKind,
    KindChanged,
    KindAlready,
    KindBack,
    KindObserved,
    KindAccepted,
    KindHostEvent,
    SidesHeading,
    SideDecided,
    SideHealthy,
    SideEarlier,
    SideNotLast,
    SideOne,
    SideWell,
    KeptHeading,
    HeadVantage,
    HeadAnswer,
    HeadStatus,
    HeadUid,
    HeadRecord,
    HeadHash,
    MethodLine,
}

impl PackText {
    /// Every text, for tests.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// How a change became known.
    #[must_use]
    pub fn for_kind(kind: LinkEventKind) -> Self {
        match kind {
            LinkEventKind::Changed => Self::KindChanged,
            LinkEventKind::Already => Self::KindAlready,
            LinkEventKind::Back => Self::KindBack,
            LinkEventKind::Observed => Self::KindObserved,
            LinkEventKind::Accepted => Self::KindAccepted,
            LinkEventKind::HostEvent => Self::KindHostEvent,
        }
    }

    /// The text, where nothing in it varies.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        PACK.text(language, self.into())
    }

    /// The text with its placeables filled.
    #[must_use]
    pub fn fill(self, language: Language, values: &[(&str, &str)]) -> String {
        fill(PACK.template(language, self.into()), values)
    }
}

/// Every key of `pack.ftl`.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let names = PackText::ALL.iter().map(|text| <&str>::from(*text));
    names.map(str::to_owned).collect()
}
