//! From the raw tree to the model's types: one file a section, then what holds between files.

mod alerts;
mod expect;
mod family;
mod links;
mod probe;
mod series;
mod settings;
mod source;
mod transport;
mod vantage;
mod via;
mod web;

pub(super) use links::links;
pub(super) use settings::settings;
pub(super) use source::{CheckedSource, source};

use super::doc::{Doc, wrong};
use super::table::Table;
use toml::de::DeTable;

/// Parses a file and hands its root to `read`. With faults of syntax nothing else is reported of it,
/// because what is missing may stand in the part that could not be read.
fn with_root<T>(doc: &Doc, name: &str, read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
    if doc.has_errors() {
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(&doc.text);
    for error in &errors {
        let span = error.span().unwrap_or_default();
        let mend = "see https://toml.io for how TOML is written";
        doc.fault(span, wrong(format!("not TOML: {}", error.message()), mend));
    }
    if !errors.is_empty() {
        return None;
    }
    let table = Table::new(doc, name, 0..0, Some(root.get_ref()));
    let value = read(&table);
    table.close();
    Some(value)
}
