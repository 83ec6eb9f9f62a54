//! Each signature name belongs to one row.

use std::collections::{BTreeMap, HashSet};

use super::find::find;
use super::import::SkipReason;
use crate::config::doc::{DiagnosedFile, problem};
use crate::config::read;
use crate::model::signature::{Location, PatternType, SignatureRow};

/// The names of our own rows so far, with their places; the imported rows so far.
#[derive(Default)]
pub(super) struct SignatureNames {
    own: BTreeMap<String, String>,
    imported: HashSet<(String, Location, PatternType, String)>,
}

impl SignatureNames {
    /// Adds the name of one of our own rows at `at`. A duplicate is a fault.
    pub(super) fn add(&mut self, doc: &DiagnosedFile, at: usize, name: &str) {
        if let Some(first) = self.own.insert(name.to_owned(), doc.place(at)) {
            let message = format!("the signature {} is there twice", read::quote(name));
            let help = format!("give it another name; the first is at {first}");
            doc.fault(find(&doc.text, at, name), problem(message, help));
        }
    }

    /// Lists from others use one name for several patterns of a middlebox; only an identical row is
    /// left out.
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
