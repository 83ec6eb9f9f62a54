//! Jobs of saving links: each change is on disk before the archive is asked, and before anything is
//! reported.

use crate::model::Time;
use crate::model::copy::{NewCopy, SaveTarget};
use crate::model::save_job::SaveJob;
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::rows::{copies, save_jobs};
use crate::store::write::writer::Durability;

impl Store {
    /// Adds a job for each link of a document, or of all documents, that can be saved and neither
    /// is saved there nor has a job. Returns the number of new jobs.
    pub async fn add_save_jobs(
        &self,
        target: SaveTarget,
        document: Option<i64>,
        now: Time,
    ) -> Result<u64, StoreError> {
        self.write(Durability::Now, move |session| {
            save_jobs::add(&session.connection, target, document, now)
        })
        .await
    }

    /// The jobs that are due, in the order in which links are saved: links of watched documents
    /// first, then links on hosts that lost links, links without a copy, and the oldest.
    pub async fn due_save_jobs(
        &self,
        target: SaveTarget,
        now: Time,
        limit: u32,
    ) -> Result<Vec<SaveJob>, StoreError> {
        self.with_reader(move |r| r.read(|c| save_jobs::due(c, target, now, limit)))
            .await
    }

    /// When the next job of a target is due, and how many jobs are open.
    pub async fn next_save(&self, target: SaveTarget) -> Result<Option<(Time, u64)>, StoreError> {
        self.with_reader(move |r| r.read(|c| save_jobs::next(c, target)))
            .await
    }

    /// Writes how far a job is, with the copy that it made.
    pub async fn update_save_job(
        &self,
        job: SaveJob,
        copy: Option<NewCopy>,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            save_jobs::update(&session.connection, &job)?;
            if let Some(copy) = copy {
                copies::put(&session.connection, job.link, job.cited_on, &[copy], now)?;
            }
            Ok(())
        })
        .await
    }

    /// No job of a target is sent before `until`; jobs that the archive works on continue.
    pub async fn put_off_saves(
        &self,
        target: SaveTarget,
        until: Time,
        reason: String,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            save_jobs::put_off(&session.connection, target, until, &reason)
        })
        .await
    }
}
