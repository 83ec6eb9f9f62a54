//! Protects the store against a wrong clock: the last pass by a clock that was trusted, and records
//! that are dated in the future.

use crate::model::Time;
use crate::model::time::{CLOCK_TOLERANCE, EARLIEST_RECORD, from_micros};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::open::last_pass;
use crate::store::read::reader::Reader;
use crate::store::rows::outbox;
use crate::store::write::writer::Durability;
use chrono::TimeDelta;

impl Store {
    /// See [`Reader::last_pass`].
    pub async fn last_pass(&self) -> Result<Option<Time>, StoreError> {
        self.with_reader(Reader::last_pass).await
    }

    /// Sets the time of the last pass.
    pub async fn set_last_pass(&self, at: Time) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            last_pass::set(&session.connection, at)
        })
        .await
    }

    /// Corrects times that are further ahead of `now` than they may be: the clock was set back
    /// after they were written. A back-off ends at most `back_off` from now, a mail is tried again
    /// within `mail`, and a copy of robots.txt was fetched before now.
    pub async fn forget_ahead(
        &self,
        now: Time,
        back_off: TimeDelta,
        mail: TimeDelta,
    ) -> Result<(), StoreError> {
        let us = |ahead: TimeDelta| now.checked_add_signed(ahead).map(|t| t.timestamp_micros());
        let (back_off, mail) = (us(back_off), us(mail));
        self.write(Durability::Soon, move |session| {
            let c = &session.connection;
            if let Some(limit) = back_off {
                c.prepare_cached("DELETE FROM back_offs WHERE until_us > ?1")?
                    .execute([limit])?;
            }
            c.prepare_cached("DELETE FROM robots WHERE fetched_us > ?1")?
                .execute([(now + CLOCK_TOLERANCE).timestamp_micros()])?;
            match mail {
                Some(limit) => outbox::bring_back(c, now.timestamp_micros(), limit),
                None => Ok(()),
            }
        })
        .await
    }
}

impl Reader {
    /// The time of the newest pass, by the clock that was trusted then; `None` before the first
    /// pass.
    pub fn last_pass(&self) -> Result<Option<Time>, StoreError> {
        self.read(|c| Ok(last_pass::read(c)?.map(from_micros)))
    }

    /// Records that are dated before records began, or further after `now` than clocks may differ.
    pub fn misdated(&self, now: Time) -> Result<MisdatedRecords, StoreError> {
        let ahead = now + CLOCK_TOLERANCE;
        self.read(|c| {
            let count = |sql: &str, us: i64| -> Result<(u64, Option<i64>), InnerError> {
                Ok(c.prepare_cached(sql)?.query_row([us], |row| {
                    Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
                })?)
            };
            let (early, _) = count(
                "SELECT count(*), min(started_us) FROM measurements WHERE started_us < ?1",
                EARLIEST_RECORD.timestamp_micros(),
            )?;
            let (late, newest) = count(
                "SELECT count(*), max(started_us) FROM measurements WHERE started_us > ?1",
                ahead.timestamp_micros(),
            )?;
            let (gaps, newest_gap) = count(
                "SELECT count(*), max(at_us) FROM missed WHERE at_us > ?1",
                ahead.timestamp_micros(),
            )?;
            let (copies, _) = count(
                "SELECT count(*), max(fetched_us) FROM robots WHERE fetched_us > ?1",
                ahead.timestamp_micros(),
            )?;
            let (mails, _) = count(
                "SELECT count(*), max(created_us) FROM outbox WHERE sent_us IS NULL AND created_us > ?1",
                ahead.timestamp_micros(),
            )?;
            let (back_offs, _) = count(
                "SELECT count(*), max(until_us) FROM back_offs
                 WHERE until_us > ?1 + 1000000 * max(step_seconds, 3 * 86400)",
                ahead.timestamp_micros(),
            )?;
            Ok(MisdatedRecords {
                early,
                late,
                gaps,
                put_off: copies + mails + back_offs,
                newest: newest.max(newest_gap).map(from_micros),
            })
        })
    }
}

/// Records with a date that no correct clock gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MisdatedRecords {
    /// Measurements from before measurements existed.
    pub early: u64,
    /// Measurements in the future.
    pub late: u64,
    /// Gaps in the future.
    pub gaps: u64,
    /// Back-offs, copies of robots.txt and mails in the future.
    pub put_off: u64,
    /// The newest record in the future.
    pub newest: Option<Time>,
}

/// The time by which old records are removed: a clock that was ahead must not make everything old.
#[must_use]
pub fn no_later_than(now: Time, last_pass: Option<Time>) -> Time {
    let limit = last_pass.and_then(|last| last.checked_add_signed(TimeDelta::days(1)));
    limit.map_or(now, |limit| now.min(limit))
}
