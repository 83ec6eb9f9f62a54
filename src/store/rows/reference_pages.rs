//! Pages of a host that suspicious pages are compared with, as last fetched.

use rusqlite::{OptionalExtension as _, params};

use crate::model::VantageId;
use crate::model::reference::{Reference, ReferenceKind};
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::write::writer::Durability;

impl Store {
    /// The page of this kind that `origin` served to a vantage. An unreadable page counts as
    /// missing and is fetched again.
    pub async fn reference_page(
        &self,
        vantage: &VantageId,
        origin: &str,
        kind: ReferenceKind,
    ) -> Result<Option<Reference>, StoreError> {
        let (vantage, origin) = (vantage.clone(), origin.to_owned());
        self.with_reader(move |reader| {
            reader.read(|c| {
                let detail: Option<String> = c
                    .prepare_cached(
                        "SELECT detail FROM reference_pages WHERE vantage = ?1 AND origin = ?2 AND kind = ?3",
                    )?
                    .query_row(params![vantage.as_str(), origin, kind.as_str()], |row| row.get(0))
                    .optional()?;
                Ok(detail.and_then(|detail| serde_json::from_str(&detail).ok()))
            })
        })
        .await
    }

    /// Replaces the stored page.
    pub async fn put_reference_page(
        &self,
        vantage: &VantageId,
        origin: &str,
        page: &Reference,
    ) -> Result<(), StoreError> {
        let (vantage, origin, page) = (vantage.clone(), origin.to_owned(), page.clone());
        self.write(Durability::Now, move |session| {
            session
                .connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO reference_pages (vantage, origin, kind, at_us, detail)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    vantage.as_str(),
                    origin,
                    page.kind.as_str(),
                    page.at_us,
                    serde_json::to_string(&page)?
                ])?;
            Ok(())
        })
        .await
    }
}
