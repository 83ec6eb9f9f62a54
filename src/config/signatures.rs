//! `probes/signatures/*.csv`: known pages, one a row.
//!
//! The columns are those of OONI's blocking-fingerprints and `code`, `status`, `max_bytes`, `unless`,
//! `confirmed`. OONI's own files lack those five and load as they are: at most `site.waf_block`, locus
//! unknown, because an imported scope never decides who blocks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use csv::StringRecord;

use super::doc::{Doc, Wrong, wrong};
use super::explain::Fault;
use super::load::files;
use super::read;
use super::table::nearest;
use crate::model::signature::{Location, PatternType, SignatureRow};
use crate::model::{Code, Layer, Locus};

const COLUMNS: [&str; 16] = [
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
];
const NEEDED: [&str; 4] = ["name", "location_found", "pattern_type", "pattern"];

/// All rows of all files, and what is wrong with them.
pub(super) fn load(dir: &Path) -> (Vec<SignatureRow>, Vec<Fault>) {
    let (paths, mut faults) = files(dir, "csv");
    let mut rows = Vec::new();
    let mut names = BTreeMap::new();
    for path in paths {
        let doc = Doc::read(dir, path);
        if !doc.has_errors() {
            read_file(&doc, &mut rows, &mut names);
        }
        faults.extend(doc.finish());
    }
    (rows, faults)
}

fn read_file(doc: &Doc, rows: &mut Vec<SignatureRow>, names: &mut BTreeMap<String, String>) {
    let start = if doc.text.starts_with('\u{feff}') {
        3
    } else {
        0
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(&doc.text.as_bytes()[start..]);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(e) => return doc.fault(0..0, wrong(format!("not CSV: {e}"), "")),
    };
    if !known_columns(doc, &header) {
        return;
    }
    let own = header.iter().any(|column| column.trim() == "code");
    let mut record = StringRecord::new();
    loop {
        let at = start + usize::try_from(reader.position().byte()).unwrap_or_default();
        match reader.read_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {
                let row = Row {
                    doc,
                    at: skip_empty(&doc.text, at),
                    header: &header,
                    record: &record,
                };
                if let Some(signature) = row.read() {
                    row.unique(&signature.name, own, names);
                    rows.push(signature);
                }
            }
            Err(e) => {
                let at = skip_empty(&doc.text, at);
                doc.fault(at..at, csv_fault(&e));
            }
        }
    }
}

/// Empty lines stand between records without being any.
fn skip_empty(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches(['\r', '\n']).len())
}

fn csv_fault(error: &csv::Error) -> Wrong {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => wrong(
            format!("this row has {len} columns, the header has {expected_len}"),
            "put a field that holds commas in double quotes",
        ),
        _ => wrong(format!("not CSV: {error}"), "write it as RFC 4180 has it"),
    }
}

/// Unknown columns are faults, and so are missing ones that a row cannot do without.
fn known_columns(doc: &Doc, header: &StringRecord) -> bool {
    let mut sound = true;
    for column in header {
        if !COLUMNS.contains(&column.trim()) {
            let message = format!("{} is not a column of signatures", read::quote(column));
            let mend = match nearest(column, COLUMNS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the columns are {}", COLUMNS.join(", ")),
            };
            doc.fault(find(&doc.text, 0, column), wrong(message, mend));
            sound = false;
        }
    }
    for column in NEEDED {
        if !header.iter().any(|c| c.trim() == column) {
            let message = format!("the column `{column}` is missing");
            let mend = "the first line names the columns; docs/verdicts.md lists them";
            doc.fault(0..0, wrong(message, mend));
            sound = false;
        }
    }
    sound
}

/// Where `needle` stands at or after `at`, within reach; else `at` itself.
fn find(text: &str, at: usize, needle: &str) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    match rest.find(needle) {
        Some(n) if !needle.is_empty() && n < 4096 => at + n..at + n + needle.len(),
        _ => at..at,
    }
}

/// One record on its way to a signature.
struct Row<'r> {
    doc: &'r Doc,
    /// Where it begins, in bytes.
    at: usize,
    header: &'r StringRecord,
    record: &'r StringRecord,
}

impl Row<'_> {
    /// The field of a column; empty when the file has no such column.
    fn field(&self, column: &str) -> &str {
        let at = self.header.iter().position(|c| c.trim() == column);
        at.and_then(|n| self.record.get(n)).unwrap_or_default()
    }

    /// The field as `read` understands it; a fault when it does not.
    fn parse<T>(&self, column: &str, read: impl Fn(&str) -> Result<T, Wrong>) -> Option<T> {
        let text = self.field(column);
        match read(text.trim()) {
            Ok(value) => Some(value),
            Err(Wrong { message, mend }) => {
                let span = find(&self.doc.text, self.at, text);
                let message = format!("`{column}`: {message}");
                self.doc.fault(span, wrong(message, mend));
                None
            }
        }
    }

    fn read(&self) -> Option<SignatureRow> {
        let name = self.parse("name", filled);
        let location = self.parse("location_found", location);
        let pattern_type = self.parse("pattern_type", pattern_type);
        // Spaces may matter in a pattern.
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
        let confirmed = self.parse("confirmed", yes_or_no)?;
        sound?;
        let given = code?;
        let code = given.unwrap_or(Code::SiteWafBlock);
        let confirmed = confirmed && given.is_some();
        Some(SignatureRow {
            name: name?,
            scope: self.field("scope").trim().to_owned(),
            location: location?,
            pattern_type: pattern_type?,
            pattern,
            code,
            locus: locus(code, confirmed),
            status: status?,
            max_bytes: max_bytes?,
            unless: unless?,
            confirmed,
            source: self.field("source").trim().to_owned(),
            notes: self.field("notes").trim().to_owned(),
        })
    }

    /// A name stands for one row. In imported files, which nobody here can mend, twice is a warning.
    fn unique(&self, name: &str, own: bool, names: &mut BTreeMap<String, String>) {
        let Some(first) = names.insert(name.to_owned(), self.doc.place(self.at)) else {
            return;
        };
        let span = find(&self.doc.text, self.at, name);
        let message = format!("the signature {} is there twice", read::quote(name));
        let what = wrong(
            message,
            format!("give it another name; the first is at {first}"),
        );
        if own {
            self.doc.fault(span, what);
        } else {
            self.doc.warn(span, what);
        }
    }
}

fn filled(text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Err(wrong("this is empty", "fill it in"));
    }
    Ok(text.to_owned())
}

fn location(text: &str) -> Result<Location, Wrong> {
    match text {
        "body" => return Ok(Location::Body),
        "title" => return Ok(Location::Title),
        "header" => return Ok(Location::Header),
        "cookie" => return Ok(Location::Cookie),
        "url" => return Ok(Location::Url),
        "dns" => return Ok(Location::Dns),
        _ => {}
    }
    match text.strip_prefix("header.") {
        Some(name) if !name.is_empty() => Ok(Location::HeaderNamed(name.to_ascii_lowercase())),
        _ => Err(wrong(
            format!("{} is not a place to look in", read::quote(text)),
            "write body, title, header, header.NAME, cookie, url or dns",
        )),
    }
}

fn pattern_type(text: &str) -> Result<PatternType, Wrong> {
    match text {
        "full" => Ok(PatternType::Full),
        "prefix" => Ok(PatternType::Prefix),
        "contains" => Ok(PatternType::Contains),
        "regexp" => Ok(PatternType::Regexp),
        _ => Err(wrong(
            format!("{} is not a pattern type", read::quote(text)),
            "write full, prefix, contains or regexp",
        )),
    }
}

/// What nobody confirmed decides nobody's doing.
fn locus(code: Code, confirmed: bool) -> Locus {
    match code.layer() {
        _ if !confirmed => Locus::Unknown,
        Layer::Vantage => Locus::Vantage,
        _ => Locus::Site,
    }
}

/// Empty: an imported row.
fn code(text: &str) -> Result<Option<Code>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let code = read::code(text)?;
    if matches!(code.layer(), Layer::Site | Layer::Content | Layer::Vantage) {
        return Ok(Some(code));
    }
    Err(wrong(
        format!("a page cannot say `{code}`"),
        "write a site., content. or vantage. code",
    ))
}

/// Statuses between spaces, commas or bars.
fn statuses(text: &str) -> Result<Vec<u16>, Wrong> {
    let parts = text.split([' ', ',', ';', '|']).filter(|p| !p.is_empty());
    parts
        .map(|part| match part.parse() {
            Ok(status @ 100..=599) => Ok(status),
            _ => Err(wrong(
                format!("{} is not an HTTP status", read::quote(part)),
                "write statuses from 100 to 599 with spaces between, or nothing",
            )),
        })
        .collect()
}

fn max_bytes(text: &str) -> Result<Option<u64>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let size = text.parse().ok().or_else(|| super::units::size(text));
    size.map(Some).ok_or_else(|| {
        wrong(
            format!("{} is not a number of bytes", read::quote(text)),
            "write a number such as 20000, or nothing",
        )
    })
}

/// Empty is no: what nobody has confirmed is not confirmed.
fn yes_or_no(text: &str) -> Result<bool, Wrong> {
    match text {
        "yes" => Ok(true),
        "no" | "" => Ok(false),
        _ => Err(wrong(
            format!("{} is neither yes nor no", read::quote(text)),
            "write yes or no",
        )),
    }
}
