//! Locks between processes. Each names its holder, and the system releases it when the holder ends
//! for any reason.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::model::Time;
use crate::model::time::iso;

/// What a lock protects. A process that needs two takes them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockScope {
    /// One daemon at a time: held for a daemon's life.
    Daemon,
    /// One pass at a time: held while measurements are made and processed.
    Pass,
    /// One process at a time checks cited links: held while a batch is checked and stored.
    Links,
    /// One change of statuses and incidents at a time, by a pass or a person: held from reading
    /// them to writing them.
    TrackerState,
    /// One process at a time that looks up and saves copies of links.
    Copies,
}

impl LockScope {
    /// The lock's file, next to the store.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            LockScope::Daemon => "accesswatch.daemon.lock",
            LockScope::Pass => "accesswatch.lock",
            LockScope::Links => "accesswatch.links.lock",
            LockScope::TrackerState => "accesswatch.book.lock",
            LockScope::Copies => "accesswatch.copies.lock",
        }
    }
}

/// A held lock; dropping it releases it.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// The time between two attempts to take a lock.
const LOOK: Duration = Duration::from_millis(25);

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("another accesswatch is running here{holder}; wait until it is done, or stop it")]
    Held {
        /// ` (pid …, `command`, since …)`, or empty.
        holder: String,
    },
    /// A second daemon.
    #[error(
        "a daemon watches here already{holder}; one is enough, so stop it before starting another"
    )]
    Daemon {
        /// As above.
        holder: String,
    },
    /// The disk is full.
    #[error("no room to write {path}; free space on that disk, then run again")]
    Full { path: PathBuf },
    /// The file cannot be made or locked.
    #[error("{path} cannot be locked: {cause}; give this user write permission on its folder")]
    Io {
        path: PathBuf,
        cause: std::io::Error,
    },
}

impl Lock {
    /// Takes the lock next to `store` (the folder is created if missing) for the command `who`,
    /// without waiting.
    pub fn acquire(on: LockScope, store: &Path, who: &str, now: Time) -> Result<Self, LockError> {
        let path = &store.with_file_name(on.file());
        let fail = |cause: std::io::Error| match (cause.kind(), path.clone()) {
            (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, path) => LockError::Full { path },
            (_, path) => LockError::Io { path, cause },
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
                let holder = read_holder(&mut file);
                return Err(match on {
                    LockScope::Daemon => LockError::Daemon { holder },
                    LockScope::Pass
                    | LockScope::Links
                    | LockScope::TrackerState
                    | LockScope::Copies => LockError::Held { holder },
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

    /// The same as [`Lock::acquire`], but waits for at most `patience`; blocks the thread.
    pub fn within(
        patience: Duration,
        on: LockScope,
        store: &Path,
        who: &str,
        now: Time,
    ) -> Result<Self, LockError> {
        let until = Instant::now() + patience;
        loop {
            match Self::acquire(on, store, who, now) {
                Err(LockError::Held { .. }) if Instant::now() < until => std::thread::sleep(LOOK),
                end => return end,
            }
        }
    }

    /// The same as [`Lock::within`], for asynchronous tasks.
    pub async fn wait(
        patience: Duration,
        on: LockScope,
        store: &Path,
        who: &str,
        now: Time,
    ) -> Result<Self, LockError> {
        let until = Instant::now() + patience;
        loop {
            match Self::acquire(on, store, who, now) {
                Err(LockError::Held { .. }) if Instant::now() < until => {
                    tokio::time::sleep(LOOK).await;
                }
                end => return end,
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The file stays: after its removal a third process could lock a file that nobody else
        // sees.
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

/// The holder of the pass lock next to a store, for the message about a locked store.
pub(in crate::store) fn holder_beside(store: &Path) -> String {
    let path = store.with_file_name(LockScope::Pass.file());
    let Ok(mut file) = File::open(path) else {
        return String::new();
    };
    let own = format!("(pid {},", std::process::id());
    match read_holder(&mut file) {
        holder if holder.is_empty() => holder,
        // This process holds the run lock, so the holder is not an accesswatch run.
        holder if holder.contains(&own) => " by a program that is no accesswatch run".to_owned(),
        holder => format!(" by{holder}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(60);

    fn now() -> Time {
        crate::model::time::from_micros(1_795_000_000_000_000)
    }

    #[test]
    fn the_second_is_told_who_holds_it_and_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/x.db");
        let take = |who: &str| Lock::acquire(LockScope::Pass, &path, who, now());
        let first = take("accesswatch daemon").unwrap();
        let error = take("accesswatch run").unwrap_err().to_string();
        assert!(
            error.contains(&format!("pid {}", std::process::id())),
            "{error}"
        );
        assert!(
            error.contains("`accesswatch daemon`, since 2026-11-18T"),
            "{error}"
        );
        assert!(holder_beside(&path).contains("no accesswatch run"));
        drop(first);
        take("accesswatch run").unwrap();
        assert_eq!(holder_beside(&path), "");
    }

    #[test]
    fn they_are_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let _daemon = Lock::acquire(LockScope::Daemon, &path, "daemon", now()).unwrap();
        let _pass = Lock::acquire(LockScope::Pass, &path, "daemon", now()).unwrap();
        let _state = Lock::acquire(LockScope::TrackerState, &path, "edit", now()).unwrap();
        let second = Lock::acquire(LockScope::Daemon, &path, "daemon", now()).unwrap_err();
        assert!(matches!(second, LockError::Daemon { .. }), "{second}");
    }

    #[tokio::test]
    async fn who_waits_gets_it_as_soon_as_it_is_free_and_gives_up_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let first = Lock::acquire(LockScope::TrackerState, &path, "pass", now()).unwrap();
        let late = Lock::within(SOON, LockScope::TrackerState, &path, "edit", now());
        assert!(matches!(late, Err(LockError::Held { .. })), "{late:?}");
        let late = Lock::wait(SOON, LockScope::TrackerState, &path, "edit", now()).await;
        assert!(matches!(late, Err(LockError::Held { .. })), "{late:?}");
        let long = Duration::from_secs(60);
        let waiting = Lock::wait(long, LockScope::TrackerState, &path, "edit", now());
        let free = async {
            tokio::task::yield_now().await;
            drop(first);
        };
        let (had, ()) = tokio::join!(waiting, free);
        had.unwrap();
    }
}
