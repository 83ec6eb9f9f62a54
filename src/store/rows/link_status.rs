//! The status of each link as a row: what is due, and what a check changed.

use rusqlite::{Connection, params};

use crate::model::Time;
use crate::model::link::LinkId;
use crate::model::link_status::{CheckFact, CheckedLink, LinkStatus, WatchedLink};
use crate::model::time::day_of;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::rows::link_events;

/// The links that are due, longest first; the index has all of it.
pub(in crate::store) const DUE_SQL: &str = "SELECT id, host FROM links
     WHERE due_us IS NOT NULL AND ignored = 0 AND due_us <= ?1
     ORDER BY due_us, host";

/// The status that is stored; that of a new link where there is none.
pub(in crate::store) fn read(tracked: Option<String>) -> Result<LinkStatus, InnerError> {
    Ok(match tracked {
        Some(json) => serde_json::from_str(&json)?,
        None => LinkStatus::default(),
    })
}

/// Passes the links that are due to `each`, until it returns false.
pub(in crate::store) fn visit_due(
    connection: &Connection,
    now: Time,
    each: &mut dyn FnMut(LinkId, &str) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(DUE_SQL)?;
    let mut rows = statement.query([now.timestamp_micros()])?;
    while let Some(row) = rows.next()? {
        let host = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if !each(LinkId(row.get(0)?), host) {
            break;
        }
    }
    Ok(())
}

/// When the next link is due; `None` when no link is watched.
pub(in crate::store) fn next_due(connection: &Connection) -> Result<Option<i64>, InnerError> {
    let sql = "SELECT min(due_us) FROM links WHERE due_us IS NOT NULL AND ignored = 0";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?)
}

/// How many links are watched.
pub(in crate::store) fn count(connection: &Connection) -> Result<u64, InnerError> {
    let sql = "SELECT coalesce(sum(links), 0) FROM link_totals";
    let links: i64 = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    Ok(links.unsigned_abs())
}

/// Links with what is known about them, in the order of `ids`.
pub(in crate::store) fn watched(
    connection: &Connection,
    ids: &[LinkId],
) -> Result<Vec<WatchedLink>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.url, l.identity, l.alternative, l.host, l.tracked,
                EXISTS (SELECT 1 FROM citations c JOIN documents d ON d.id = c.document
                        WHERE c.link = l.id AND c.ended_us IS NULL AND d.watched = 1) AS watched
         FROM links l WHERE l.id = ?1",
    )?;
    let mut fragments = connection.prepare_cached(
        "SELECT DISTINCT fragment FROM citations
         WHERE link = ?1 AND ended_us IS NULL AND fragment IS NOT NULL LIMIT 100",
    )?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else { continue };
        let row = Cells::new(row);
        all.push(WatchedLink {
            id: *id,
            url: row.get("url")?,
            identity: row.get("identity")?,
            alternative: row.get("alternative")?,
            host: row.get("host")?,
            fragments: fragments
                .query_map([id.0], |row| row.get(0))?
                .collect::<Result<_, _>>()?,
            is_watched: row.get("watched")?,
            status: read(row.get("tracked")?)?,
        });
    }
    Ok(all)
}

/// Writes what a check found out.
pub(in crate::store) fn put(connection: &Connection, link: &CheckedLink) -> Result<(), InnerError> {
    put_status(connection, link.id, &link.status)?;
    put_facts(connection, link.id, &link.facts)?;
    if let Some(event) = &link.event {
        link_events::put(connection, link.id, &link.host, event, None)?;
    }
    Ok(())
}

/// Writes a status. A link that no document cites any more stays without a next check.
pub(in crate::store) fn put_status(
    connection: &Connection,
    id: LinkId,
    status: &LinkStatus,
) -> Result<(), InnerError> {
    let us = |at: Option<Time>| at.map(|at| at.timestamp_micros());
    let remarks: Vec<String> = status.remarks.iter().map(ToString::to_string).collect();
    connection
        .prepare_cached(
            "UPDATE links SET state = ?2, code = ?3, since_us = ?4, last_ok_us = ?5,
                last_checked_us = ?6, first_gone_us = ?7, moved_to = ?8, title = ?9, remarks = ?10,
                due_us = CASE WHEN due_us IS NULL THEN NULL ELSE ?11 END, tracked = ?12
             WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            status.state.to_string(),
            status.code.map(crate::model::Code::as_str),
            us(status.since),
            us(status.last_ok),
            us(status.last_checked),
            us(status.first_gone),
            status.moved_to,
            status.title,
            remarks.join(" "),
            us(status.due),
            serde_json::to_string(status)?
        ])?;
    Ok(())
}

/// Writes what vantages observed.
pub(in crate::store) fn put_facts(
    connection: &Connection,
    link: LinkId,
    facts: &[CheckFact],
) -> Result<(), InnerError> {
    for fact in facts {
        put_fact(connection, link, fact)?;
    }
    Ok(())
}

fn put_fact(connection: &Connection, link: LinkId, fact: &CheckFact) -> Result<(), InnerError> {
    let us = fact.at.timestamp_micros();
    connection
        .prepare_cached(
            "INSERT INTO link_checks (link, at_us, vantage, code) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            link.0,
            us,
            fact.vantage.as_str(),
            fact.code.as_str()
        ])?;
    connection
        .prepare_cached(
            "INSERT INTO link_days (day, vantage, checks) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET checks = checks + 1",
        )?
        .execute(params![day_of(us), fact.vantage.as_str()])?;
    Ok(())
}

/// The checks of a link, newest first.
pub(in crate::store) fn checks(
    connection: &Connection,
    link: LinkId,
    limit: u32,
) -> Result<Vec<CheckFact>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT at_us, vantage, code FROM link_checks WHERE link = ?1
         ORDER BY at_us DESC, vantage LIMIT ?2",
    )?;
    let mut rows = statement.query(params![link.0, limit])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        all.push(CheckFact {
            at: crate::model::time::from_micros(row.get("at_us")?),
            vantage: row.get::<String>("vantage")?.into(),
            code: row.get::<String>("code")?.parse()?,
        });
    }
    Ok(all)
}

/// The newest check of a link after `after` and before `before` that found it well.
pub(in crate::store) fn last_well(
    connection: &Connection,
    link: LinkId,
    after: Time,
    before: Time,
) -> Result<Option<Time>, InnerError> {
    let us: Option<i64> = connection
        .prepare_cached(
            "SELECT max(at_us) FROM link_checks
             WHERE link = ?1 AND code = 'ok' AND at_us > ?2 AND at_us < ?3",
        )?
        .query_row(
            params![link.0, after.timestamp_micros(), before.timestamp_micros()],
            |row| row.get(0),
        )?;
    Ok(us.map(crate::model::time::from_micros))
}

/// The most checks that any vantage made on the day of `now`.
pub(in crate::store) fn checks_today(
    connection: &Connection,
    now: Time,
) -> Result<u64, InnerError> {
    let day = day_of(now.timestamp_micros());
    let most: Option<i64> = connection
        .prepare_cached("SELECT max(checks) FROM link_days WHERE day = ?1")?
        .query_row([day], |row| row.get(0))?;
    Ok(most.unwrap_or(0).unsigned_abs())
}

/// A link that no document cites any more is no longer checked; its history stays.
pub(in crate::store) fn retire_uncited(
    connection: &Connection,
    link: i64,
) -> Result<usize, InnerError> {
    let retired = connection
        .prepare_cached(
            "UPDATE links SET due_us = NULL WHERE id = ?1 AND NOT EXISTS
                (SELECT 1 FROM citations WHERE link = ?1 AND ended_us IS NULL)",
        )?
        .execute([link])?;
    Ok(retired)
}

/// The links of a host that are not ignored, with their statuses.
pub(in crate::store) fn of_host(
    connection: &Connection,
    host: &str,
) -> Result<Vec<(LinkId, LinkStatus)>, InnerError> {
    let mut statement = connection
        .prepare_cached("SELECT id, tracked FROM links WHERE host = ?1 AND ignored = 0")?;
    let mut rows = statement.query([host])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push((LinkId(row.get(0)?), read(row.get(1)?)?));
    }
    Ok(all)
}
