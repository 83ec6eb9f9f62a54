//! How a document is repaired, and the result.

use crate::model::link::LinkState;
use crate::model::repair::{CopyStyle, RepairFacts, RepairRow};
use crate::model::settings::Language;

/// What is known about a link as it is written in a document.
pub type RepairLookup<'a> = &'a dyn Fn(&str) -> Option<RepairFacts>;

/// Where a repaired link of HTML leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum HrefTarget {
    #[default]
    Original,
    Copy,
}

/// How a document is repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairOptions {
    /// Links in these states are repaired.
    pub states: Vec<LinkState>,
    /// How a copy is named; `None` follows the citation.
    pub style: Option<CopyStyle>,
    /// The language of what is added; `None` follows the citation.
    pub language: Option<Language>,
    pub href: HrefTarget,
}

impl Default for RepairOptions {
    fn default() -> Self {
        Self {
            states: vec![
                LinkState::Gone,
                LinkState::Blocked,
                LinkState::Drifted,
                LinkState::Moved,
            ],
            style: None,
            language: None,
            href: HrefTarget::Original,
        }
    }
}

/// A document after its repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedDocument {
    /// The new bytes; `None` when nothing of the document changes.
    pub bytes: Option<Vec<u8>>,
    /// Documents of its format, and this one, can be changed.
    pub is_writable: bool,
    /// A row for each link in one of the states.
    pub rows: Vec<RepairRow>,
}
