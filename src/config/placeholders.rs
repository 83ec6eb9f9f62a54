//! `probes/placeholders.csv`: the texts of cells without a value, checked row by row.

use std::path::{Path, PathBuf};

use super::doc::{DiagnosedFile, problem};
use super::explain::Diagnostic;
use super::read;
use super::table::nearest;
use crate::text::placeholder::{COLUMNS, MEANINGS, is_sound};

/// Its path in a workspace; without it the shipped list applies.
pub(super) const FILE: &str = "probes/placeholders.csv";
/// A longer pattern is a mistake, or meant to take time.
const MAX_PATTERN: usize = 4096;

/// Reads the patterns of the file.
pub(super) fn load(dir: &Path) -> (Vec<String>, Vec<Diagnostic>) {
    if !dir.join(FILE).exists() {
        return (Vec::new(), Vec::new());
    }
    let doc = DiagnosedFile::read(dir, PathBuf::from(FILE));
    let patterns = rows(&doc);
    (patterns, doc.finish())
}

fn rows(doc: &DiagnosedFile) -> Vec<String> {
    let text = doc.text.trim_start_matches('\u{feff}');
    let skipped = doc.text.len() - text.len();
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    if !header.iter().map(str::trim).eq(COLUMNS) {
        let help = format!("the first line is {}", COLUMNS.join(","));
        doc.fault(
            0..0,
            problem("these are not the columns of placeholders", help),
        );
        return Vec::new();
    }
    let mut patterns = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let at = skipped + usize::try_from(reader.position().byte()).unwrap_or_default();
        match reader.read_record(&mut record) {
            Ok(true) => patterns.extend(pattern(doc, at, &record)),
            Ok(false) => return patterns,
            Err(e) => doc.fault(
                at..at,
                problem(
                    format!("not CSV: {e}"),
                    "put a field that holds commas in double quotes",
                ),
            ),
        }
    }
}

fn pattern(doc: &DiagnosedFile, at: usize, record: &csv::StringRecord) -> Option<String> {
    let pattern = record.get(0).unwrap_or_default().trim();
    let meaning = record.get(2).unwrap_or_default().trim();
    let fault = |message: String, help: String| {
        doc.fault(at..at, problem(message, help));
        None
    };
    if pattern.is_empty() || pattern.len() > MAX_PATTERN || !is_usable(pattern) {
        let shown: String = pattern.chars().take(60).collect();
        let message = format!("{} is not a usable regular expression", read::quote(&shown));
        let help = format!(
            "write one of at most {MAX_PATTERN} bytes that matches a whole cell, in small letters and without spaces"
        );
        return fault(message, help);
    }
    if !MEANINGS.contains(&meaning) {
        let help = match nearest(meaning, MEANINGS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", MEANINGS.join(", ")),
        };
        return fault(
            format!("{} is not a meaning of a placeholder", read::quote(meaning)),
            help,
        );
    }
    Some(pattern.to_owned())
}

/// Whether a pattern compiles; for nearly every pattern this is known without compiling it.
fn is_usable(pattern: &str) -> bool {
    read::is_small(&format!("^(?:{pattern})$")) || is_sound(pattern)
}
