//! What people change in documents and citations.

use rusqlite::{Connection, params};

use crate::model::Time;
use crate::model::document::DocumentEdit;
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::rows::link_status;
use crate::store::write::writer::Durability;

/// Two documents are proposed as one text when so many percent of the links of each are in the
/// other.
const SAME_PERCENT: i64 = 80;
/// Documents with fewer links are not compared.
const FEWEST_LINKS: i64 = 5;

impl Store {
    /// Changes what is stated of a document; returns whether there is one.
    pub async fn edit_document(&self, id: i64, edit: DocumentEdit) -> Result<bool, StoreError> {
        self.write(Durability::Now, move |session| {
            let connection = &session.connection;
            let changed = connection
                .prepare_cached(
                    "UPDATE documents SET title = coalesce(?2, title), date = coalesce(?3, date),
                        title_from = CASE WHEN ?2 IS NULL THEN title_from ELSE 'person' END,
                        date_from = CASE WHEN ?3 IS NULL THEN date_from ELSE 'person' END,
                        watched = coalesce(?4, watched), same_as = coalesce(?5, same_as)
                     WHERE id = ?1 AND removed_us IS NULL
                        AND (?5 IS NULL OR EXISTS (SELECT 1 FROM documents o
                             WHERE o.id = ?5 AND o.id <> ?1 AND o.same_as IS NULL
                               AND o.removed_us IS NULL))",
                )?
                .execute(params![
                    id,
                    edit.title,
                    edit.date.map(|date| date.to_string()),
                    edit.is_watched,
                    edit.same_as
                ])?;
            if changed == 1 {
                // The day of a citation that says none is its document's.
                connection
                    .prepare_cached(
                        "UPDATE citations SET cited_on = d.date, cited_on_from = 'document'
                         FROM documents d
                         WHERE citations.document = ?1 AND d.id = ?1 AND d.date IS NOT NULL
                           AND (cited_on_from IS NULL OR cited_on_from = 'document')",
                    )?
                    .execute([id])?;
            }
            Ok(changed == 1)
        })
        .await
    }

    /// Removes a document: its citations end, and links that nothing else cites are no longer
    /// checked. Returns the number of those links; `None` when there is no such document.
    pub async fn remove_document(&self, id: i64, now: Time) -> Result<Option<u64>, StoreError> {
        self.write(Durability::Now, move |session| {
            remove(&session.connection, id, now)
        })
        .await
    }

    /// Corrects the day of a citation and gives it a passage; returns whether there is one.
    pub async fn edit_citation(
        &self,
        id: i64,
        date: Option<String>,
        quote: Option<String>,
    ) -> Result<bool, StoreError> {
        self.write(Durability::Now, move |session| {
            let changed = session
                .connection
                .prepare_cached(
                    "UPDATE citations SET cited_on = coalesce(?2, cited_on),
                        cited_on_from = CASE WHEN ?2 IS NULL THEN cited_on_from ELSE 'person' END,
                        quote = coalesce(?3, quote),
                        quote_from = CASE WHEN ?3 IS NULL THEN quote_from ELSE 'person' END
                     WHERE id = ?1",
                )?
                .execute(params![id, date, quote])?;
            Ok(changed == 1)
        })
        .await
    }

    /// Documents whose links agree with those of this path's document, so that they may be one
    /// text: the id of the document at `path`, and those of the others with their paths.
    pub async fn similar_documents(
        &self,
        path: String,
    ) -> Result<Option<(i64, Vec<(i64, String)>)>, StoreError> {
        self.with_reader(move |r| r.read(|c| similar(c, &path)))
            .await
    }
}

pub(in crate::store) fn remove(
    connection: &Connection,
    id: i64,
    now: Time,
) -> Result<Option<u64>, InnerError> {
    let us = now.timestamp_micros();
    let removed = connection
        .prepare_cached(
            "UPDATE documents SET removed_us = ?2 WHERE id = ?1 AND removed_us IS NULL",
        )?
        .execute([id, us])?;
    if removed == 0 {
        return Ok(None);
    }
    let links: Vec<i64> = connection
        .prepare_cached(
            "SELECT DISTINCT link FROM citations WHERE document = ?1 AND ended_us IS NULL",
        )?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    connection
        .prepare_cached(
            "UPDATE citations SET ended_us = ?2 WHERE document = ?1 AND ended_us IS NULL",
        )?
        .execute([id, us])?;
    let mut retired = 0;
    for link in links {
        retired += link_status::retire_uncited(connection, link)? as u64;
    }
    Ok(Some(retired))
}

type Similar = Option<(i64, Vec<(i64, String)>)>;

fn similar(connection: &Connection, path: &str) -> Result<Similar, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.id, d.same_as, (SELECT count(DISTINCT link) FROM citations
             WHERE document = d.id AND ended_us IS NULL) FROM documents d WHERE d.path = ?1",
    )?;
    let mut rows = statement.query([path])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let (id, same_as, own): (i64, Option<i64>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    if own < FEWEST_LINKS || same_as.is_some() {
        return Ok(None);
    }
    let mut statement = connection.prepare_cached(
        "SELECT o.id, o.path FROM (
             SELECT c2.document AS id, count(DISTINCT c2.link) AS shared
             FROM citations c1 JOIN citations c2 ON c2.link = c1.link AND c2.document <> ?1
             WHERE c1.document = ?1 AND c1.ended_us IS NULL AND c2.ended_us IS NULL
             GROUP BY c2.document) s JOIN documents o ON o.id = s.id
         WHERE s.shared * 100 >= ?2 * ?3 AND o.same_as IS NULL
           AND s.shared * 100 >= ?3 * (SELECT count(DISTINCT link) FROM citations
                 WHERE document = o.id AND ended_us IS NULL)
         ORDER BY o.id LIMIT 5",
    )?;
    let found = statement.query_map(params![id, own, SAME_PERCENT], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(Some((id, found.collect::<Result<_, _>>()?)))
}
