//! Removes old raw measurements and bodies. Roll-ups, statuses and incidents stay.

use rusqlite::params;

use crate::model::Time;
use crate::model::page::HISTORY_DAYS;
use crate::model::time::{DAY_US, day_of, from_micros};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::open::{last_pass, meta};
use crate::store::rollup;
use crate::store::rollup::RAW_FROM;
use crate::store::rows::figures;
use crate::store::write::insert::WriteSession;
use crate::store::write::underived::PendingRemoval;
use crate::store::write::writer::Durability;
use crate::store::write::{exchanges, record_base, underived};

/// How many measurements one transaction removes: others wait at most a few milliseconds.
const CHUNK: i64 = 2_000;

/// How long before the purge values are kept (see [`crate::store::Reader::history`]).
const VALUES_KEPT_US: i64 = HISTORY_DAYS * DAY_US;

/// How many free pages one step returns to the system.
const VACUUM_PAGES: i64 = 2_000;

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    pub measurements: u64,
    pub bodies: u64,
    /// Mails that were sent or given up.
    pub mails: u64,
}

impl Store {
    /// Removes raw measurements, their bodies and certificates from before a time, and returns the
    /// space. A removal that is interrupted keeps its progress.
    pub async fn purge(&self, before: Time) -> Result<Purged, StoreError> {
        let us = before.timestamp_micros();
        self.write(Durability::Soon, move |session| {
            exchanges::prune(&session.connection, us)
        })
        .await?;
        let mut purged = Purged {
            bodies: self.forget_bodies(us, us).await?,
            ..Purged::default()
        };
        // The horizon comes first: from now on no earlier day is derived again from the remaining
        // measurements.
        self.write(Durability::Now, move |session| {
            let from = meta::get_number(&session.connection, RAW_FROM)?.unwrap_or(i64::MIN);
            meta::set(&session.connection, RAW_FROM, &from.max(us).to_string())
        })
        .await?;
        loop {
            let removed = self
                .write(Durability::Soon, move |session| measurements(session, us))
                .await?;
            purged.measurements += removed;
            if removed == 0 {
                break;
            }
        }
        purged.mails = self
            .write(Durability::Now, move |session| rest(session, us))
            .await?;
        self.give_back().await?;
        Ok(purged)
    }

    /// Begins to remove everything dated at or after a time. Until [`Store::replace_derived`] has
    /// written the remaining results, the store reports the removal
    /// ([`crate::store::UnderivedRecords`]).
    pub async fn begin_removal(&self, after: Time) -> Result<PendingRemoval, StoreError> {
        self.write(Durability::Now, move |session| {
            let us = after.timestamp_micros();
            let before: Option<i64> = session.connection.query_row(
                "SELECT max(started_us) FROM measurements WHERE started_us < ?1
                   AND id < (SELECT min(id) FROM measurements WHERE started_us >= ?1)",
                [us],
                |row| row.get(0),
            )?;
            let removal = PendingRemoval {
                after,
                before: from_micros(before.unwrap_or(us)),
            };
            underived::mark_removal(&session.connection, removal)?;
            Ok(removal)
        })
        .await
    }

    /// Removes the measurements, values, gaps and roll-ups that are dated at or after a time, and
    /// corrects the times that they moved ahead. The caller derives their results again.
    pub async fn remove_from(&self, after: Time) -> Result<u64, StoreError> {
        let us = after.timestamp_micros();
        let mut removed = 0;
        loop {
            let chunk = self
                .write(Durability::Soon, move |session| {
                    measurements_from(session, us)
                })
                .await?;
            removed += chunk;
            if chunk == 0 {
                break;
            }
        }
        self.write(Durability::Now, move |session| rest_from(session, us))
            .await?;
        self.give_back().await?;
        Ok(removed)
    }

    /// Applies the limits of `[store]`: removes measurements from before the first time, and bodies
    /// of healthy pages that were last seen before the second.
    pub async fn expire(
        &self,
        measurements_before: Time,
        bodies_before: Time,
    ) -> Result<Purged, StoreError> {
        let raw_us = measurements_before.timestamp_micros();
        let bodies = self
            .forget_bodies(bodies_before.timestamp_micros(), raw_us)
            .await?;
        let mut purged = self.purge(measurements_before).await?;
        purged.bodies += bodies;
        Ok(purged)
    }

    /// Removes bodies last used before these times: of healthy pages, and of all others. The newest
    /// healthy page of a series stays as long as its measurement, because later pages are compared
    /// with it.
    async fn forget_bodies(&self, healthy_us: i64, others_us: i64) -> Result<u64, StoreError> {
        let mut all = 0;
        loop {
            let removed = self
                .write(Durability::Soon, move |session| {
                    Ok(session
                        .connection
                        .prepare_cached(
                            "DELETE FROM bodies WHERE id IN (SELECT id FROM bodies
                                WHERE last_used_us < max(?1, ?2)
                                  AND sha256 NOT IN (SELECT m.body_sha256 FROM series s
                                    CROSS JOIN measurements m ON m.id = (SELECT id FROM measurements
                                      WHERE series_id = s.id AND code = 'ok'
                                      ORDER BY started_us DESC LIMIT 1)
                                    WHERE s.control = 0 AND m.body_sha256 IS NOT NULL
                                      AND m.started_us >= ?4)
                                  AND sha256 NOT IN (SELECT body_sha256 FROM exchanges
                                    WHERE body_sha256 IS NOT NULL)
                                  AND last_used_us < CASE unhealthy WHEN 0 THEN ?1 ELSE ?2 END
                                LIMIT ?3)",
                        )?
                        .execute(params![healthy_us, others_us, CHUNK, others_us])?
                        as u64)
                })
                .await?;
            all += removed;
            if removed == 0 {
                return Ok(all);
            }
        }
    }

    /// Returns free pages to the system, step by step.
    async fn give_back(&self) -> Result<(), StoreError> {
        loop {
            let left = self.outside_transaction(vacuum_step).await?;
            if left == 0 {
                return Ok(());
            }
        }
    }
}

fn measurements(session: &mut WriteSession, before_us: i64) -> Result<u64, InnerError> {
    let removed = session
        .connection
        .prepare_cached(
            "DELETE FROM measurements WHERE id IN
                (SELECT id FROM measurements WHERE started_us < ?1 LIMIT ?2)",
        )?
        .execute([before_us, CHUNK])?;
    Ok(removed as u64)
}

fn measurements_from(session: &mut WriteSession, from_us: i64) -> Result<u64, InnerError> {
    let removed = session
        .connection
        .prepare_cached(
            "DELETE FROM measurements WHERE id IN
                (SELECT id FROM measurements WHERE started_us >= ?1 LIMIT ?2)",
        )?
        .execute([from_us, CHUNK])?;
    Ok(removed as u64)
}

fn rest_from(session: &mut WriteSession, from_us: i64) -> Result<(), InnerError> {
    let c = &session.connection;
    let run = |sql: &str| c.prepare_cached(sql)?.execute([from_us]);
    run("DELETE FROM exchanges WHERE at_us >= ?1")?;
    run("DELETE FROM link_exchanges WHERE at_us >= ?1")?;
    run("DELETE FROM status_changes WHERE at_us >= ?1")?;
    run("DELETE FROM readings WHERE at_us >= ?1")?;
    run("DELETE FROM figures WHERE at_us >= ?1")?;
    figures::remove_unused_sets(c)?;
    run("DELETE FROM missed WHERE at_us >= ?1")?;
    run("DELETE FROM set_aside WHERE at_us >= ?1")?;
    run("DELETE FROM doubted WHERE at_us >= ?1")?;
    run("DELETE FROM link_checks WHERE at_us >= ?1")?;
    run("DELETE FROM vantages WHERE last_checked_us >= ?1")?;
    run("DELETE FROM outbox WHERE created_us >= ?1 AND sent_us IS NULL")?;
    run("DELETE FROM back_offs WHERE until_us >= ?1 + step_seconds * 1000000")?;
    run("DELETE FROM robots WHERE fetched_us >= ?1")?;
    run("UPDATE chains SET last_used_us = ?1 WHERE last_used_us > ?1")?;
    run("UPDATE bodies SET last_used_us = ?1 WHERE last_used_us > ?1")?;
    run("UPDATE series SET checked_us =
            (SELECT max(m.started_us) FROM measurements m
             WHERE m.series_id = series.id AND m.attempt = 0 AND NOT EXISTS
                (SELECT 1 FROM set_aside a WHERE a.series_id = m.series_id AND a.round = m.round))
         WHERE checked_us >= ?1")?;
    record_base::prune(c)?;
    last_pass::derive(c)?;
    let raw_from = meta::get_number(c, RAW_FROM)?.unwrap_or(i64::MIN);
    meta::set(c, RAW_FROM, &raw_from.min(from_us).to_string())?;
    let day = day_of(from_us);
    c.execute("DELETE FROM freshness WHERE day >= ?1", [day])?;
    let touched = rollup::days_from(c, day)?;
    rollup::derive(c, &touched)
}

/// Removes the other old rows; returns the number of mails among them.
fn rest(session: &mut WriteSession, before_us: i64) -> Result<u64, InnerError> {
    let run = |sql: &str, us: i64| session.connection.prepare_cached(sql)?.execute([us]);
    // `last_used_us` is exact to a day: a stored record may use a chain whose mark is a day older.
    run(
        "DELETE FROM chains WHERE last_used_us < ?1 AND sha256 NOT IN
            (SELECT chain_sha256 FROM exchanges WHERE chain_sha256 IS NOT NULL
             UNION SELECT chain_sha256 FROM link_exchanges WHERE chain_sha256 IS NOT NULL)",
        before_us - DAY_US,
    )?;
    run("DELETE FROM missed WHERE at_us < ?1", before_us)?;
    run("DELETE FROM set_aside WHERE at_us < ?1", before_us)?;
    run("DELETE FROM doubted WHERE at_us < ?1", before_us)?;
    run("DELETE FROM link_checks WHERE at_us < ?1", before_us)?;
    run("DELETE FROM link_days WHERE day < ?1", day_of(before_us))?;
    for sql in [
        "DELETE FROM readings WHERE at_us < ?1",
        "DELETE FROM figures WHERE at_us < ?1",
    ] {
        run(sql, before_us - VALUES_KEPT_US)?;
    }
    figures::remove_unused_sets(&session.connection)?;
    record_base::prune(&session.connection)?;
    let mails = run(
        // The later mails of an incident that goes on answer its first one.
        "DELETE FROM outbox WHERE coalesce(sent_us, settled_us) < ?1 AND NOT EXISTS
            (SELECT 1 FROM json_each(outbox.incidents) numbers
             JOIN incidents i ON i.id = numbers.value WHERE i.ended_us IS NULL)",
        before_us,
    )?;
    Ok(mails as u64)
}

fn vacuum_step(session: &mut WriteSession) -> Result<i64, InnerError> {
    let free = |session: &WriteSession| -> Result<i64, InnerError> {
        Ok(session
            .connection
            .pragma_query_value(None, "freelist_count", |row| row.get(0))?)
    };
    let before = free(session)?;
    session
        .connection
        .execute_batch(&format!("PRAGMA incremental_vacuum({VACUUM_PAGES})"))?;
    let left = free(session)?;
    if left > 0 && left < before {
        return Ok(left);
    }
    session
        .connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(0)
}
