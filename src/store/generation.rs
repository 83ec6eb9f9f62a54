//! The generation of a store: whether anything was written since somebody looked.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

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

    /// The text for entity tags.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:?}", self.0)
    }
}
