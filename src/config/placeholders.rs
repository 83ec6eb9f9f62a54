//! `probes/placeholders.csv`: what stands in cells that hold nothing, checked row by row.

use std::path::{Path, PathBuf};

use super::doc::{Doc, wrong};
use super::explain::Fault;
use super::read;
use super::table::nearest;
use crate::text::placeholder::{COLUMNS, MEANINGS, is_sound};

/// Where it lies in a workspace; one without it goes by the list that is shipped.
pub(super) const FILE: &str = "probes/placeholders.csv";
/// A longer pattern is a slip, or meant to take time.
const MAX_PATTERN: usize = 4096;

/// Reads the patterns of the file.
pub(super) fn load(dir: &Path) -> (Vec<String>, Vec<Fault>) {
    if !dir.join(FILE).exists() {
        return (Vec::new(), Vec::new());
    }
    let doc = Doc::read(dir, PathBuf::from(FILE));
    let patterns = rows(&doc);
    (patterns, doc.finish())
}

fn rows(doc: &Doc) -> Vec<String> {
    let text = doc.text.trim_start_matches('\u{feff}');
    let skipped = doc.text.len() - text.len();
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    if !header.iter().map(str::trim).eq(COLUMNS) {
        let mend = format!("the first line is {}", COLUMNS.join(","));
        doc.fault(
            0..0,
            wrong("these are not the columns of placeholders", mend),
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
                wrong(
                    format!("not CSV: {e}"),
                    "put a field that holds commas in double quotes",
                ),
            ),
        }
    }
}

fn pattern(doc: &Doc, at: usize, record: &csv::StringRecord) -> Option<String> {
    let pattern = record.get(0).unwrap_or_default().trim();
    let meaning = record.get(2).unwrap_or_default().trim();
    let fault = |message: String, mend: String| {
        doc.fault(at..at, wrong(message, mend));
        None
    };
    if pattern.is_empty() || pattern.len() > MAX_PATTERN || !is_usable(pattern) {
        let shown: String = pattern.chars().take(60).collect();
        let message = format!(
            "{} is no regular expression that can be used",
            read::quote(&shown)
        );
        let mend = format!(
            "write one of at most {MAX_PATTERN} bytes that matches a whole cell, in small letters and without spaces"
        );
        return fault(message, mend);
    }
    if !MEANINGS.contains(&meaning) {
        let mend = match nearest(meaning, MEANINGS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", MEANINGS.join(", ")),
        };
        return fault(
            format!("{} is no meaning of a placeholder", read::quote(meaning)),
            mend,
        );
    }
    Some(pattern.to_owned())
}

/// Whether a pattern compiles; nearly every one is known to without compiling it.
fn is_usable(pattern: &str) -> bool {
    read::is_small(&format!("^(?:{pattern})$")) || is_sound(pattern)
}
