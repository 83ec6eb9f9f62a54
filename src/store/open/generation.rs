//! The generation of a store: whether anything was written to it, by its files alone.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::store::handle::Store;

/// Two writes within this time may leave a file with the same time.
const SETTLED: Duration = Duration::from_secs(2);

/// The store's files as they were before anything was read. Whatever is committed later changes one
/// of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoreGeneration(Vec<Option<(u64, SystemTime)>>);

impl StoreGeneration {
    /// The generation of the store at `path` and its log.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let files = [path.to_owned(), PathBuf::from(log)];
        let facts = files.iter().map(|file| {
            let facts = std::fs::metadata(file).ok()?;
            Some((facts.len(), facts.modified().ok()?))
        });
        Self(facts.collect())
    }

    /// Whether a write after `now` is sure to make another generation.
    #[must_use]
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let is_old = |at: &SystemTime| now.duration_since(*at).is_ok_and(|past| past >= SETTLED);
        self.0.iter().flatten().all(|(_, at)| is_old(at))
    }

    /// The text for entity tags.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:?}", self.0)
    }
}

impl Store {
    /// The generation of the store now; `None` when a write might leave it as it is.
    #[must_use]
    pub fn settled_generation(&self) -> Option<StoreGeneration> {
        let generation = StoreGeneration::at(self.path());
        generation
            .is_settled(SystemTime::now())
            .then_some(generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_makes_another_generation_and_a_fresh_one_is_not_settled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        std::fs::write(&path, "1").unwrap();
        let first = StoreGeneration::at(&path);
        assert!(!first.is_settled(SystemTime::now()), "written just now");
        assert!(first.is_settled(SystemTime::now() + SETTLED));
        assert_eq!(StoreGeneration::at(&path), first);
        std::fs::write(folder.path().join("a.db-wal"), "2").unwrap();
        assert_ne!(StoreGeneration::at(&path), first, "its log was written");
    }
}
