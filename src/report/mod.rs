//! L4: tables for reports: CSV, XLSX, JSON lines, the data dictionary.
//!
//! A table is a list of columns and a way from a stored row to cells (`tables`); a format is a sink of
//! cells, one a file. [`export()`] brings the two together. What a column means stands beside its name, so
//! the dictionary cannot drift from the exports.

mod anonymise;
mod cell;
mod csv;
mod error;
mod export;
mod guard;
mod jsonl;
mod sink;
mod tables;
mod text_rows;
mod xlsx;

pub use anonymise::Names;
pub use cell::{Cell, Column};
pub use error::ExportError;
pub use export::{Format, Request, Table, Written, export, export_dictionary};
pub use sink::Sink;
pub use tables::dictionary::TABLES;
pub use text_rows::write_text_rows;
