//! `probes/signatures/`: known pages, one per row.
//!
//! CSV has the columns of OONI's blocking-fingerprints and `code`, `status`, `max_bytes`, `unless`,
//! `confirmed`. OONI's own files lack those five, and Censored Planet's JSON lines have only a name
//! and a pattern. Both load unchanged, with at most `site.waf_block` and locus unknown, because an
//! imported list never decides who blocks. Unusable rows are counted ([`SkipReason`]).

mod csv;
mod fields;
mod find;
mod import;
mod lines;
mod names;

use std::path::{Path, PathBuf};

pub use import::{SignatureFile, SkipReason, SkippedRows};
use names::SignatureNames;

use super::doc::DiagnosedFile;
use super::explain::Diagnostic;
use crate::model::signature::SignatureRow;

/// The contents of the signature files.
#[derive(Default)]
pub(super) struct LoadedSignatures {
    pub rows: Vec<SignatureRow>,
    pub files: Vec<SignatureFile>,
    pub faults: Vec<Diagnostic>,
}

/// All rows of these files, and the problems found.
pub(super) fn load(dir: &Path, paths: Vec<PathBuf>) -> LoadedSignatures {
    load_docs(paths.into_iter().map(|path| DiagnosedFile::read(dir, path)))
}

/// The same of files that were read.
pub(super) fn load_docs(docs: impl Iterator<Item = DiagnosedFile>) -> LoadedSignatures {
    let mut loaded = LoadedSignatures::default();
    let mut names = SignatureNames::default();
    for doc in docs {
        let table = doc.path().extension().is_some_and(|e| e == "csv");
        if !doc.has_errors() {
            let read = if table {
                csv::read_file
            } else {
                lines::read_file
            };
            loaded.files.push(read(&doc, &mut loaded.rows, &mut names));
        }
        loaded.faults.extend(doc.finish());
    }
    loaded
}
