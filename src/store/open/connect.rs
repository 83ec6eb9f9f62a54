//! The writing connection and its settings; `read_only` has those of readers.
//!
//! Durability: the store is in WAL mode, so a killed process loses nothing that was committed.
//! Against power cuts, single measurements are committed with `synchronous = NORMAL` (no disk flush
//! each). Everything that is reported as done (a pass, a mail's mark, a person's input) is
//! committed with `FULL`, which flushes the whole log, including every measurement before it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::store::error::{InnerError, StoreError};
use crate::store::open::migrate;
use crate::store::open::migration_progress::MigrationProgress;

/// How a store is opened; the default is right for every command.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long to wait for a locked file.
    pub busy_timeout: Duration,
    /// The largest size of the file in pages of 4 KiB; `None`: limited by the disk. Tests use it to
    /// simulate a full disk.
    pub max_pages: Option<u32>,
    /// Is called with the progress of a long migration.
    pub progress: MigrationProgress,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(10),
            max_pages: None,
            progress: MigrationProgress::default(),
        }
    }
}

/// Statements that stay compiled, per connection.
const CACHED_STATEMENTS: usize = 64;

/// Opens the writing connection; creates the file and its folder, and migrates it.
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
    // Hot pages are copied back less often than with the default of 1,000 pages; the log then has
    // 16 MiB.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    keep_plans(&connection)?;
    migrate::migrate(&mut connection, path, options.progress)?;
    Ok(connection)
}

/// Statements stay compiled, with one plan for all parameters: otherwise (SQLite is built with
/// STAT4) a new value for the end of a range compiles them again.
pub(in crate::store) fn keep_plans(connection: &Connection) -> Result<(), InnerError> {
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// SQLite would treat a short or empty text file as a new database; such a file must not be
/// written.
pub(in crate::store) fn refuse_other_files(path: &Path) -> Result<(), StoreError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let not_a_store = |why: &str| StoreError::NotAStore {
        path: path.to_owned(),
        why: why.to_owned(),
    };
    let Ok(facts) = std::fs::metadata(path) else {
        return Ok(()); // missing, or the opening reports why
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

/// The path that SQLite sees, independent of the current folder of the process.
pub(in crate::store) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
