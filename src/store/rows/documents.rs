//! Documents, links and citations as rows: what an import writes.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Time;
use crate::model::citation::{CitedOnSource, PartialDate};
use crate::model::document::{ImportCounts, ImportedCitation, ImportedDocument};
use crate::store::error::InnerError;
use crate::store::rows::{copies, joined_links, link_ignores, link_status};

/// What a person stated holds until a person states something else; else what the document has now
/// holds. Where nobody knows who stated it, it is replaced by what is found, and never erased.
const SET_STATED: &str = "UPDATE documents SET
        title = CASE WHEN ?3 IS NOT NULL THEN ?3 WHEN title_from = 'person' THEN title
            WHEN title_from IS NULL THEN coalesce(?2, title) ELSE ?2 END,
        title_from = CASE WHEN ?3 IS NOT NULL OR title_from = 'person' THEN 'person'
            WHEN title_from IS NULL AND ?2 IS NULL THEN NULL ELSE 'document' END,
        date = CASE WHEN ?5 IS NOT NULL THEN ?5 WHEN date_from = 'person' THEN date
            WHEN date_from IS NULL THEN coalesce(?4, date) ELSE ?4 END,
        date_from = CASE WHEN ?5 IS NOT NULL OR date_from = 'person' THEN 'person'
            WHEN date_from IS NULL AND ?4 IS NULL THEN NULL ELSE 'document' END
    WHERE id = ?1 RETURNING date";

/// As [`SET_STATED`]: the passage of a citation, and the day that its document does not give.
const UPDATE_CITATION: &str = "UPDATE citations SET url = ?2, fragment = ?3, title = ?4,
        quote = CASE WHEN quote_from = 'person' THEN quote
            WHEN quote_from IS NULL THEN coalesce(?5, quote) ELSE ?5 END,
        quote_from = CASE WHEN quote_from = 'person' THEN 'person'
            WHEN quote_from IS NULL AND ?5 IS NULL THEN NULL ELSE 'document' END,
        cited_on = CASE cited_on_from WHEN 'person' THEN cited_on ELSE ?6 END,
        cited_on_from = CASE cited_on_from WHEN 'person' THEN 'person' ELSE ?7 END,
        occurrences = ?8, ended_us = NULL
    WHERE id = ?1";

/// A person's statement on a citation that is at another place of its document now.
const CARRY_OVER: &str = "UPDATE citations SET
        quote = CASE WHEN old.quote_from = 'person' THEN old.quote ELSE citations.quote END,
        quote_from = CASE WHEN old.quote_from = 'person' THEN 'person'
            ELSE citations.quote_from END,
        cited_on = CASE WHEN old.cited_on_from = 'person' THEN old.cited_on
            ELSE citations.cited_on END,
        cited_on_from = CASE WHEN old.cited_on_from = 'person' THEN 'person'
            ELSE citations.cited_on_from END
    FROM citations old
    WHERE old.id = ?1 AND (old.quote_from = 'person' OR old.cited_on_from = 'person')
      AND citations.id = (SELECT id FROM citations c
            WHERE c.document = old.document AND c.link = old.link AND c.id > ?2
              AND c.ended_us IS NULL AND c.quote_from IS NOT 'person'
              AND c.cited_on_from IS NOT 'person' ORDER BY c.id LIMIT 1)";

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
        let (id, date) = put_document(connection, document, now)?;
        let newest = newest_citation(connection)?;
        let mut kept = HashSet::new();
        for citation in &document.citations {
            counts.citations += 1;
            let link = put_link(connection, citation, now)?;
            links.insert(link);
            if let Some(copy) = &citation.copy {
                copies::put_one(connection, link, copy, now)?;
            }
            let known = known_citation(connection, (id, &citation.place, link))?;
            if let Some((known, _)) = known.filter(|(known, _)| kept.contains(known)) {
                // Another address of the same link at the same place.
                add_occurrences(connection, known, citation.occurrences)?;
                continue;
            }
            let place = (id, link, known);
            let (citation, is_new) = put_citation(connection, place, citation, date.as_deref())?;
            counts.new += u64::from(is_new);
            kept.insert(citation);
        }
        counts.ended += end_others(connection, id, (&kept, newest), now)?;
    }
    link_ignores::apply(connection)?;
    counts.links = links.len() as u64;
    Ok(counts)
}

/// The document's id, and its date after this import.
fn put_document(
    connection: &Connection,
    document: &ImportedDocument,
    now: Time,
) -> Result<(i64, Option<String>), InnerError> {
    let known = connection
        .prepare_cached("SELECT id FROM documents WHERE path = ?1")?
        .query_row([&document.path], |row| row.get::<_, i64>(0))
        .optional()?;
    let id = match known.or(document.renamed_from) {
        Some(id) => id,
        None => connection
            .prepare_cached(
                "INSERT INTO documents (path, watched, sha256, imported_us)
                 VALUES (?1, 0, ?2, ?3) RETURNING id",
            )?
            .query_row(
                params![document.path, document.sha256, now.timestamp_micros()],
                |row| row.get(0),
            )?,
    };
    connection
        .prepare_cached(
            "UPDATE documents SET path = ?2, group_name = coalesce(?3, group_name),
                watched = max(watched, ?4), sha256 = ?5, imported_us = ?6, removed_us = NULL
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            document.path,
            document.group,
            document.is_watched,
            document.sha256,
            now.timestamp_micros()
        ])?;
    let found = |date: Option<PartialDate>| date.map(|date| date.to_string());
    let date = connection.prepare_cached(SET_STATED)?.query_row(
        params![
            id,
            document.title,
            document.stated_title,
            found(document.date),
            found(document.stated_date)
        ],
        |row| row.get(0),
    )?;
    Ok((id, date))
}

fn put_link(
    connection: &Connection,
    citation: &ImportedCitation,
    now: Time,
) -> Result<i64, InnerError> {
    if let Some(id) = joined_links::of_identity(connection, &citation.identity)? {
        connection
            .prepare_cached("UPDATE links SET due_us = coalesce(due_us, ?2) WHERE id = ?1")?
            .execute([id, now.timestamp_micros()])?;
        return Ok(id);
    }
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

/// The citation of a link at a place of a document, and whether it has ended.
fn known_citation(
    connection: &Connection,
    (document, place, link): (i64, &str, i64),
) -> Result<Option<(i64, bool)>, InnerError> {
    let sql = "SELECT id, ended_us IS NOT NULL FROM citations
         WHERE document = ?1 AND place = ?2 AND link = ?3";
    let known = connection
        .prepare_cached(sql)?
        .query_row(params![document, place, link], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(known)
}

fn add_occurrences(connection: &Connection, id: i64, more: u32) -> Result<(), InnerError> {
    connection
        .prepare_cached("UPDATE citations SET occurrences = occurrences + ?2 WHERE id = ?1")?
        .execute(params![id, more])?;
    Ok(())
}

/// The citation's id, and whether it is new: it was not known, or it had ended. `date` is its
/// document's.
fn put_citation(
    connection: &Connection,
    (document, link, known): (i64, i64, Option<(i64, bool)>),
    citation: &ImportedCitation,
    date: Option<&str>,
) -> Result<(i64, bool), InnerError> {
    let (day, from) = match citation.cited_on {
        Some((day, from)) => (Some(day.to_string()), Some(from)),
        None => (
            date.map(str::to_owned),
            date.map(|_| CitedOnSource::Document),
        ),
    };
    let from = from.map(|from| from.to_string());
    if let Some((id, ended)) = known {
        connection
            .prepare_cached(UPDATE_CITATION)?
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
                cited_on_from, occurrences, quote_from)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                CASE WHEN ?7 IS NULL THEN NULL ELSE 'document' END)",
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

fn newest_citation(connection: &Connection) -> Result<i64, InnerError> {
    let sql = "SELECT coalesce(max(id), 0) FROM citations";
    let newest = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0));
    Ok(newest?)
}

/// Ends the citations of a document that are not among `kept`. What a person stated of one goes on
/// to the citation of the same link that this import adds at another place: one newer than
/// `newest`.
fn end_others(
    connection: &Connection,
    document: i64,
    (kept, newest): (&HashSet<i64>, i64),
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
        connection
            .prepare_cached(CARRY_OVER)?
            .execute([id, newest])?;
        link_status::retire_uncited(connection, link)?;
        ended += 1;
    }
    Ok(ended)
}
