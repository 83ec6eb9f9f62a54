//! The connection that writes, and its settings; `look` has those that only read.
//!
//! Durability: the store is in WAL mode, so a killed process loses nothing that was committed. For a
//! power cut, single measurements are committed with `synchronous = NORMAL` (no disk flush each),
//! and whatever is reported as done (a pass, a mail's mark, what a person enters) with `FULL`, which
//! flushes the whole log and with it every measurement before it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::store::error::{InnerError, StoreError};
use crate::store::open::migrate;

/// How a store is opened; the default is right for every command.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a locked file is waited for.
    pub busy_timeout: Duration,
    /// The file may not grow over so many pages of 4 KiB; none: as the disk allows. Stands in for a
    /// full disk in tests.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(10),
            max_pages: None,
        }
    }
}

/// Statements that stay compiled, per connection.
const CACHED_STATEMENTS: usize = 64;

/// Opens the writing connection; makes the file and its folder, and migrates it.
pub(in crate::store) fn writer(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| InnerError::Io(e).at(folder))?;
    }
    refuse_other_files(path)?;
    open_writer(path, options).map_err(|fault| fault.at(path))
}

fn open_writer(path: &Path, options: &Options) -> Result<Connection, InnerError> {
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(options.busy_timeout)?;
    // A newer or foreign file is refused before anything in it changes.
    let found = migrate::current(&connection, path)?;
    if found == 0 {
        // Takes effect before the first table only; later it would wait for the write lock in vain.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16_000)?; // KiB
    // Hot pages are copied back less often than with the default of 1,000 pages; 16 MiB of log.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    keep_plans(&connection)?;
    migrate::migrate(&mut connection, path)?;
    Ok(connection)
}

/// Statements stay compiled, with one plan whatever is bound: else (SQLite is built with STAT4) a new
/// value of a range's end compiles them again.
pub(in crate::store) fn keep_plans(connection: &Connection) -> Result<(), InnerError> {
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// SQLite would take a short or empty text file for a new database; we do not write into it.
pub(in crate::store) fn refuse_other_files(path: &Path) -> Result<(), StoreError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let not_a_store = |why: &str| StoreError::NotAStore {
        path: path.to_owned(),
        why: why.to_owned(),
    };
    let Ok(facts) = std::fs::metadata(path) else {
        return Ok(()); // not there yet, or the opening tells why
    };
    if !facts.is_file() {
        return Err(not_a_store("it is not a file"));
    }
    if facts.len() == 0 {
        return Ok(());
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut head))
        .map_err(|e| InnerError::Io(e).at(path))?;
    if head == MAGIC {
        Ok(())
    } else {
        Err(not_a_store("it is not an SQLite file"))
    }
}

/// The path that SQLite sees, the same from every folder the process may change to.
pub(in crate::store) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
