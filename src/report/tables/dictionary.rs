//! The data dictionary as a table: every column of every export, and the column of uptime.csv that each
//! code is counted in.

use super::{freshness, incidents, measurements, phases, sources, status, uptime, vantages};
use crate::i18n::mail::texts;
use crate::judge::track::uptime_category;
use crate::model::settings::Language;
use crate::model::{Code, Finding};
use crate::report::cell::{Cell, Column, column};

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column(
        "table",
        "text",
        "the export, or `code` and `finding` for what its cells can hold",
    ),
    column("column", "text", "the column, code or finding"),
    column(
        "type",
        "text",
        "what a cell holds; for a code, its column in uptime.csv and its severity",
    ),
    column("meaning", "text", "in words"),
];

/// Every exported table.
pub const TABLES: &[(&str, &[Column])] = &[
    ("measurements", measurements::COLUMNS),
    ("incidents", incidents::COLUMNS),
    ("incident_phases", phases::COLUMNS),
    ("uptime", uptime::COLUMNS),
    ("freshness", freshness::COLUMNS),
    ("sources", sources::COLUMNS),
    ("status", status::COLUMNS),
    ("vantages", vantages::COLUMNS),
    ("dictionary", COLUMNS),
];

/// The rows.
pub fn rows() -> impl Iterator<Item = Vec<Cell>> {
    let words = texts(Language::En);
    let columns = TABLES.iter().flat_map(|(table, columns)| {
        columns.iter().map(move |c| {
            [
                (*table).to_owned(),
                c.name.to_owned(),
                c.kind.to_owned(),
                c.about.to_owned(),
            ]
        })
    });
    let codes = Code::ALL.iter().map(|&code| {
        let counted = uptime_category(code).as_str();
        let kind = match code.severity() {
            Some(severity) => format!("{counted}, severity {severity}"),
            None => counted.to_owned(),
        };
        [
            "code".to_owned(),
            code.to_string(),
            kind,
            (words.seen)(code).to_owned(),
        ]
    });
    let findings = Finding::ALL.iter().map(|&finding| {
        [
            "finding".to_owned(),
            finding.to_string(),
            String::new(),
            (words.finding)(finding).to_owned(),
        ]
    });
    columns
        .chain(codes)
        .chain(findings)
        .map(|row| row.into_iter().map(Cell::text).collect())
}
