//! Changes in the lives of links as rows.

use rusqlite::{Connection, Row, params};

use crate::model::link::LinkId;
use crate::model::link_status::{HostEvent, LinkEvent, LinkEventKind, StoredLinkEvent};
use crate::model::time::from_micros;
use crate::model::{Code, Time};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

pub(in crate::store) fn put(
    connection: &Connection,
    link: LinkId,
    host: &str,
    event: &LinkEvent,
    by: Option<&str>,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO link_events (at_us, kind, link, host, from_state, to_state, code, moved_to, by_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            event.at.timestamp_micros(),
            event.kind.to_string(),
            link.0,
            host,
            event.from.to_string(),
            event.to.to_string(),
            event.code.map(Code::as_str),
            event.moved_to,
            by
        ])?;
    Ok(())
}

pub(in crate::store) fn put_of_host(
    connection: &Connection,
    event: &HostEvent,
) -> Result<(), InnerError> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT INTO link_events (at_us, kind, host, worse, checked) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            event.at.timestamp_micros(),
            LinkEventKind::HostEvent.to_string(),
            event.host,
            number(event.worse),
            number(event.checked)
        ])?;
    Ok(())
}

const COLUMNS: &str =
    "at_us, kind, link, host, from_state, to_state, code, moved_to, worse, checked, by_name";

/// The events of a link, newest first.
pub(in crate::store) fn of_link(
    connection: &Connection,
    link: LinkId,
    most: u32,
) -> Result<Vec<StoredLinkEvent>, InnerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM link_events WHERE link = ?1 ORDER BY at_us DESC, id DESC LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params![link.0, most])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// The events from `since` on and before `until`, oldest first, without those of ignored links.
pub(in crate::store) fn between(
    connection: &Connection,
    since: Time,
    until: Time,
) -> Result<Vec<StoredLinkEvent>, InnerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM link_events e WHERE at_us >= ?1 AND at_us < ?2
            AND NOT EXISTS (SELECT 1 FROM links l WHERE l.id = e.link AND l.ignored = 1)
         ORDER BY at_us, id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([since.timestamp_micros(), until.timestamp_micros()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

fn read(row: &Row<'_>) -> Result<StoredLinkEvent, InnerError> {
    let row = Cells::new(row);
    let kind: String = row.get("kind")?;
    let state = |name: &str| -> Result<_, InnerError> {
        let text: Option<String> = row.get(name)?;
        Ok(text.and_then(|text| text.parse().ok()))
    };
    Ok(StoredLinkEvent {
        at: from_micros(row.get("at_us")?),
        kind: kind
            .parse()
            .map_err(|_| InnerError::Unreadable(format!("a link event of kind `{kind}`")))?,
        link: row.get::<Option<i64>>("link")?.map(LinkId),
        host: row.get("host")?,
        from: state("from_state")?,
        to: state("to_state")?,
        code: row
            .get::<Option<String>>("code")?
            .map(|code| code.parse())
            .transpose()?,
        moved_to: row.get("moved_to")?,
        worse: row.get("worse")?,
        checked: row.get("checked")?,
        by: row.get("by_name")?,
    })
}
