//! Links that a check found to be one: the citations of one go to the other, and its identity names
//! the other from then on.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Time;
use crate::model::joined_link::JoinedLink;
use crate::store::error::InnerError;
use crate::store::rows::{copies, link_ignores, link_status};

/// The link that another identity names.
pub(in crate::store) fn of_identity(
    connection: &Connection,
    identity: &str,
) -> Result<Option<i64>, InnerError> {
    let sql = "SELECT link FROM link_aliases WHERE identity = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([identity], |row| row.get(0))
        .optional()?)
}

/// Joins a link to the one that it is. Its history stays with it; what cites it now cites the
/// other. Where nothing cites the other address yet, only its name is noted, unless the link is a
/// copy: then the original is the link.
pub(in crate::store) fn join(
    connection: &Connection,
    joined: &JoinedLink,
) -> Result<(), InnerError> {
    let (from, now) = (joined.link.0, joined.at);
    let kept = match of_identity(connection, &joined.identity)? {
        Some(id) => Some(id),
        None => connection
            .prepare_cached("SELECT id FROM links WHERE identity = ?1")?
            .query_row([&joined.identity], |row| row.get(0))
            .optional()?,
    };
    let to: i64 = match kept {
        Some(id) => id,
        None if joined.copy.is_none() => {
            return put_alias(connection, &joined.identity, from);
        }
        None => connection
            .prepare_cached(
                "INSERT INTO links (identity, url, host, due_us) VALUES (?1, ?2, ?3, ?4)
                 RETURNING id",
            )?
            .query_row(
                params![
                    joined.identity,
                    joined.url,
                    joined.host,
                    now.timestamp_micros()
                ],
                |row| row.get(0),
            )?,
    };
    if to == from {
        return Ok(());
    }
    let own: String = connection
        .prepare_cached("SELECT identity FROM links WHERE id = ?1")?
        .query_row([from], |row| row.get(0))?;
    put_alias(connection, &own, to)?;
    connection
        .prepare_cached("UPDATE link_aliases SET link = ?2 WHERE link = ?1")?
        .execute([from, to])?;
    move_citations(connection, (from, to), now)?;
    if let Some(copy) = &joined.copy {
        copies::put_one(connection, to, copy, now)?;
        link_ignores::apply(connection)?;
    }
    Ok(())
}

fn put_alias(connection: &Connection, identity: &str, link: i64) -> Result<(), InnerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO link_aliases (identity, link) VALUES (?1, ?2)")?
        .execute(params![identity, link])?;
    Ok(())
}

fn move_citations(
    connection: &Connection,
    (from, to): (i64, i64),
    now: Time,
) -> Result<(), InnerError> {
    // Where a place cites both, it is one citation with a count.
    connection
        .prepare_cached(
            "UPDATE citations SET occurrences = citations.occurrences + o.occurrences
             FROM citations o
             WHERE citations.link = ?2 AND citations.ended_us IS NULL AND o.link = ?1
               AND o.ended_us IS NULL AND o.document = citations.document
               AND o.place = citations.place",
        )?
        .execute([from, to])?;
    // A place that cited the other address before cites it again.
    connection
        .prepare_cached(
            "UPDATE citations SET ended_us = NULL, occurrences = o.occurrences
             FROM citations o
             WHERE citations.link = ?2 AND citations.ended_us IS NOT NULL AND o.link = ?1
               AND o.ended_us IS NULL AND o.document = citations.document
               AND o.place = citations.place",
        )?
        .execute([from, to])?;
    keep_statements(connection, (from, to))?;
    // The counts of documents follow citations that end and begin, and none that moves.
    let us = now.timestamp_micros();
    let mut current = connection
        .prepare_cached("SELECT id FROM citations WHERE link = ?1 AND ended_us IS NULL")?;
    let current: Vec<i64> = current
        .query_map([from], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    connection
        .prepare_cached("UPDATE citations SET ended_us = ?2 WHERE link = ?1 AND ended_us IS NULL")?
        .execute([from, us])?;
    connection
        .prepare_cached("UPDATE OR IGNORE citations SET link = ?2 WHERE link = ?1")?
        .execute([from, to])?;
    let mut begin = connection
        .prepare_cached("UPDATE citations SET ended_us = NULL WHERE id = ?1 AND link = ?2")?;
    for id in current {
        begin.execute([id, to])?;
    }
    connection
        .prepare_cached(
            "UPDATE links SET due_us = coalesce(due_us, ?2) WHERE id = ?1 AND EXISTS
                (SELECT 1 FROM citations WHERE link = ?1 AND ended_us IS NULL)",
        )?
        .execute([to, us])?;
    link_status::retire_uncited(connection, from)?;
    Ok(())
}

/// What a person stated of a citation holds for the one that it becomes, unless a person stated
/// something else there.
fn keep_statements(connection: &Connection, (from, to): (i64, i64)) -> Result<(), InnerError> {
    for (what, by) in [("quote", "quote_from"), ("cited_on", "cited_on_from")] {
        let sql = format!(
            "UPDATE citations SET {what} = o.{what}, {by} = o.{by}
             FROM citations o
             WHERE citations.link = ?2 AND citations.{by} IS NOT 'person' AND o.link = ?1
               AND o.{by} = 'person' AND o.ended_us IS NULL
               AND o.document = citations.document AND o.place = citations.place"
        );
        connection.prepare_cached(&sql)?.execute([from, to])?;
    }
    Ok(())
}
