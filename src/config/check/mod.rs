//! From the raw tree to the model's types: one file per section, then checks across files.

mod alerts;
mod controls;
mod copies;
mod expect;
mod family;
mod fleet;
mod links;
mod names;
mod probe;
mod series;
mod settings;
mod source;
mod transport;
mod vantage;
mod via;
mod web;

pub(super) use links::{links, twice};
pub(super) use settings::settings;
pub(super) use source::{CheckedSource, source};

use super::doc::{DiagnosedFile, problem};
use super::table::TomlTable;
use toml::de::DeTable;

/// Parses a file and passes its root to `read`. With syntax faults nothing else is reported about
/// the file, because a missing key may be in the part that could not be read. A duplicate key
/// leaves nothing unread.
fn with_root<T>(
    doc: &DiagnosedFile,
    name: &str,
    read: impl FnOnce(&TomlTable<'_>) -> T,
) -> Option<T> {
    if doc.has_errors() {
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(&doc.text);
    if !syntax(doc, &errors) {
        return None;
    }
    let table = TomlTable::new(doc, name, 0..0, Some(root.get_ref()));
    let value = read(&table);
    table.close();
    Some(value)
}

/// Reports invalid TOML, and returns whether the whole file could still be read. Below an
/// unreadable or duplicate header, keys are in another table than intended, so their duplicates are
/// not reported.
fn syntax(doc: &DiagnosedFile, errors: &[toml::de::Error]) -> bool {
    let twice = |e: &toml::de::Error| e.message() == "duplicate key";
    let mut whole = errors.iter().all(twice);
    let mut misplaced = !whole;
    let mut rest = "; the rest of this file, and what others name that may be in it, is checked once it can be read";
    for error in errors {
        let span = error.span().unwrap_or_default();
        if !twice(error) {
            let message = format!("not TOML: {}", error.message());
            let help = format!("see https://toml.io for how TOML is written{rest}");
            doc.fault(span, problem(message, help));
            rest = "";
        } else if !misplaced {
            let is_header = doc.line_text(span.start).trim_start().starts_with('[');
            let key = doc.text.get(span.clone()).unwrap_or_default();
            let message = format!("`{key}` is there twice");
            let help = if is_header {
                format!(
                    "take one out, or write each with two brackets where there may be several{rest}"
                )
            } else {
                "keep one of the two".to_owned()
            };
            doc.fault(span, problem(message, help));
            misplaced = is_header;
            whole &= !is_header;
        }
    }
    whole
}
