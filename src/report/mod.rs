//! L4: tables for reports: CSV, XLSX, JSON lines, the data dictionary.
//!
//! A table is a list of columns (`tables`), and each [`Column`] has its name, its meaning and the
//! function from a stored row to a cell. A format is a sink of cells, one per file. [`export()`]
//! combines both. The data dictionary uses the same columns. [`printed`] is the report of a period
//! for people, and [`LinkPage`] the page of a cited link for its pack.

mod anonymise;
mod cell;
mod column;
mod csv;
mod error;
mod export;
mod export_table;
mod guard;
mod jsonl;
mod link_page;
pub mod printed;
mod sink;
mod survival;
mod tables;
mod text_rows;
mod xlsx;

pub use anonymise::VantageAliases;
pub use cell::Cell;
pub use column::{Column, ColumnHead, ColumnKind, TableHead, Tabular};
pub use csv::CsvSink;
pub use error::ExportError;
pub use export::{
    ExportOutcome, ExportRequest, RowVisitor, TableFormat, export, export_dictionary,
    names as vantage_names, visit_incidents, visit_rows, visit_sources, visit_status,
};
pub use export_table::{ExportTable, headings};
pub use jsonl::write_json_row;
pub use link_page::{LinkAnswer, LinkPage};
pub use sink::Sink;
pub use tables::citations::CitationTable;
pub use tables::copies::CopyTable;
pub use tables::documents::DocumentTable;
pub use tables::freshness::{FreshnessEntry, FreshnessTable, expected_by};
pub use tables::links::LinkTable;
pub use tables::measurements::MeasurementTable;
pub use tables::phases::{IncidentPhaseTable, rows as incident_phase_rows};
pub use tables::status::StatusTable;
pub use tables::uptime::UptimeTable;
pub use text_rows::write_text_rows;
