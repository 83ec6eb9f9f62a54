//! A consistent copy of a store in use, checked before it gets its name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;

/// Pages copied at a time.
const STEP: i32 = 4_096;

impl Reader {
    /// Copies the current store to `to`, which must not exist. The store may be in use: later
    /// commits are not in the copy. Returns the copy's size in bytes.
    pub fn backup(&self, to: &Path) -> Result<u64, StoreError> {
        if to.exists() {
            return Err(StoreError::Exists {
                path: to.to_owned(),
            });
        }
        let part = part_name(to);
        let copied = self.copy_to(&part).and_then(|()| publish(&part, to));
        if copied.is_err() {
            let _ = fs::remove_file(&part);
        }
        copied
    }

    fn copy_to(&self, part: &Path) -> Result<(), StoreError> {
        let here = |fault: InnerError| fault.at(self.path());
        let there = |fault: InnerError| fault.at(part);
        let mut copy = Connection::open(part).map_err(|e| there(e.into()))?;
        self.read(|source| {
            // The first read fixes the snapshot: nothing that is committed later makes the copy
            // start again.
            source.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            let backup = Backup::new(source, &mut copy)?;
            Ok(backup.run_to_completion(STEP, Duration::ZERO, None)?)
        })?;
        // One file, without a separate log.
        copy.pragma_update(None, "journal_mode", "DELETE")
            .map_err(|e| there(e.into()))?;
        match integrity(&copy).map_err(there)?.as_slice() {
            [] => Ok(()),
            [first, ..] => Err(here(InnerError::Store(StoreError::Corrupt {
                path: self.path().to_owned(),
                detail: first.clone(),
            }))),
        }
    }

    /// The result of an integrity check of the whole file; empty when it is sound. Reads every
    /// page.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        self.read(integrity)
    }
}

fn integrity(connection: &Connection) -> Result<Vec<String>, InnerError> {
    let mut statement = connection.prepare("PRAGMA quick_check")?;
    let lines = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    let mut found: Vec<String> = lines.into_iter().filter(|line| line != "ok").collect();
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, id, parent): (String, Option<i64>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let id = id.map_or_else(String::new, |id| format!(" {id}"));
        found.push(format!(
            "row{id} of {table} names a row of {parent} that is not there"
        ));
    }
    Ok(found)
}

fn part_name(to: &Path) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    to.with_file_name(name)
}

/// Gives the finished copy its name, unless the name was taken in the meantime.
fn publish(part: &Path, to: &Path) -> Result<u64, StoreError> {
    let fail = |e| InnerError::Io(e).at(to);
    let file = fs::File::open(part).map_err(fail)?;
    file.sync_all().map_err(fail)?;
    let bytes = file.metadata().map_err(fail)?.len();
    match fs::hard_link(part, to) {
        Ok(()) => fs::remove_file(part).map_err(fail)?,
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(StoreError::Exists {
                path: to.to_owned(),
            });
        }
        // No hard links on this file system.
        Err(_) => fs::rename(part, to).map_err(fail)?,
    }
    Ok(bytes)
}
