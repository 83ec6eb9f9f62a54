//! Copies of cited links: what is written of them, and what is read.

use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::copy::{CopyFilter, CopyRow, LinkToCopy, MadeLookup, NewCopy};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::evidence::NewEvidence;
use crate::store::rows::{archive_rests, copies, evidence};
use crate::store::write::writer::Durability;

impl Store {
    /// Keeps copies of a link, chooses the one that stands for it, and notes the look-up that found
    /// them.
    pub async fn put_copies(
        &self,
        link: i64,
        cited_on: Option<PartialDate>,
        found: Vec<NewCopy>,
        lookup: Option<MadeLookup>,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            copies::put(&session.connection, link, cited_on, &found, now)?;
            if let Some(lookup) = &lookup {
                copies::looked_up(&session.connection, link, lookup)?;
            }
            Ok(())
        })
        .await
    }

    /// Keeps a copy of our own, with where its records stand.
    pub async fn add_own_copy(
        &self,
        link: i64,
        cited_on: Option<PartialDate>,
        copy: NewCopy,
        evidence: NewEvidence,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            evidence::put(&session.connection, &evidence)?;
            copies::put(&session.connection, link, cited_on, &[copy], now)
        })
        .await
    }

    /// Links in the order of their ids, at most `limit`.
    pub async fn links_to_copy(
        &self,
        filter: CopyFilter,
        limit: u32,
    ) -> Result<Vec<LinkToCopy>, StoreError> {
        self.with_reader(move |r| r.read(|c| copies::to_copy(c, &filter, limit)))
            .await
    }

    /// The copies of a document's links, or of all links.
    pub async fn copies(&self, document: Option<i64>) -> Result<Vec<CopyRow>, StoreError> {
        self.with_reader(move |r| r.copies(document)).await
    }

    /// What a link's own copies are decided by, for each of these links.
    pub async fn links_by_id(&self, links: Vec<i64>) -> Result<Vec<LinkToCopy>, StoreError> {
        self.with_reader(move |r| r.read(|c| copies::by_id(c, &links)))
            .await
    }

    /// The archives that are left alone, and until when.
    pub async fn archive_rests(&self) -> Result<Vec<(String, Time)>, StoreError> {
        self.with_reader(|r| r.read(archive_rests::all)).await
    }

    /// Keeps until when archives are left alone, and forgets what is over.
    pub async fn save_archive_rests(
        &self,
        rests: Vec<(String, Time)>,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            archive_rests::save(&session.connection, &rests, now)
        })
        .await
    }

    /// The copies of a link, the oldest first.
    pub async fn copies_of_link(&self, link: i64) -> Result<Vec<CopyRow>, StoreError> {
        self.with_reader(move |r| r.read(|c| copies::of_link(c, link)))
            .await
    }
}

impl Reader {
    /// The copies of links with numbers above `after`, by link and time; of at most `most` links.
    pub fn copies_after(&self, after: i64, most: u64) -> Result<Vec<CopyRow>, StoreError> {
        self.read(|c| copies::list_after(c, after, most))
    }

    /// The copies of a document's links, or of all links, by link and time.
    pub fn copies(&self, document: Option<i64>) -> Result<Vec<CopyRow>, StoreError> {
        self.read(|c| copies::list(c, document))
    }
}
