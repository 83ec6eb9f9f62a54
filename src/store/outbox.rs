//! The outbox: mails wait here until the server took them. Written in the transaction that made
//! them due, so that a crash loses none; a Message-ID that is there already is not queued again.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::error::Fault;
use crate::model::mail::{MailFailure, NewMail, QueuedMail};
use crate::model::settings::Topic;
use crate::model::time::from_micros;
use crate::model::{SourceId, Time};

const COLUMNS: &str = "o.id, o.recipient, o.message_id, o.subject, o.eml, o.created_us, o.attempts, o.next_attempt_us, o.last_error, o.sent_us";

/// The earliest mail to the same reader about the same incident that is not sent yet: it must arrive
/// first. One that the server refused for good holds nothing back, and mails without a topic (digest,
/// first letter) stand outside this order.
const BEHIND: &str = "(SELECT min(e.id) FROM outbox e, json_each(e.incidents) ours, json_each(o.incidents) theirs
      WHERE o.sent_us IS NULL AND o.topic IS NOT NULL AND e.sent_us IS NULL AND e.topic IS NOT NULL
        AND e.refused = 0 AND e.id < o.id AND e.recipient = o.recipient AND ours.value = theirs.value)";

pub(super) fn put(connection: &Connection, mail: &NewMail, created: Time) -> Result<bool, Fault> {
    let topic = mail.topic.map(|topic| match topic {
        Topic::Regression => "regression",
        Topic::Recovery => "recovery",
        Topic::Improvement => "improvement",
        Topic::Vantage => "vantage",
    });
    let changed = connection
        .prepare_cached(
            "INSERT INTO outbox (message_id, recipient, topic, subject, source, incidents, eml, created_us, next_attempt_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (message_id) DO NOTHING",
        )?
        .execute(params![
            mail.message_id,
            mail.recipient,
            topic,
            mail.subject,
            mail.source.as_ref().map(SourceId::as_str),
            serde_json::to_string(&mail.incidents)?,
            mail.eml,
            created.timestamp_micros(),
            mail.not_before.timestamp_micros()
        ])?;
    Ok(changed == 1)
}

/// Unsent mails whose time has come and that need not let another go first; those that became due
/// first.
pub(super) fn due(connection: &Connection, now: Time) -> Result<Vec<QueuedMail>, Fault> {
    collect(
        connection,
        &format!(
            "SELECT {COLUMNS}, {BEHIND} AS behind FROM outbox o
             WHERE o.sent_us IS NULL AND o.next_attempt_us <= ?1 AND behind IS NULL
             ORDER BY o.next_attempt_us, o.id LIMIT 500"
        ),
        params![now.timestamp_micros()],
    )
}

/// Tries that are set for after `limit` come now.
pub(super) fn bring_back(connection: &Connection, now_us: i64, limit_us: i64) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE outbox SET next_attempt_us = ?1 WHERE sent_us IS NULL AND next_attempt_us > ?2",
        )?
        .execute([now_us, limit_us])?;
    Ok(())
}

/// Unsent mails, due or not.
pub(super) fn waiting(connection: &Connection) -> Result<Vec<QueuedMail>, Fault> {
    collect(
        connection,
        &format!(
            "SELECT {COLUMNS}, {BEHIND} FROM outbox o WHERE o.sent_us IS NULL ORDER BY o.next_attempt_us, o.id"
        ),
        params![],
    )
}

/// The newest mails that were sent.
pub(super) fn sent(connection: &Connection, most: u32) -> Result<Vec<QueuedMail>, Fault> {
    collect(
        connection,
        &format!(
            "SELECT {COLUMNS}, NULL FROM outbox o WHERE o.sent_us IS NOT NULL ORDER BY o.sent_us DESC, o.id DESC LIMIT ?1"
        ),
        params![most],
    )
}

pub(super) fn mark_sent(connection: &Connection, id: i64, at: Time) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE outbox SET sent_us = ?2, attempts = attempts + 1, last_error = NULL WHERE id = ?1",
        )?
        .execute(params![id, at.timestamp_micros()])?;
    Ok(())
}

pub(super) fn mark_failed(
    connection: &Connection,
    id: i64,
    failure: &MailFailure,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, next_attempt_us = ?3, refused = ?4
             WHERE id = ?1 AND sent_us IS NULL",
        )?
        .execute(params![
            id,
            failure.error,
            failure.next_attempt.timestamp_micros(),
            failure.permanent
        ])?;
    Ok(())
}

pub(super) fn unsent_count(connection: &Connection) -> Result<u64, Fault> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM outbox WHERE sent_us IS NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Since when no mail was accepted although one waits that was tried: when the oldest of those was composed.
pub(super) fn stuck_since(connection: &Connection) -> Result<Option<Time>, Fault> {
    let us: Option<i64> = connection
        .prepare_cached(
            "SELECT min(created_us) FROM outbox WHERE sent_us IS NULL AND attempts > 0
               AND created_us > (SELECT coalesce(max(sent_us), -1) FROM outbox)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(us.map(from_micros))
}

/// When the next mail is due that need not let another go first.
pub(super) fn next_due(connection: &Connection) -> Result<Option<Time>, Fault> {
    let us: Option<i64> = connection
        .prepare_cached(&format!(
            "SELECT min(o.next_attempt_us) FROM outbox o WHERE o.sent_us IS NULL AND {BEHIND} IS NULL"
        ))?
        .query_row([], |row| row.get(0))?;
    Ok(us.map(from_micros))
}

/// How many mails were sent, ever (as far as they are kept).
pub(super) fn sent_count(connection: &Connection) -> Result<u64, Fault> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM outbox WHERE sent_us IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// When the newest mail of each incident was composed.
pub(super) fn last_mailed(connection: &Connection) -> Result<BTreeMap<i64, Time>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT j.value, max(o.created_us) FROM outbox o, json_each(o.incidents) j GROUP BY j.value",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, from_micros(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn collect(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<QueuedMail>, Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<QueuedMail> {
    Ok(QueuedMail {
        id: row.get(0)?,
        recipient: row.get(1)?,
        message_id: row.get(2)?,
        subject: row.get(3)?,
        eml: row.get(4)?,
        created: from_micros(row.get(5)?),
        attempts: row.get(6)?,
        next_attempt: from_micros(row.get(7)?),
        last_error: row.get(8)?,
        sent: row.get::<_, Option<i64>>(9)?.map(from_micros),
        behind: row.get(10)?,
    })
}
