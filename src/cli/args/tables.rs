//! The arguments of tables: the format of printed records, and exports.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::model::settings::Language;
use crate::report::ExportTable;

/// `--format` of commands that print records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Table,
    Json,
    Csv,
}

/// `--format` of commands that print one thing with its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ObjectFormat {
    #[default]
    Table,
    Json,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Which table
    #[arg(value_name = "WHAT", value_parser = export_kind())]
    pub what: ExportKind,
    /// From this UTC day or instant on (2026-01-31, or with a time and zone); for tables over time
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Up to and including this UTC day; for tables over time
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Only of this source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// For spreadsheets (csv, xlsx) or programs (jsonl)
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub format: ExportFormat,
    /// Write here [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave out vantage names and addresses
    #[arg(long)]
    pub anonymous: bool,
    /// Leave out the pages, and print the lines that the day chain is made of (only for
    /// `measurements --format jsonl`)
    #[arg(long)]
    pub no_bodies: bool,
}

#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The first day (2026-01-31, in UTC)
    #[arg(long, value_name = "DAY")]
    pub from: String,
    /// The last day; the report includes it
    #[arg(long, value_name = "DAY")]
    pub to: String,
    /// The language: en, ko or zh [default: `[web] language`]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
    /// Only the sources of this group
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Only this source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// Write here [default: standard output]
    #[arg(short, long, value_name = "FILE.html")]
    pub output: Option<PathBuf>,
    /// Write the tables of the period next to the report: FILE-sources.csv and others, and
    /// FILE.xlsx
    #[arg(long)]
    pub with_tables: bool,
}

/// What `export` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    Table(ExportTable),
    Dictionary,
}

/// Reads the name of a table, or `dictionary`.
fn export_kind() -> impl TypedValueParser<Value = ExportKind> {
    let tables = ExportTable::ALL.iter().map(|table| {
        let value = PossibleValue::new(table.as_str()).help(table.about());
        match table {
            ExportTable::IncidentPhases => value.alias("incident-phases"),
            _ => value,
        }
    });
    let dictionary = PossibleValue::new("dictionary").help("What every column means");
    PossibleValuesParser::new(tables.chain([dictionary])).map(|name| {
        let name = name.replace('-', "_");
        let mut tables = ExportTable::ALL.iter();
        let table = tables.find(|table| table.as_str() == name);
        table.map_or(ExportKind::Dictionary, |table| ExportKind::Table(*table))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Csv,
    Xlsx,
    Jsonl,
}
