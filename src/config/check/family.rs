//! `[[probe.record]]`: one probe's keys for several records, such as one of each document type.
//!
//! Each record becomes a separate probe. Its own keys take precedence over those of the family.
//! `sibling` in the family names the control among them, for all except the control itself.

use super::probe::{CheckedProbe, probe};
use crate::config::doc::problem;
use crate::config::table::TomlTable;
use crate::model::SourceId;

/// The keys that only a record has.
const OWN: [&str; 5] = ["id", "name", "name_zh", "name_ko", "url"];

/// The probe of a `[[probe]]`, or the probes of its records.
pub(super) fn probes(table: &TomlTable<'_>, source: Option<&SourceId>) -> Vec<CheckedProbe> {
    let records = table.tables("record", "[[probe.record]]");
    if records.is_empty() {
        return vec![probe(table, source)];
    }
    for key in OWN {
        if let Some(value) = table.value(key) {
            let message = format!("`{key}` is given for records that have their own");
            let help = format!(
                "move it into a [[probe.record]], or take the records out and keep one `{key}`"
            );
            table.doc.fault(value.span(), problem(message, help));
        }
    }
    let mut probes = Vec::new();
    for record in records {
        let names_its_own = record.value("sibling").is_some();
        let record = record.over(table, &OWN);
        let mut read = probe(&record, source);
        let control = read.sibling.as_ref().map(|at| &at.value);
        if !names_its_own && control.is_some() && control == read.key.as_ref() {
            // The control of the family has no sibling.
            read.sibling = None;
            if let Some(probe) = &mut read.probe {
                probe.sibling = None;
            }
        }
        probes.push(read);
    }
    table.close();
    probes
}
