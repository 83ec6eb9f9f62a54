//! Which evidence files may be removed, and their removal (evidence.md 1.8).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::model::Time;
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::write::writer::Durability;

impl Store {
    /// Removes the references to evidence files whose exchanges are all older than a time, and
    /// returns the names of these files. A file is kept when an incident relies on an exchange in
    /// it, or when a revisit record in a kept file refers to it.
    pub async fn forget_evidence(&self, before: Time) -> Result<Vec<String>, StoreError> {
        let us = before.timestamp_micros();
        self.write(Durability::Now, move |session| {
            let connection = &session.connection;
            let files = removable(connection, us)?;
            for file in &files {
                connection
                    .prepare_cached(
                        "DELETE FROM evidence WHERE uid IN
                            (SELECT uid FROM evidence_records WHERE file = ?1)",
                    )?
                    .execute([file])?;
            }
            Ok(files.into_iter().collect())
        })
        .await
    }
}

fn removable(connection: &Connection, before_us: i64) -> Result<BTreeSet<String>, InnerError> {
    let mut old = column(
        connection,
        "SELECT r.file FROM evidence_records r JOIN evidence e ON e.uid = r.uid
         GROUP BY r.file HAVING max(e.at_us) < ?1",
        before_us,
    )?;
    if old.is_empty() {
        return Ok(old);
    }
    let needed = column(
        connection,
        "WITH own (uid) AS (
            SELECT j.value FROM incidents i, json_each(i.detail, '$.evidence') j WHERE ?1 IS NOT NULL)
         SELECT r.file FROM evidence_records r WHERE r.uid IN (
            SELECT uid FROM own UNION
            SELECT c.healthy_uid FROM status_changes c JOIN own ON own.uid = c.uid)
            OR r.record_id IN (SELECT url FROM copies WHERE kind = 'own')",
        before_us,
    )?;
    // An exchange may be split over two files: both are removed or both are kept.
    let links = links(connection)?;
    old.retain(|file| !needed.contains(file));
    loop {
        let kept = |file: &String| !old.contains(file);
        let wanted: BTreeSet<String> = links
            .iter()
            .filter(|(from, _)| kept(from))
            .flat_map(|(_, to)| to.iter().cloned())
            .collect();
        let count = old.len();
        old.retain(|file| !wanted.contains(file));
        if old.len() == count {
            return Ok(old);
        }
    }
}

/// The files that the records of each file need: those that hold payloads of its revisits, and the
/// other parts of its exchanges.
fn links(connection: &Connection) -> Result<BTreeMap<String, BTreeSet<String>>, InnerError> {
    let mut links: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT r.file, h.file FROM evidence_records r
            JOIN evidence_records h ON h.record_id = r.refers_to WHERE h.file <> r.file
         UNION SELECT DISTINCT r.file, o.file FROM evidence_records r
            JOIN evidence_records o ON o.uid = r.uid WHERE o.file <> r.file",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        links.entry(row.get(0)?).or_default().insert(row.get(1)?);
    }
    Ok(links)
}

fn column(connection: &Connection, sql: &str, us: i64) -> Result<BTreeSet<String>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([us], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
