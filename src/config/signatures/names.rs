//! A signature's name stands for one row.

use std::collections::{BTreeMap, HashSet};

use super::find::find;
use super::import::SkipReason;
use crate::config::doc::{DiagnosedFile, problem};
use crate::config::read;
use crate::model::signature::{Location, PatternType, SignatureRow};

/// The names of own rows so far, and where; the imported rows so far.
#[derive(Default)]
pub(super) struct SignatureNames {
    own: BTreeMap<String, String>,
    imported: HashSet<(String, Location, PatternType, String)>,
}

impl SignatureNames {
    /// Adds the name of an own row at `at`. Twice is a fault.
    pub(super) fn add(&mut self, doc: &DiagnosedFile, at: usize, name: &str) {
        if let Some(first) = self.own.insert(name.to_owned(), doc.place(at)) {
            let message = format!("the signature {} is there twice", read::quote(name));
            let help = format!("give it another name; the first is at {first}");
            doc.fault(find(&doc.text, at, name), problem(message, help));
        }
    }

    /// Lists of others have one name for several patterns of a box; only the same row again is left out.
    pub(super) fn import(&mut self, row: SignatureRow) -> Result<SignatureRow, SkipReason> {
        let key = (
            row.name.clone(),
            row.location.clone(),
            row.pattern_type,
            row.pattern.clone(),
        );
        if self.imported.insert(key) {
            return Ok(row);
        }
        Err(SkipReason::Again)
    }
}
