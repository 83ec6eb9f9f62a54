//! The run lock: it keeps two runs apart, and names who holds it. The system lets go of it when its
//! holder dies, however that happens.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::model::Time;
use crate::model::time::iso;

/// The lock's file name, beside the store.
pub const LOCK_FILE: &str = "accesswatch.lock";

/// A held lock; dropping it lets go.
#[derive(Debug)]
pub struct RunLock {
    file: File,
}

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else is at it.
    #[error("another accesswatch is at work here{holder}; wait until it is done, or stop it")]
    Held {
        /// ` (pid …, `command`, since …)`, or empty.
        holder: String,
    },
    /// The file cannot be made or locked.
    #[error("{path} cannot be locked: {cause}; give this user write permission on its folder")]
    Io {
        path: PathBuf,
        cause: std::io::Error,
    },
}

impl RunLock {
    /// Takes the lock beside `store` (the folder is made when missing) for the command `who`, without
    /// waiting.
    pub fn acquire(store: &Path, who: &str, now: Time) -> Result<Self, LockError> {
        let path = &store.with_file_name(LOCK_FILE);
        let fail = |cause| LockError::Io {
            path: path.clone(),
            cause,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(fail)?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held {
                    holder: read_holder(&mut file),
                });
            }
            Err(TryLockError::Error(cause)) => return Err(fail(cause)),
        }
        let line = format!("pid {}, `{who}`, since {}", std::process::id(), iso(now));
        file.set_len(0)
            .and_then(|()| file.write_all(line.as_bytes()))
            .map_err(fail)?;
        Ok(Self { file })
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // The file stays: removing it would let a third process lock a file that nobody can see.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn read_holder(file: &mut File) -> String {
    let mut line = String::new();
    let read = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| file.take(300).read_to_string(&mut line));
    match read {
        Ok(_) if !line.is_empty() => format!(" ({})", line.replace(char::is_control, " ")),
        _ => String::new(),
    }
}

/// Who holds the run lock beside a store, for the message of a store that stays locked.
pub(super) fn holder_beside(store: &Path) -> String {
    let path = store.with_file_name(LOCK_FILE);
    let Ok(mut file) = File::open(path) else {
        return String::new();
    };
    let own = format!("(pid {},", std::process::id());
    match read_holder(&mut file) {
        holder if holder.is_empty() => holder,
        // We hold the run lock, so it is none of our runs.
        holder if holder.contains(&own) => " by a program that is no accesswatch run".to_owned(),
        holder => format!(" by{holder}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_holds_it_and_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/x.db");
        let now = crate::model::time::from_micros(1_795_000_000_000_000);
        let first = RunLock::acquire(&path, "accesswatch daemon", now).unwrap();
        let refused = RunLock::acquire(&path, "accesswatch run", now).unwrap_err();
        let told = refused.to_string();
        assert!(
            told.contains(&format!("pid {}", std::process::id())),
            "{told}"
        );
        assert!(
            told.contains("`accesswatch daemon`, since 2026-11-18T"),
            "{told}"
        );
        assert!(holder_beside(&path).contains("no accesswatch run"));
        drop(first);
        RunLock::acquire(&path, "accesswatch run", now).unwrap();
        assert_eq!(holder_beside(&path), "");
    }
}
