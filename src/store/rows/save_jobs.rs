//! Jobs of saving links as rows.

use std::str::FromStr;

use rusqlite::{Connection, params};

use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::copy::SaveTarget;
use crate::model::save_job::SaveJob;
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// Adds jobs. What is gone or refused is not saved: the archive would save an error page. Links
/// that lead into the local network are not a matter for an archive.
pub(in crate::store) fn add(
    connection: &Connection,
    target: SaveTarget,
    document: Option<i64>,
    now: Time,
) -> Result<u64, InnerError> {
    let added = connection
        .prepare_cached(
            "INSERT INTO save_jobs (link, target, state, asked_us, due_us)
             SELECT l.id, ?1, 'waiting', ?2, ?2 FROM links l
             WHERE l.state IN ('alive', 'moved', 'unknown')
                AND ' ' || l.remarks || ' ' NOT LIKE '% private %'
                AND EXISTS (SELECT 1 FROM citations c WHERE c.link = l.id AND c.ended_us IS NULL
                    AND (?3 IS NULL OR c.document = ?3))
                AND NOT EXISTS (SELECT 1 FROM save_jobs j WHERE j.link = l.id AND j.target = ?1
                    AND (j.due_us IS NOT NULL OR j.state = 'saved'))",
        )?
        .execute(params![
            <&str>::from(target),
            now.timestamp_micros(),
            document
        ])?;
    Ok(added as u64)
}

const LOST: &str = "('gone', 'blocked', 'drifted')";

pub(in crate::store) fn due(
    connection: &Connection,
    target: SaveTarget,
    now: Time,
    limit: u32,
) -> Result<Vec<SaveJob>, InnerError> {
    let sql = format!(
        "SELECT j.id, j.link, l.url, j.state, j.remote, j.sent_us, j.due_us, j.tries, j.reason
         FROM save_jobs j JOIN links l ON l.id = j.link
         WHERE j.target = ?1 AND j.due_us <= ?2
         ORDER BY j.state = 'waiting',
            NOT EXISTS (SELECT 1 FROM citations c JOIN documents d ON d.id = c.document
                WHERE c.link = j.link AND c.ended_us IS NULL AND d.watched = 1),
            NOT EXISTS (SELECT 1 FROM links o WHERE o.host = l.host AND o.state IN {LOST}),
            EXISTS (SELECT 1 FROM copies c WHERE c.link = j.link AND c.used = 1),
            j.asked_us, j.id
         LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let values = params![<&str>::from(target), now.timestamp_micros(), limit];
    let mut rows = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        all.push(SaveJob {
            id: row.get("id")?,
            link: row.get("link")?,
            url: row.get("url")?,
            target,
            state: word(&row.get::<String>("state")?)?,
            remote: row.get("remote")?,
            sent: row.get::<Option<i64>>("sent_us")?.map(from_micros),
            due: row.get::<Option<i64>>("due_us")?.map(from_micros),
            tries: row.get("tries")?,
            reason: row.get("reason")?,
            cited_on: None,
            passages: Vec::new(),
        });
    }
    for job in &mut all {
        add_citations(connection, job)?;
    }
    Ok(all)
}

fn word<T: FromStr>(text: &str) -> Result<T, InnerError> {
    text.parse()
        .map_err(|_| InnerError::Unreadable(format!("`{text}` in save_jobs is no known word")))
}

fn add_citations(connection: &Connection, job: &mut SaveJob) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT quote, cited_on FROM citations WHERE link = ?1 AND ended_us IS NULL ORDER BY id",
    )?;
    let mut rows = statement.query([job.link])?;
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        job.passages.extend(row.get::<Option<String>>("quote")?);
        let day: Option<String> = row.get("cited_on")?;
        let day = day.and_then(|day| PartialDate::parse(&day));
        let first = |day: &PartialDate| day.first_day();
        job.cited_on = [job.cited_on, day].into_iter().flatten().min_by_key(first);
    }
    Ok(())
}

pub(in crate::store) fn next(
    connection: &Connection,
    target: SaveTarget,
) -> Result<Option<(Time, u64)>, InnerError> {
    let sql =
        "SELECT min(due_us), count(*) FROM save_jobs WHERE target = ?1 AND due_us IS NOT NULL";
    let (due, count): (Option<i64>, i64) = connection
        .prepare_cached(sql)?
        .query_row([<&str>::from(target)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(due.map(|due| (from_micros(due), count.unsigned_abs())))
}

pub(in crate::store) fn update(connection: &Connection, job: &SaveJob) -> Result<(), InnerError> {
    let micros = |time: Option<Time>| time.map(|time| time.timestamp_micros());
    connection
        .prepare_cached(
            "UPDATE save_jobs SET state = ?2, remote = ?3, sent_us = ?4, due_us = ?5, tries = ?6,
                reason = ?7
             WHERE id = ?1",
        )?
        .execute(params![
            job.id,
            <&str>::from(job.state),
            job.remote,
            micros(job.sent),
            micros(job.due),
            job.tries,
            job.reason,
        ])?;
    Ok(())
}

pub(in crate::store) fn put_off(
    connection: &Connection,
    target: SaveTarget,
    until: Time,
    reason: &str,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE save_jobs SET due_us = max(due_us, ?2), reason = ?3
             WHERE target = ?1 AND state IN ('waiting', 'sent') AND due_us IS NOT NULL",
        )?
        .execute(params![
            <&str>::from(target),
            until.timestamp_micros(),
            reason
        ])?;
    Ok(())
}
