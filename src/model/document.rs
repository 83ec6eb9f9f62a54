//! Documents whose links are watched, as an import reads them and as the store lists them.

use super::citation::{CitedOnSource, PartialDate};
use super::copy::NewCopy;
use super::link::LinkState;
use super::time::Time;

/// A document as an import reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDocument {
    /// The canonical path.
    pub path: String,
    /// The document that had the same bytes at a path that is no longer there.
    pub renamed_from: Option<i64>,
    /// As the document has them.
    pub title: Option<String>,
    pub date: Option<PartialDate>,
    /// What the person who imports it states. It holds instead of what the document has, from this
    /// import on.
    pub stated_title: Option<String>,
    pub stated_date: Option<PartialDate>,
    pub group: Option<String>,
    pub is_watched: bool,
    /// Of its bytes.
    pub sha256: [u8; 32],
    pub citations: Vec<ImportedCitation>,
}

/// A citation as an import reads it, with the link that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCitation {
    pub identity: String,
    /// The address to fetch.
    pub url: String,
    pub host: String,
    /// Another reading of the address.
    pub alternative: Option<String>,
    pub place: String,
    /// Without credentials.
    pub url_as_cited: String,
    pub fragment: Option<String>,
    pub title: Option<String>,
    pub quote: Option<String>,
    /// Of its entry or of the text next to it; `None`: the day of its document holds.
    pub cited_on: Option<(PartialDate, CitedOnSource)>,
    pub occurrences: u32,
    /// The copy of the link that is cited: an archive's address with a time.
    pub copy: Option<NewCopy>,
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    pub documents: u64,
    pub citations: u64,
    /// Distinct links of the imported documents.
    pub links: u64,
    /// Citations that were not known.
    pub new: u64,
    /// Citations that are no longer in their documents.
    pub ended: u64,
}

/// What a person changes of a document; `None` leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentEdit {
    pub title: Option<String>,
    pub date: Option<PartialDate>,
    pub is_watched: Option<bool>,
    /// It is a second file of this document's text.
    pub same_as: Option<i64>,
}

/// A document as it is listed, with its links by state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    pub id: i64,
    pub title: Option<String>,
    pub path: String,
    pub group: Option<String>,
    pub date: Option<String>,
    pub is_watched: bool,
    pub citations: u32,
    pub links: u32,
    /// In the order of [`LinkState`].
    pub states: Vec<(LinkState, u32)>,
}

/// A link as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    pub id: i64,
    pub url: String,
    pub identity: String,
    pub state: LinkState,
    pub code: Option<String>,
    pub since: Option<Time>,
    pub last_ok: Option<Time>,
    pub last_checked: Option<Time>,
    pub first_gone: Option<Time>,
    pub moved_to: Option<String>,
    /// A state that is seen and not confirmed yet.
    pub suspected: Option<LinkState>,
    /// The other address to which it leads, moved or not.
    pub leads_to: Option<String>,
    /// Of the page as last served.
    pub title: Option<String>,
    pub remarks: Vec<String>,
    /// `vantage=code` of the newest observation of each vantage.
    pub vantages: Vec<String>,
    pub is_ignored: bool,
    /// The address of the chosen copy, when it was captured, and how good it is. An own copy has no
    /// address.
    pub archive_url: Option<String>,
    pub archive_time: Option<Time>,
    pub archive_judged: Option<String>,
    pub citations: u32,
    pub documents: u32,
}

impl LinkRow {
    /// The address to which a link leads that did not move there: that of a shortener, or a
    /// redirect that may not last.
    #[must_use]
    pub fn target_noted(&self) -> Option<&str> {
        self.leads_to.as_deref().filter(|_| self.moved_to.is_none())
    }

    /// What to cite instead: the new address of a moved link, or the copy of a lost one.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match self.state {
            LinkState::Moved => self.moved_to.as_deref(),
            LinkState::Gone | LinkState::Blocked | LinkState::Drifted => {
                self.archive_url.as_deref()
            }
            _ => None,
        }
    }
}

/// A citation as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationRow {
    pub id: i64,
    pub document: i64,
    pub path: String,
    pub place: String,
    pub url_as_cited: String,
    pub title: Option<String>,
    pub quote: Option<String>,
    pub cited_on: Option<String>,
    pub cited_on_from: Option<String>,
    pub occurrences: u32,
    pub ended: Option<Time>,
}

/// Which links are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkFilter {
    pub document: Option<i64>,
    pub state: Option<LinkState>,
    pub host: Option<String>,
}
