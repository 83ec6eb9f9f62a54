//! Censored Planet's lists: JSON lines of `{"fingerprint": NAME, "pattern": REGEX}`.

use serde::Deserialize;

use super::SignatureNames;
use super::import::{ImportTally, ImportedFields, SignatureFile, SkipReason};
use crate::config::doc::DiagnosedFile;
use crate::model::signature::{Location, PatternType, SignatureRow};

#[derive(Deserialize)]
struct Line {
    fingerprint: String,
    pattern: String,
}

/// Reads one file's rows into `rows`. There are two lists: `false_positive…` rules matches out
/// (OONI's scope `fp`), and the other has block pages.
pub(super) fn read_file(
    doc: &DiagnosedFile,
    rows: &mut Vec<SignatureRow>,
    names: &mut SignatureNames,
) -> SignatureFile {
    let file = doc.path().file_name().unwrap_or_default().to_string_lossy();
    let scope = if file.contains("false_positive") {
        "fp"
    } else {
        ""
    };
    let mut tally = ImportTally::new(doc, true);
    let mut at = 0;
    for text in doc.text.split_inclusive('\n') {
        let start = at;
        at += text.len();
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        let Ok(line) = serde_json::from_str::<Line>(text) else {
            tally.leave_out(SkipReason::NotARow, start);
            continue;
        };
        // Censored Planet's patterns are read with DOTALL.
        let pattern = format!("(?s){}", line.pattern);
        let row = ImportedFields {
            name: line.fingerprint.trim(),
            scope,
            location: Some(Location::Body),
            kind: Some(PatternType::Regexp),
            pattern: if line.pattern.trim().is_empty() {
                ""
            } else {
                &pattern
            },
            source: "Censored Planet",
            notes: "",
        }
        .row()
        .and_then(|row| names.import(row));
        tally.import(rows, row, start);
    }
    tally.finish()
}
