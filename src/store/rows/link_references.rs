//! The page of a link as it was cited, and the newest page that differs from it.

use std::str::FromStr as _;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::judge::drift::{LinkReference, ReferenceSource};
use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::write::codec::{pack, unpack};
use crate::text::page_text::PageContent;

fn packed(text: &PageContent) -> Result<Vec<u8>, InnerError> {
    Ok(pack(&serde_json::to_vec(text)?)?)
}

fn unpacked(bytes: &[u8]) -> Result<PageContent, InnerError> {
    Ok(serde_json::from_slice(&unpack(bytes)?)?)
}

/// The reference of a link.
pub(in crate::store) fn reference(
    connection: &Connection,
    link: i64,
) -> Result<Option<LinkReference>, InnerError> {
    let found = connection
        .prepare_cached(
            "SELECT source, at_us, url, text, living FROM link_references WHERE link = ?1",
        )?
        .query_row([link], |row| {
            let row = Cells::new(row);
            let source: String = row.get("source")?;
            let text: Vec<u8> = row.get("text")?;
            let at: i64 = row.get("at_us")?;
            Ok((source, at, row.get("url")?, text, row.get("living")?))
        })
        .optional()?;
    let Some((source, at, url, text, is_living)) = found else {
        return Ok(None);
    };
    Ok(Some(LinkReference {
        source: ReferenceSource::from_str(&source)
            .map_err(|_| InnerError::Unreadable(format!("`{source}` is no source")))?,
        at: from_micros(at),
        url,
        text: unpacked(&text)?,
        is_living,
    }))
}

/// The newest page of a link that differs from its reference, and when it was seen.
pub(in crate::store) fn other(
    connection: &Connection,
    link: i64,
) -> Result<Option<(PageContent, Time)>, InnerError> {
    let found: Option<(Vec<u8>, i64)> = connection
        .prepare_cached(
            "SELECT other, other_us FROM link_references
             WHERE link = ?1 AND other IS NOT NULL AND other_us IS NOT NULL",
        )?
        .query_row([link], |row| {
            let row = Cells::new(row);
            Ok((row.get("other")?, row.get("other_us")?))
        })
        .optional()?;
    found
        .map(|(text, at)| Ok((unpacked(&text)?, from_micros(at))))
        .transpose()
}

/// Puts a reference in place, unless the one that is there is better; whether it was put.
pub(in crate::store) fn put(
    connection: &Connection,
    link: i64,
    new: &LinkReference,
) -> Result<bool, InnerError> {
    let old = reference(connection, link)?;
    if !new.replaces(old.as_ref()) {
        return Ok(false);
    }
    // That a page changes by itself stays true of it.
    let is_living = new.is_living.or(old.and_then(|old| old.is_living));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO link_references (link, source, at_us, url, text, living)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            link,
            new.source.to_string(),
            new.at.timestamp_micros(),
            new.url,
            packed(&new.text)?,
            is_living
        ])?;
    Ok(true)
}

/// Notes whether the page changes by itself.
pub(in crate::store) fn set_living(
    connection: &Connection,
    link: i64,
    is_living: bool,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("UPDATE link_references SET living = ?2 WHERE link = ?1")?
        .execute(params![link, is_living])?;
    Ok(())
}

/// Keeps the page that differs from the reference; `None`: the page is as it was.
pub(in crate::store) fn set_other(
    connection: &Connection,
    link: i64,
    other: Option<&PageContent>,
    at: Time,
) -> Result<(), InnerError> {
    let text = other.map(packed).transpose()?;
    let at = text.is_some().then(|| at.timestamp_micros());
    connection
        .prepare_cached(
            "UPDATE link_references SET other = ?2, other_us = ?3
             WHERE link = ?1 AND (other IS NOT NULL OR ?2 IS NOT NULL)",
        )?
        .execute(params![link, text, at])?;
    Ok(())
}

/// Makes the page as it was last seen the reference; whether there was one to accept.
pub(in crate::store) fn accept(
    connection: &Connection,
    link: i64,
    at: Time,
) -> Result<bool, InnerError> {
    let newest = match other(connection, link)? {
        Some((text, _)) => Some(text),
        None => reference(connection, link)?.map(|reference| reference.text),
    };
    let Some(text) = newest else {
        return Ok(false);
    };
    let accepted = LinkReference::new(ReferenceSource::Accepted, at, None, text);
    put(connection, link, &accepted)
}

/// The passages that citations of a link quote, each once, at most `most`.
pub(in crate::store) fn passages(
    connection: &Connection,
    link: i64,
    most: usize,
) -> Result<Vec<String>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT quote FROM citations
         WHERE link = ?1 AND quote IS NOT NULL AND ended_us IS NULL LIMIT ?2",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![link, most], |row| Cells::new(row).get("quote"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
