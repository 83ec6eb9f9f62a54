//! Opens a store read-only: in a folder without write permission, on a full disk, or next to a
//! writer.
//!
//! A store is in WAL mode, where even a reader uses the log's index (`-shm`) next to the file.
//! SQLite reads without write permission when `-wal` and `-shm` exist, or can be created, or the
//! file is declared `immutable` (<https://sqlite.org/wal.html#read_only_databases>). This gives
//! three cases:
//!
//! 1. **The log is not empty.** A writer is active, or one was killed. Its commits are only in the
//!    log, so the file is opened normally (`mode=ro`): SQLite reads the existing index, or builds
//!    one in memory without write permission. `immutable` would skip the log and read pages while
//!    they change.
//! 2. **No log, and the user may write the file.** Also opened normally; SQLite creates log and
//!    index.
//! 3. **No log, and the user may not write the file, or the disk is full.** No open connection has
//!    read or written, so the whole store is in the file, and `immutable=1` reads it without a
//!    trace. In case 2 this would be wrong, because the owner could not write a log created by
//!    another user. A writer may start during the read. It fills its log first, and changes the
//!    file only when it folds the log into it. The file's time and length are therefore recorded
//!    before opening and compared after each read. If they differ, the result of the read is
//!    discarded ([`StoreError::Changed`]).

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags};

use crate::store::error::{InnerError, StoreError};
use crate::store::open::connect;
use crate::store::open::migrate;
use crate::store::open::migration_progress::MigrationProgress;

/// Which schemas a reader accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Schema {
    /// This program's.
    Ours,
    /// Also an older one: a copy need not be interpreted.
    OursOrOlder,
}

/// The state of a file before it was opened as unchanging.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct UnchangedFile {
    changed: SystemTime,
    bytes: u64,
}

impl UnchangedFile {
    fn of(path: &Path) -> Result<Self, InnerError> {
        let facts = std::fs::metadata(path)?;
        Ok(Self {
            changed: facts.modified()?,
            bytes: facts.len(),
        })
    }

    /// An error when the file has changed.
    pub(in crate::store) fn confirm(&self, path: &Path) -> Result<(), InnerError> {
        if *self == Self::of(path)? {
            return Ok(());
        }
        Err(InnerError::Store(StoreError::Changed {
            path: path.to_owned(),
        }))
    }
}

/// A connection that cannot write.
pub(in crate::store) struct ReadOnlyConnection {
    pub(in crate::store) connection: Connection,
    /// Set when the file is opened as unchanging.
    pub(in crate::store) still: Option<UnchangedFile>,
}

/// Opens a connection that cannot write. The file must exist.
pub(in crate::store) fn open(
    path: &Path,
    patience: Duration,
    schema: Schema,
) -> Result<ReadOnlyConnection, StoreError> {
    match path.try_exists() {
        Ok(true) => {}
        Ok(false) => {
            return Err(StoreError::Missing {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(unreadable(&error, path)),
    }
    File::open(path).map_err(|error| unreadable(&error, path))?;
    connect::refuse_other_files(path)?;
    let opened = if has_log(path) {
        beside_a_log(path, patience)?
    } else {
        match may_write(path).then(|| usual(path, patience)) {
            Some(Ok(connection)) => ReadOnlyConnection {
                connection,
                still: None,
            },
            None => unchanging(path).map_err(|fault| fault.at(path))?,
            // No index could be created next to it.
            Some(Err(InnerError::Sql(error))) if is_about_the_index(&error) && !has_log(path) => {
                unchanging(path).map_err(|fault| fault.at(path))?
            }
            Some(Err(fault)) => return Err(fault.at(path)),
        }
    };
    let found = migrate::current(&opened.connection, path).map_err(|fault| fault.at(path))?;
    if found == 0 && std::fs::metadata(path).is_ok_and(|facts| facts.len() == 0) {
        return Err(StoreError::NotAStore {
            path: path.to_owned(),
            why: "it is empty: put the newest file of `accesswatch backup` in its place, or remove it when nothing was ever kept in it".to_owned(),
        });
    }
    if found < migrate::SCHEMA_VERSION && schema == Schema::Ours {
        return Err(StoreError::Older {
            path: path.to_owned(),
            found,
            known: migrate::SCHEMA_VERSION,
        });
    }
    Ok(opened)
}

/// An empty store in memory, for reads without a store.
pub(in crate::store) fn empty(path: &Path) -> Result<Connection, StoreError> {
    let open = || -> Result<Connection, InnerError> {
        let mut connection = Connection::open_in_memory()?;
        migrate::migrate(&mut connection, path, MigrationProgress::default())?;
        Ok(connection)
    };
    open().map_err(|fault| fault.at(path))
}

/// Whether this user may write the file. The file is not changed.
#[must_use]
pub fn may_write(path: &Path) -> bool {
    File::options().append(true).open(path).is_ok()
}

fn beside_a_log(path: &Path, patience: Duration) -> Result<ReadOnlyConnection, StoreError> {
    let has_index = sidecar(path, "-shm").exists() || !sidecar(path, "-wal").exists();
    // The owner of the file could not write an index created by another user.
    if !has_index && !may_write(path) {
        return Err(StoreError::LogLeft {
            path: path.to_owned(),
        });
    }
    match usual(path, patience) {
        Ok(connection) => Ok(ReadOnlyConnection {
            connection,
            still: None,
        }),
        Err(InnerError::Sql(error)) if is_about_the_index(&error) && !has_index => {
            Err(StoreError::LogLeft {
                path: path.to_owned(),
            })
        }
        Err(fault) => Err(fault.at(path)),
    }
}

fn is_about_the_index(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure};
    matches!(
        error.sqlite_error_code(),
        Some(CannotOpen | DiskFull | PermissionDenied | ReadOnly | SystemIoFailure)
    )
}

/// Whether the log next to the file is not empty: from an active or a killed writer.
fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"]
        .into_iter()
        .any(|end| std::fs::metadata(sidecar(path, end)).is_ok_and(|facts| facts.len() > 0))
}

fn sidecar(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn usual(path: &Path, patience: Duration) -> Result<Connection, InnerError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(patience)?;
    set(connection)
}

fn unchanging(path: &Path) -> Result<ReadOnlyConnection, InnerError> {
    let still = UnchangedFile::of(path)?;
    let connection = Connection::open_with_flags(
        format!("file:{}?immutable=1", escaped(path)),
        OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI,
    )?;
    Ok(ReadOnlyConnection {
        connection: set(connection)?,
        still: Some(still),
    })
}

fn set(connection: Connection) -> Result<Connection, InnerError> {
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -4_000)?; // KiB
    connect::keep_plans(&connection)?;
    // The first read finds errors that opening does not.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// A path inside a URI: characters with a meaning there are escaped.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' => {
                text.push(char::from(*byte));
            }
            other => {
                use std::fmt::Write as _;
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
    text
}

fn unreadable(error: &std::io::Error, path: &Path) -> StoreError {
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        return StoreError::NotReadable {
            path: path.to_owned(),
        };
    }
    StoreError::Io {
        path: path.to_owned(),
        detail: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Reader;

    #[test]
    fn what_is_read_while_the_file_changes_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        // Characters with a meaning in a URI are part of the name.
        let path = folder.path().join("a b%20?#.db");
        drop(crate::store::Store::open(&path).unwrap());
        let reader = Reader::on(unchanging(&path).unwrap(), path.clone());
        assert_eq!(reader.get_meta("k").unwrap(), None);
        assert!(!has_log(&path), "reading leaves no trace");
        let writer = Connection::open(&path).unwrap();
        let write = "INSERT INTO meta VALUES ('k', 'v')";
        writer.execute_batch(write).unwrap();
        assert!(has_log(&path));
        assert_eq!(reader.get_meta("k").unwrap(), None, "it is in the log only");
        drop(writer); // folds its log into the file
        let error = reader.get_meta("k").unwrap_err();
        assert!(matches!(error, StoreError::Changed { .. }), "{error:?}");
        let again = Reader::on(unchanging(&path).unwrap(), path.clone());
        assert_eq!(again.get_meta("k").unwrap().as_deref(), Some("v"));
    }

    #[test]
    fn a_folder_that_may_not_be_searched_is_told() {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = unreadable(&refused, Path::new("x.db")).to_string();
        assert!(error.contains("give this user read permission"), "{error}");
    }
}
