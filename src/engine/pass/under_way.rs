//! Reference pages that are being fetched.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Pages that are being fetched: a host does not get two requests at once.
#[derive(Debug, Default)]
pub struct FetchesUnderWay(Mutex<BTreeSet<String>>);

impl FetchesUnderWay {
    /// Whether this request is the first.
    pub(super) fn begin(&self, key: &str) -> bool {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.to_owned())
    }

    pub(super) fn end(&self, key: &str) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(key);
    }
}
