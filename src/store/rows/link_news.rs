//! The content of letters on cited links.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Time;
use crate::model::link::{LinkId, LinkState};
use crate::model::link_news::{ChangedLink, LinkNews, NewsCitation};
use crate::model::link_status::{HostEvent, LinkEventKind, StoredLinkEvent};
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::rows::{link_events, link_status};

/// Links of one letter: the rest is on the pages.
const LINKS: usize = 1_000;
/// Places of one link.
const PLACES: i64 = 20;
/// Links to open by hand that are looked through.
const BY_HAND: i64 = 200;

/// What happened from `since` on and before `until`.
pub(in crate::store) fn between(
    connection: &Connection,
    since: Time,
    until: Time,
) -> Result<LinkNews, InnerError> {
    let mut news = LinkNews::default();
    let mut links: BTreeMap<LinkId, (StoredLinkEvent, LinkEventKind)> = BTreeMap::new();
    for event in link_events::between(connection, since, until)? {
        match event.link {
            Some(id) => {
                let kind = event.kind;
                let first = links.entry(id).or_insert_with(|| (event, kind));
                first.1 = kind;
            }
            None => news.hosts.extend(host_event(event)),
        }
    }
    for (id, (first, kind)) in links {
        if news.changes.len() >= LINKS {
            break;
        }
        let link = link(connection, id, kind)?;
        // What changed and changed back in this time is not news.
        news.changes
            .extend(link.filter(|link| first.from != Some(link.state)));
    }
    let mut by_hand = connection.prepare_cached(
        "SELECT id FROM links WHERE state = 'declines' AND ignored = 0 AND due_us IS NOT NULL
         ORDER BY since_us, id LIMIT ?1",
    )?;
    let ids: Vec<i64> = by_hand
        .query_map([BY_HAND], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        let link = link(connection, LinkId(id), LinkEventKind::Changed)?;
        news.by_hand.extend(link);
    }
    let count = |sql: &str| -> Result<u64, InnerError> {
        let n: i64 = connection
            .prepare_cached(sql)?
            .query_row([], |r| r.get(0))?;
        Ok(n.unsigned_abs())
    };
    news.declining = count(
        "SELECT count(*) FROM links
         WHERE state = 'declines' AND ignored = 0 AND due_us IS NOT NULL",
    )?;
    news.robots = count(
        "SELECT count(*) FROM links WHERE state = 'unknown' AND ignored = 0
            AND due_us IS NOT NULL AND ' ' || remarks || ' ' LIKE '% robots %'",
    )?;
    Ok(news)
}

fn host_event(event: StoredLinkEvent) -> Option<HostEvent> {
    let number = |n: Option<u32>| usize::try_from(n?).ok();
    Some(HostEvent {
        host: event.host,
        at: event.at,
        worse: number(event.worse)?,
        checked: number(event.checked)?,
    })
}

/// A link as it is now; `None` when no document cites it.
fn link(
    connection: &Connection,
    id: LinkId,
    kind: LinkEventKind,
) -> Result<Option<ChangedLink>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.document, d.path, d.title AS document_title, d.group_name, d.watched, c.place,
                c.title
         FROM citations c JOIN documents d ON d.id = c.document
         WHERE c.link = ?1 AND c.ended_us IS NULL AND d.removed_us IS NULL
         ORDER BY d.path, c.id LIMIT ?2",
    )?;
    let mut rows = statement.query(params![id.0, PLACES])?;
    let mut citations = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        citations.push(NewsCitation {
            document: row.get("document")?,
            path: row.get("path")?,
            document_title: row.get("document_title")?,
            group: row.get("group_name")?,
            is_watched: row.get("watched")?,
            place: row.get("place")?,
            title: row.get("title")?,
        });
    }
    let Some(link) = link_status::watched(connection, &[id])?.pop() else {
        return Ok(None);
    };
    let copy = copy(connection, id)?;
    let status = link.status;
    Ok((!citations.is_empty()).then_some(ChangedLink {
        id,
        url: link.url,
        state: status.state,
        kind,
        code: status.code,
        since: status.since,
        moved_to: status.moved_to.filter(|_| status.state == LinkState::Moved),
        copy,
        citations,
    }))
}

/// The address of the chosen copy of a link, and its time; an own copy has no address.
fn copy(connection: &Connection, id: LinkId) -> Result<Option<(String, Option<Time>)>, InnerError> {
    let sql =
        "SELECT url, time_us FROM copies WHERE link = ?1 AND used = 1 AND kind <> 'own' LIMIT 1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| {
            Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?))
        })
        .optional()?;
    Ok(found.map(|(url, us)| (url, us.map(from_micros))))
}
