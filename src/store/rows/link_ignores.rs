//! Which links are not checked, counted and mailed.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Time;
use crate::model::link::LinkId;
use crate::store::error::InnerError;

/// What is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignore {
    /// One link, by its id: `L12`.
    Link(String),
    Host(String),
    /// Addresses that match a glob.
    Url(String),
}

impl Ignore {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Link(id) => ("link", id),
            Self::Host(host) => ("host", host),
            Self::Url(glob) => ("url", glob),
        }
    }
}

/// What is ignored, and why, where somebody said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreEntry {
    pub ignore: Ignore,
    pub why: Option<String>,
}

/// Whether entry `i` concerns a row of `links`.
const CONCERNS: &str = "((i.kind = 'link' AND i.pattern = 'L' || links.id)
    OR (i.kind = 'host' AND i.pattern = links.host)
    OR (i.kind = 'url' AND links.url GLOB i.pattern))";

/// Adds an entry; returns how many links it newly concerns.
pub(in crate::store) fn put(
    connection: &Connection,
    ignore: &Ignore,
    why: Option<&str>,
    now: Time,
) -> Result<usize, InnerError> {
    let (kind, pattern) = ignore.parts();
    connection
        .prepare_cached(
            "INSERT INTO link_ignores (kind, pattern, why, at_us) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET why = excluded.why, at_us = excluded.at_us",
        )?
        .execute(params![kind, pattern, why, now.timestamp_micros()])?;
    apply(connection)
}

/// Removes an entry; returns whether there was one, and how many links are checked again.
pub(in crate::store) fn remove(
    connection: &Connection,
    ignore: &Ignore,
) -> Result<(bool, usize), InnerError> {
    let (kind, pattern) = ignore.parts();
    let removed = connection
        .prepare_cached("DELETE FROM link_ignores WHERE kind = ?1 AND pattern = ?2")?
        .execute([kind, pattern])?;
    Ok((removed > 0, apply(connection)?))
}

/// The entry by which a link is ignored: its own before those of its host and of addresses.
pub(in crate::store) fn concerning(
    connection: &Connection,
    link: LinkId,
) -> Result<Option<IgnoreEntry>, InnerError> {
    let sql = format!(
        "SELECT i.kind, i.pattern, i.why FROM link_ignores i JOIN links ON {CONCERNS}
         WHERE links.id = ?1 ORDER BY i.kind <> 'link', i.kind, i.pattern LIMIT 1"
    );
    let found = connection
        .prepare_cached(&sql)?
        .query_row([link.0], |row| {
            let (kind, pattern): (String, String) = (row.get(0)?, row.get(1)?);
            let ignore = match kind.as_str() {
                "link" => Ignore::Link(pattern),
                "host" => Ignore::Host(pattern),
                _ => Ignore::Url(pattern),
            };
            let why = row.get(2)?;
            Ok(IgnoreEntry { ignore, why })
        })
        .optional()?;
    Ok(found)
}

/// Marks the links that the entries concern, and no others; returns how many marks changed.
pub(in crate::store) fn apply(connection: &Connection) -> Result<usize, InnerError> {
    let any: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM link_ignores)
                 OR EXISTS (SELECT 1 FROM links WHERE ignored = 1)",
        )?
        .query_row([], |row| row.get(0))?;
    if !any {
        return Ok(0);
    }
    let concerned = format!("EXISTS (SELECT 1 FROM link_ignores i WHERE {CONCERNS})");
    let sql = format!("UPDATE links SET ignored = {concerned} WHERE ignored <> {concerned}");
    Ok(connection.prepare_cached(&sql)?.execute([])?)
}
