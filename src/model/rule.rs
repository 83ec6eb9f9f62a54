//! Ids of the rules that decide verdicts.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::probe::Level;

/// The id of a rule, such as `content.soft_404.token`. The rows of `judge`'s tables define the
/// known ids; the store of an earlier version may hold ids that are in no table any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(Cow<'static, str>);

impl RuleId {
    /// The id of a row. Only tables of rules call this (`tests/it/store/facts.rs`).
    #[must_use]
    pub const fn row(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }

    /// An id from a store.
    #[must_use]
    pub fn stored(id: String) -> Self {
        Self(Cow::Owned(id))
    }

    /// The id as records and tables spell it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for RuleId {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for RuleId {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The sentence for a rule's verdict. `i18n` words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saying {
    /// The sentence of the code.
    #[default]
    OfCode,
    /// The markers of the next level up are gone.
    NotShown(Level),
    /// The links to the next level up are shown, and no longer lead there.
    #[serde(rename = "way_barred")]
    LinkDiverted(Level),
    /// An answer did not come within this time.
    NotWithin {
        tenths_of_seconds: u32,
    },
    FileUnreadable,
    BodyNotKept,
    NotEvaluated,
    NothingTried,
    WeakSignature,
    OtherHost,
    NoPermission,
    NullData,
    EmptyBody,
    OverMax,
    /// JSON that was cut at our own limit.
    JsonCut,
    /// A page that was cut at our own limit before the part that is looked for.
    BodyCut,
    /// JSON with a syntax error.
    JsonBroken,
    /// A value whose path would search more than is allowed.
    ValueNotEvaluated,
    /// A page that was not checked against any probe's expectations.
    NothingExpected,
    /// A check of an address with a token that expires.
    TokenExpired,
    /// The page is the same as for a made-up address.
    AsForNoItem,
    /// The host's address has just been used for a comparison request.
    Cooldown,
    /// The page is the known record, and other words stand where its text was.
    OtherText,
    /// The page is the known one, and shows another list.
    OtherRows,
    /// The rows are there, and columns are gone.
    FewerColumns,
    /// A file is a fraction of what it was.
    SmallerFile,
    /// An older edition is in the place of the newest.
    OlderEdition,
    /// The rows are there, and most of them no longer lead on.
    FewerLinks,
    /// The page is the known record, and its text is gone.
    NoText,
    /// The page came without its content, which a script would fill in.
    FilledByScript,
}

impl Saying {
    /// Every saying, for tests of the tables.
    pub const ALL: &'static [Self] = &[
        Self::OfCode,
        Self::NotShown(Level::Home),
        Self::NotShown(Level::Search),
        Self::NotShown(Level::Abstract),
        Self::NotShown(Level::Fulltext),
        Self::NotShown(Level::Data),
        Self::NotShown(Level::Api),
        Self::LinkDiverted(Level::Fulltext),
        Self::LinkDiverted(Level::Data),
        Self::NotWithin {
            tenths_of_seconds: 305,
        },
        Self::FileUnreadable,
        Self::BodyNotKept,
        Self::NotEvaluated,
        Self::NothingTried,
        Self::WeakSignature,
        Self::OtherHost,
        Self::NoPermission,
        Self::NullData,
        Self::EmptyBody,
        Self::OverMax,
        Self::JsonCut,
        Self::BodyCut,
        Self::JsonBroken,
        Self::ValueNotEvaluated,
        Self::NothingExpected,
        Self::TokenExpired,
        Self::AsForNoItem,
        Self::Cooldown,
        Self::OtherText,
        Self::OtherRows,
        Self::FewerColumns,
        Self::SmallerFile,
        Self::OlderEdition,
        Self::FewerLinks,
        Self::NoText,
        Self::FilledByScript,
    ];

    /// Whether the sentence is that of the code.
    #[must_use]
    pub fn is_of_code(&self) -> bool {
        *self == Self::OfCode
    }

    /// Whether the rule alone determines this sentence, without data from the record.
    #[must_use]
    pub fn is_of_rule(&self) -> bool {
        !matches!(
            self,
            Self::NotShown(_)
                | Self::LinkDiverted(_)
                | Self::NotWithin { .. }
                | Self::OtherText
                | Self::OlderEdition
                | Self::FewerLinks
                | Self::NoText
        )
    }

    /// Whether the page itself is there for readers, whatever the code says: the way to the next
    /// level asks for something, or a part of the page is another one.
    #[must_use]
    pub fn leaves_the_page(&self) -> bool {
        matches!(
            self,
            Self::LinkDiverted(_) | Self::OtherText | Self::OtherRows | Self::NoText
        )
    }
}
