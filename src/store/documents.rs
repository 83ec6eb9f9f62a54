//! Documents whose links are watched: what is written of them, and what is read.

use crate::model::Time;
use crate::model::document::{
    CitationRow, DocumentRow, ImportCounts, ImportedDocument, LinkFilter, LinkRow,
};
use crate::model::time::from_micros;
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::link_lives::{self, LinkLife};
use crate::store::rows::{cited_links, documents, link_status};
use crate::store::write::insert::WriteSession;
use crate::store::write::writer::Durability;

impl Reader {
    /// How many links are watched.
    pub fn watched_link_count(&self) -> Result<u64, StoreError> {
        self.read(link_status::count)
    }

    /// Passes all links to `each`, by id, until it returns false.
    pub fn visit_links(&self, mut each: impl FnMut(LinkRow) -> bool) -> Result<(), StoreError> {
        self.read(|c| cited_links::visit(c, &mut each))
    }

    /// Passes the lives of all links to `each`, by id, until it returns false.
    pub fn visit_link_lives(
        &self,
        mut each: impl FnMut(LinkLife) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| link_lives::visit(c, &mut each))
    }

    /// Passes all citations with their links to `each`, by id, until it returns false.
    pub fn visit_citations(
        &self,
        mut each: impl FnMut(CitationRow, LinkRow) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| cited_links::visit_citations(c, &mut each))
    }

    /// Passes all documents with the counts of their links to `each`, by path, until it returns
    /// false.
    pub fn visit_documents(
        &self,
        mut each: impl FnMut(&DocumentRow) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| cited_links::visit_documents(c, "ORDER BY path", &[], &mut each))
    }

    /// All documents with the counts of their links, by path.
    pub fn documents(&self) -> Result<Vec<DocumentRow>, StoreError> {
        self.read(cited_links::documents)
    }
}

impl Store {
    /// Writes documents with what they cite, in one transaction. `is_trial`: nothing is written,
    /// and the counts say what would change.
    pub async fn import_documents(
        &self,
        imported: Vec<ImportedDocument>,
        now: Time,
        is_trial: bool,
    ) -> Result<ImportCounts, StoreError> {
        if is_trial {
            return self
                .write(Durability::Now, move |session| {
                    let connection = &session.connection;
                    connection.execute_batch("SAVEPOINT import")?;
                    let counts = documents::import(connection, &imported, now);
                    connection.execute_batch("ROLLBACK TO import; RELEASE import")?;
                    counts
                })
                .await;
        }
        // Without a savepoint: within one, each statement with a trigger costs as much as the pages
        // that changed before it.
        let import = move |session: &mut WriteSession| {
            documents::import(&session.connection, &imported, now)
        };
        self.writer()?
            .write_repeatably(Durability::Now, import)
            .await
    }

    /// The ids and paths of the documents with these bytes, except the one at `path`.
    pub async fn documents_of_content(
        &self,
        sha256: [u8; 32],
        path: &str,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let path = path.to_owned();
        self.with_reader(move |r| r.read(|c| documents::of_content(c, &sha256, &path)))
            .await
    }

    /// When the document of this path was imported last.
    pub async fn document_imported_at(&self, path: String) -> Result<Option<Time>, StoreError> {
        let us = self.with_reader(move |r| r.read(|c| documents::imported_us(c, &path)));
        Ok(us.await?.map(from_micros))
    }

    /// All documents with the counts of their links.
    pub async fn documents(&self) -> Result<Vec<DocumentRow>, StoreError> {
        self.with_reader(|r| r.read(cited_links::documents)).await
    }

    /// The links that a filter names.
    pub async fn links(&self, filter: LinkFilter) -> Result<Vec<LinkRow>, StoreError> {
        self.with_reader(move |r| r.read(|c| cited_links::links(c, &filter)))
            .await
    }

    /// The link of an id or an identity, with its citations.
    pub async fn link(
        &self,
        id: Option<i64>,
        identity: Option<String>,
    ) -> Result<Option<(LinkRow, Vec<CitationRow>)>, StoreError> {
        self.with_reader(move |r| {
            r.read(|c| cited_links::link(c, (id, identity.as_deref()), u32::MAX))
        })
        .await
    }
}
