//! Copies of links as rows.

use std::str::FromStr;

use rusqlite::{Connection, Row, params};

use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::copy::{CopyFilter, CopyLinks, CopyRow, LinkToCopy, MadeLookup, NewCopy, choose};
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// One page under so many links of a host is an error page, and a copy of none of them.
const SAME_BODY: i64 = 3;

/// Keeps copies, and chooses anew which one stands for the link.
pub(in crate::store) fn put(
    connection: &Connection,
    link: i64,
    cited_on: Option<PartialDate>,
    found: &[NewCopy],
    now: Time,
) -> Result<(), InnerError> {
    for copy in found {
        put_one(connection, link, copy, now)?;
    }
    for copy in found {
        if let Some(body) = &copy.body_sha256 {
            forget_common_page(connection, link, body)?;
        }
    }
    choose_anew(connection, link, cited_on)
}

/// Keeps a copy, or what is newly known of it.
pub(in crate::store) fn put_one(
    connection: &Connection,
    link: i64,
    copy: &NewCopy,
    now: Time,
) -> Result<(), InnerError> {
    let judged = copy.judged.map(<&str>::from);
    // A copy that was saved for us stays that when it is found later.
    connection
        .prepare_cached(
            "INSERT INTO copies (link, archive, url, time_us, judged, code, kind, found_us, job,
                body_sha256)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (link, url) DO UPDATE SET
                time_us = coalesce(excluded.time_us, time_us),
                judged = coalesce(excluded.judged, judged),
                code = coalesce(excluded.code, code),
                kind = CASE WHEN excluded.kind = 'found' THEN kind ELSE excluded.kind END,
                job = coalesce(excluded.job, job),
                body_sha256 = coalesce(excluded.body_sha256, body_sha256)",
        )?
        .execute(params![
            link,
            copy.archive,
            copy.url,
            copy.time.map(|time| time.timestamp_micros()),
            judged,
            copy.code,
            <&str>::from(copy.kind),
            now.timestamp_micros(),
            copy.job,
            copy.body_sha256,
        ])?;
    Ok(())
}

/// Takes a page that is captured under several links of a host for what it is.
fn forget_common_page(connection: &Connection, link: i64, body: &str) -> Result<(), InnerError> {
    const SAME: &str = "FROM copies c JOIN links l ON l.id = c.link
         WHERE c.body_sha256 = ?1 AND l.host = (SELECT host FROM links WHERE id = ?2)";
    let links: i64 = connection
        .prepare_cached(&format!("SELECT count(DISTINCT c.link) {SAME}"))?
        .query_row(params![body, link], |row| row.get(0))?;
    if links >= SAME_BODY {
        let sql = format!(
            "UPDATE copies SET judged = 'bad', code = 'content.soft_404', used = 0
             WHERE kind <> 'own' AND id IN (SELECT c.id {SAME})"
        );
        connection
            .prepare_cached(&sql)?
            .execute(params![body, link])?;
    }
    Ok(())
}

fn choose_anew(
    connection: &Connection,
    link: i64,
    cited_on: Option<PartialDate>,
) -> Result<(), InnerError> {
    let sql = format!("{COPIES} WHERE c.link = ?1 ORDER BY c.id");
    let rows = read(connection, &sql, params![link])?;
    let copies: Vec<NewCopy> = rows.into_iter().map(|row| row.copy).collect();
    let chosen = choose(&copies, cited_on).map(|at| copies[at].url.as_str());
    connection
        .prepare_cached("UPDATE copies SET used = (url IS ?2) WHERE link = ?1")?
        .execute(params![link, chosen])?;
    Ok(())
}

/// Notes a look-up.
pub(in crate::store) fn looked_up(
    connection: &Connection,
    link: i64,
    lookup: &MadeLookup,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO copy_lookups (link, due_us, looked_up_us) VALUES (?1, ?2, ?3)
             ON CONFLICT (link) DO UPDATE SET due_us = excluded.due_us,
                looked_up_us = excluded.looked_up_us",
        )?
        .execute(params![
            link,
            lookup.retry_at.map(|at| at.timestamp_micros()),
            lookup.at.timestamp_micros()
        ])?;
    Ok(())
}

const COPIES: &str = "SELECT c.link, c.archive, c.url, c.time_us, c.judged, c.code, c.kind,
        c.found_us, c.job, c.body_sha256, c.used FROM copies c";

/// The copies of a document's links, or of all links, by link and time.
pub(in crate::store) fn list(
    connection: &Connection,
    document: Option<i64>,
) -> Result<Vec<CopyRow>, InnerError> {
    let sql = format!(
        "{COPIES} WHERE ?1 IS NULL OR c.link IN
            (SELECT link FROM citations WHERE document = ?1 AND ended_us IS NULL)
         ORDER BY c.link, c.time_us, c.id"
    );
    read(connection, &sql, params![document])
}

/// The copies of a link, the oldest first.
pub(in crate::store) fn of_link(
    connection: &Connection,
    link: i64,
) -> Result<Vec<CopyRow>, InnerError> {
    let sql = format!("{COPIES} WHERE c.link = ?1 ORDER BY c.time_us, c.id");
    read(connection, &sql, params![link])
}

/// The copies of links with numbers above `after`, by link and time; of at most `most` links.
pub(in crate::store) fn list_after(
    connection: &Connection,
    after: i64,
    most: u64,
) -> Result<Vec<CopyRow>, InnerError> {
    let sql = format!(
        "{COPIES} WHERE c.link IN
            (SELECT DISTINCT link FROM copies WHERE link > ?1 ORDER BY link LIMIT ?2)
         ORDER BY c.link, c.time_us, c.id"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    read(connection, &sql, params![after, most])
}

fn read(
    connection: &Connection,
    sql: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<CopyRow>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(copy_row(row)?);
    }
    Ok(all)
}

fn copy_row(row: &Row<'_>) -> Result<CopyRow, InnerError> {
    let row = Cells::new(row);
    let time = |name| -> Result<Option<Time>, InnerError> {
        Ok(row.get::<Option<i64>>(name)?.map(from_micros))
    };
    let judged: Option<String> = row.get("judged")?;
    Ok(CopyRow {
        link: row.get("link")?,
        copy: NewCopy {
            archive: row.get("archive")?,
            url: row.get("url")?,
            time: time("time_us")?,
            judged: judged.as_deref().map(word).transpose()?,
            code: row.get("code")?,
            kind: word(&row.get::<String>("kind")?)?,
            job: row.get("job")?,
            body_sha256: row.get("body_sha256")?,
        },
        found: from_micros(row.get("found_us")?),
        is_used: row.get("used")?,
    })
}

fn word<T: FromStr>(text: &str) -> Result<T, InnerError> {
    text.parse()
        .map_err(|_| InnerError::Unreadable(format!("`{text}` in copies is no known word")))
}

/// Links that a document cites, and that are not private.
const CITED: &str = "l.id > ?1 AND ' ' || l.remarks || ' ' NOT LIKE '% private %'
    AND EXISTS (SELECT 1 FROM citations c
        WHERE c.link = l.id AND c.ended_us IS NULL AND (?2 IS NULL OR c.document = ?2))";

/// No copy of an archive stands for the link, or a look-up is to be made again.
const NEEDED: &str = "(NOT EXISTS (SELECT 1 FROM copies p
        WHERE p.link = l.id AND p.used = 1 AND p.kind <> 'own')
    OR EXISTS (SELECT 1 FROM copy_lookups k WHERE k.link = l.id AND k.due_us IS NOT NULL))";

/// Links that documents cite, in the order of their ids.
pub(in crate::store) fn to_copy(
    connection: &Connection,
    filter: &CopyFilter,
    limit: u32,
) -> Result<Vec<LinkToCopy>, InnerError> {
    let (tables, condition) = match filter.which {
        CopyLinks::All => ("links l", CITED.to_owned()),
        CopyLinks::Needed => ("links l", format!("{CITED} AND {NEEDED}")),
        CopyLinks::Due(_) => (
            "copy_lookups k JOIN links l ON l.id = k.link",
            format!("{CITED} AND k.due_us <= ?4"),
        ),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT l.id, l.url, l.host, l.state FROM {tables} WHERE {condition}
         ORDER BY l.id LIMIT ?3"
    ))?;
    let (after, document) = (filter.after, filter.document);
    let mut rows = match filter.which {
        CopyLinks::Due(due) => {
            statement.query(params![after, document, limit, due.timestamp_micros()])?
        }
        CopyLinks::All | CopyLinks::Needed => statement.query(params![after, document, limit])?,
    };
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(link_to_copy(row)?);
    }
    for link in &mut all {
        add_citations(connection, link)?;
    }
    Ok(all)
}

/// These links, as far as they are there.
pub(in crate::store) fn by_id(
    connection: &Connection,
    ids: &[i64],
) -> Result<Vec<LinkToCopy>, InnerError> {
    let mut statement =
        connection.prepare_cached("SELECT id, url, host, state FROM links WHERE id = ?1")?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = statement.query([id])?;
        if let Some(row) = rows.next()? {
            let mut link = link_to_copy(row)?;
            add_citations(connection, &mut link)?;
            all.push(link);
        }
    }
    Ok(all)
}

/// A link without what its citations say.
fn link_to_copy(row: &Row<'_>) -> Result<LinkToCopy, InnerError> {
    let row = Cells::new(row);
    Ok(LinkToCopy {
        id: row.get("id")?,
        url: row.get("url")?,
        host: row.get("host")?,
        state: word(&row.get::<String>("state")?)?,
        cited_on: None,
        passages: Vec::new(),
        written: Vec::new(),
        bad: Vec::new(),
        has_own: false,
    })
}

fn add_citations(connection: &Connection, link: &mut LinkToCopy) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT url, quote, cited_on FROM citations WHERE link = ?1 AND ended_us IS NULL
         ORDER BY id",
    )?;
    let mut rows = statement.query(params![link.id])?;
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        link.written.push(row.get("url")?);
        link.passages.extend(row.get::<Option<String>>("quote")?);
        let day: Option<String> = row.get("cited_on")?;
        let day = day.and_then(|day| PartialDate::parse(&day));
        let earlier =
            |known: PartialDate| known.first_day() <= day.and_then(PartialDate::first_day);
        if day.is_some() && !link.cited_on.is_some_and(earlier) {
            link.cited_on = day;
        }
    }
    link.written.dedup();
    let mut statement = connection
        .prepare_cached("SELECT url FROM copies WHERE link = ?1 AND judged = 'bad' ORDER BY id")?;
    let bad = statement.query_map(params![link.id], |row| row.get(0))?;
    link.bad = bad.collect::<Result<_, _>>()?;
    link.has_own = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM copies WHERE link = ?1 AND kind = 'own')")?
        .query_row([link.id], |row| row.get(0))?;
    Ok(())
}
