//! The outbox: mails are queued here until the server accepts them. They are written in the
//! transaction that made them due, so that a crash loses none; an existing Message-ID is not queued
//! again.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::link::LinkId;
use crate::model::mail::{MailFailure, NewMail, QueuedMail, SettledMail};
use crate::model::settings::Topic;
use crate::model::time::from_micros;
use crate::model::{SourceId, Time};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

const COLUMNS: &str = "o.id, o.recipient, o.message_id, o.subject, o.eml, o.created_us, o.attempts, o.next_attempt_us, o.last_error, o.sent_us,
     o.topic, o.incidents, o.handed_over, o.settled_us, o.settled_as, o.source, o.links";

/// Neither sent nor given up.
const WAITS: &str = "o.sent_us IS NULL AND o.settled_us IS NULL";

/// The newest mail to the same reader, sent or queued, about all incidents of this one.
const LATER: &str = "(SELECT max(l.id) FROM outbox l
      WHERE o.topic IS NOT NULL AND l.topic IS NOT NULL AND l.id > o.id AND l.recipient = o.recipient
        AND l.settled_us IS NULL AND json_array_length(o.incidents) > 0
        AND NOT EXISTS (SELECT 1 FROM json_each(o.incidents) ours
                        WHERE ours.value NOT IN (SELECT theirs.value FROM json_each(l.incidents) theirs)))";

/// The earliest unsent mail to the same reader about the same incident, which must arrive first. A
/// mail that was refused permanently, or handed over in full without an answer, blocks nothing, and
/// mails without a topic (digest, initial report) are not part of this order.
const BEHIND: &str = "(SELECT min(e.id) FROM outbox e, json_each(e.incidents) ours, json_each(o.incidents) theirs
      WHERE o.sent_us IS NULL AND o.topic IS NOT NULL AND e.sent_us IS NULL AND e.topic IS NOT NULL
        AND e.settled_us IS NULL AND e.refused = 0 AND e.handed_over = 0 AND e.id < o.id AND e.recipient = o.recipient AND ours.value = theirs.value)";

const TOPICS: [(&str, Topic); 5] = [
    ("regression", Topic::Regression),
    ("recovery", Topic::Recovery),
    ("improvement", Topic::Improvement),
    ("vantage", Topic::Vantage),
    ("links", Topic::Links),
];

pub(in crate::store) fn put(
    connection: &Connection,
    mail: &NewMail,
    created: Time,
) -> Result<bool, InnerError> {
    let topic = mail
        .topic
        .and_then(|topic| TOPICS.iter().find(|(_, known)| *known == topic));
    let changed = connection
        .prepare_cached(
            "INSERT INTO outbox (message_id, recipient, topic, subject, source, incidents, eml, created_us, next_attempt_us, links)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (message_id) DO NOTHING",
        )?
        .execute(params![
            mail.message_id,
            mail.recipient,
            topic.map(|(name, _)| *name),
            mail.subject,
            mail.source.as_ref().map(SourceId::as_str),
            serde_json::to_string(&mail.incidents)?,
            mail.eml,
            created.timestamp_micros(),
            mail.not_before.timestamp_micros(),
            link_numbers(mail)?
        ])?;
    Ok(changed == 1)
}

/// Unsent mails that are due and not blocked by another one; those that became due first come
/// first.
pub(in crate::store) fn due(
    connection: &Connection,
    now: Time,
) -> Result<Vec<QueuedMail>, InnerError> {
    collect(
        connection,
        &format!(
            "SELECT {COLUMNS}, {BEHIND} AS behind, NULL AS later FROM outbox o
             WHERE {WAITS} AND o.next_attempt_us <= ?1 AND behind IS NULL
             ORDER BY o.next_attempt_us, o.id LIMIT 500"
        ),
        params![now.timestamp_micros()],
    )
}

/// Attempts that are scheduled after `limit` are made now.
pub(in crate::store) fn bring_back(
    connection: &Connection,
    now_us: i64,
    limit_us: i64,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE outbox SET next_attempt_us = ?1
             WHERE sent_us IS NULL AND settled_us IS NULL AND next_attempt_us > ?2",
        )?
        .execute([now_us, limit_us])?;
    Ok(())
}

/// Unsent mails, due or not.
pub(in crate::store) fn waiting(connection: &Connection) -> Result<Vec<QueuedMail>, InnerError> {
    collect(
        connection,
        &format!(
            "SELECT {COLUMNS}, {BEHIND} AS behind, {LATER} AS later FROM outbox o WHERE {WAITS} ORDER BY o.next_attempt_us, o.id"
        ),
        params![],
    )
}

/// The newest mails that were sent or given up.
pub(in crate::store) fn sent(
    connection: &Connection,
    most: u32,
) -> Result<Vec<QueuedMail>, InnerError> {
    collect(
        connection,
        &format!(
            "SELECT {COLUMNS}, NULL AS behind, NULL AS later FROM outbox o WHERE NOT ({WAITS})
             ORDER BY coalesce(o.sent_us, o.settled_us) DESC, o.id DESC LIMIT ?1"
        ),
        params![most],
    )
}

pub(in crate::store) fn mark_sent(
    connection: &Connection,
    id: i64,
    at: Time,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE outbox SET sent_us = ?2, attempts = attempts + 1, last_error = NULL WHERE id = ?1",
        )?
        .execute(params![id, at.timestamp_micros()])?;
    // An earlier mail that was refused or not answered, about nothing else, is out of date.
    connection
        .prepare_cached(
            "UPDATE outbox AS o SET settled_us = ?2, settled_as = 'overtaken', last_error = 'mail ' || ?1 || ' said what is the case'
             WHERE o.sent_us IS NULL AND o.settled_us IS NULL AND (o.refused = 1 OR o.handed_over > 0) AND o.id < ?1
               AND o.topic IS NOT NULL AND json_array_length(o.incidents) > 0
               AND EXISTS (SELECT 1 FROM outbox l WHERE l.id = ?1 AND l.topic IS NOT NULL AND l.recipient = o.recipient
                   AND NOT EXISTS (SELECT 1 FROM json_each(o.incidents) ours
                                   WHERE ours.value NOT IN (SELECT theirs.value FROM json_each(l.incidents) theirs)))",
        )?
        .execute(params![id, at.timestamp_micros()])?;
    Ok(())
}

/// Gives up a mail.
pub(in crate::store) fn settle(
    connection: &Connection,
    id: i64,
    settled: SettledMail,
    because: &str,
    at: Time,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE outbox SET settled_us = ?2, settled_as = ?3, last_error = ?4
             WHERE id = ?1 AND sent_us IS NULL AND settled_us IS NULL",
        )?
        .execute(params![
            id,
            at.timestamp_micros(),
            settled.as_str(),
            because
        ])?;
    Ok(())
}

/// Replaces the text of a queued mail by a newer one; its schedule is kept.
pub(in crate::store) fn renew(
    connection: &Connection,
    id: i64,
    mail: &NewMail,
    at: Time,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE outbox SET message_id = ?2, subject = ?3, incidents = ?4, eml = ?5, created_us = ?6,
                handed_over = 0, links = ?7
             WHERE id = ?1 AND sent_us IS NULL AND settled_us IS NULL",
        )?
        .execute(params![
            id,
            mail.message_id,
            mail.subject,
            serde_json::to_string(&mail.incidents)?,
            mail.eml,
            at.timestamp_micros(),
            link_numbers(mail)?
        ])?;
    Ok(())
}

/// The Message-ID of the first mail that was sent to a reader, of those whose Message-ID is
/// `prefix`, a dot and more. A mail that was handed over without an answer of the server may have
/// arrived, and counts.
pub(in crate::store) fn first_sent(
    connection: &Connection,
    prefix: &str,
    recipient: &str,
) -> Result<Option<String>, InnerError> {
    // The index of Message-IDs: `/` comes after the dot.
    let range = (format!("{prefix}."), format!("{prefix}/"));
    let found = connection
        .prepare_cached(
            "SELECT message_id FROM outbox
             WHERE message_id > ?1 AND message_id < ?2 AND recipient = ?3
               AND (sent_us IS NOT NULL OR handed_over > 0)
             ORDER BY coalesce(sent_us, created_us), id LIMIT 1",
        )?
        .query_row(params![range.0, range.1, recipient], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Replaces the message of a mail that was not sent yet.
pub(in crate::store) fn replace_message(
    connection: &Connection,
    id: i64,
    eml: &[u8],
) -> Result<(), InnerError> {
    connection
        .prepare_cached("UPDATE outbox SET eml = ?2 WHERE id = ?1 AND sent_us IS NULL")?
        .execute(params![id, eml])?;
    Ok(())
}

/// The links of a mail as their column holds them.
fn link_numbers(mail: &NewMail) -> Result<String, InnerError> {
    let numbers: Vec<i64> = mail.links.iter().map(|link| link.0).collect();
    Ok(serde_json::to_string(&numbers)?)
}

/// Makes every queued mail due now; returns their number.
pub(in crate::store) fn hasten(connection: &Connection, now: Time) -> Result<usize, InnerError> {
    Ok(connection
        .prepare_cached(
            "UPDATE outbox AS o SET next_attempt_us = min(o.next_attempt_us, ?1)
             WHERE o.sent_us IS NULL AND o.settled_us IS NULL",
        )?
        .execute(params![now.timestamp_micros()])?)
}

pub(in crate::store) fn mark_failed(
    connection: &Connection,
    id: i64,
    failure: &MailFailure,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, next_attempt_us = ?3, refused = ?4,
                 handed_over = handed_over + ?5
             WHERE id = ?1 AND sent_us IS NULL",
        )?
        .execute(params![
            id,
            failure.error,
            failure.next_attempt.timestamp_micros(),
            failure.permanent,
            failure.handed_over
        ])?;
    Ok(())
}

pub(in crate::store) fn unsent_count(connection: &Connection) -> Result<u64, InnerError> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM outbox WHERE sent_us IS NULL AND settled_us IS NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The mails given up since `since` because the server never answered.
pub(in crate::store) fn unanswered_count(
    connection: &Connection,
    since: Time,
) -> Result<u64, InnerError> {
    let count: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM outbox WHERE settled_as = 'unanswered' AND settled_us >= ?1",
        )?
        .query_row([since.timestamp_micros()], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Since when no mail was accepted although a tried one is queued: the time when the oldest of
/// those was composed.
pub(in crate::store) fn stuck_since(connection: &Connection) -> Result<Option<Time>, InnerError> {
    let us: Option<i64> = connection
        .prepare_cached(
            "SELECT min(created_us) FROM outbox WHERE sent_us IS NULL AND settled_us IS NULL AND attempts > 0
               AND created_us > (SELECT coalesce(max(sent_us), -1) FROM outbox)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(us.map(from_micros))
}

/// When the next mail is due that is not blocked by another one.
pub(in crate::store) fn next_due(connection: &Connection) -> Result<Option<Time>, InnerError> {
    let us: Option<i64> = connection
        .prepare_cached(&format!(
            "SELECT min(o.next_attempt_us) FROM outbox o WHERE {WAITS} AND {BEHIND} IS NULL"
        ))?
        .query_row([], |row| row.get(0))?;
    Ok(us.map(from_micros))
}

/// The number of sent mails that are still stored.
pub(in crate::store) fn sent_count(connection: &Connection) -> Result<u64, InnerError> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM outbox WHERE sent_us IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// When the newest mail of each incident was composed.
pub(in crate::store) fn last_mailed(
    connection: &Connection,
) -> Result<BTreeMap<i64, Time>, InnerError> {
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
) -> Result<Vec<QueuedMail>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<QueuedMail> {
    let row = Cells::new(row);
    Ok(QueuedMail {
        id: row.get("id")?,
        recipient: row.get("recipient")?,
        message_id: row.get("message_id")?,
        subject: row.get("subject")?,
        eml: row.get("eml")?,
        created: from_micros(row.get("created_us")?),
        attempts: row.get("attempts")?,
        next_attempt: from_micros(row.get("next_attempt_us")?),
        last_error: row.get("last_error")?,
        sent: row.get::<Option<i64>>("sent_us")?.map(from_micros),
        topic: row
            .get::<Option<String>>("topic")?
            .as_deref()
            .and_then(topic_of),
        incidents: serde_json::from_str(&row.get::<String>("incidents")?).unwrap_or_default(),
        links: serde_json::from_str::<Vec<i64>>(&row.get::<String>("links")?)
            .unwrap_or_default()
            .into_iter()
            .map(LinkId)
            .collect(),
        handed_over: row.get("handed_over")?,
        settled: settled(
            row.get("settled_us")?,
            row.get::<Option<String>>("settled_as")?.as_deref(),
        ),
        source: row.get::<Option<String>>("source")?.map(Into::into),
        behind: row.get("behind")?,
        later: row.get("later")?,
    })
}

fn topic_of(name: &str) -> Option<Topic> {
    let found = TOPICS.iter().find(|(known, _)| *known == name);
    found.map(|(_, topic)| *topic)
}

fn settled(at: Option<i64>, kind: Option<&str>) -> Option<(Time, SettledMail)> {
    let kind = match kind? {
        "unanswered" => SettledMail::Unanswered,
        _ => SettledMail::Overtaken,
    };
    Some((from_micros(at?), kind))
}
