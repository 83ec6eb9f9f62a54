//! Documents, links and citations as rows: what an import writes.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Time;
use crate::model::document::{ImportCounts, ImportedCitation, ImportedDocument};
use crate::store::error::InnerError;
use crate::store::rows::{link_ignores, link_status};

/// The document of these bytes at another path, with that path.
pub(in crate::store) fn of_content(
    connection: &Connection,
    sha256: &[u8; 32],
    path: &str,
) -> Result<Vec<(i64, String)>, InnerError> {
    let sql = "SELECT id, path FROM documents WHERE sha256 = ?1 AND path <> ?2 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![sha256, path], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When the document of a path was imported last.
pub(in crate::store) fn imported_us(
    connection: &Connection,
    path: &str,
) -> Result<Option<i64>, InnerError> {
    let sql = "SELECT imported_us FROM documents WHERE path = ?1 AND removed_us IS NULL";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([path], |row| row.get(0)).optional()?)
}

/// Writes documents with what they cite. What they no longer cite is ended.
pub(in crate::store) fn import(
    connection: &Connection,
    documents: &[ImportedDocument],
    now: Time,
) -> Result<ImportCounts, InnerError> {
    let mut counts = ImportCounts::default();
    let mut links = HashSet::new();
    for document in documents {
        counts.documents += 1;
        let id = put_document(connection, document, now)?;
        let mut kept = HashSet::new();
        for citation in &document.citations {
            counts.citations += 1;
            let link = put_link(connection, citation, now)?;
            links.insert(link);
            let (citation, is_new) = put_citation(connection, id, link, citation)?;
            counts.new += u64::from(is_new);
            kept.insert(citation);
        }
        counts.ended += end_others(connection, id, &kept, now)?;
    }
    link_ignores::apply(connection)?;
    counts.links = links.len() as u64;
    Ok(counts)
}

fn put_document(
    connection: &Connection,
    document: &ImportedDocument,
    now: Time,
) -> Result<i64, InnerError> {
    let known = connection
        .prepare_cached("SELECT id FROM documents WHERE path = ?1")?
        .query_row([&document.path], |row| row.get::<_, i64>(0))
        .optional()?;
    let date = document.date.map(|date| date.to_string());
    let Some(id) = known.or(document.renamed_from) else {
        connection
            .prepare_cached(
                "INSERT INTO documents (path, title, group_name, date, watched, sha256, imported_us)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                document.path,
                document.title,
                document.group,
                date,
                document.is_watched,
                document.sha256,
                now.timestamp_micros()
            ])?;
        return Ok(connection.last_insert_rowid());
    };
    // What a person stated before is kept where this import states nothing.
    connection
        .prepare_cached(
            "UPDATE documents SET path = ?2, title = coalesce(?3, title),
                group_name = coalesce(?4, group_name), date = coalesce(?5, date),
                watched = max(watched, ?6), sha256 = ?7, imported_us = ?8,
                removed_us = NULL
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            document.path,
            document.title,
            document.group,
            date,
            document.is_watched,
            document.sha256,
            now.timestamp_micros()
        ])?;
    Ok(id)
}

fn put_link(
    connection: &Connection,
    citation: &ImportedCitation,
    now: Time,
) -> Result<i64, InnerError> {
    let id = connection
        .prepare_cached(
            "INSERT INTO links (identity, url, alternative, host, due_us)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (identity) DO UPDATE SET url = excluded.url,
                alternative = coalesce(excluded.alternative, alternative), host = excluded.host,
                due_us = coalesce(due_us, excluded.due_us)
             RETURNING id",
        )?
        .query_row(
            params![
                citation.identity,
                citation.url,
                citation.alternative,
                citation.host,
                now.timestamp_micros()
            ],
            |row| row.get(0),
        )?;
    Ok(id)
}

/// The citation's id, and whether it is new: it was not known, or it had ended.
fn put_citation(
    connection: &Connection,
    document: i64,
    link: i64,
    citation: &ImportedCitation,
) -> Result<(i64, bool), InnerError> {
    let known = connection
        .prepare_cached(
            "SELECT id, ended_us IS NOT NULL FROM citations
             WHERE document = ?1 AND place = ?2 AND link = ?3",
        )?
        .query_row(params![document, citation.place, link], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?))
        })
        .optional()?;
    let day = citation.cited_on.map(|(day, _)| day.to_string());
    let from = citation.cited_on.map(|(_, from)| from.to_string());
    if let Some((id, ended)) = known {
        connection
            .prepare_cached(
                "UPDATE citations SET url = ?2, fragment = ?3, title = ?4,
                    quote = coalesce(quote, ?5),
                    cited_on = CASE cited_on_from WHEN 'person' THEN cited_on ELSE ?6 END,
                    cited_on_from = CASE cited_on_from WHEN 'person' THEN 'person' ELSE ?7 END,
                    occurrences = ?8, ended_us = NULL
                 WHERE id = ?1",
            )?
            .execute(params![
                id,
                citation.url_as_cited,
                citation.fragment,
                citation.title,
                citation.quote,
                day,
                from,
                citation.occurrences
            ])?;
        return Ok((id, ended));
    }
    connection
        .prepare_cached(
            "INSERT INTO citations (document, link, place, url, fragment, title, quote, cited_on,
                cited_on_from, occurrences)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            document,
            link,
            citation.place,
            citation.url_as_cited,
            citation.fragment,
            citation.title,
            citation.quote,
            day,
            from,
            citation.occurrences
        ])?;
    Ok((connection.last_insert_rowid(), true))
}

/// Ends the citations of a document that are not among `kept`.
fn end_others(
    connection: &Connection,
    document: i64,
    kept: &HashSet<i64>,
    now: Time,
) -> Result<u64, InnerError> {
    let sql = "SELECT id, link FROM citations WHERE document = ?1 AND ended_us IS NULL";
    let ids: Vec<(i64, i64)> = connection
        .prepare_cached(sql)?
        .query_map([document], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut ended = 0;
    for (id, link) in ids.into_iter().filter(|(id, _)| !kept.contains(id)) {
        connection
            .prepare_cached("UPDATE citations SET ended_us = ?2 WHERE id = ?1")?
            .execute(params![id, now.timestamp_micros()])?;
        link_status::retire_uncited(connection, link)?;
        ended += 1;
    }
    Ok(ended)
}
