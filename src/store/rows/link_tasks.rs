//! Checks of links at vantages elsewhere, as rows: those that are due, and what came of them.

use rusqlite::{Connection, params};

use crate::model::link::LinkId;
use crate::model::link_task::LinkResult;
use crate::model::{Measurement, MeasurementUid, Time, VantageId};
use crate::store::error::InnerError;
use crate::store::write::codec;

/// A task that was given so many times without a result is dropped: the link is queued again when
/// it is due again.
const MOST_TRIES: u32 = 3;

/// Adds the check of links at vantages; one that waits stays as it is. One that was given too many
/// times in vain begins anew.
pub(in crate::store) fn queue(
    connection: &Connection,
    links: &[LinkId],
    vantages: &[VantageId],
    now: Time,
) -> Result<(), InnerError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO link_tasks (vantage, link, queued_us) VALUES (?1, ?2, ?3)
         ON CONFLICT (vantage, link) DO UPDATE
            SET queued_us = excluded.queued_us, leased_us = NULL, tries = 0
            WHERE tries >= ?4 AND coalesce(leased_us, 0) <= excluded.queued_us",
    )?;
    for vantage in vantages {
        for link in links {
            insert.execute(params![
                vantage.as_str(),
                link.0,
                now.timestamp_micros(),
                MOST_TRIES
            ])?;
        }
    }
    Ok(())
}

/// Passes the links that wait at a vantage, and that no one checks at `now`, to `each`, longest
/// first, until it returns false. A link that is not checked any more is left out.
pub(in crate::store) fn visit_free(
    connection: &Connection,
    vantage: &VantageId,
    now: Time,
    each: &mut dyn FnMut(LinkId, &str) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT t.link, l.host FROM link_tasks t JOIN links l ON l.id = t.link
         WHERE t.vantage = ?1 AND coalesce(t.leased_us, 0) <= ?2 AND t.tries < ?3
           AND l.due_us IS NOT NULL AND l.ignored = 0
         ORDER BY t.queued_us, t.link",
    )?;
    let mut rows = statement.query(params![
        vantage.as_str(),
        now.timestamp_micros(),
        MOST_TRIES
    ])?;
    while let Some(row) = rows.next()? {
        let host = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if !each(LinkId(row.get(0)?), host) {
            break;
        }
    }
    Ok(())
}

/// Leases links of a vantage until a time; returns those that were free at `now`. Tasks that were
/// given in vain are removed.
pub(in crate::store) fn lease(
    connection: &Connection,
    vantage: &VantageId,
    links: &[LinkId],
    now: Time,
    until: Time,
) -> Result<Vec<LinkId>, InnerError> {
    connection
        .prepare_cached(
            "DELETE FROM link_tasks WHERE vantage = ?1 AND tries >= ?2
                AND coalesce(leased_us, 0) <= ?3",
        )?
        .execute(params![
            vantage.as_str(),
            MOST_TRIES,
            now.timestamp_micros()
        ])?;
    let mut update = connection.prepare_cached(
        "UPDATE link_tasks SET leased_us = ?4, tries = tries + 1
         WHERE vantage = ?1 AND link = ?2 AND coalesce(leased_us, 0) <= ?3",
    )?;
    let mut leased = Vec::with_capacity(links.len());
    for link in links {
        let changed = update.execute(params![
            vantage.as_str(),
            link.0,
            now.timestamp_micros(),
            until.timestamp_micros()
        ])?;
        leased.extend((changed > 0).then_some(*link));
    }
    Ok(leased)
}

/// How many checks of links are leased or were made by a vantage on the UTC day of `now`.
pub(in crate::store) fn made_today(
    connection: &Connection,
    vantage: &VantageId,
    now: Time,
) -> Result<u64, InnerError> {
    let made: i64 = connection
        .prepare_cached(
            "SELECT coalesce((SELECT checks FROM link_days WHERE vantage = ?1 AND day = ?2), 0)
                + (SELECT count(*) FROM link_tasks WHERE vantage = ?1 AND leased_us > ?3)",
        )?
        .query_row(
            params![
                vantage.as_str(),
                now.timestamp_micros().div_euclid(86_400_000_000),
                now.timestamp_micros()
            ],
            |row| row.get(0),
        )?;
    Ok(made.unsigned_abs())
}

/// Keeps what an agent found, which ends its task. Returns whether it is new.
pub(in crate::store) fn put_result(
    connection: &Connection,
    uid: &MeasurementUid,
    link: LinkId,
    measurement: &Measurement,
) -> Result<bool, InnerError> {
    let Some(extra) = measurement.extra() else {
        return Ok(false);
    };
    let vantage = extra.vantage.as_str();
    let added = connection
        .prepare_cached(
            "INSERT INTO link_results (uid, link, vantage, at_us, record)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (uid) DO NOTHING",
        )?
        .execute(params![
            uid.as_str(),
            link.0,
            vantage,
            measurement.started().timestamp_micros(),
            codec::pack(&serde_json::to_vec(measurement)?)?,
        ])?;
    connection
        .prepare_cached("DELETE FROM link_tasks WHERE vantage = ?1 AND link = ?2")?
        .execute(params![vantage, link.0])?;
    Ok(added > 0)
}

/// The oldest results, at most `most`.
pub(in crate::store) fn results(
    connection: &Connection,
    most: usize,
) -> Result<Vec<LinkResult>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT uid, link, record FROM link_results ORDER BY at_us, uid LIMIT ?1",
    )?;
    let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(2)?;
        all.push(LinkResult {
            uid: MeasurementUid(row.get(0)?),
            link: LinkId(row.get(1)?),
            measurement: serde_json::from_slice(&codec::unpack(&record)?)?,
        });
    }
    Ok(all)
}

/// Whether any results wait.
pub(in crate::store) fn has_results(connection: &Connection) -> Result<bool, InnerError> {
    let any = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM link_results)")?
        .query_row([], |row| row.get(0))?;
    Ok(any)
}

/// These results were taken in.
pub(in crate::store) fn remove_results(
    connection: &Connection,
    uids: &[MeasurementUid],
) -> Result<(), InnerError> {
    let mut delete = connection.prepare_cached("DELETE FROM link_results WHERE uid = ?1")?;
    for uid in uids {
        delete.execute([uid.as_str()])?;
    }
    Ok(())
}

/// Links that are only checked elsewhere are due again at `due`, unless a result comes first.
pub(in crate::store) fn postpone(
    connection: &Connection,
    links: &[LinkId],
    due: Time,
) -> Result<(), InnerError> {
    let mut update = connection
        .prepare_cached("UPDATE links SET due_us = ?2 WHERE id = ?1 AND due_us IS NOT NULL")?;
    for link in links {
        update.execute(params![link.0, due.timestamp_micros()])?;
    }
    Ok(())
}
