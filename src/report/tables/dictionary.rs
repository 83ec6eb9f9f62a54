//! The data dictionary as a table: every column of every export, and the column of uptime.csv that
//! counts each code.

use std::borrow::Cow;

use crate::i18n::mail::texts;
use crate::model::settings::Language;
use crate::model::{Code, Finding};
use crate::report::cell::Cell;
use crate::report::column::{Column, TableHead, Tabular, columns};
use crate::track::uptime_category;

/// The table `dictionary`.
pub struct DictionaryTable;

/// The cells of a row.
pub type DictionaryRow<'a> = [Cow<'a, str>; 4];

impl Tabular for DictionaryTable {
    const NAME: &'static str = "dictionary";
    type Row<'a> = DictionaryRow<'a>;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "table" Text "the export; `code` or `finding` in rows that explain codes or findings" =>
            |r| Cell::text(r[0].as_ref());
        "column" Text "the name of the column, code or finding" => |r| Cell::text(r[1].as_ref());
        "type" Text "the type of a cell; for a code, its column in uptime.csv and its severity" =>
            |r| Cell::text(r[2].as_ref());
        "meaning" Text "the meaning in words" => |r| Cell::text(r[3].as_ref());
    };
}

/// The rows for the columns of these tables, then those for all codes and all findings.
pub fn rows(headings: Vec<TableHead>) -> impl Iterator<Item = DictionaryRow<'static>> {
    let words = texts(Language::En);
    let columns = headings
        .into_iter()
        .flat_map(|TableHead { table, columns }| {
            columns
                .into_iter()
                .map(move |c| [table, c.name, c.kind.as_str(), c.about].map(Cow::Borrowed))
        });
    let codes = Code::ALL.iter().map(|&code| {
        let counted = uptime_category(code).as_str();
        let kind = match code.severity() {
            Some(severity) => format!("{counted}, severity {severity}").into(),
            None => counted.into(),
        };
        let seen = words.seen(code);
        ["code".into(), code.as_str().into(), kind, seen.into()]
    });
    let findings = Finding::ALL.iter().map(|&finding| {
        let meaning = words.finding(finding);
        ["finding", finding.as_str(), "", meaning].map(Cow::Borrowed)
    });
    columns.chain(codes).chain(findings)
}
