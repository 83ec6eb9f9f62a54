//! Documents, links and citations as they are listed.

use std::str::FromStr as _;

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use crate::model::document::{CitationRow, DocumentRow, LinkFilter, LinkRow};
use crate::model::link::{LinkRemark, LinkState};
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::rows::link_status;

/// The states in the order of the columns that [`visit_documents`] reads.
const COUNTED: [LinkState; 8] = [
    LinkState::Gone,
    LinkState::Blocked,
    LinkState::Drifted,
    LinkState::Unreachable,
    LinkState::Declines,
    LinkState::Moved,
    LinkState::Unknown,
    LinkState::Alive,
];

/// All documents with the counts of their links, by path. Ended citations are in no count.
pub(in crate::store) fn documents(connection: &Connection) -> Result<Vec<DocumentRow>, InnerError> {
    documents_among(connection, "ORDER BY path", &[])
}

/// The documents that the rest of a query selects, in its order, with the counts of their links.
pub(in crate::store) fn documents_among(
    connection: &Connection,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<DocumentRow>, InnerError> {
    let mut all = Vec::new();
    visit_documents(connection, rest, values, &mut |document| {
        all.push(document.clone());
        true
    })?;
    Ok(all)
}

/// Passes these documents to `each`, until it returns false. The triggers of citations and links
/// keep the counts.
pub(in crate::store) fn visit_documents(
    connection: &Connection,
    rest: &str,
    values: &[&dyn ToSql],
    each: &mut dyn FnMut(&DocumentRow) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, title, path, group_name, date, watched, citations,
                gone, blocked, drifted, unreachable, declines, moved, unknown, alive
         FROM documents WHERE removed_us IS NULL {rest}"
    ))?;
    let mut rows = statement.query(values)?;
    // A hundred thousand documents are listed: the columns are read by number, into one row.
    let mut document = DocumentRow {
        id: 0,
        title: None,
        path: String::new(),
        group: None,
        date: None,
        is_watched: false,
        citations: 0,
        links: 0,
        states: COUNTED.into_iter().map(|state| (state, 0)).collect(),
    };
    while let Some(row) = rows.next()? {
        document.id = row.get(0)?;
        put_text(&mut document.title, row, 1)?;
        document.path.clear();
        let path = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        document.path.push_str(path);
        put_text(&mut document.group, row, 3)?;
        put_text(&mut document.date, row, 4)?;
        document.is_watched = row.get(5)?;
        document.citations = row.get(6)?;
        document.links = 0;
        for (at, (_, count)) in document.states.iter_mut().enumerate() {
            *count = row.get(7 + at)?;
            document.links += *count;
        }
        if !each(&document) {
            break;
        }
    }
    Ok(())
}

/// Replaces a text by that of a column.
fn put_text(text: &mut Option<String>, row: &Row<'_>, column: usize) -> Result<(), InnerError> {
    let found = row.get_ref(column)?;
    match found.as_str_or_null().map_err(rusqlite::Error::from)? {
        Some(found) => {
            let text = text.get_or_insert_default();
            text.clear();
            text.push_str(found);
        }
        None => *text = None,
    }
    Ok(())
}

pub(in crate::store) fn state(text: &str) -> Result<LinkState, InnerError> {
    LinkState::from_str(text)
        .map_err(|_| InnerError::Unreadable(format!("`{text}` in links is no state")))
}

pub(in crate::store) const LINKS: &str =
    "SELECT l.id, l.url, l.identity, l.state, l.code, l.since_us, l.last_ok_us, l.last_checked_us,
        l.first_gone_us, l.moved_to, l.title, l.remarks, l.ignored, l.tracked,
        CASE WHEN k.kind <> 'own' THEN k.url END AS archive_url,
        k.time_us AS archive_us, k.judged AS archive_judged,
        count(c.id) AS citations, count(DISTINCT coalesce(d.same_as, d.id)) AS documents
     FROM links l LEFT JOIN citations c ON c.link = l.id AND c.ended_us IS NULL
     LEFT JOIN documents d ON d.id = c.document
     LEFT JOIN copies k ON k.link = l.id AND k.used = 1";

/// The links that a filter names, by address.
pub(in crate::store) fn links(
    connection: &Connection,
    filter: &LinkFilter,
) -> Result<Vec<LinkRow>, InnerError> {
    let sql = format!(
        "{LINKS} WHERE (?1 IS NULL OR l.state = ?1) AND (?2 IS NULL OR l.host = ?2)
            AND (?3 IS NULL OR l.id IN
                (SELECT link FROM citations WHERE document = ?3 AND ended_us IS NULL))
         GROUP BY l.id ORDER BY l.url"
    );
    let state = filter.state.map(|state| state.to_string());
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![state, filter.host, filter.document])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(link_row(row)?);
    }
    Ok(all)
}

pub(in crate::store) fn link_row(row: &Row<'_>) -> Result<LinkRow, InnerError> {
    let row = Cells::new(row);
    let time = |name: &str| -> Result<_, InnerError> {
        Ok(row.get::<Option<i64>>(name)?.map(from_micros))
    };
    let remarks: String = row.get("remarks")?;
    let tracked = link_status::read(row.get("tracked")?)?;
    let is_ignored: bool = row.get("ignored")?;
    let ignored = is_ignored.then(|| LinkRemark::Ignored.to_string());
    Ok(LinkRow {
        id: row.get("id")?,
        url: row.get("url")?,
        identity: row.get("identity")?,
        state: state(&row.get::<String>("state")?)?,
        code: row.get("code")?,
        since: time("since_us")?,
        last_ok: time("last_ok_us")?,
        last_checked: time("last_checked_us")?,
        first_gone: time("first_gone_us")?,
        moved_to: row.get("moved_to")?,
        title: row.get("title")?,
        remarks: remarks
            .split_terminator(' ')
            .map(str::to_owned)
            .chain(ignored)
            .collect(),
        suspected: tracked.suspected,
        leads_to: tracked.redirect.map(|run| run.to),
        vantages: tracked
            .views
            .iter()
            .map(|view| format!("{}={}", view.vantage, view.code))
            .collect(),
        is_ignored,
        archive_url: row.get("archive_url")?,
        archive_time: time("archive_us")?,
        archive_judged: row.get("archive_judged")?,
        citations: row.get("citations")?,
        documents: row.get("documents")?,
    })
}

/// The link of an id or an identity, with its citations: those in the documents first.
pub(in crate::store) fn link(
    connection: &Connection,
    (id, identity): (Option<i64>, Option<&str>),
    most: u32,
) -> Result<Option<(LinkRow, Vec<CitationRow>)>, InnerError> {
    let joined = "SELECT link FROM link_aliases WHERE identity = ?2";
    let sql = format!(
        "{LINKS} WHERE l.id = coalesce(?1, ({joined}), (SELECT id FROM links WHERE identity = ?2))
         GROUP BY l.id LIMIT 1"
    );
    let found = connection
        .prepare_cached(&sql)?
        .query_row(params![id, identity], |row| Ok(link_row(row)))
        .optional()?;
    let Some(link) = found.transpose()? else {
        return Ok(None);
    };
    let citations = citations(connection, link.id, most)?;
    Ok(Some((link, citations)))
}

/// Passes all links to `each`, by id, until it returns false.
pub(in crate::store) fn visit(
    connection: &Connection,
    each: &mut dyn FnMut(LinkRow) -> bool,
) -> Result<(), InnerError> {
    let sql = format!("{LINKS} GROUP BY l.id ORDER BY l.id");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !each(link_row(row)?) {
            break;
        }
    }
    Ok(())
}

pub(in crate::store) const CITATIONS: &str =
    "SELECT c.id, c.document, d.path, c.place, c.url, c.title, c.quote,
        c.cited_on, c.cited_on_from, c.occurrences, c.ended_us, c.link
     FROM citations c JOIN documents d ON d.id = c.document";

/// Passes all citations with their links to `each`, by id, until it returns false.
pub(in crate::store) fn visit_citations(
    connection: &Connection,
    each: &mut dyn FnMut(CitationRow, LinkRow) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(&format!("{CITATIONS} ORDER BY c.id"))?;
    let of_link = format!("{LINKS} WHERE l.id = ?1 GROUP BY l.id");
    let mut of_link = connection.prepare_cached(&of_link)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let link: i64 = row.get("link")?;
        let link = of_link.query_row([link], |row| Ok(link_row(row)))??;
        if !each(citation_row(row)?, link) {
            break;
        }
    }
    Ok(())
}

fn citations(
    connection: &Connection,
    link: i64,
    most: u32,
) -> Result<Vec<CitationRow>, InnerError> {
    let sql = format!(
        "{CITATIONS} WHERE c.link = ?1 ORDER BY c.ended_us IS NOT NULL, d.path, c.id LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![link, most])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(citation_row(row)?);
    }
    Ok(all)
}

pub(in crate::store) fn citation_row(row: &Row<'_>) -> Result<CitationRow, InnerError> {
    let row = Cells::new(row);
    Ok(CitationRow {
        id: row.get("id")?,
        document: row.get("document")?,
        path: row.get("path")?,
        place: row.get("place")?,
        url_as_cited: row.get("url")?,
        title: row.get("title")?,
        quote: row.get("quote")?,
        cited_on: row.get("cited_on")?,
        cited_on_from: row.get("cited_on_from")?,
        occurrences: row.get("occurrences")?,
        ended: row.get::<Option<i64>>("ended_us")?.map(from_micros),
    })
}
