//! Errors of the store, each with its fix. A store error is never held against a source.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The store cannot do the requested work. Nothing of the failed call was stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A newer program migrated the file; this one would misread it.
    #[error(
        "{path} was made by a newer accesswatch (schema {found}, this one knows {known}); use that version, or another --dir"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// The file is something else.
    #[error("{path} is not an accesswatch store ({why}); name another file in [store] path")]
    NotAStore { path: PathBuf, why: String },
    /// `SQLITE_CORRUPT`.
    #[error(
        "{path} is damaged ({detail}); move it and its -wal file away, and put the newest file of `accesswatch backup` in its place"
    )]
    Corrupt { path: PathBuf, detail: String },
    /// `SQLITE_FULL`, or the same error from the system.
    #[error(
        "no room to write {path}; free space on that disk, then run again: nothing of this step was kept"
    )]
    Full { path: PathBuf },
    /// Another connection held the write lock for longer than the wait.
    #[error("{path} is locked{holder}; wait until that is done, or stop it")]
    Busy {
        path: PathBuf,
        /// ` by …`, as the run lock names it, or empty.
        holder: String,
    },
    /// The folder or the file may not be written.
    #[error("{path} cannot be written; give this user write permission on the file and its folder")]
    ReadOnly { path: PathBuf },
    /// The file or its folder may not be read.
    #[error("{path} cannot be read; give this user read permission on the file and its folder")]
    NotReadable { path: PathBuf },
    /// An older program made the file, and a read-only command must not change it.
    #[error(
        "{path} was made by an older accesswatch (schema {found}, this one reads {known}); run `accesswatch run` or `accesswatch doctor` once as a user who may write it, which brings it up to date"
    )]
    Older {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// The log of a killed writer, and no way to read it.
    #[error(
        "{path} has a -wal file next to it that holds its newest changes, and this user may not make the -shm file that reading it needs; run `accesswatch doctor` once as a user who may write the folder"
    )]
    LogLeft { path: PathBuf },
    /// A writer changed the file while it was read without a lock.
    #[error("{path} was written by another program while it was read; run this again")]
    Changed { path: PathBuf },
    /// There is no store yet.
    #[error("there is no store at {path} yet; `accesswatch run` makes it")]
    Missing { path: PathBuf },
    /// The system refused the file.
    #[error("{path} cannot be opened: {detail}")]
    Io { path: PathBuf, detail: String },
    /// A file that a backup would overwrite.
    #[error("{path} already exists; a backup never overwrites, so name another file")]
    Exists { path: PathBuf },
    /// A row that this version cannot read: a bug, or a hand-made change.
    #[error("{path} holds something unreadable ({detail}); `accesswatch doctor` says more")]
    Unreadable { path: PathBuf, detail: String },
    /// Everything else that SQLite reports.
    #[error("{path}: {detail}")]
    Sql { path: PathBuf, detail: String },
    /// The writer ended, because the process is going down.
    #[error("the store is closed")]
    Closed,
}

/// An error inside this module, before the path of the file is added.
#[derive(Debug)]
pub(super) enum InnerError {
    Sql(rusqlite::Error),
    Unreadable(String),
    Io(io::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for InnerError {
    fn from(error: rusqlite::Error) -> Self {
        InnerError::Sql(error)
    }
}

impl From<serde_json::Error> for InnerError {
    fn from(error: serde_json::Error) -> Self {
        InnerError::Unreadable(error.to_string())
    }
}

impl From<crate::model::verdict::BadCode> for InnerError {
    fn from(error: crate::model::verdict::BadCode) -> Self {
        InnerError::Unreadable(error.to_string())
    }
}

impl From<crate::model::verdict::BadLocus> for InnerError {
    fn from(error: crate::model::verdict::BadLocus) -> Self {
        InnerError::Unreadable(error.to_string())
    }
}

impl From<crate::model::finding::BadFinding> for InnerError {
    fn from(error: crate::model::finding::BadFinding) -> Self {
        InnerError::Unreadable(error.to_string())
    }
}

impl From<io::Error> for InnerError {
    fn from(error: io::Error) -> Self {
        InnerError::Io(error)
    }
}

impl From<StoreError> for InnerError {
    fn from(error: StoreError) -> Self {
        InnerError::Store(error)
    }
}

impl InnerError {
    /// The error with the path of its file.
    pub(super) fn at(self, path: &Path) -> StoreError {
        let path = path.to_owned();
        match self {
            InnerError::Sql(error) => from_sql(&error, path),
            InnerError::Unreadable(detail) => StoreError::Unreadable { path, detail },
            InnerError::Io(error) => from_io(&error, path),
            InnerError::Store(error) => error,
        }
    }
}

fn from_sql(error: &rusqlite::Error, path: PathBuf) -> StoreError {
    let detail = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        // The shared memory next to the store had no room; SQLite has no other error code for this.
        Some(ErrorCode::SystemIoFailure) if has_no_room(&path) => StoreError::Full { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy {
            holder: crate::store::open::lock::holder_beside(&path),
            path,
        },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { path, detail },
        Some(ErrorCode::NotADatabase) => StoreError::NotAStore {
            path,
            why: "it is not an SQLite file".to_owned(),
        },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { path },
        Some(ErrorCode::CannotOpen) => match std::fs::File::open(&path) {
            Err(cause)
                if cause.kind() == io::ErrorKind::NotFound
                    && path.parent().is_some_and(Path::is_dir) =>
            {
                StoreError::ReadOnly { path }
            }
            Err(cause) => from_io(&cause, path),
            Ok(_) => StoreError::ReadOnly { path },
        },
        _ => StoreError::Sql { path, detail },
    }
}

/// Whether there is no room for a few pages next to the store.
fn has_no_room(store: &Path) -> bool {
    let probe = store.with_extension(format!("room-{}", std::process::id()));
    let written = std::fs::write(&probe, vec![0_u8; 64 * 1024]);
    let _ = std::fs::remove_file(&probe);
    written.is_err_and(|e| {
        matches!(
            e.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        )
    })
}

fn from_io(error: &io::Error, path: PathBuf) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path }
        }
        _ => StoreError::Io {
            detail: error.to_string(),
            path,
        },
    }
}
