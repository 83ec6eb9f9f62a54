//! Documents and their links as pages and the API read them: a page of rows at a time, however many
//! there are.

use crate::judge::drift::LinkReference;
use crate::model::Time;
use crate::model::document::{CitationRow, DocumentRow, LinkFilter, LinkRow};
use crate::model::link::{LinkId, LinkState};
use crate::model::link_status::{CheckFact, StoredLinkEvent};
use crate::store::error::StoreError;
use crate::store::read::reader::Reader;
use crate::store::rows::link_ignores::IgnoreEntry;
use crate::store::rows::{
    cited_links, cited_lists, link_events, link_ignores, link_references, link_status,
};
use crate::text::page_text::PageContent;

/// Part of a list: how many rows come before it, and how many rows it has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPart {
    pub skip: u64,
    pub most: u64,
}

/// Events and citations of a link that are shown; of the citations one more is read.
const SHOWN: u32 = 100;

/// What the store knows of one link.
#[derive(Debug, Clone)]
pub struct LinkDetail {
    pub link: LinkRow,
    pub citations: Vec<CitationRow>,
    /// Oldest events last.
    pub events: Vec<StoredLinkEvent>,
    /// Newest first.
    pub checks: Vec<CheckFact>,
    /// The page that it is compared with.
    pub reference: Option<LinkReference>,
    /// The newest page that differed from it, and when.
    pub differing: Option<(PageContent, Time)>,
    /// The entry by which it is ignored.
    pub ignored_by: Option<IgnoreEntry>,
}

impl Reader {
    /// The newest check of a link after `after` and before `before` that found it well.
    pub fn last_well_check(
        &self,
        link: LinkId,
        after: Time,
        before: Time,
    ) -> Result<Option<Time>, StoreError> {
        self.read(|c| link_status::last_well(c, link, after, before))
    }

    /// Whether any document is imported.
    pub fn has_documents(&self) -> Result<bool, StoreError> {
        self.read(cited_lists::has_documents)
    }

    /// How many documents there are.
    pub fn document_count(&self) -> Result<u64, StoreError> {
        self.read(cited_lists::document_count)
    }

    /// Documents with the counts of their links, by path.
    pub fn document_part(&self, part: ListPart) -> Result<Vec<DocumentRow>, StoreError> {
        self.read(|c| cited_lists::document_part(c, part.skip, part.most))
    }

    /// Documents whose numbers are above `after`, by number, at most `most`.
    pub fn documents_after(&self, after: i64, most: u64) -> Result<Vec<DocumentRow>, StoreError> {
        self.read(|c| cited_lists::documents_after(c, after, most))
    }

    /// One document.
    pub fn document(&self, id: i64) -> Result<Option<DocumentRow>, StoreError> {
        self.read(|c| cited_lists::document(c, id))
    }

    /// The citations of a document with their links, worst state first.
    pub fn document_citations(
        &self,
        document: i64,
        part: ListPart,
    ) -> Result<Vec<(CitationRow, LinkRow)>, StoreError> {
        self.read(|c| cited_lists::document_citations(c, document, part.skip, part.most))
    }

    /// The watched links that a filter names, by state, worst first; states without any are left
    /// out.
    pub fn link_counts(&self, filter: &LinkFilter) -> Result<Vec<(LinkState, u64)>, StoreError> {
        self.read(|c| cited_lists::link_counts(c, filter))
    }

    /// The watched links that a filter names, worst state first. `counts` are those of the filter.
    pub fn link_part(
        &self,
        filter: &LinkFilter,
        counts: &[(LinkState, u64)],
        part: ListPart,
    ) -> Result<Vec<LinkRow>, StoreError> {
        self.read(|c| cited_lists::link_part(c, filter, counts, (part.skip, part.most)))
    }

    /// Links with numbers above `after` that a filter names, by number, at most `most`; ignored
    /// ones too.
    pub fn links_after(
        &self,
        filter: &LinkFilter,
        after: i64,
        most: u64,
    ) -> Result<Vec<LinkRow>, StoreError> {
        self.read(|c| cited_lists::links_after(c, filter, after, most))
    }

    /// Citations with numbers above `after`, and their links, by number, at most `most`.
    pub fn citations_after(
        &self,
        filter: &LinkFilter,
        after: i64,
        most: u64,
    ) -> Result<Vec<(CitationRow, LinkRow)>, StoreError> {
        self.read(|c| cited_lists::citations_after(c, filter, after, most))
    }

    /// One link with its citations and its history.
    pub fn link_detail(&self, id: i64) -> Result<Option<LinkDetail>, StoreError> {
        self.read(|c| {
            let Some((link, citations)) = cited_links::link(c, (Some(id), None), SHOWN + 1)? else {
                return Ok(None);
            };
            Ok(Some(LinkDetail {
                events: link_events::of_link(c, LinkId(id), SHOWN)?,
                checks: link_status::checks(c, LinkId(id), cited_lists::SHOWN_CHECKS)?,
                reference: link_references::reference(c, id)?,
                differing: link_references::other(c, id)?,
                ignored_by: link_ignores::concerning(c, LinkId(id))?,
                link,
                citations,
            }))
        })
    }
}
