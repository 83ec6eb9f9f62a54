//! Checks one probe file alone: a file that a program has just written gets the same checks as all
//! others.

use std::path::Path;

use super::check::{self, CheckedSource};
use super::doc::DiagnosedFile;
use super::explain::{Diagnostics, Severity};
use super::read;
use crate::model::{Probe, Source};

/// Reads the text of a probe file, without checks across files.
///
/// # Errors
/// Every fault in it, with its place.
pub fn source(path: &Path, text: &str) -> Result<(Source, Vec<Probe>), Diagnostics> {
    let doc = DiagnosedFile::new(path.to_owned(), text.to_owned());
    let checked = check::source(&doc);
    if let Some(checked) = &checked {
        check::twice(&doc, &checked.probes);
    }
    let mut faults = doc.finish();
    faults.retain(|f| f.severity == Severity::Error);
    match checked {
        Some(CheckedSource {
            source: Some(source),
            probes,
            ..
        }) if faults.is_empty() => {
            let probes = probes.into_iter().filter_map(|p| p.probe).collect();
            Ok((source, probes))
        }
        _ => Err(Diagnostics(faults)),
    }
}

/// Whether a text may be the id of a source, probe, group or value.
#[must_use]
pub fn is_id(text: &str) -> bool {
    read::is_id(text)
}
