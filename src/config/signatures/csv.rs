//! Signatures as CSV, with OONI's columns and six of our own.

use csv::StringRecord;

use super::fields::{
    code, confirmation, filled, fits, location, locus, max_bytes, pattern_type, removed_by,
    statuses,
};
use super::find::find;
use super::import::{ImportTally, ImportedFields, SignatureFile, SkipReason};
use super::names::SignatureNames;
use crate::config::doc::{DiagnosedFile, Problem, problem};
use crate::config::read;
use crate::config::table::nearest;
use crate::model::signature::{PatternType, SignatureRow};

const COLUMNS: [&str; 17] = [
    "name",
    "scope",
    "other_names",
    "location_found",
    "pattern_type",
    "pattern",
    "confidence_no_fp",
    "expected_countries",
    "source",
    "exp_url",
    "notes",
    "code",
    "status",
    "max_bytes",
    "unless",
    "confirmed",
    "removed_by",
];
const NEEDED: [&str; 4] = ["name", "location_found", "pattern_type", "pattern"];

/// Our own columns: a file without the first one is a list from others.
const OWN: [&str; 6] = [
    "code",
    "status",
    "max_bytes",
    "unless",
    "confirmed",
    "removed_by",
];

/// Reads one file's rows into `rows`.
pub(super) fn read_file(
    doc: &DiagnosedFile,
    rows: &mut Vec<SignatureRow>,
    names: &mut SignatureNames,
) -> SignatureFile {
    let start = if doc.text.starts_with('\u{feff}') {
        3
    } else {
        0
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(&doc.text.as_bytes()[start..]);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(e) => {
            doc.fault(0..0, problem(format!("not CSV: {e}"), ""));
            return ImportTally::new(doc, false).file;
        }
    };
    let imported = !header.iter().any(is_code);
    let mut tally = ImportTally::new(doc, imported);
    if !known_columns(doc, &header, imported) && imported {
        return tally.file;
    }
    let mut record = StringRecord::new();
    loop {
        let at = start + usize::try_from(reader.position().byte()).unwrap_or_default();
        let at = skip_empty(&doc.text, at);
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let row = Row {
                    doc,
                    at,
                    header: &header,
                    record: &record,
                };
                if imported {
                    let taken = row.import().and_then(|taken| names.import(taken));
                    tally.import(rows, taken, at);
                } else {
                    let name = row.field("name").trim();
                    if !name.is_empty() {
                        names.add(doc, at, name);
                    }
                    let signature = row.read();
                    tally.file.taken += usize::from(signature.is_some());
                    rows.extend(signature);
                }
            }
            Err(_) if imported => tally.leave_out(SkipReason::NotARow, at),
            Err(e) => doc.fault(at..at, csv_fault(&e)),
        }
    }
    tally.finish()
}

/// The column that marks a list as our own, even when mistyped.
fn is_code(column: &str) -> bool {
    let column = column.trim();
    !COLUMNS.contains(&column) && nearest(column, COLUMNS) == Some("code") || column == "code"
}

/// Skips empty lines between records.
fn skip_empty(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches(['\r', '\n']).len())
}

fn csv_fault(error: &csv::Error) -> Problem {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => problem(
            format!("this row has {len} columns, the header has {expected_len}"),
            "put a field that holds commas in double quotes",
        ),
        _ => problem(format!("not CSV: {error}"), "write it as RFC 4180 has it"),
    }
}

/// Unknown columns are faults, and so are missing columns that a row needs. Lists from others may
/// have additional columns, but not one that resembles ours.
fn known_columns(doc: &DiagnosedFile, header: &StringRecord, imported: bool) -> bool {
    let mut sound = true;
    for column in header {
        if !COLUMNS.contains(&column.trim()) {
            let message = format!("{} is not a column of signatures", read::quote(column));
            if imported && nearest(column, OWN).is_none() && nearest(column, NEEDED).is_none() {
                let help = "nothing need be done: the column is not used";
                doc.warn(find(&doc.text, 0, column), problem(message, help));
                continue;
            }
            let help = match nearest(column, COLUMNS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the columns are {}", COLUMNS.join(", ")),
            };
            doc.fault(find(&doc.text, 0, column), problem(message, help));
            sound = false;
        }
    }
    for column in NEEDED {
        if !header.iter().any(|c| c.trim() == column) {
            let message = format!("the column `{column}` is missing");
            let help = "the first line names the columns; docs/verdicts.md lists them";
            doc.fault(0..0, problem(message, help));
            sound = false;
        }
    }
    sound
}

/// One record while it becomes a signature.
struct Row<'r> {
    doc: &'r DiagnosedFile,
    /// Its start, in bytes.
    at: usize,
    header: &'r StringRecord,
    record: &'r StringRecord,
}

impl Row<'_> {
    fn has(&self, column: &str) -> bool {
        self.header.iter().any(|c| c.trim() == column)
    }

    /// The field of a column; empty when the file lacks the column.
    fn field(&self, column: &str) -> &str {
        let at = self.header.iter().position(|c| c.trim() == column);
        at.and_then(|n| self.record.get(n)).unwrap_or_default()
    }

    /// The field as read by `read`; a fault when it is invalid. A missing or mistyped column is
    /// only a fault of the header.
    fn parse<T>(&self, column: &str, read: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
        if NEEDED.contains(&column) && !self.has(column) {
            return None;
        }
        let text = self.field(column);
        match read(text.trim()) {
            Ok(value) => Some(value),
            Err(Problem { message, help }) => {
                let span = find(&self.doc.text, self.at, text);
                let message = format!("`{column}`: {message}");
                self.doc.fault(span, problem(message, help));
                None
            }
        }
    }

    fn read(&self) -> Option<SignatureRow> {
        let name = self.parse("name", filled);
        let location = self.parse("location_found", location);
        let pattern_type = self.parse("pattern_type", pattern_type);
        // Spaces may be significant in a pattern.
        let pattern = self.field("pattern").to_owned();
        let sound = match pattern_type {
            Some(PatternType::Regexp) => self.parse("pattern", read::pattern),
            _ => self.parse("pattern", |text| filled(text).map(|_| ())),
        };
        let code = self.parse("code", code);
        let status = self.parse("status", statuses);
        let max_bytes = self.parse("max_bytes", max_bytes);
        let unless = self.parse("unless", |text| {
            read::pattern(text).map(|()| (!text.is_empty()).then(|| text.to_owned()))
        });
        let removed_by = self.parse("removed_by", removed_by);
        let confirmed = self.parse("confirmed", confirmation)?;
        sound?;
        let (code, location, pattern_type) = (code?, location?, pattern_type?);
        if self.has("code") {
            self.parse("code", |_| fits(code, &location, pattern_type, &pattern))?;
        }
        Some(SignatureRow {
            name: name?,
            scope: self.field("scope").trim().to_owned(),
            locus: locus(code, confirmed),
            location,
            pattern_type,
            pattern,
            code,
            status: status?,
            max_bytes: max_bytes?,
            unless: unless?,
            confirmed,
            removed_by: removed_by?,
            source: self.field("source").trim().to_owned(),
            notes: self.field("notes").trim().to_owned(),
        })
    }

    /// The row of a list from others.
    fn import(&self) -> Result<SignatureRow, SkipReason> {
        ImportedFields {
            name: self.field("name").trim(),
            scope: self.field("scope").trim(),
            location: location(self.field("location_found").trim()).ok(),
            kind: pattern_type(self.field("pattern_type").trim()).ok(),
            pattern: self.field("pattern"),
            source: self.field("source").trim(),
            notes: self.field("notes").trim(),
        }
        .row()
    }
}
