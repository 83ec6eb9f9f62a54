//! Fixes the leaves of a store from before the day chain. The records are read in batches, and the
//! lines of a batch are made on all processors. The caller's transaction holds all of it: a process
//! that is killed leaves the store as it was.

use std::num::NonZero;
use std::thread;

use rusqlite::{Connection, params};

use crate::model::day_chain::{self, Hash};
use crate::store::error::InnerError;
use crate::store::open::migration_progress::MigrationProgress;
use crate::store::rows::chain_entries;
use crate::store::write::codec;

/// Records that are read before their leaves are made.
const BATCH: usize = 512;

/// How often the progress is reported.
const REPORTS: u64 = 10;

/// Fewer records take no time that is worth a report.
const MANY: u64 = 5_000;

/// A record as it is stored.
struct Stored {
    uid: String,
    raw: Option<Vec<u8>>,
    /// Whether it refers to certificates.
    has_chain: bool,
    chain: Option<Vec<u8>>,
}

impl Stored {
    /// `None` when the stored bytes cannot be read.
    fn leaf(&self) -> Option<Hash> {
        if self.has_chain != self.chain.is_some() {
            return None;
        }
        let raw = codec::unpack(self.raw.as_deref()?).ok()?;
        let line = chain_entries::with_chain(&raw, self.chain.as_deref())?;
        Some(day_chain::leaf(&line))
    }
}

/// Fixes the leaves of all records: the leaves enter the chain today, by this computer's clock. An
/// unreadable record gets no leaf, and `verify` reports it.
pub(in crate::store) fn fill(
    connection: &Connection,
    progress: MigrationProgress,
) -> Result<(), InnerError> {
    let today: i64 = connection.query_row("SELECT unixepoch() / 86400", [], |row| row.get(0))?;
    connection.execute("UPDATE measurements SET entered_day = ?1", [today])?;
    let all: i64 =
        connection.query_row("SELECT count(*) FROM measurements", [], |row| row.get(0))?;
    let (all, mut done) = (all.unsigned_abs(), 0);
    let mut statement = connection.prepare(
        "SELECT m.uid, r.raw, r.chain_sha256 IS NOT NULL, c.data FROM measurements m
         LEFT JOIN records r ON r.id = m.id
         LEFT JOIN chains c ON c.sha256 = r.chain_sha256
         ORDER BY m.uid",
    )?;
    let mut rows = statement.query([])?;
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(row) = rows.next()?
        {
            batch.push(Stored {
                uid: row.get(0)?,
                raw: row.get(1).unwrap_or_default(),
                has_chain: row.get(2)?,
                chain: row.get(3).unwrap_or_default(),
            });
        }
        if batch.is_empty() {
            return Ok(());
        }
        put(connection, today, &batch)?;
        let before = done;
        done += batch.len() as u64;
        let part = |done: u64| done * REPORTS / all.max(1);
        if all >= MANY && part(done) > part(before) {
            progress.report(done, all);
        }
    }
}

fn put(connection: &Connection, today: i64, batch: &[Stored]) -> Result<(), InnerError> {
    for (stored, leaf) in batch.iter().zip(leaves(batch)) {
        match leaf {
            Some(leaf) => chain_entries::put_leaf(connection, today, &stored.uid, &leaf)?,
            None => {
                connection
                    .prepare_cached("UPDATE measurements SET entered_day = NULL WHERE uid = ?1")?
                    .execute(params![stored.uid])?;
            }
        }
    }
    Ok(())
}

/// The leaf of each record, in order.
fn leaves(batch: &[Stored]) -> Vec<Option<Hash>> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = batch.len().div_ceil(threads).max(1);
    let mut leaves = vec![None; batch.len()];
    thread::scope(|scope| {
        for (stored, leaves) in batch.chunks(share).zip(leaves.chunks_mut(share)) {
            scope.spawn(move || {
                for (stored, leaf) in stored.iter().zip(leaves) {
                    *leaf = stored.leaf();
                }
            });
        }
    });
    leaves
}
