//! Lists of documents, links and citations, a part at a time.

use rusqlite::{Connection, OptionalExtension as _, ToSql, params};

use crate::model::document::{CitationRow, DocumentRow, LinkFilter, LinkRow};
use crate::model::link::LinkState;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::rows::cited_links::{self, CITATIONS, LINKS};

/// Checks of a link that are shown.
pub(in crate::store) const SHOWN_CHECKS: u32 = 40;

/// The links that are checked, counted and mailed.
const WATCHED: &str = "l.ignored = 0 AND l.due_us IS NOT NULL";
/// Of a document.
const IN_DOCUMENT: &str =
    "l.id IN (SELECT link FROM citations WHERE document = ?1 AND ended_us IS NULL)";

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(in crate::store) fn has_documents(connection: &Connection) -> Result<bool, InnerError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM documents WHERE removed_us IS NULL)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?)
}

pub(in crate::store) fn document_count(connection: &Connection) -> Result<u64, InnerError> {
    let sql = "SELECT count(*) FROM documents WHERE removed_us IS NULL";
    let count: i64 = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Documents by path.
pub(in crate::store) fn document_part(
    connection: &Connection,
    skip: u64,
    most: u64,
) -> Result<Vec<DocumentRow>, InnerError> {
    let rest = "ORDER BY path LIMIT ?1 OFFSET ?2";
    cited_links::documents_among(connection, rest, params![number(most), number(skip)])
}

/// Documents by number.
pub(in crate::store) fn documents_after(
    connection: &Connection,
    after: i64,
    most: u64,
) -> Result<Vec<DocumentRow>, InnerError> {
    let rest = "AND id > ?1 ORDER BY id LIMIT ?2";
    cited_links::documents_among(connection, rest, params![after, number(most)])
}

pub(in crate::store) fn document(
    connection: &Connection,
    id: i64,
) -> Result<Option<DocumentRow>, InnerError> {
    let mut found = cited_links::documents_among(connection, "AND id = ?1", params![id])?;
    Ok(found.pop())
}

/// The places of the states in their order, worst first.
fn state_order() -> String {
    use strum::IntoEnumIterator as _;
    let cases = LinkState::iter().enumerate();
    let cases: Vec<String> = cases
        .map(|(at, state)| format!("WHEN '{state}' THEN {at}"))
        .collect();
    format!("CASE l.state {} END", cases.join(" "))
}

pub(in crate::store) fn document_citations(
    connection: &Connection,
    document: i64,
    skip: u64,
    most: u64,
) -> Result<Vec<(CitationRow, LinkRow)>, InnerError> {
    let sql = format!(
        "{CITATIONS} JOIN links l ON l.id = c.link
         WHERE c.document = ?1 AND c.ended_us IS NULL
         ORDER BY l.ignored, {}, c.id LIMIT ?2 OFFSET ?3",
        state_order()
    );
    with_links(
        connection,
        &sql,
        params![document, number(most), number(skip)],
    )
}

/// Citations by number.
pub(in crate::store) fn citations_after(
    connection: &Connection,
    filter: &LinkFilter,
    after: i64,
    most: u64,
) -> Result<Vec<(CitationRow, LinkRow)>, InnerError> {
    // What few rows have is read by its index, and sorted.
    let of_document = filter.document.map_or("?3 IS NULL", |_| "c.document = ?3");
    let in_state = match filter.state {
        Some(LinkState::Alive) => "+l.state = ?4",
        Some(_) => "l.state = ?4",
        None => "?4 IS NULL",
    };
    let of_host = filter.host.as_ref().map_or("?5 IS NULL", |_| "l.host = ?5");
    let sql = format!(
        "{CITATIONS} JOIN links l ON l.id = c.link
         WHERE c.id > ?1 AND {of_document} AND {in_state} AND {of_host}
         ORDER BY c.id LIMIT ?2"
    );
    let state = filter.state.map(|state| state.to_string());
    with_links(
        connection,
        &sql,
        params![after, number(most), filter.document, state, filter.host],
    )
}

fn with_links(
    connection: &Connection,
    sql: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<(CitationRow, LinkRow)>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let link: i64 = row.get("link")?;
        let citation = cited_links::citation_row(row)?;
        if let Some(link) = by_number(connection, link)? {
            all.push((citation, link));
        }
    }
    Ok(all)
}

fn by_number(connection: &Connection, id: i64) -> Result<Option<LinkRow>, InnerError> {
    let sql = format!("{LINKS} WHERE l.id = ?1 GROUP BY l.id");
    let found = connection
        .prepare_cached(&sql)?
        .query_row([id], |row| Ok(cited_links::link_row(row)))
        .optional()?;
    found.transpose()
}

/// Counts the watched links that a filter names.
pub(in crate::store) fn counts_sql(filter: &LinkFilter) -> String {
    if filter.document.is_none() && filter.host.is_none() {
        // The triggers of links keep these; the first two parameters have no value.
        return "SELECT state, links FROM link_totals
             WHERE links > 0 AND (?3 IS NULL OR state = ?3) AND ?1 IS NULL AND ?2 IS NULL"
            .to_owned();
    }
    let of_document = filter.document.map_or("?1 IS NULL", |_| IN_DOCUMENT);
    let of_host = filter.host.as_ref().map_or("?2 IS NULL", |_| "l.host = ?2");
    format!(
        "SELECT l.state, count(*) AS links FROM links l
         WHERE {WATCHED} AND {of_document} AND {of_host} AND (?3 IS NULL OR l.state = ?3)
         GROUP BY l.state"
    )
}

/// Numbers the watched links of one state that a filter names.
pub(in crate::store) fn part_sql(filter: &LinkFilter) -> String {
    let of_document = filter.document.map_or("?1 IS NULL", |_| IN_DOCUMENT);
    let of_host = filter.host.as_ref().map_or("?3 IS NULL", |_| "l.host = ?3");
    // The links of one document are fewer than those of a state.
    let in_state = filter.document.map_or("l.state = ?2", |_| "+l.state = ?2");
    format!(
        "SELECT l.id FROM links l
         WHERE {in_state} AND {WATCHED} AND {of_document} AND {of_host}
         ORDER BY l.host, l.id LIMIT ?4 OFFSET ?5"
    )
}

/// The watched links by state, worst first.
pub(in crate::store) fn link_counts(
    connection: &Connection,
    filter: &LinkFilter,
) -> Result<Vec<(LinkState, u64)>, InnerError> {
    let state = filter.state.map(|state| state.to_string());
    let mut statement = connection.prepare_cached(&counts_sql(filter))?;
    let mut rows = statement.query(params![filter.document, filter.host, state])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let state = cited_links::state(&row.get::<String>("state")?)?;
        all.push((state, row.get::<i64>("links")?.unsigned_abs()));
    }
    all.sort_unstable();
    Ok(all)
}

/// The watched links, worst state first, by number within a state.
pub(in crate::store) fn link_part(
    connection: &Connection,
    filter: &LinkFilter,
    counts: &[(LinkState, u64)],
    (mut skip, mut most): (u64, u64),
) -> Result<Vec<LinkRow>, InnerError> {
    let mut statement = connection.prepare_cached(&part_sql(filter))?;
    let mut all = Vec::new();
    for (state, count) in counts {
        if skip >= *count {
            skip -= count;
            continue;
        }
        if most == 0 {
            break;
        }
        let mut rows = statement.query(params![
            filter.document,
            state.to_string(),
            filter.host,
            number(most),
            number(skip)
        ])?;
        while let Some(row) = rows.next()? {
            all.extend(by_number(connection, row.get("id")?)?);
            most = most.saturating_sub(1);
        }
        skip = 0;
    }
    Ok(all)
}

/// Links by number.
pub(in crate::store) fn links_after(
    connection: &Connection,
    filter: &LinkFilter,
    after: i64,
    most: u64,
) -> Result<Vec<LinkRow>, InnerError> {
    let of_document = filter.document.map_or("?1 IS NULL", |_| IN_DOCUMENT);
    let of_host = filter.host.as_ref().map_or("?3 IS NULL", |_| "l.host = ?3");
    let in_state = filter.state.map_or("?4 IS NULL", |_| "l.state = ?4");
    let sql = format!(
        "SELECT l.id FROM links l
         WHERE l.id > ?2 AND {of_document} AND {of_host} AND {in_state}
         ORDER BY l.id LIMIT ?5"
    );
    let state = filter.state.map(|state| state.to_string());
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![
        filter.document,
        after,
        filter.host,
        state,
        number(most)
    ])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.extend(by_number(connection, row.get("id")?)?);
    }
    Ok(all)
}
